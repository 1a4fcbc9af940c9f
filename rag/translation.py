"""Sentences in another language than the evidence: verified by a literal translation of them, or not at all.

Words of two languages do not overlap, so a verdict on the sentence itself would mean nothing. What is verified is a
translation that a language model makes, and that translation must have the sentence's numbers and names: a model that
translates `zwei Jahre` by what the documents say is caught as far as numbers and names go, and no further.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.errors import AnswerCutOff, ModelUnavailable
from rag.facts import claim_of, ground_of, missing_names
from rag.llm import ChatModel
from rag.prompts import TRANSLATION_FORM, translation_prompt
from rag.quantities import plain
from rag.terms import detect_language
from rag.types import Hit

MAX_TOKENS = 200
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"[.,](?=\d{3}(?!\d))")
_SEPARATOR = re.compile(r"[.,]")
_CAPITAL_NOUNS = frozenset(["de"])  # where every noun is written like a name


class Translator(Protocol):
    """Renders sentences in other languages."""

    async def translate(self, sentence: str, *, spoken: str, written: str) -> str | None:
        """The sentence, which is in the language `spoken`, literally in `written`; None when none can be trusted."""
        ...


@dataclass(frozen=True, slots=True)
class ModelTranslator:
    """Has a language model translate, and holds numbers and names of both sentences against each other."""

    chat: ChatModel

    async def translate(self, sentence: str, *, spoken: str, written: str) -> str | None:
        messages = translation_prompt(sentence, written)
        try:
            reply = await self.chat.complete(messages, schema=TRANSLATION_FORM, max_tokens=MAX_TOKENS)
        except (ModelUnavailable, AnswerCutOff):
            return None
        given = reply.get("translation")
        text = " ".join(given.split()) if isinstance(given, str) else ""
        return text if text and same_facts(sentence, text, spoken=spoken, written=written) else None


def same_facts(sentence: str, translation: str, *, spoken: str, written: str) -> bool:
    """Whether both have the same numbers, and neither has a name that the other lacks.

    A number word of English is a number, one of another language is not: such a sentence has not the same numbers. The
    names of a language that writes nouns like names are not asked for; the other direction still is.
    """
    if _numbers(sentence) != _numbers(translation):
        return False
    there, back = (claim_of(sentence), ground_of(translation)), (claim_of(translation), ground_of(sentence))
    named = [pair for pair, language in ((there, spoken), (back, written)) if language not in _CAPITAL_NOUNS]
    return not any(missing_names(claim, [ground]) for claim, ground in named)


def _numbers(text: str) -> list[str]:
    """The numbers of a text, sorted, however its language groups digits and marks decimals: `1.950,5` is `1,950.5`."""
    found = [match[0] for match in _NUMBER.finditer(plain(text, counts_one=False))]
    return sorted(_SEPARATOR.sub(".", _GROUPED.sub("", number)) for number in found)


def languages_of(hits: Sequence[Hit], default: str) -> tuple[str, ...]:
    """The languages of hits, most frequent first; ties in the order of the hits."""
    found = [detect_language(hit.chunk.text, default) for hit in hits]
    return tuple(sorted(dict.fromkeys(found), key=lambda language: -found.count(language)))
