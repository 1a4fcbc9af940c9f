"""Shutdown: interrupts the answers that are still in progress and tells their clients."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.wire import Json, error_body

_UNAVAILABLE = 503
_RETRY_AFTER_S = 5
_LAST_WORDS = "last_words"


class Stop:
    """Whether the service is shutting down, and the requests in progress."""

    def __init__(self) -> None:
        self.told = False
        self._answering: set[asyncio.Task[object]] = set()

    def tell(self) -> None:
        """Interrupt everything in progress; later requests are refused. Call it in the event loop."""
        self.told = True
        for each in self._answering:
            each.cancel()

    def begin(self, task: asyncio.Task[object]) -> None:
        """This task answers a request."""
        self._answering.add(task)

    def end(self, task: asyncio.Task[object]) -> None:
        """It is done."""
        self._answering.discard(task)


def say_at_the_end(scope: Scope, last_words: Callable[[Json], str]) -> None:
    """End the stream of this request with what `last_words` makes of the error, if the service is stopped."""
    scope.setdefault("state", {})[_LAST_WORDS] = last_words


class Stoppable:
    """Breaks requests off when the service is stopped: with status 503, or in a stream with its last words."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if scope["type"] != "http" or task is None:
            await self._app(scope, receive, send)
            return
        stop: Stop = scope["app"].state.stop
        told = _Told(send)
        stop.begin(task)
        try:
            if not stop.told:
                await self._app(scope, receive, told.send)
                return
        except asyncio.CancelledError:
            if not stop.told:
                raise
            task.uncancel()
        finally:
            stop.end(task)
        await _break_off(scope, receive, told)


class _Told:
    """What of a response was sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = self.ended = False

    async def send(self, message: Message) -> None:
        self.begun = self.begun or message["type"] == "http.response.start"
        self.ended = self.ended or (message["type"] == "http.response.body" and not message.get("more_body"))
        await self._send(message)


async def _break_off(scope: Scope, receive: Receive, told: _Told) -> None:
    error = error_body("the service is being stopped; ask again when it is back", _UNAVAILABLE, code="service_stopping")
    if not told.begun:
        headers = {"Retry-After": str(_RETRY_AFTER_S), "Connection": "close"}
        await JSONResponse(error, _UNAVAILABLE, headers=headers)(scope, receive, told.send)
        return
    last_words: Callable[[Json], str] | None = scope["state"].get(_LAST_WORDS)
    if last_words is not None and not told.ended:
        await told.send({"type": "http.response.body", "body": last_words(error).encode(), "more_body": False})
