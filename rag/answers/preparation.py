"""What may be done with a question before an answer is drafted, each step behind a Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.answers.answerability import Answerability
from rag.evidence import EvidencePool
from rag.models import Message
from rag.types import Verdict


class SubQuestion(Protocol):
    """One of the questions in a question."""

    @property
    def question(self) -> str:
        """The words that are answered, clear without the conversation."""
        ...

    @property
    def search(self) -> str:
        """The words that are searched for."""
        ...


class ParsedQuestion(Protocol):
    """What a question asks."""

    @property
    def sub_questions(self) -> Sequence[SubQuestion]:
        """The questions in it, in the order they are to be answered; at least one."""
        ...

    @property
    def note(self) -> str | None:
        """What to tell the user about how the question was understood."""
        ...


class QuestionParser(Protocol):
    """Understands a question in its conversation."""

    async def parse(self, question: str, history: Sequence[Message] = (), *, collection: str) -> ParsedQuestion:
        """The questions in a question that is put to a collection.

        Raises:
            CollectionNotFound, StoreUnavailable; ModelUnavailable only of the embedding model.
        """
        ...


class Correction(Protocol):
    """What a question takes for granted and the documents deny."""

    @property
    def verdict(self) -> Verdict:
        """The documents' own sentence against it."""
        ...

    @property
    def note(self) -> str:
        """What to tell the user beside that sentence."""
        ...


class AssumptionChecker(Protocol):
    """Finds what is wrong with what a question takes for granted."""

    def correction(self, question: str, pool: EvidencePool) -> Correction | None:
        """The correction of a false assumption; None when there is none."""
        ...


class QuestionTranslator(Protocol):
    """Puts questions into the language of the documents."""

    async def render(self, question: str, *, written: str) -> str | None:
        """A question in the language `written`, to search by; None when there is none to be had."""
        ...


@dataclass(frozen=True, slots=True)
class Preparation:
    """The steps that an answerer takes; one that is None is skipped.

    A question is not answered when its probability of being answerable is below `least_answerability`.
    """

    parser: QuestionParser | None = None
    answerability: Answerability | None = None
    least_answerability: float = 0.0
    assumptions: AssumptionChecker | None = None


NO_PREPARATION = Preparation()


@dataclass(frozen=True, slots=True)
class AsAsked:
    """A question taken as it is: its own and only sub-question."""

    question: str
    note: str | None = None

    @property
    def search(self) -> str:
        """The question itself."""
        return self.question

    @property
    def sub_questions(self) -> Sequence[SubQuestion]:
        """The question itself."""
        return (self,)
