"""`/v1/files` and `/v1/uploads`: requests and objects."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from api.storage import Listing, StoredFile, Upload
from api.wire.base import Json, WireModel

Purpose = Literal["assistants", "batch", "fine-tune", "vision", "user_data", "evals"]
PURPOSES = get_args(Purpose)
MOST_FILES_LISTED = 10_000


class FileExpiry(WireModel):
    """When a file is deleted by itself: so long after it was made."""

    anchor: Literal["created_at"]
    seconds: int = Field(ge=3600, le=2_592_000)


class UploadRequest(WireModel):
    """`POST /v1/uploads`: a file of so many bytes is to come in parts."""

    filename: str
    purpose: Purpose
    bytes: int = Field(ge=0)
    mime_type: str = Field(max_length=255)
    expires_after: FileExpiry | None = None


class CompleteUpload(WireModel):
    """`POST /v1/uploads/{id}/complete`: the parts in order, and the hex MD5 of the whole if it is to be compared."""

    part_ids: Annotated[list[str], Field(min_length=1, max_length=10_000)]
    md5: str | None = None


def file_to_json(file: StoredFile) -> Json:
    """A file in OpenAI's shape, and its `sha256`."""
    return {
        "id": file.id,
        "object": "file",
        "bytes": file.size_bytes,
        "created_at": file.created_at,
        "expires_at": file.expires_at,
        "filename": file.filename,
        "purpose": file.purpose,
        "status": "processed",
        "status_details": None,
        "sha256": file.sha256,
    }


def upload_to_json(upload: Upload, file: StoredFile | None = None) -> Json:
    """An upload in OpenAI's shape."""
    return {
        "id": upload.id,
        "object": "upload",
        "bytes": upload.size_bytes,
        "created_at": upload.created_at,
        "expires_at": upload.expires_at,
        "filename": upload.filename,
        "purpose": upload.purpose,
        "status": upload.status,
        "file": file_to_json(file) if file else None,
    }


def listing_to_json(rows: list[Json], *, has_more: bool) -> Json:
    """A page of a listing: the ids are those of its first and last row."""
    return {
        "object": "list",
        "data": rows,
        "first_id": rows[0]["id"] if rows else None,
        "last_id": rows[-1]["id"] if rows else None,
        "has_more": has_more,
    }


def files_to_json(page: Listing[StoredFile]) -> Json:
    """A page of files."""
    return listing_to_json([file_to_json(file) for file in page.rows], has_more=page.has_more)
