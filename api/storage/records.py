"""The records of the database as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rag.types import Scalar

FileStatus = Literal["in_progress", "completed", "failed", "cancelled"]
ErrorCode = Literal["server_error", "unsupported_file", "invalid_file"]
UploadStatus = Literal["pending", "completed", "cancelled", "expired"]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded file; times are seconds of the Unix epoch."""

    id: str
    filename: str
    media_type: str
    purpose: str
    size_bytes: int
    sha256: str
    created_at: int
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class FileCounts:
    """How many files of a vector store or batch have which status."""

    in_progress: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.in_progress + self.completed + self.failed + self.cancelled


@dataclass(frozen=True, slots=True)
class VectorStore:
    """A vector store, whose id is the name of its collection; `labels` is OpenAI's `metadata`."""

    id: str
    name: str
    created_at: int
    last_active_at: int
    labels: Mapping[str, Any] = field(default_factory=dict)
    description: str | None = None
    expires_days: int | None = None
    expires_at: int | None = None
    counts: FileCounts = FileCounts()
    usage_bytes: int = 0


@dataclass(frozen=True, slots=True)
class StoreFile:
    """A file in a vector store. `document_id` is the document it is in the collection; `run` is the work on it."""

    number: int
    store_id: str
    file_id: str
    document_id: str
    status: FileStatus
    created_at: int
    attributes: Mapping[str, Scalar]
    chunking: Mapping[str, Any]
    usage_bytes: int = 0
    error_code: ErrorCode | None = None
    error_message: str | None = None
    run: str | None = None
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class FileBatch:
    """Files that were given to a vector store together."""

    id: str
    store_id: str
    created_at: int
    cancelled_at: int | None = None
    counts: FileCounts = FileCounts()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that comes in parts."""

    id: str
    filename: str
    media_type: str
    purpose: str
    size_bytes: int
    status: UploadStatus
    created_at: int
    expires_at: int
    file_expires_s: int | None = None
    file_id: str | None = None
