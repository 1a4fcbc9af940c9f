"""Between languages: what a question is searched by, and what a sentence is verified by.

Words of two languages do not overlap, so hits for a question in another language, or a verdict on a sentence in another
one, would mean nothing. A language model translates. A question is searched by its translation as it comes: a bad one
finds little. A sentence is verified by its translation, or not at all, and that must have the sentence's numbers and
names: a model that translates `zwei Jahre` by what the documents say is caught as far as numbers and names go, and no
further.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from rag.errors import AnswerCutOff, ModelUnavailable
from rag.evidence import claim_of, ground_of, missing_names
from rag.models import TRANSLATION_FORM, ChatModel, translation_prompt
from rag.text import is_word, plain

MAX_TOKENS = 200
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"[.,](?=\d{3}(?!\d))")
_SEPARATOR = re.compile(r"[.,]")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL_NOUNS = frozenset(["de"])  # where every noun is written like a name


class Translator(Protocol):
    """Renders sentences in other languages."""

    async def translate(self, sentence: str, *, spoken: str, written: str) -> str | None:
        """The sentence, which is in the language `spoken`, literally in `written`; None when none can be trusted."""
        ...

    async def render(self, question: str, *, written: str) -> str | None:
        """A question in the language `written`, to search by; None when the language model gives none."""
        ...


@dataclass(frozen=True, slots=True)
class ModelTranslator:
    """Has a language model translate, and holds numbers and names of both sentences against each other."""

    chat: ChatModel

    async def translate(self, sentence: str, *, spoken: str, written: str) -> str | None:
        text = await self.render(sentence, written=written)
        return text if text and same_facts(sentence, text, spoken=spoken, written=written) else None

    async def render(self, question: str, *, written: str) -> str | None:
        messages = translation_prompt(question, written)
        try:
            reply = await self.chat.complete(messages, schema=TRANSLATION_FORM, max_tokens=MAX_TOKENS)
        except (ModelUnavailable, AnswerCutOff):
            return None
        given = reply.get("translation")
        return (" ".join(given.split()) or None) if isinstance(given, str) else None


def same_facts(sentence: str, translation: str, *, spoken: str, written: str) -> bool:
    """Whether both have the same numbers, and neither has a name that the other lacks.

    A number word of English is a number, one of another language is not: such a sentence has not the same numbers. The
    names of a language that writes nouns like names are not asked for; the other direction still is. Nor is the first
    word of a language other than English, if its dictionary has it: `Il diametro` is no name.
    """
    if _numbers(sentence) != _numbers(translation):
        return False
    begun = sentence if spoken == "en" else _without_first_capital(sentence, spoken)
    there, back = (claim_of(begun), ground_of(translation)), (claim_of(translation), ground_of(sentence))
    named = [pair for pair, language in ((there, spoken), (back, written)) if language not in _CAPITAL_NOUNS]
    return not any(missing_names(claim, [ground]) for claim, ground in named)


def _without_first_capital(sentence: str, language: str) -> str:
    first = _FIRST_WORD.match(sentence)
    if first is None or not is_word(first[0], language):
        return sentence
    return first[0].lower() + sentence[first.end() :]


def _numbers(text: str) -> list[str]:
    """The numbers of a text, sorted, however its language groups digits and marks decimals: `1.950,5` is `1,950.5`."""
    found = [match[0] for match in _NUMBER.finditer(plain(text, counts_one=False))]
    return sorted(_SEPARATOR.sub(".", _GROUPED.sub("", number)) for number in found)
