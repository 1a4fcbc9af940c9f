"""`/v1/files`: files for vector stores."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse
from pydantic import ValidationError

from api.library import new_id
from api.rest.access import READ, WRITE
from api.rest.callers import AllFiles, Own
from api.rest.dependencies import Core
from api.rest.listing import Order
from api.rest.multipart import FormReader, SentFile
from api.storage import Incoming, NewFile, PageRequest, clean_name
from api.wire import MOST_FILES_LISTED, PURPOSES, FileExpiry, Json, Refused, file_to_json, files_to_json

router = APIRouter(prefix="/v1/files", dependencies=[AllFiles])

FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "purpose"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "purpose": {"type": "string", "enum": list(PURPOSES)},
                        "expires_after[anchor]": {"type": "string", "enum": ["created_at"]},
                        "expires_after[seconds]": {"type": "integer", "minimum": 3600, "maximum": 2_592_000},
                    },
                }
            }
        },
    }
}


@router.post("", openapi_extra=FORM, dependencies=[WRITE])
async def create(request: Request, rag: Core, own: Own) -> Json:
    """Upload a file: a form with the file and its purpose. `/v1/vector_stores` adds it to vector stores."""
    file_id = new_id("file")

    def opened(sent: SentFile) -> AbstractContextManager[Incoming]:
        return own.receiving(file_id, name_of(sent.filename))

    limit_mb = rag.settings.max_upload_mb
    with FormReader(request, "file", opened, limit_mb=limit_mb, setting="FOOTNOTE_MAX_UPLOAD_MB") as form:
        sent = await form.read()
        purpose, expires_s = purpose_of(form.fields), _expiry_of(form.fields)
        incoming = form.sink
    new = NewFile(
        id=file_id,
        filename=name_of(sent.filename),
        media_type=sent.media_type,
        purpose=purpose,
        size_bytes=incoming.size_bytes,
        sha256=incoming.sha256,
        expires_s=expires_s,
    )
    return file_to_json(await asyncio.to_thread(own.keep, new))


@router.get("", dependencies=[READ])
async def listed(
    own: Own,
    purpose: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_FILES_LISTED)] = MOST_FILES_LISTED,
    order: Order = "desc",
    after: Annotated[str | None, Query(max_length=128)] = None,
) -> Json:
    """The files, newest first."""
    request = PageRequest(limit, order, after or None)
    return files_to_json(await asyncio.to_thread(own.files.page, request, purpose=purpose))


@router.get("/{file_id}", dependencies=[READ])
async def one(file_id: str, own: Own) -> Json:
    """One file."""
    return file_to_json(await asyncio.to_thread(own.files.get, file_id))


@router.delete("/{file_id}", dependencies=[WRITE])
async def delete(file_id: str, own: Own) -> Json:
    """Delete a file, also from every vector store: its bytes and its documents are erased."""
    await asyncio.to_thread(own.delete_file, file_id)
    return {"id": file_id, "object": "file", "deleted": True}


@router.get("/{file_id}/content", response_class=FileResponse, dependencies=[READ])
async def content(file_id: str, own: Own) -> FileResponse:
    """The bytes of a file as uploaded, as a download."""
    file = await asyncio.to_thread(own.files.get, file_id)
    return FileResponse(
        own.blobs.existing(file.id, file.filename),
        media_type="application/octet-stream",
        filename=file.filename,
        headers={"X-Content-Type-Options": "nosniff"},
    )


def name_of(filename: str) -> str:
    """The name a file is kept under.

    Raises:
        Refused: it is not a file name.
    """
    try:
        return clean_name(filename)
    except ValueError as exc:
        raise Refused(str(exc), param="filename") from exc


def purpose_of(fields: dict[str, str]) -> str:
    """The purpose of a form.

    Raises:
        Refused: it is none of OpenAI's.
    """
    purpose = fields.get("purpose", "")
    if purpose not in PURPOSES:
        raise Refused(f"purpose: {purpose!r} is not one of {', '.join(PURPOSES)}", param="purpose")
    return purpose


def _expiry_of(fields: dict[str, str]) -> int | None:
    given = {key: fields[f"expires_after[{key}]"] for key in ("anchor", "seconds") if f"expires_after[{key}]" in fields}
    if not given:
        return None
    try:
        return FileExpiry.model_validate(given).seconds
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise Refused(f"expires_after.{where}: {first['msg']}", param="expires_after") from exc
