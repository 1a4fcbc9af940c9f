"""`/v1/vector_stores/{id}/documents/{document}/pages/{number}`: the page of a citation."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.rest.access import READ
from api.rest.dependencies import Core, existing_collection
from api.wire import Json, PageQuery, Refused

router = APIRouter(prefix="/v1/vector_stores/{collection}/documents", dependencies=[READ])

_NOT_FOUND = 404


@router.get("/{document_id}/pages/{number}")
async def page(
    collection: str,
    document_id: str,
    number: Annotated[int, Path(ge=1, lt=2**31)],
    place: Annotated[PageQuery, Query()],
    rag: Core,
) -> Json:
    """The text of one page of one version of a document, and the quote that is `text[start:end]`."""
    await existing_collection(rag, collection)
    found = await asyncio.to_thread(rag.store.page, collection, document_id, place.sha256, number)
    if found is None:
        raise Refused(
            f"collection {collection!r} has no page {number} of this version of document {document_id!r}: "
            "it was deleted, or replaced by a newer version",
            code="page_not_found",
            status=_NOT_FOUND,
        )
    return {
        "object": "document.page",
        "document_id": document_id,
        "sha256": place.sha256,
        "page": found.number,
        "label": found.label,
        "text": found.text,
        "start": place.start,
        "end": place.end,
        "quote": None if place.end is None else found.text[place.start : place.end],
    }
