"""`POST /v1/vector_stores/{id}/search`: the request, and hits as its results."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from api.wire.base import Json, WireModel
from rag.types import Hit


class SearchRequest(WireModel):
    """`POST /v1/vector_stores/{id}/search`: OpenAI's shape."""

    query: str | list[str] = Field(min_length=1)
    filters: Json | None = None
    max_num_results: int = Field(10, ge=1, le=50)

    @property
    def queries(self) -> list[str]:
        """The queries, always as a list."""
        return [self.query] if isinstance(self.query, str) else self.query


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


def hit_to_found(hit: Hit) -> Json:
    """A passage found, in the shape of a result of the tool `file_search`."""
    chunk = hit.chunk
    return {
        "file_id": chunk.document_id,
        "filename": chunk.filename,
        "score": hit.score,
        "text": chunk.text,
        "attributes": dict(chunk.metadata),
    }


def best_of(rounds: Sequence[Sequence[Hit]], limit: int) -> list[Hit]:
    """The hits of several searches as one ranking: each passage once, with its best score, ties by id."""
    best: dict[str, Hit] = {}
    for hit in (hit for hits in rounds for hit in hits):
        known = best.get(hit.chunk.id)
        if known is None or known.score < hit.score:
            best[hit.chunk.id] = hit
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.chunk.id))[:limit]
