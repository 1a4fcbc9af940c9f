"""Parts that an answerer may have beside those it needs, each behind a Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.evidence import EvidencePool
from rag.llm import Message
from rag.types import Hit, Verdict


class AskedPart(Protocol):
    """One of the questions in a question."""

    @property
    def question(self) -> str:
        """The words that are answered, clear without the conversation."""
        ...

    @property
    def search(self) -> str:
        """The words that are searched for."""
        ...


class Reading(Protocol):
    """What a question asks."""

    @property
    def parts(self) -> Sequence[AskedPart]:
        """The questions in it, in the order they are to be answered; at least one."""
        ...

    @property
    def note(self) -> str | None:
        """What to tell the reader about how the question was understood."""
        ...


class QuestionReader(Protocol):
    """Understands a question in its conversation."""

    async def read(self, question: str, history: Sequence[Message] = (), *, collection: str) -> Reading:
        """The reading of a question that is put to a collection.

        Raises:
            CollectionNotFound, StoreUnavailable; ModelUnavailable only of the embedding model.
        """
        ...


class Answerability(Protocol):
    """Tells answerable questions from others by their hits."""

    def probability(self, question: str, hits: Sequence[Hit], *, language: str = "en") -> float:
        """The probability, 0..1, that the hits answer the question."""
        ...


class Correction(Protocol):
    """What a question takes for granted and the documents deny."""

    @property
    def verdict(self) -> Verdict:
        """The documents' own sentence against it."""
        ...

    @property
    def note(self) -> str:
        """What to tell the reader beside that sentence."""
        ...


class AssumptionChecker(Protocol):
    """Finds what is wrong with what a question takes for granted."""

    def correction(self, question: str, pool: EvidencePool) -> Correction | None:
        """The correction of a false assumption; None when there is none."""
        ...


class Renderer(Protocol):
    """Puts questions into the language of the documents."""

    async def render(self, question: str, *, written: str) -> str | None:
        """A question in the language `written`, to search by; None when there is none to be had."""
        ...


@dataclass(frozen=True, slots=True)
class Hooks:
    """What an answerer has of these; one that is None is passed over.

    A question is not answered when its probability of being answerable is below `least_answerability`.
    """

    reader: QuestionReader | None = None
    answerability: Answerability | None = None
    least_answerability: float = 0.0
    assumptions: AssumptionChecker | None = None
    renderer: Renderer | None = None


NO_HOOKS = Hooks()


@dataclass(frozen=True, slots=True)
class AsAsked:
    """A question taken as it is: its own and only part."""

    question: str
    note: str | None = None

    @property
    def search(self) -> str:
        """The question itself."""
        return self.question

    @property
    def parts(self) -> Sequence[AskedPart]:
        """The question itself."""
        return (self,)
