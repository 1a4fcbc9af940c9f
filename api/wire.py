"""The shapes that cross the edge: OpenAI's requests in, JSON out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from rag.filters import Filter, parse_filter
from rag.models import Message
from rag.settings import COLLECTION_NAME
from rag.types import ABSTENTION, Answer, Disagreement, Evidence, Hit, Verdict, join_sentences

MODEL = "footnote"
Json = dict[str, Any]


class TextPart(BaseModel):
    """A piece of a message; Footnote reads text only."""

    type: Literal["text"]
    text: str


class Turn(BaseModel):
    """One message of a conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """The content as one text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class ChatRequest(BaseModel):
    """`POST /v1/chat/completions`: OpenAI's shape, and Footnote's `collection` and `filter`.

    Other fields of OpenAI's are accepted and have no effect: answers are not sampled by the client's parameters.
    """

    model: str = MODEL
    messages: list[Turn] = Field(min_length=1)
    stream: bool = False
    collection: str | None = None
    filter: Json | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> ChatRequest:
        if not self.question:
            raise ValueError("messages needs a user message with text: the last one is the question")
        return self

    @property
    def question(self) -> str:
        """The last message of the user, empty when there is none."""
        return self.messages[self._asked].text.strip() if self._asked >= 0 else ""

    @property
    def history(self) -> list[Message]:
        """What was said before the question. A client's system messages are left out: Footnote sets the rules."""
        earlier = self.messages[: max(self._asked, 0)]
        return [Message(turn.role, turn.text) for turn in earlier if turn.role in ("user", "assistant") and turn.text]

    @property
    def _asked(self) -> int:
        return max((i for i, turn in enumerate(self.messages) if turn.role == "user"), default=-1)


class SearchRequest(BaseModel):
    """`POST /v1/vector_stores/{id}/search`: OpenAI's shape."""

    query: str | list[str] = Field(min_length=1)
    filters: Json | None = None
    max_num_results: int = Field(10, ge=1, le=50)

    @property
    def queries(self) -> list[str]:
        """The queries, always as a list."""
        return [self.query] if isinstance(self.query, str) else self.query


class IngestionRequest(BaseModel):
    """`POST /v1/ingestions`: what `footnote ingest` hands over."""

    collection: str = Field(pattern=COLLECTION_NAME)
    paths: list[str] = []
    url_lists: list[str] = []
    prune: bool = False


def where_of(raw: Json | None) -> Filter | None:
    """The filter of a request; an empty one is none.

    Raises:
        FilterError: naming the part that is malformed.
    """
    return parse_filter(raw) if raw else None


def answer_to_json(answer: Answer) -> Json:
    """An answer as one object: what `footnote ask --json` prints and what REST calls `evidence`."""
    return {
        "question": answer.question,
        "answer": answer.text,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "sentences": [sentence_to_json(verdict) for verdict in answer.sentences],
        "withheld": [withheld_to_json(verdict) for verdict in answer.withheld],
        "disagreements": [disagreement_to_json(found) for found in answer.disagreements],
        "hits": [hit_to_json(hit) for hit in answer.hits],
        "timings_ms": dict(answer.timings_ms),
        "model": dict(answer.model),
        "note": answer.note,
    }


def sentence_to_json(verdict: Verdict) -> Json:
    """A released sentence with its evidence, and the formulas of numbers that were computed from it."""
    return {
        "text": verdict.text,
        "verified": verdict.supported,
        "support": verdict.support,
        "evidence": [evidence_to_json(evidence) for evidence in verdict.evidence],
        "formulas": list(verdict.formulas),
        **_origin_to_json(verdict),
    }


def withheld_to_json(verdict: Verdict) -> Json:
    """A sentence that was not released, with what is wrong with it and what was tried; `fault` is null for no claim."""
    return {
        "text": verdict.text,
        "support": verdict.support,
        "why": verdict.why,
        "fault": verdict.fault,
        "contradiction": evidence_to_json(verdict.contradiction) if verdict.contradiction else None,
        **_origin_to_json(verdict),
    }


def _origin_to_json(verdict: Verdict) -> Json:
    """What was done to the model's words, or tried: `drafted` are those words where they are not the text."""
    return {
        "cut": "cut" in verdict.changes,
        "repaired": "repaired" in verdict.changes,
        "drafted": verdict.drafted,
        "checked_as": verdict.checked_as,
    }


def disagreement_to_json(found: Disagreement) -> Json:
    """What several documents say of one matter, each with its quote and, where it is known, its date."""
    return {"sides": [{"date": side.date, "evidence": evidence_to_json(side.evidence)} for side in found.sides]}


def evidence_to_json(evidence: Evidence) -> Json:
    """An exact quote and its place: `quote` is `page_text[start:end]` of that version of the document."""
    return {
        "document_id": evidence.document_id,
        "filename": evidence.filename,
        "sha256": evidence.sha256,
        "page": evidence.page,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
    }


def hit_to_json(hit: Hit) -> Json:
    """A passage found, with the scores that brought it."""
    chunk = hit.chunk
    return {
        "document_id": chunk.document_id,
        "filename": chunk.filename,
        "page": chunk.page,
        "start": chunk.start,
        "end": chunk.end,
        "text": chunk.text,
        "scores": dict(hit.scores),
    }


def hit_to_result(hit: Hit) -> Json:
    """A passage found, in the shape of OpenAI's vector-store search, with its place in the document."""
    chunk = hit.chunk
    return {
        "file_id": chunk.document_id,
        "filename": chunk.filename,
        "score": hit.score,
        "attributes": dict(chunk.metadata),
        "content": [{"type": "text", "text": chunk.text}],
        "page": chunk.page,
        "start": chunk.start,
        "end": chunk.end,
    }


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


def best_of(rounds: Sequence[Sequence[Hit]], limit: int) -> list[Hit]:
    """The hits of several searches as one ranking: each passage once, with its best score, ties by id."""
    best: dict[str, Hit] = {}
    for hit in (hit for hits in rounds for hit in hits):
        known = best.get(hit.chunk.id)
        if known is None or known.score < hit.score:
            best[hit.chunk.id] = hit
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.chunk.id))[:limit]
