"""The text of an answer with its annotations, as it grows."""

from __future__ import annotations

from api.wire.base import Json
from rag.types import ABSTENTION, Answer, Evidence, Verdict, join_sentences


class Content:
    """The text of a chat message as it grows, one released sentence at a time.

    The pieces added are together the text of the answer, whether they are sent one by one or at once.
    """

    def __init__(self) -> None:
        self.text = ""

    def add(self, verdict: Verdict) -> tuple[str, list[Json]]:
        """The piece that this sentence adds, and its annotations, whose offsets count the whole text."""
        piece = join_sentences(("", verdict.text)) if self.text else verdict.text
        self.text += piece
        end = len(self.text)
        return piece, [_annotation(evidence, end - len(verdict.text), end) for evidence in verdict.evidence]

    def abstain(self) -> str:
        """The piece that says that the documents do not answer, after what was marked as not verified."""
        piece = join_sentences(("", ABSTENTION)) if self.text else ABSTENTION
        self.text += piece
        return piece


def _annotation(evidence: Evidence, start: int, end: int) -> Json:
    return {
        "type": "file_citation",
        "file_id": evidence.document_id,
        "filename": evidence.filename,
        "index": end,
        "start_index": start,
        "end_index": end,
        "quote": evidence.quote,
        "page": evidence.page,
        "sha256": evidence.sha256,
        "quote_start": evidence.start,
        "quote_end": evidence.end,
    }


def annotated(answer: Answer) -> tuple[str, list[Json]]:
    """The text of an answer and the annotations of all its sentences."""
    content = Content()
    annotations = [annotation for verdict in answer.sentences for annotation in content.add(verdict)[1]]
    if answer.abstained:
        content.abstain()
    return content.text, annotations
