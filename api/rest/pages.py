"""`/v1/files/{id}/pages/{n}.png`: an image of a page of an uploaded file, with a quote marked."""

from __future__ import annotations

import asyncio
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from api.library import TenantLibrary
from api.rest.access import READ
from api.rest.callers import AllFiles, Own
from api.rest.dependencies import Core
from api.storage import StoredFile
from api.wire import Refused
from ingest.parsers.common import Box
from ingest.reading import PageRenderer, boxes_on
from rag.build.core import Rag
from rag.errors import ParseError
from rag.types import Page

router = APIRouter(prefix="/v1/files", dependencies=[READ, AllFiles])

_NOT_FOUND = 404


def _painter(request: Request) -> PageRenderer:
    return cast(PageRenderer, request.app.state.painter)


Painting = Annotated[PageRenderer, Depends(_painter)]
_Span = Annotated[
    str | None,
    Query(
        pattern=r"^\d{1,9}-\d{1,9}$", description="Characters `START-END` of the page's text, as citations give them."
    ),
]


@router.get("/{file_id}/pages/{number}.png", response_class=Response)
async def picture(
    file_id: str,
    number: Annotated[int, Path(ge=1, lt=2**31)],
    rag: Core,
    own: Own,
    painter: Painting,
    *,
    highlight: _Span = None,
) -> Response:
    """A page of a PDF or an image as a PNG. With `highlight`, a span of its text is marked.

    Highlighting requires that the file is in a vector store, because the positions of words are known from ingestion.
    """
    file = await asyncio.to_thread(own.files.get, file_id)
    boxes = await asyncio.to_thread(_boxes, rag, own, file, number, highlight) if highlight else ()
    path = own.blobs.existing(file.id, file.filename)
    try:
        png = await asyncio.to_thread(painter.paint, path, file.filename, number, boxes)
    except ParseError as exc:
        raise Refused(str(exc), code="page_not_drawn") from exc
    return Response(png, media_type="image/png")


def _boxes(rag: Rag, own: TenantLibrary, file: StoredFile, number: int, highlight: str) -> tuple[Box, ...]:
    page = _page(rag, own, file, number)
    if page is None:
        raise Refused(
            f"page {number} of file {file.id!r} is in no vector store: only words that were read can be marked",
            param="highlight",
            code="page_not_found",
            status=_NOT_FOUND,
        )
    start, end = map(int, highlight.split("-"))
    if not start < end <= len(page.text):
        raise Refused(
            f"highlight: START-END is a span of the page's {len(page.text)} characters, not {highlight}",
            param="highlight",
        )
    boxes = boxes_on(page, start, end)
    if not boxes:
        raise Refused("highlight: the positions of these characters are unknown", param="highlight")
    return boxes


def _page(rag: Rag, own: TenantLibrary, file: StoredFile, number: int) -> Page | None:
    """The page as it was read, from any store that the file is in."""
    for each in own.store_files.everywhere(file.id):
        if each.status == "completed":
            page = rag.store.page(each.store_id, each.document_id, file.sha256, number)
            if page is not None:
                return page
    return None
