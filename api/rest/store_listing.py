"""`/v1/vector_stores/{id}/documents`: all documents of a store, including those that are not uploaded files."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from api.library import TenantLibrary
from api.rest.access import READ, WRITE
from api.rest.callers import AllFiles, Own
from api.rest.dependencies import Core, existing_collection
from api.rest.listing import PageOf
from api.storage import PageRequest
from api.wire import Json, Refused, listing_to_json
from ingest.reading import receipt_to_json
from rag.build.core import Rag
from rag.store import StoredDocument

router = APIRouter(prefix="/v1/vector_stores/{collection}/documents", dependencies=[AllFiles])

_NOT_FOUND = 404
_WEB = ("http://", "https://", "s3://")


@router.get("", dependencies=[READ])
async def listed(collection: str, rag: Core, own: Own, page: PageOf) -> Json:
    """The documents, ordered by id."""
    await existing_collection(rag, collection)
    return await asyncio.to_thread(_listed, rag, own, collection, page)


@router.get("/{document_id}", dependencies=[READ])
async def one(collection: str, document_id: str, rag: Core) -> Json:
    """The receipt of a document: what was read, and what was not."""
    await existing_collection(rag, collection)
    document = await asyncio.to_thread(rag.store.document, collection, document_id)
    if document is None:
        raise _missing(collection, document_id)
    told = receipt_to_json(document)
    return {
        "id": document_id,
        "object": "document",
        "filename": document.filename,
        **told,
        "source": _shown(document.source),
    }


@router.delete("/{document_id}", dependencies=[WRITE])
async def delete(collection: str, document_id: str, rag: Core, own: Own) -> Json:
    """Delete a document that is not an uploaded file; when the response arrives, no byte of it is left."""
    await existing_collection(rag, collection)
    await asyncio.to_thread(_delete, rag, own, collection, document_id)
    return {"id": document_id, "object": "document.deleted", "deleted": True}


def _listed(rag: Rag, own: TenantLibrary, collection: str, page: PageRequest) -> Json:
    falls = page.order == "desc"
    rows = sorted(rag.store.documents(collection), key=lambda row: row.id, reverse=falls)
    if page.after is not None:
        rows = [row for row in rows if (row.id < page.after if falls else row.id > page.after)]
    if page.before is not None:
        rows = [row for row in rows if (row.id > page.before if falls else row.id < page.before)]
    shown = rows[: page.limit] if page.before is None or page.after is not None else rows[-page.limit :]
    files = own.store_files.of_documents(collection, [row.id for row in shown])
    told = [_document(row, files[row.id].file_id if row.id in files else None) for row in shown]
    return listing_to_json(told, has_more=len(rows) > page.limit)


def _document(row: StoredDocument, file_id: str | None) -> Json:
    return {
        "id": row.id,
        "object": "document",
        "file_id": file_id,
        "filename": row.filename,
        "source": _shown(row.source),
        "sha256": row.sha256,
        "pages": row.pages,
        "chunks": row.chunks,
    }


def _shown(source: str) -> str | None:
    """Where a document is from; null for a path of the service's machine, which is nothing to its clients."""
    return source if source.startswith(_WEB) else None


def _delete(rag: Rag, own: TenantLibrary, collection: str, document_id: str) -> None:
    file = own.store_files.of_documents(collection, [document_id]).get(document_id)
    if file is not None:
        raise Refused(
            f"document {document_id!r} is file {file.file_id!r}: take the file out of the store, or delete it",
            param="document_id",
            code="document_is_file",
        )
    if document_id not in rag.store.stored(collection, [document_id]):
        raise _missing(collection, document_id)
    own.delete_document(collection, document_id)


def _missing(collection: str, document_id: str) -> Refused:
    return Refused(
        f"there is no document {document_id!r} in {collection!r}", code="document_not_found", status=_NOT_FOUND
    )
