"""Stops work if the client disconnects, and ends every stream with an event."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from api.rest.errors import described, unforeseen
from api.rest.stopping import say_at_the_end
from api.wire import Json
from rag.errors import FootnoteError

_T = TypeVar("_T")
HEARTBEAT = ": heartbeat\n\n"
_EVENT = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One object; with `stream`, server-sent events, whose `data` is JSON or `[DONE]`.",
        "content": {"application/json": {}, "text/event-stream": {"schema": _EVENT}},
    }
}
"""What calls answer that can stream, for the OpenAPI document."""
DONE = "data: [DONE]\n\n"
_CLIENT_GONE = 499
_logger = logging.getLogger("uvicorn.error")


class ServerSentEvents(StreamingResponse):
    """A stream of server-sent events whose generator is closed as soon as the response ends, however it ends.

    A client that takes nothing of it for `FOOTNOTE_CLIENT_IDLE_S` is cut off.
    """

    def __init__(self, frames: AsyncGenerator[str, None]) -> None:
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        super().__init__(frames, media_type="text/event-stream", headers=headers)
        self._frames = frames
        self._idle_s = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._idle_s = scope["app"].state.rag.settings.client_idle_s
        await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        async def taken(message: Message) -> None:
            async with asyncio.timeout(self._idle_s):
                await send(message)

        async with aclosing(self._frames):
            try:
                await super().stream_response(taken)
            except TimeoutError:
                _logger.warning("a client took nothing of its stream for %g s and is cut off", self._idle_s)


def frame(body: Json, *, event: str | None = None) -> str:
    """One server-sent event, named where the client goes by names."""
    named = f"event: {event}\n" if event else ""
    return f"{named}data: {json.dumps(body, ensure_ascii=False)}\n\n"


async def guarded(frames: AsyncGenerator[str, None], failed: Callable[[Json], str]) -> AsyncGenerator[str, None]:
    """The frames; after a failure, which is too late for a status, a last one that `failed` makes of its error."""
    async with aclosing(frames):
        try:
            async for each in frames:
                yield each
        except FootnoteError as exc:
            yield failed(described(exc)[1])
        except Exception:  # the client has its status already: a broken connection would not tell it what happened
            _logger.exception("a stream failed")
            yield failed(unforeseen())


async def begun(
    request: Request, frames: AsyncGenerator[str, None], *, failed: Callable[[Json], str] = frame
) -> Response:
    """The response that streams frames, once the first is there: what fails before it has a status of its own.

    After a later failure, also when the service is stopped, comes one frame more, which `failed` makes of the error.
    """
    first = await unless_gone(request, anext(frames))
    if first is None:
        await frames.aclose()
        return client_gone()
    say_at_the_end(request.scope, failed)
    return ServerSentEvents(guarded(_with_first(first, frames), failed))


def client_gone() -> Response:
    """The response for a disconnected client."""
    return Response(status_code=_CLIENT_GONE)


async def unless_gone(request: Request, work: Awaitable[_T]) -> _T | None:
    """The result of the work; None when the client hung up first, which cancels it."""
    task = asyncio.ensure_future(work)
    gone = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for each in (task, gone):
            each.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _with_first(first: str, rest: AsyncGenerator[str, None]) -> AsyncGenerator[str, None]:
    async with aclosing(rest):
        yield first
        async for each in rest:
            yield each


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
