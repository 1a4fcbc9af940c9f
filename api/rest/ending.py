"""Ends the process of the service in bounded time, whatever its threads are computing."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import uvicorn
from starlette.types import ASGIApp

from api.rest.heads import bounded_heads
from api.rest.stopping import Stop

INTERRUPTED = 130
_THREADS = 32  # one long question takes a few of them for long, and the others must find some free
_LAST_WORDS_S = 2
_CLOSING_S = 45  # a worker gives the steps in hand 20 s, and breaks off what is left in another 20
_log = logging.getLogger("uvicorn.error")


class StoppableServer(uvicorn.Server):
    """Gives answers `grace_s` to end when it is stopped, then breaks off what is left, and waits for no thread.

    A thread cannot be cancelled: what it computes for an answer that was broken off is of no use to anybody. Should
    closing the parts of the service hang, the process ends all the same: after `grace_s` and 45 s more.
    A client has `head_s` for the head of a request. A process that goes on without the server calls `survive`.
    """

    def __init__(self, app: ASGIApp, stop: Stop, *, backlog: int, grace_s: int, head_s: float) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=bounded_heads(head_s),
                ws="none",
                backlog=backlog,
                timeout_graceful_shutdown=grace_s + _LAST_WORDS_S,
                log_config=None,
                access_log=False,
            )
        )
        self._stop = stop
        self._grace_s = grace_s
        self._last_resort: threading.Timer | None = None

    def survive(self) -> None:
        """The process does not end with the server: nothing ends it when the server has been stopped for long."""
        if self._last_resort is not None:
            self._last_resort.cancel()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve with threads of its own."""
        loop, threads = asyncio.get_running_loop(), ThreadPoolExecutor(_THREADS, "serving")
        loop.set_default_executor(threads)
        try:
            await super().serve(sockets)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            loop.set_default_executor(ThreadPoolExecutor(1))  # a loop waits for the one that it has at its end

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: see above."""
        self._last_resort = threading.Timer(self._grace_s + _CLOSING_S, _give_up)
        self._last_resort.daemon = True
        self._last_resort.start()
        late = asyncio.get_running_loop().call_later(self._grace_s, self._stop.tell)
        try:
            await super().shutdown(sockets)
        finally:
            late.cancel()


def leave(status: int) -> NoReturn:
    """End the process at once: everything is closed, and what threads still compute nobody waits for."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _give_up() -> None:
    _log.error("the service did not end in time and is ended; what was in hand goes on at the next start")
    leave(1)
