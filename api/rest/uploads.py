"""`/v1/uploads`: a file in parts, each of which can be sent again."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request

from api.library import TenantLibrary, new_id
from api.rest.access import WRITE
from api.rest.callers import AllFiles, Own
from api.rest.dependencies import Core
from api.rest.files import name_of
from api.rest.multipart import FormReader, SentFile
from api.storage import Incoming, NewFile, NewUpload, StoredFile, Upload
from api.wire import CompleteUpload, Json, Refused, UploadRequest, upload_to_json

router = APIRouter(prefix="/v1/uploads", dependencies=[WRITE, AllFiles])

_PART_MB = 64 * 1.048576
_TOO_LARGE = 413
_MB = 1_000_000
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["data"],
                    "properties": {"data": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


@router.post("")
async def create(body: UploadRequest, rag: Core, own: Own) -> Json:
    """Start an upload, which stays open for an hour."""
    if body.bytes > rag.settings.max_upload_mb * _MB:
        raise Refused(
            f"the file is larger than {rag.settings.max_upload_mb:g} MB, the limit that FOOTNOTE_MAX_UPLOAD_MB sets",
            param="bytes",
            code="file_too_large",
            status=_TOO_LARGE,
        )
    expires_s = body.expires_after.seconds if body.expires_after else None
    name = name_of(body.filename)
    new = NewUpload(new_id("upload"), name, body.mime_type, body.purpose, body.bytes, expires_s)
    return upload_to_json(await asyncio.to_thread(own.uploads.add, new))


@router.post("/{upload_id}/parts", openapi_extra=_FORM)
async def add_part(upload_id: str, request: Request, own: Own) -> Json:
    """Add a part of at most 64 MB, in any order and concurrently."""
    await asyncio.to_thread(_open, own, upload_id)
    part_id = new_id("part")

    def opened(_: SentFile) -> AbstractContextManager[Incoming]:
        return own.receiving(f"{upload_id}/{part_id}", part_id)

    with FormReader(request, "data", opened, limit_mb=_PART_MB, setting="of a part") as form:
        await form.read()
        size = form.sink.size_bytes
    created = await asyncio.to_thread(own.uploads.add_part, upload_id, part_id, size)
    return {"id": part_id, "object": "upload.part", "created_at": created, "upload_id": upload_id}


@router.post("/{upload_id}/complete")
async def complete(upload_id: str, body: CompleteUpload, own: Own) -> Json:
    """Combine the parts into a file, in the given order."""
    upload, file = await asyncio.to_thread(_complete, own, upload_id, body)
    return upload_to_json(upload, file)


@router.post("/{upload_id}/cancel")
async def cancel(upload_id: str, own: Own) -> Json:
    """Discard the parts."""
    return upload_to_json(await asyncio.to_thread(_cancel, own, upload_id))


def _open(own: TenantLibrary, upload_id: str) -> Upload:
    upload = own.uploads.get(upload_id)
    if upload.status != "pending":
        raise Refused(f"the upload is {upload.status}; begin a new one", param="upload_id", code="upload_closed")
    return upload


def _cancel(own: TenantLibrary, upload_id: str) -> Upload:
    _open(own, upload_id)
    own.uploads.end(upload_id, "cancelled")
    own.blobs.erase(upload_id)
    return own.uploads.get(upload_id)


def _complete(own: TenantLibrary, upload_id: str, body: CompleteUpload) -> tuple[Upload, StoredFile]:
    upload = _open(own, upload_id)
    sizes = own.uploads.parts(upload_id)
    unknown = next((part for part in body.part_ids if part not in sizes), None)
    if unknown is not None or len(set(body.part_ids)) != len(body.part_ids):
        raise Refused(f"part_ids: {unknown or 'one'!r} is not a part of this upload, or named twice", param="part_ids")
    total = sum(sizes[part] for part in body.part_ids)
    if total != upload.size_bytes:
        raise Refused(f"the parts have {total} bytes together and {upload.size_bytes} were announced", param="part_ids")
    file_id = new_id("file")
    paths = [own.blobs.path_of(f"{upload_id}/{part}", part) for part in body.part_ids]
    with own.receiving(file_id, upload.filename) as incoming:
        own.blobs.join(paths, incoming)
        _check_md5(paths, body.md5)
        size, sha256 = incoming.size_bytes, incoming.sha256
    file = own.keep(
        NewFile(
            file_id, upload.filename, upload.media_type, upload.purpose, size, sha256, expires_s=upload.file_expires_s
        )
    )
    ended = own.uploads.end(upload_id, "completed", file_id)
    if ended is None:
        own.delete_file(file_id)
        raise Refused("the upload was completed or cancelled meanwhile", param="upload_id", code="upload_closed")
    own.blobs.erase(upload_id)
    return ended, file


def _check_md5(paths: list[Path], wanted: str | None) -> None:
    if wanted is None:
        return
    digest = hashlib.md5(usedforsecurity=False)
    for path in paths:
        digest.update(path.read_bytes())
    if digest.hexdigest() != wanted.lower():
        raise Refused(f"md5: the parts together have {digest.hexdigest()}; send them again", param="md5")
