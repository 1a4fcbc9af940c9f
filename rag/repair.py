"""One more try for a sentence that nothing supports: rewritten from the quotes found for it, and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rag.errors import AnswerCutOff, ModelUnavailable
from rag.llm import ChatModel
from rag.prompts import REPAIR_FORM, repair_prompt, without_markers
from rag.sentences import split
from rag.types import Verdict
from rag.words import content_stems, weighted_recall

MAX_TOKENS = 120
_SAME_MATTER = 0.3


class Repairer(Protocol):
    """Rewrites sentences."""

    async def repair(self, verdict: Verdict) -> str | None:
        """The sentence of a verdict anew, one sentence, not verified; None when there is none to be had."""
        ...


@dataclass(frozen=True, slots=True)
class ModelRepairer:
    """Has a language model rewrite a sentence, told what is wrong with it.

    A rewriting that says the same again, that is more than one sentence, or that shares less than three tenths of the
    sentence's words, weighted, counts as none: it would answer something else.
    """

    chat: ChatModel
    language: str = "en"

    async def repair(self, verdict: Verdict) -> str | None:
        if not verdict.evidence:
            return None
        try:
            reply = await self.chat.complete(repair_prompt(verdict), schema=REPAIR_FORM, max_tokens=MAX_TOKENS)
        except (ModelUnavailable, AnswerCutOff):  # the sentence stays what it was: not supported
            return None
        rewritten = reply.get("sentence")
        text = without_markers(" ".join(rewritten.split())) if isinstance(rewritten, str) else ""
        return text if self._is_usable(text, verdict.text) else None

    def _is_usable(self, text: str, drafted: str) -> bool:
        same_matter = weighted_recall(
            content_stems(drafted, self.language), frozenset(content_stems(text, self.language))
        )
        return (
            text.casefold() != drafted.casefold()
            and len(split(text, self.language)) == 1
            and (same_matter >= _SAME_MATTER)
        )
