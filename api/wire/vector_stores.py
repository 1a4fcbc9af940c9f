"""`/v1/vector_stores`: requests and objects of stores, their files and batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from api.storage import FileBatch, FileCounts, StoredFile, StoreFile, VectorStore
from api.wire.base import Json, Metadata, WireModel
from ingest.events import FileProgress

_MOST_FILES = 2000
_CHUNK_TOKENS, _OVERLAP_TOKENS = 800, 400

Attributes = Annotated[
    dict[
        Annotated[str, Field(min_length=1, max_length=64)],
        Annotated[str, Field(max_length=512)] | bool | int | float,
    ],
    Field(max_length=16),
]
"""What searches can filter by: at most 16 keys of 64 characters; texts of 512, numbers or booleans."""


class StoreExpiry(WireModel):
    """The expiry of a store: days after its last use."""

    anchor: Literal["last_active_at"]
    days: int = Field(ge=1, le=365)


class StaticChunking(WireModel):
    """Bounds of chunks, in tokens."""

    max_chunk_size_tokens: int = Field(_CHUNK_TOKENS, ge=100, le=4096)
    chunk_overlap_tokens: int = Field(_OVERLAP_TOKENS, ge=0)

    @model_validator(mode="after")
    def _overlaps_by_half(self) -> StaticChunking:
        if self.chunk_overlap_tokens * 2 > self.max_chunk_size_tokens:
            raise ValueError("chunk_overlap_tokens may be at most half of max_chunk_size_tokens")
        return self


class Chunking(WireModel):
    """OpenAI's chunking strategy."""

    type: Literal["auto", "static"]
    static: StaticChunking | None = None

    @model_validator(mode="after")
    def _static_has_bounds(self) -> Chunking:
        if self.type == "static" and self.static is None:
            raise ValueError("chunking_strategy of type 'static' needs 'static'")
        return self

    def to_json(self) -> Json:
        """As it is stored and told."""
        return {"type": "static", "static": self.static.model_dump()} if self.static else {"type": "auto"}


class CreateStore(WireModel):
    """`POST /v1/vector_stores`."""

    name: str = Field("", max_length=256)
    description: str | None = Field(None, max_length=512)
    file_ids: list[str] = Field(default_factory=list, max_length=_MOST_FILES)
    metadata: Metadata | None = None
    expires_after: StoreExpiry | None = None
    chunking_strategy: Chunking | None = None


class ChangeStore(WireModel):
    """`POST /v1/vector_stores/{id}`: what is left out stays; `expires_after: null` takes the expiry away."""

    name: str | None = Field(None, max_length=256)
    metadata: Metadata | None = None
    expires_after: StoreExpiry | None = None

    @property
    def expires_days(self) -> int | None:
        """The new expiry; 0 takes it away, None leaves it."""
        if self.expires_after is not None:
            return self.expires_after.days
        return 0 if "expires_after" in self.model_fields_set else None


class AttachFile(WireModel):
    """`POST /v1/vector_stores/{id}/files`."""

    file_id: str
    attributes: Attributes | None = None
    chunking_strategy: Chunking | None = None


class ChangeFile(WireModel):
    """`POST /v1/vector_stores/{id}/files/{file_id}`: the attributes are replaced."""

    attributes: Attributes | None


class CreateBatch(WireModel):
    """`POST /v1/vector_stores/{id}/file_batches`: `file_ids` with attributes for all, or `files` with each its own."""

    file_ids: Annotated[list[str], Field(min_length=1, max_length=_MOST_FILES)] | None = None
    files: Annotated[list[AttachFile], Field(min_length=1, max_length=_MOST_FILES)] | None = None
    attributes: Attributes | None = None
    chunking_strategy: Chunking | None = None

    @model_validator(mode="after")
    def _either(self) -> CreateBatch:
        if (self.file_ids is None) == (self.files is None):
            raise ValueError("give either file_ids or files")
        if self.files is not None and (self.attributes is not None or self.chunking_strategy is not None):
            raise ValueError("with files, each has its own attributes and chunking_strategy")
        return self

    @property
    def wanted(self) -> list[AttachFile]:
        """The files, each with what is to hold for it."""
        if self.files is not None:
            return self.files
        return [
            AttachFile(file_id=file_id, attributes=self.attributes, chunking_strategy=self.chunking_strategy)
            for file_id in self.file_ids or ()
        ]


def store_to_json(store: VectorStore, *, now: int) -> Json:
    """A store in OpenAI's shape."""
    expired = store.expires_at is not None and store.expires_at <= now
    return {
        "id": store.id,
        "object": "vector_store",
        "created_at": store.created_at,
        "name": store.name,
        "description": store.description,
        "usage_bytes": store.usage_bytes,
        "file_counts": counts_to_json(store.counts),
        "status": "expired" if expired else "in_progress" if store.counts.in_progress else "completed",
        "expires_after": {"anchor": "last_active_at", "days": store.expires_days} if store.expires_days else None,
        "expires_at": store.expires_at,
        "last_active_at": store.last_active_at,
        "metadata": dict(store.labels),
    }


def counts_to_json(counts: FileCounts) -> Json:
    """Counts by status, which sum to `total`."""
    return {
        "in_progress": counts.in_progress,
        "completed": counts.completed,
        "failed": counts.failed,
        "cancelled": counts.cancelled,
        "total": counts.total,
    }


def store_file_to_json(file: StoreFile, **more: Any) -> Json:
    """A file in a store, in OpenAI's shape, and what Footnote adds."""
    error = {"code": file.error_code, "message": file.error_message} if file.error_code else None
    return {
        "id": file.file_id,
        "object": "vector_store.file",
        "usage_bytes": file.usage_bytes,
        "created_at": file.created_at,
        "vector_store_id": file.store_id,
        "status": file.status,
        "last_error": error,
        "chunking_strategy": _told(file.chunking),
        "attributes": dict(file.attributes),
        "document_id": file.document_id,
        **more,
    }


def stored_file_extras(file: StoredFile | None, progress: FileProgress | None, receipt: Json | None) -> Json:
    """What one file in a store tells beyond OpenAI's shape."""
    return {
        "filename": file.filename if file else None,
        "sha256": file.sha256 if file else None,
        "progress": progress_to_json(progress) if progress else None,
        "receipt": receipt,
    }


def progress_to_json(progress: FileProgress) -> Json:
    """How far a long file is."""
    return {
        "stage": progress.stage,
        "pages": progress.pages,
        "chunks_done": progress.chunks_done,
        "chunks": progress.chunks,
    }


def batch_to_json(batch: FileBatch) -> Json:
    """A batch in OpenAI's shape: completed when all is done with, whatever became of single files."""
    state = "in_progress" if batch.counts.in_progress else "cancelled" if batch.cancelled_at else "completed"
    return {
        "id": batch.id,
        "object": "vector_store.files_batch",
        "created_at": batch.created_at,
        "vector_store_id": batch.store_id,
        "status": state,
        "file_counts": counts_to_json(batch.counts),
    }


def _told(chunking: Mapping[str, Any]) -> Json:
    """What was asked for; `other` where the service chose: it cuts by sections and sentences."""
    return dict(chunking) if chunking.get("type") == "static" else {"type": "other"}
