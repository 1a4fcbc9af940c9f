"""Executes a write with an `Idempotency-Key` once, and repeats its response."""

from __future__ import annotations

import asyncio
import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest.access import access_of
from api.rest.errors import described
from api.storage import Repeat, Repeats
from api.wire import Refused, error_body
from rag.errors import FootnoteError

_CONFLICT, _BAD_REQUEST, _BROKEN, _TOO_MANY = 409, 400, 500, 429
_LONGEST_KEY, _LONGEST_BODY = 255, 1 << 20
_HEADER, _TOLD = "idempotency-key", "idempotent-replayed"


class RepeatedWrites:
    """Remembers for a day what writes with a key were answered. A request that failed may be tried again with its key.

    The same key with another request is refused. Forms are compared by their length: clients write a boundary of their
    own into each.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = Headers(scope=scope).get(_HEADER) if scope["type"] == "http" else None
        writes = key is not None and scope["method"] == "POST" and access_of(scope).scope != "read"
        if key is None or not writes or scope["state"]["caller"].owner:
            await self._app(scope, receive, send)
            return
        try:
            await self._once(key, scope, receive, send)
        except FootnoteError as exc:
            status, body = described(exc)
            await JSONResponse(body, status)(scope, receive, send)

    async def _once(self, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        if not 0 < len(key) <= _LONGEST_KEY:
            raise Refused(f"an idempotency key has 1 to {_LONGEST_KEY} characters", param="Idempotency-Key")
        state = scope["app"].state
        repeats = Repeats(state.library.database, scope["state"]["caller"].tenant)
        route = f"POST {scope['path']}"
        body = _Hashed(scope, receive)
        earlier = await asyncio.to_thread(repeats.begin, key, route)
        if earlier is not None:
            await (await _again(earlier, route, body))(scope, receive, send)
            return
        told = _Told(send)
        try:
            await self._app(scope, body.receive, told.send)
        except BaseException:
            await asyncio.to_thread(repeats.forget, key)
            raise
        if told.is_final:
            await asyncio.to_thread(repeats.end, key, body.fingerprint, told.status, told.text)
        else:
            await asyncio.to_thread(repeats.forget, key)


class _Hashed:
    """The body of a request, and what tells it from others."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        self._form = Headers(scope=scope).get("content-type", "").startswith("multipart/")
        self._digest, self._size = hashlib.sha256(), 0

    async def receive(self) -> Message:
        message = await self._receive()
        block = message.get("body", b"")
        self._size += len(block)
        if not self._form:
            self._digest.update(block)
        return message

    async def read(self) -> None:
        """Read all of it."""
        while (message := await self.receive())["type"] == "http.request" and message.get("more_body"):
            pass

    @property
    def fingerprint(self) -> str:
        return f"form of {self._size} bytes" if self._form else self._digest.hexdigest()


class _Told:
    """What a request is answered, kept while it is sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._body = bytearray()
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body" and len(self._body) <= _LONGEST_BODY:
            self._body += message.get("body", b"")
        await self._send(message)

    @property
    def is_final(self) -> bool:
        """Whether the same request would be answered so again: not after a fault of the service, or too many."""
        return 0 < self.status < _BROKEN and self.status != _TOO_MANY and len(self._body) <= _LONGEST_BODY

    @property
    def text(self) -> str:
        return self._body.decode()


async def _again(earlier: Repeat, route: str, body: _Hashed) -> Response:
    if earlier.status is None:
        message = "a request with this idempotency key is being carried out; try again in a moment"
        shown = error_body(message, _CONFLICT, code="idempotency_in_progress")
        return JSONResponse(shown, _CONFLICT, headers={"Retry-After": "1"})
    await body.read()
    if (earlier.route, earlier.fingerprint) != (route, body.fingerprint):
        message = "this idempotency key was used for another request; use a new one"
        return JSONResponse(
            error_body(message, _BAD_REQUEST, param="Idempotency-Key", code="idempotency_mismatch"), 400
        )
    response = Response(earlier.body, earlier.status, media_type="application/json")
    MutableHeaders(raw=response.raw_headers)[_TOLD] = "true"
    return response
