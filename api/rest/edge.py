"""What every request passes first: an id for it, one form of its path, and a bound on its body."""

from __future__ import annotations

import re
import uuid
from typing import cast

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = "x-request-id"
UPLOADS = ("/v1/files", "/v1/uploads")
"""Paths that take files: what bounds these is theirs."""
_TOO_LARGE = 413
_MOST_DISCARDED_BYTES = 64 << 20
_PLAIN_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)
_MB = 1 << 20


def request_id_of(scope: Scope) -> str:
    """The id of a request; made where none was given."""
    state = scope.setdefault("state", {})
    return cast(str, state.setdefault("request_id", f"req_{uuid.uuid4().hex}"))


class Edge:
    """Gives each response the id of its request, reads a path with a trailing slash as without, bounds bodies.

    A client may give the id itself, in the header `x-request-id`. A body over `FOOTNOTE_MAX_REQUEST_MB` is refused with
    status 413, as soon as that is known.
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
        told = _with_id(send, request_id_of(scope))
        if len(scope["path"]) > 1:
            scope["path"] = scope["path"].rstrip("/") or "/"
        bound = _Bound(scope, receive)
        if bound.refuses(headers.get("content-length")):
            await bound.discard()
            await JSONResponse(bound.body, _TOO_LARGE, headers={"connection": "close"})(scope, receive, told)
            return
        await self._app(scope, bound.receive, told)


class _Bound:
    """The bound on one request's body."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        settings = scope["app"].state.rag.settings
        self._most_mb = None if scope["path"].startswith(UPLOADS) else settings.max_request_mb
        self._receive = receive
        self._seen = 0

    @property
    def message(self) -> str:
        """Why a body is refused."""
        return f"the body is larger than {self._most_mb:g} MB, the limit that FOOTNOTE_MAX_REQUEST_MB sets"

    @property
    def body(self) -> dict[str, object]:
        """The same in OpenAI's shape."""
        error = {"message": self.message, "type": "invalid_request_error", "param": None, "code": "request_too_large"}
        return {"error": error}

    def refuses(self, announced: str | None) -> bool:
        """Whether the body is too large by what its header says."""
        return announced is not None and announced.isdecimal() and self._over(int(announced))

    async def receive(self) -> Message:
        """The next part of the request, while the whole is within the bound."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            if self._over(self._seen):
                raise HTTPException(_TOO_LARGE, self.message)
        return message

    async def discard(self) -> None:
        """Read what is still being sent, up to a point: a client that is cut off in its sending sees no answer."""
        while self._seen < _MOST_DISCARDED_BYTES:
            message = await self._receive()
            self._seen += len(message.get("body", b""))
            if message["type"] != "http.request" or not message.get("more_body"):
                return

    def _over(self, size: int) -> bool:
        return self._most_mb is not None and size > self._most_mb * _MB


def _with_id(send: Send, request_id: str) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)[REQUEST_ID] = request_id
        await send(message)

    return told
