"""Parts that an answerer may have beside those it needs, each behind a Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.evidence import EvidencePool
from rag.llm import Message
from rag.types import Hit


class QuestionReader(Protocol):
    """Understands a question in its conversation."""

    async def read(self, question: str, history: Sequence[Message], *, collection: str) -> Sequence[str]:
        """The questions in a question, each complete in itself, in the order they are to be answered; at least one.

        Raises:
            CollectionNotFound, StoreUnavailable.
        """
        ...


class AnswerabilityGate(Protocol):
    """Judges, before anything is written, whether what was found answers the question."""

    def refusal(self, question: str, hits: Sequence[Hit], pool: EvidencePool) -> str | None:
        """The reason to abstain; None when there may be an answer."""
        ...


class Moderator(Protocol):
    """Keeps certain questions from being answered and certain sentences from being shown."""

    def objection(self, text: str) -> str | None:
        """What is wrong with a text; None when it may pass."""
        ...


@dataclass(frozen=True, slots=True)
class Hooks:
    """Parts that an answerer may have; one that is None is passed over."""

    reader: QuestionReader | None = None
    gate: AnswerabilityGate | None = None
    moderator: Moderator | None = None


NO_HOOKS = Hooks()
