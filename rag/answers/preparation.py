"""Optional steps before an answer is drafted, each behind a Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.answers.answerability import Answerability
from rag.evidence import EvidencePool
from rag.models import Message
from rag.types import Verdict


class SubQuestion(Protocol):
    """One sub-question of a question."""

    @property
    def question(self) -> str:
        """The question to answer, clear without the conversation."""
        ...

    @property
    def search(self) -> str:
        """The query to search for."""
        ...


class ParsedQuestion(Protocol):
    """A parsed question."""

    @property
    def sub_questions(self) -> Sequence[SubQuestion]:
        """The sub-questions in the order in which they are answered; at least one."""
        ...

    @property
    def note(self) -> str | None:
        """A note for the user about how the question was understood."""
        ...


class QuestionParser(Protocol):
    """Parses a question in its conversation."""

    async def parse(self, question: str, history: Sequence[Message] = (), *, collection: str) -> ParsedQuestion:
        """The questions in a question that is put to a collection.

        Raises:
            CollectionNotFound, StoreUnavailable; ModelUnavailable only of the embedding model.
        """
        ...


class Correction(Protocol):
    """An assumption of a question that the documents contradict."""

    @property
    def verdict(self) -> Verdict:
        """The documents' sentence that contradicts the assumption."""
        ...

    @property
    def note(self) -> str:
        """A note for the user about that sentence."""
        ...


class AssumptionChecker(Protocol):
    """Finds a false assumption in a question."""

    def correction(self, question: str, pool: EvidencePool) -> Correction | None:
        """The correction of a false assumption; None when there is none."""
        ...


class QuestionTranslator(Protocol):
    """Translates questions into the language of the documents."""

    async def render(self, question: str, *, written: str) -> str | None:
        """A question translated into the language `written`, for search; None if no translation is available."""
        ...


@dataclass(frozen=True, slots=True)
class Preparation:
    """The steps of an answerer; a step that is None is skipped.

    A question is not answered if its probability of being answerable is below `least_answerability`.
    """

    parser: QuestionParser | None = None
    answerability: Answerability | None = None
    least_answerability: float = 0.0
    assumptions: AssumptionChecker | None = None


NO_PREPARATION = Preparation()


@dataclass(frozen=True, slots=True)
class AsAsked:
    """A question without parsing: its own and only sub-question."""

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
