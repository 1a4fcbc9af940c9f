"""The text of an answer with its citations, as it grows."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import ABSTENTION, Answer, Evidence, Verdict, join_sentences


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote under the sentence that is `text[start:end]` of the answer; offsets count code points."""

    evidence: Evidence
    start: int
    end: int


class Content:
    """The text of an answer as it grows, one released sentence at a time.

    The pieces added are together the text of the answer, whether they are sent one by one or at once.
    """

    def __init__(self) -> None:
        self.text = ""

    def piece(self, verdict: Verdict) -> str:
        """What this sentence would add."""
        return join_sentences(("", verdict.text)) if self.text else verdict.text

    def add(self, verdict: Verdict) -> tuple[str, tuple[Citation, ...]]:
        """The piece that this sentence adds, and its citations, whose offsets count the whole text."""
        piece = self.piece(verdict)
        self.text += piece
        end = len(self.text)
        return piece, tuple(Citation(quote, end - len(verdict.text), end) for quote in verdict.evidence)

    def abstain(self) -> str:
        """The piece with the abstention, after sentences marked as not verified."""
        piece = join_sentences(("", ABSTENTION)) if self.text else ABSTENTION
        self.text += piece
        return piece


def cited(answer: Answer) -> tuple[str, tuple[Citation, ...]]:
    """The text of an answer and the citations of all its sentences."""
    content = Content()
    citations = tuple(citation for verdict in answer.sentences for citation in content.add(verdict)[1])
    if answer.abstained:
        content.abstain()
    return content.text, citations
