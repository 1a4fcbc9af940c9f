"""`POST /v1/vector_stores/{id}/search`: the request, and hits as its results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from api.storage import StoreFile
from api.wire.base import Json, Refused, WireModel
from rag.types import AS_SET, Chunk, Hit, Scalar, Weighing


class HybridSearch(WireModel):
    """The weights of the two arms of a search: vectors, and words (BM25). Other fields are refused."""

    model_config = ConfigDict(extra="forbid")

    embedding_weight: float = Field(ge=0, le=1_000_000)
    text_weight: float = Field(ge=0, le=1_000_000)

    @model_validator(mode="after")
    def _one_counts(self) -> HybridSearch:
        if not self.embedding_weight + self.text_weight:
            raise ValueError("embedding_weight or text_weight must be more than 0")
        return self


class RankingOptions(WireModel):
    """OpenAI's ranking options. There is one ranker, and `none` leaves it out. Other fields are refused: a threshold
    under another name would be left out in silence."""

    model_config = ConfigDict(extra="forbid")

    ranker: Literal["none", "auto", "default-2024-11-15"] = "auto"
    score_threshold: float = Field(0.0, ge=0, le=1)
    hybrid_search: HybridSearch | None = None

    @property
    def weighing(self) -> Weighing:
        """How the hits are to be ranked."""
        both = self.hybrid_search
        share = None if both is None else both.text_weight / (both.embedding_weight + both.text_weight)
        return Weighing(share, self.ranker != "none")


class Ranked(WireModel):
    """A request with ranking options, which are refused where they stand beside `ranking_options`."""

    @model_validator(mode="before")
    @classmethod
    def _placed(cls, data: object) -> object:
        fields = data if isinstance(data, dict) else {}
        for name in (*RankingOptions.model_fields, "threshold"):
            if fields.get(name) is not None:
                raise Refused(f"{name}: it belongs in ranking_options", param=name, code="unsupported_parameter")
        return data


class SearchRequest(Ranked):
    """`POST /v1/vector_stores/{id}/search`: OpenAI's shape."""

    query: str | list[str] = Field(min_length=1)
    filters: Json | None = None
    max_num_results: int = Field(10, ge=1, le=50)
    ranking_options: RankingOptions | None = None
    rewrite_query: bool = False

    @property
    def queries(self) -> list[str]:
        """The queries, always as a list."""
        return [self.query] if isinstance(self.query, str) else self.query

    @property
    def weighing(self) -> Weighing:
        """How the hits are to be ranked."""
        return self.ranking_options.weighing if self.ranking_options else AS_SET

    @property
    def score_threshold(self) -> float:
        """The least score of a result."""
        return self.ranking_options.score_threshold if self.ranking_options else 0.0


def hit_to_result(hit: Hit, file: StoreFile | None = None) -> Json:
    """A passage in the format of OpenAI's vector store search, with its position in the document.

    A document that is not an uploaded file has its own id, and all of its metadata.
    """
    chunk = hit.chunk
    return {
        "file_id": file.file_id if file else chunk.document_id,
        "document_id": chunk.document_id,
        "filename": chunk.filename,
        "score": hit.score,
        "attributes": dict(file.attributes) if file else _attributes(chunk),
        "content": [{"type": "text", "text": chunk.text}],
        "page": chunk.page,
        "start": chunk.start,
        "end": chunk.end,
    }


def hit_to_found(hit: Hit, file: StoreFile | None = None) -> Json:
    """A passage found, in the shape of a result of the tool `file_search`."""
    found = hit_to_result(hit, file)
    return {name: found[name] for name in ("file_id", "filename", "score", "attributes")} | {"text": hit.chunk.text}


def _attributes(chunk: Chunk) -> dict[str, Scalar]:
    """The metadata of a passage as OpenAI's clients read it: they know no lists."""
    return {
        name: ", ".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in chunk.metadata.items()
    }


def best_of(rounds: Sequence[Sequence[Hit]], limit: int) -> list[Hit]:
    """The hits of several searches as one ranking: each passage once, with its best score, ties by id."""
    best: dict[str, Hit] = {}
    for hit in (hit for hits in rounds for hit in hits):
        known = best.get(hit.chunk.id)
        if known is None or known.score < hit.score:
            best[hit.chunk.id] = hit
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.chunk.id))[:limit]
