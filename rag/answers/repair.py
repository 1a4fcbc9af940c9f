"""Repair: an unsupported sentence is rewritten once, from the quotes found for it and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rag.errors import AnswerCutOff, ModelUnavailable
from rag.models import REPAIR_FORM, ChatModel, repair_prompt, without_markers
from rag.text import content_stems, split, weighted_recall
from rag.types import Verdict

MAX_TOKENS = 120
_SAME_MATTER, _SAME_QUESTION = 0.3, 0.6


class Repairer(Protocol):
    """Rewrites sentences."""

    async def repair(self, verdict: Verdict, question: str) -> str | None:
        """The rewritten sentence, not verified; None if there is no usable reply."""
        ...


@dataclass(frozen=True, slots=True)
class ModelRepairer:
    """Has a language model answer the question again, from the quotes found for the sentence and nothing else.

    A reply that repeats the sentence or has more than one sentence is rejected, and so is one about something else: it
    has less than three tenths of the sentence's words, weighted, or less than six tenths of the words that the sentence
    shares with the question.
    """

    chat: ChatModel
    language: str = "en"

    async def repair(self, verdict: Verdict, question: str) -> str | None:
        if not verdict.evidence:
            return None
        try:
            reply = await self.chat.complete(
                repair_prompt(verdict, question), schema=REPAIR_FORM, max_tokens=MAX_TOKENS
            )
        except (ModelUnavailable, AnswerCutOff):  # the sentence stays what it was: not supported
            return None
        rewritten = reply.get("sentence")
        text = without_markers(" ".join(rewritten.split())) if isinstance(rewritten, str) else ""
        return text if self._is_usable(text, verdict.text, question) else None

    def _is_usable(self, text: str, drafted: str, question: str) -> bool:
        said, asked, found = (content_stems(each, self.language) for each in (drafted, question, text))
        of_question = [stem for stem in said if stem in asked]
        return (
            text.casefold() != drafted.casefold()
            and len(split(text, self.language)) == 1
            and weighted_recall(said, frozenset(found)) >= _SAME_MATTER
            and (not of_question or weighted_recall(of_question, frozenset(found)) >= _SAME_QUESTION)
        )
