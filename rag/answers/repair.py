"""One more try for a sentence that nothing supports: rewritten from the quotes found for it, and from nothing else."""

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
        """The sentence of a verdict anew, one sentence, not verified; None when there is none to be had."""
        ...


@dataclass(frozen=True, slots=True)
class ModelRepairer:
    """Has a language model answer the question once more, from the quotes found for the sentence and nothing else.

    A rewriting that says the same again or is more than one sentence counts as none, and so does one that would answer
    something else: it has less than three tenths of the sentence's words, weighted, or less than six tenths of those
    that the sentence has of the question.
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
