"""`/v1/vector_stores/{id}/files` and `…/file_batches`: files in a store, and their ingestion."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.library import Given, TenantLibrary, new_id
from api.rest.access import READ, WRITE
from api.rest.callers import AllFiles, Own
from api.rest.dependencies import Core
from api.rest.listing import PageOf
from api.storage import FileStatus, Listing, StoreFile
from api.wire import (
    AttachFile,
    ChangeFile,
    CreateBatch,
    Json,
    Refused,
    batch_to_json,
    listing_to_json,
    store_file_to_json,
    stored_file_extras,
)
from ingest.reading import receipt_to_json
from rag.build.core import Rag

router = APIRouter(prefix="/v1/vector_stores/{store_id}", dependencies=[AllFiles])

_POLL_AFTER = "openai-poll-after-ms"
_POLL_MS = 250
Filtered = Annotated[FileStatus | None, Query(alias="filter")]


@router.post("/files", dependencies=[WRITE])
async def attach(store_id: str, body: AttachFile, response: Response, rag: Core, own: Own) -> Json:
    """Add a file to the store and ingest it. A file that is already in the store is unchanged."""
    await asyncio.to_thread(require_live, own, store_id)
    [file] = await asyncio.to_thread(own.attach, store_id, [_given(body)])
    return await asyncio.to_thread(_told, rag, own, file, response)


@router.get("/files", dependencies=[READ])
async def listed(store_id: str, own: Own, page: PageOf, filter_: Filtered = None) -> Json:
    """The files of the store, newest first."""
    return _listing(await asyncio.to_thread(own.page_of_files, store_id, page, status=filter_))


@router.get("/files/{file_id}", dependencies=[READ])
async def one(store_id: str, file_id: str, response: Response, rag: Core, own: Own) -> Json:
    """One file: the progress of its ingestion, then its receipt, or the reason of its failure."""
    file = await asyncio.to_thread(own.store_file, store_id, file_id)
    return await asyncio.to_thread(_told, rag, own, file, response)


@router.post("/files/{file_id}", dependencies=[WRITE])
async def change(store_id: str, file_id: str, body: ChangeFile, own: Own) -> Json:
    """Replace the attributes, which searches can filter by."""
    changed = await asyncio.to_thread(own.change_attributes, store_id, file_id, body.attributes or {})
    return store_file_to_json(changed)


@router.delete("/files/{file_id}", dependencies=[WRITE])
async def detach(store_id: str, file_id: str, own: Own) -> Json:
    """Remove a file from the store: its document is erased, the file stays."""
    await asyncio.to_thread(own.detach, store_id, file_id)
    return {"id": file_id, "object": "vector_store.file.deleted", "deleted": True}


@router.get("/files/{file_id}/content", dependencies=[READ])
async def content(store_id: str, file_id: str, rag: Core, own: Own) -> Json:
    """The extracted text of a file, one part per page."""
    file = await asyncio.to_thread(own.store_file, store_id, file_id)
    if file.status != "completed":
        raise Refused(f"the file is {file.status}; there is text once it is completed", code="file_not_completed")
    document = await asyncio.to_thread(rag.store.document, store_id, file.document_id)
    pages = document.pages if document else ()
    return {
        "object": "vector_store.file_content.page",
        "data": [{"type": "text", "text": page.text} for page in pages],
        "has_more": False,
        "next_page": None,
    }


@router.post("/files/{file_id}/retry", dependencies=[WRITE])
async def retry(store_id: str, file_id: str, response: Response, rag: Core, own: Own) -> Json:
    """Ingest a failed or cancelled file again."""
    file = await asyncio.to_thread(own.retry, store_id, file_id)
    return await asyncio.to_thread(_told, rag, own, file, response)


@router.post("/file_batches", dependencies=[WRITE])
async def create_batch(store_id: str, body: CreateBatch, response: Response, own: Own) -> Json:
    """Add many files to the store."""
    await asyncio.to_thread(require_live, own, store_id)
    batch_id = new_id("vsfb")
    wanted = {each.file_id: _given(each) for each in body.wanted}
    await asyncio.to_thread(own.attach, store_id, list(wanted.values()), batch_id=batch_id)
    return await _batch(store_id, batch_id, response, own)


@router.get("/file_batches/{batch_id}", dependencies=[READ])
async def batch(store_id: str, batch_id: str, response: Response, own: Own) -> Json:
    """A batch: completed when all of its files have ended, whatever their status."""
    return await _batch(store_id, batch_id, response, own)


@router.post("/file_batches/{batch_id}/cancel", dependencies=[WRITE])
async def cancel_batch(store_id: str, batch_id: str, own: Own) -> Json:
    """Cancel the files of a batch that are not ingested yet."""
    return batch_to_json(await asyncio.to_thread(own.cancel_batch, store_id, batch_id))


@router.get("/file_batches/{batch_id}/files", dependencies=[READ])
async def files_of_batch(store_id: str, batch_id: str, own: Own, page: PageOf, filter_: Filtered = None) -> Json:
    """The files of a batch that are in the store."""
    found = await asyncio.to_thread(own.page_of_files, store_id, page, status=filter_, batch_id=batch_id)
    return _listing(found)


async def _batch(store_id: str, batch_id: str, response: Response, own: TenantLibrary) -> Json:
    found = await asyncio.to_thread(own.batch, store_id, batch_id)
    if found.counts.in_progress:
        response.headers[_POLL_AFTER] = str(_POLL_MS)
    return batch_to_json(found)


def require_live(own: TenantLibrary, store_id: str) -> None:
    """A store that is there and has not expired.

    Raises:
        NotStored, Refused.
    """
    store = own.store(store_id)
    if store.expires_at is not None and store.expires_at <= own.now():
        raise Refused(f"vector store {store_id!r} has expired", param="vector_store_id", code="vector_store_expired")


def _given(body: AttachFile) -> Given:
    chunking = body.chunking_strategy.to_json() if body.chunking_strategy else {}
    return Given(body.file_id, body.attributes or {}, chunking)


def _listing(page: Listing[StoreFile]) -> Json:
    return listing_to_json([store_file_to_json(file) for file in page.rows], has_more=page.has_more)


def _told(rag: Rag, own: TenantLibrary, file: StoreFile, response: Response) -> Json:
    """A file with what Footnote adds; clients that wait are told when to look again."""
    if file.status == "in_progress":
        response.headers[_POLL_AFTER] = str(_POLL_MS)
    receipt: dict[str, Any] | None = None
    if file.status == "completed":
        document = rag.store.document(file.store_id, file.document_id)
        told = receipt_to_json(document) if document else {}
        receipt = {key: value for key, value in told.items() if key not in ("source", "document_id")} or None
    stored = own.files.named([file.file_id]).get(file.file_id)
    return store_file_to_json(file, **stored_file_extras(stored, own.progress(file), receipt))
