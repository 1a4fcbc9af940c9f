"""Sentences in another language than the evidence: verified by a literal translation of them, or not at all.

Words of two languages do not overlap, so a verdict on the sentence itself would mean nothing. What is verified is a
translation that a language model makes, and that translation must have the sentence's numbers and names: a model that
translates `zwei Jahre` by what the documents say is caught as far as numbers and names go, and no further.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.errors import AnswerCutOff, ModelUnavailable
from rag.facts import claim_of, ground_of, missing_names, missing_numbers
from rag.llm import ChatModel
from rag.prompts import TRANSLATION_FORM, translation_prompt
from rag.terms import detect_language
from rag.types import Hit

MAX_TOKENS = 200
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
    """Whether both have the same numbers, dates and identifiers, and neither has a name that the other lacks.

    The names of a language that writes nouns like names are not asked for; the other direction still is.
    """
    there, back = (claim_of(sentence), ground_of(translation)), (claim_of(translation), ground_of(sentence))
    if any(missing_numbers(claim, [ground]) for claim, ground in (there, back)):
        return False
    named = [pair for pair, language in ((there, spoken), (back, written)) if language not in _CAPITAL_NOUNS]
    return not any(missing_names(claim, [ground]) for claim, ground in named)


def languages_of(hits: Sequence[Hit], default: str) -> tuple[str, ...]:
    """The languages of hits, most frequent first; ties in the order of the hits."""
    found = [detect_language(hit.chunk.text, default) for hit in hits]
    return tuple(sorted(dict.fromkeys(found), key=lambda language: -found.count(language)))
