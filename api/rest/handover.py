"""`/v1/handover`: the commands `ask`, `search`, `receipt` and `collection`, forwarded to the service.

Only the user who runs the service may use it: who can read the owner's file has the token. Every answer is a line of
JSON for each thing told; an error of Footnote's is the last line, with nothing hidden.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing
from dataclasses import asdict
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import StreamingResponse
from starlette.types import Send

from api.collections import CollectionsHere, document_to_json
from api.erasing import erase
from api.handover import Question, event_to_json, hit_to_json
from api.questions import events_of, hits_of
from api.rest.access import OWNER
from api.rest.dependencies import Core
from api.rest.stopping import say_at_the_end
from api.wire import Json
from ingest.reading import receipt_to_json
from rag.build.core import Rag
from rag.errors import CollectionNotFound, FootnoteError, QueueError
from rag.handover import PREFIX, failure_to_json
from rag.settings import COLLECTION_NAME
from rag.types import document_id_of

router = APIRouter(prefix=PREFIX, dependencies=[OWNER], include_in_schema=False)
Named = Annotated[str, Body(embed=True)]


class Lines(StreamingResponse):
    """Lines of JSON, the last of them the error if one was raised; the source is closed when the client is gone."""

    def __init__(self, lines: AsyncGenerator[Json, None]) -> None:
        self._lines = lines
        super().__init__(_written(lines), media_type="application/x-ndjson")

    async def stream_response(self, send: Send) -> None:
        async with aclosing(self._lines):
            await super().stream_response(send)


@router.post("/answer")
async def answer(question: Question, request: Request, rag: Core) -> Lines:
    """The events of an answer."""
    say_at_the_end(request.scope, lambda error: _line(failure_to_json(FootnoteError(error["error"]["message"]))))
    return Lines(_events(question, rag))


@router.post("/search")
def search(question: Question, rag: Core) -> StreamingResponse:
    """The hits, best first."""

    def hits() -> Iterable[Json]:
        _existing(rag, question.collection)
        return map(hit_to_json, hits_of(question, rag))

    return _told(hits)


@router.post("/receipt")
def receipt(rag: Core, collection: Named, source: Named) -> StreamingResponse:
    """What was read of a source, and what could not be read; null where it is not there."""

    def found() -> Iterable[Json]:
        known = re.match(COLLECTION_NAME, collection) and rag.store.has_collection(collection)
        document = rag.store.document(collection, document_id_of(source)) if known else None
        return [{"receipt": receipt_to_json(document) if document else None}]

    return _told(found)


@router.post("/collections")
def collections(rag: Core) -> StreamingResponse:
    """The name of each collection."""
    return _told(lambda: ({"name": name} for name in _collections(rag).names()))


@router.post("/documents")
def documents(rag: Core, collection: Named) -> StreamingResponse:
    """Each document of a collection."""
    return _told(lambda: map(document_to_json, _collections(rag).documents(_existing(rag, collection))))


@router.post("/digest")
def digest(rag: Core, collection: Named) -> StreamingResponse:
    """The checksum of a collection."""
    return _told(lambda: [{"digest": _collections(rag).digest(_existing(rag, collection))}])


@router.post("/delete")
def delete(
    request: Request, rag: Core, collection: Named, wanted: Named, ids: Annotated[list[str], Body(embed=True)]
) -> StreamingResponse:
    """Delete a document without work in progress."""

    def deleted() -> Iterable[Json]:
        name = _existing(rag, collection)
        if request.app.state.library.queue.busy() & set(ids):
            raise QueueError(f"{wanted} is being read into {collection!r} right now: delete it when that is done")
        return [asdict(_collections(rag).delete(name, wanted, ids))]

    return _told(deleted)


@router.post("/drop")
def drop(rag: Core, collection: Named) -> StreamingResponse:
    """Delete a collection."""
    return _told(lambda: [{"documents": _collections(rag).drop(_existing(rag, collection))}])


def _collections(rag: Rag) -> CollectionsHere:
    return CollectionsHere(rag.store, partial(erase, rag.settings, rag.store))


def _existing(rag: Rag, name: str) -> str:
    if not re.match(COLLECTION_NAME, name) or not rag.store.has_collection(name):
        raise CollectionNotFound(f"there is no collection {name!r}")
    return name


async def _events(question: Question, rag: Rag) -> AsyncGenerator[Json, None]:
    try:
        async with aclosing(events_of(question, rag)) as events:
            async for event in events:
                yield event_to_json(event)
    except FootnoteError as exc:
        yield failure_to_json(exc)


async def _written(lines: AsyncGenerator[Json, None]) -> AsyncGenerator[str, None]:
    async for line in lines:
        yield _line(line)


def _told(work: Callable[[], Iterable[Json]]) -> StreamingResponse:
    """What some work tells, done in threads while it is sent."""

    def lines() -> Iterator[str]:
        try:
            yield from map(_line, work())
        except FootnoteError as exc:
            yield _line(failure_to_json(exc))

    return StreamingResponse(lines(), media_type="application/x-ndjson")


def _line(value: Json) -> str:
    return json.dumps(value) + "\n"
