"""Translation of questions for search, and of sentences for verification.

Word overlap does not work across languages, so a language model translates. The translation of a question is used
without a check: a bad one finds little. A sentence is verified by its translation, which must have the same numbers and
names: a model that translates `zwei Jahre` by what the documents say is detected only as far as numbers and names
differ.
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
    """Translates sentences and questions."""

    async def translate(self, sentence: str, *, spoken: str, written: str) -> str | None:
        """The sentence in the language `spoken`, translated literally into `written`; None if no translation can be
        trusted.
        """
        ...

    async def render(self, question: str, *, written: str) -> str | None:
        """A question translated into the language `written`, for search; None if the language model gives none."""
        ...


@dataclass(frozen=True, slots=True)
class ModelTranslator:
    """Translates with a language model, and compares the numbers and names of both sentences."""

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

    An English number word is a number, one of another language is not: such a sentence has not the same numbers. Names
    are not required of languages that capitalise nouns; the other direction still is. The first word of a sentence in
    another language is not a name if its dictionary has it (`Il diametro`).
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
