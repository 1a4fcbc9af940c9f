"""The first layer of every request: its id, a normalised path, and a limit on its body."""

from __future__ import annotations

import asyncio
import re
import uuid
from contextvars import ContextVar
from typing import cast

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.wire import error_body

REQUEST_ID = "x-request-id"
UPLOADS = ("/v1/files", "/v1/uploads")
"""Paths that take files: what bounds these is theirs."""
_BAD, _TIMEOUT, _TOO_LARGE = 400, 408, 413
_MOST_DISCARDED_BYTES = 64 << 20
_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_PLAIN_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)
_MB = 1 << 20


def request_id_of(scope: Scope) -> str:
    """The id of a request; made where none was given."""
    state = scope.setdefault("state", {})
    return cast(str, state.setdefault("request_id", f"req_{uuid.uuid4().hex}"))


def current_request_id() -> str | None:
    """The id of the request that is being answered here; None outside of any."""
    return _request_id.get()


class Edge:
    """Gives each response the id of its request, reads a path with a trailing slash as without, bounds bodies.

    A client may give the id itself, in the header `x-request-id`. A body over `FOOTNOTE_MAX_REQUEST_MB` is refused with
    status 413, as soon as that is known, and one that does not go on for `FOOTNOTE_CLIENT_IDLE_S` with 408.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get(REQUEST_ID, "")
        if _PLAIN_ID.fullmatch(given):
            scope.setdefault("state", {})["request_id"] = given
        told = _Told(send, request_id_of(scope))
        _request_id.set(request_id_of(scope))  # not taken back: what fails outside of this middleware has it too
        if len(scope["path"]) > 1:
            scope["path"] = scope["path"].rstrip("/") or "/"
        bound = _Bound(scope, receive)
        if bound.refuses(headers.get("content-length")):
            await bound.discard()
            await JSONResponse(
                error_body(bound.message, _TOO_LARGE, code="request_too_large"),
                _TOO_LARGE,
                headers={"connection": "close"},
            )(scope, receive, told)
            return
        await self._app(scope, bound.receive, told)


class _Bound:
    """The bound on one request's body."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        settings = scope["app"].state.rag.settings
        self._most_mb = None if scope["path"].startswith(UPLOADS) else settings.max_request_mb
        self._idle_s = settings.client_idle_s
        self._receive = receive
        self._seen = 0
        self._whole = False

    @property
    def message(self) -> str:
        """Why a body is refused."""
        return f"the body is larger than {self._most_mb:g} MB, the limit that FOOTNOTE_MAX_REQUEST_MB sets"

    def refuses(self, announced: str | None) -> bool:
        """Whether the body is too large by what its header says."""
        return announced is not None and announced.isdecimal() and self._over(int(announced))

    async def receive(self) -> Message:
        """The next part of the request, while the whole is within the bound and goes on coming."""
        try:
            async with asyncio.timeout(None if self._whole else self._idle_s):
                message = await self._receive()
        except TimeoutError as exc:
            told = f"nothing of the body came for {self._idle_s:g} s (FOOTNOTE_CLIENT_IDLE_S)"
            raise HTTPException(_TIMEOUT, told, {"connection": "close"}) from exc
        self._whole = not message.get("more_body", False)
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            if self._over(self._seen):
                raise HTTPException(_TOO_LARGE, self.message)
        return message

    async def discard(self) -> None:
        """Read what is still being sent, up to a point: a client that is cut off in its sending sees no answer."""
        while self._seen < _MOST_DISCARDED_BYTES:
            try:
                async with asyncio.timeout(self._idle_s):
                    message = await self._receive()
            except TimeoutError:
                return
            self._seen += len(message.get("body", b""))
            if message["type"] != "http.request" or not message.get("more_body"):
                return

    def _over(self, size: int) -> bool:
        return self._most_mb is not None and size > self._most_mb * _MB


class _Told:
    """Sends a response with the id of its request; an error in plain text, as libraries have it, in OpenAI's shape."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self._plain: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers[REQUEST_ID] = self._request_id
            if message["status"] >= _BAD and headers.get("content-type", "").startswith("text/plain"):
                self._plain = message
                return
        elif self._plain is not None:
            message = await self._shaped(self._plain, message)
        await self._send(message)

    async def _shaped(self, start: Message, body: Message) -> Message:
        told = JSONResponse(error_body(body.get("body", b"").decode(errors="replace"), start["status"]))
        headers = MutableHeaders(scope=start)
        headers["content-type"], headers["content-length"] = "application/json", str(len(told.body))
        await self._send(start)
        self._plain = None
        return {**body, "body": bytes(told.body)}
