"""`/v1/ingestions`: runs that the command line forwards to the service, and their events.

Paths are those of the service's machine, so only its own user may hand in work: who can read the owner's file has the
token.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from api.rest.access import OWNER
from api.wire import IngestionRequest, Json, Refused
from ingest.events import Event
from ingest.ingestion import Ingestion
from ingest.queue.handover import event_to_json
from ingest.work import RunRequest
from rag.errors import FootnoteError
from rag.handover import failure_to_json

router = APIRouter(prefix="/v1/ingestions", dependencies=[OWNER])


def _ingestion(request: Request) -> Ingestion:
    ingestion: Ingestion | None = request.app.state.ingestion
    if ingestion is None:
        told = "this service does not ingest: `footnote worker` processes do, from the queue they share"
        raise Refused(told, code="queue_unavailable", status=503)
    return ingestion


Working = Annotated[Ingestion, Depends(_ingestion)]


@router.post("", status_code=202)
async def start(body: IngestionRequest, ingestion: Working) -> Json:
    """Queue a run; it continues even if nobody follows it."""
    request = RunRequest(body.collection, tuple(body.paths), tuple(body.url_lists), body.prune)
    run = await asyncio.to_thread(ingestion.queue.start, request)
    return {"id": run, "object": "ingestion"}


@router.delete("/{run}")
async def cancel(run: str, ingestion: Working) -> Json:
    """Stop a run: files in progress finish their current step, the others are not started."""
    await asyncio.to_thread(ingestion.queue.cancel, run)
    return {"id": run, "object": "ingestion", "status": "cancelled"}


@router.get("/{run}/events")
async def events(run: str, ingestion: Working) -> StreamingResponse:
    """The events of a run from its start, one JSON line each, until it ends."""
    return StreamingResponse(_lines(ingestion, run), media_type="application/x-ndjson")


async def _lines(ingestion: Ingestion, run: str) -> AsyncGenerator[str, None]:
    """Events as a thread tells of them; the thread ends at the next event after the client has gone."""
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[Json | None] = asyncio.Queue()
    gone = threading.Event()

    def put(line: Json | None) -> None:
        loop.call_soon_threadsafe(told.put_nowait, line)

    def tell(event: Event) -> None:
        if gone.is_set():
            raise _Gone
        put(event_to_json(event))

    def follow() -> None:
        try:
            report = ingestion.queue.follow(run, tell)
            put({"event": "ended", "seconds": report.seconds, "stopped": report.stopped})
        except _Gone:
            return
        except FootnoteError as exc:
            put(failure_to_json(exc))
        put(None)

    threading.Thread(target=follow, name=f"following {run}", daemon=True).start()
    try:
        while (line := await told.get()) is not None:
            yield json.dumps(line, ensure_ascii=False) + "\n"
    finally:
        gone.set()


class _Gone(Exception):
    """Nobody listens any more."""
