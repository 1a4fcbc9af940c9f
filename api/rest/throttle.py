"""Limits per key, or per address without keys: requests, tokens, uploaded bytes, concurrent answers.

Each process counts by itself.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest.access import access_of
from api.rest.request_limits import UPLOADS
from api.tenancy import Caller
from api.wire import error_body
from rag.models import begin_meter, current_meter
from rag.settings import Settings

_TOO_MANY = 429
_LONGEST_WAIT_S = 120  # clients give up beyond
_KB = 1000


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which limit was reached, and when to come again."""

    limit: str
    setting: str
    wait_s: int


class Throttle:
    """What each caller has used in this minute, against the limits of the settings; None: no limit.

    What a request costs in tokens and bytes is known when it is over, so that the one that passes a limit is still
    served, and the next is not.
    """

    def __init__(self, settings: Settings) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._items = {
            name: RateLimitItemPerMinute(amount)
            for name, amount in (
                ("requests", settings.limit_requests_per_minute),
                ("tokens", settings.limit_tokens_per_minute),
                ("uploads", _whole_kb(settings.limit_upload_mb_per_minute)),
            )
            if amount is not None
        }
        self._at_once = settings.limit_answers_at_once
        self._answering: Counter[str] = Counter()
        self._lock = threading.Lock()

    def begin(self, who: str, *, answering: bool, uploading: bool) -> Refusal | None:
        """Count a request; why it is refused, when it is."""
        if answering and (refusal := self._over("tokens", who)):
            return refusal
        if uploading and (refusal := self._over("uploads", who)):
            return refusal
        item = self._items.get("requests")
        if item is not None and not self._limiter.hit(item, "requests", who):
            return self._refusal("requests", who)
        return None

    def spend(self, name: str, who: str, amount: int) -> None:
        """Count what a request has cost."""
        item = self._items.get(name)
        if item is not None and amount > 0:
            self._limiter.hit(item, name, who, cost=amount)

    @contextmanager
    def answering(self, who: str) -> Iterator[Refusal | None]:
        """An answer that is being given until the end of the block; why it is refused, when it is."""
        with self._lock:
            full = self._at_once is not None and self._answering[who] >= self._at_once
            self._answering[who] += not full
        try:
            yield Refusal("answers at once", "FOOTNOTE_LIMIT_ANSWERS_AT_ONCE", 1) if full else None
        finally:
            with self._lock:
                self._answering[who] -= not full
                if not self._answering[who]:
                    del self._answering[who]

    def _over(self, name: str, who: str) -> Refusal | None:
        item = self._items.get(name)
        return self._refusal(name, who) if item is not None and not self._limiter.test(item, name, who) else None

    def _refusal(self, name: str, who: str) -> Refusal:
        reset = self._limiter.get_window_stats(self._items[name], name, who).reset_time
        wait_s = min(max(math.ceil(reset - time.time()), 1), _LONGEST_WAIT_S)
        settings = {"requests": "REQUESTS_PER_MINUTE", "tokens": "TOKENS_PER_MINUTE", "uploads": "UPLOAD_MB_PER_MINUTE"}
        return Refusal(f"{name} a minute", f"FOOTNOTE_LIMIT_{settings[name]}", wait_s)


class Throttled:
    """Refuses requests over the limits with status 429 and the time to wait."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or access_of(scope).is_open or scope["state"]["caller"].owner:
            await self._app(scope, receive, send)
            return
        throttle: Throttle = scope["app"].state.throttle
        who = _name(scope)
        answering = access_of(scope).answers
        uploading = scope["method"] == "POST" and scope["path"].startswith(UPLOADS)
        refusal = throttle.begin(who, answering=answering, uploading=uploading)
        if refusal is not None:
            await _response(refusal)(scope, receive, send)
        elif answering:
            own = begin_meter()
            with throttle.answering(who) as refusal:
                await (self._app if refusal is None else _response(refusal))(scope, receive, send)
            last = current_meter() or own  # an endpoint may have begun another; a tool counts in a task of its own
            throttle.spend("tokens", who, max(own.tokens, last.tokens))
        else:
            counted = _Counted(receive)
            await self._app(scope, counted.receive, send)
            throttle.spend("uploads", who, math.ceil(counted.size_bytes / _KB) if uploading else 0)


class _Counted:
    """Counts the bytes of a body as they come."""

    def __init__(self, receive: Receive) -> None:
        self.size_bytes = 0
        self._receive = receive

    async def receive(self) -> Message:
        message = await self._receive()
        self.size_bytes += len(message.get("body", b""))
        return message


def _name(scope: Scope) -> str:
    caller: Caller = scope["state"]["caller"]
    client = scope.get("client")
    return f"key {caller.key_id}" if caller.key_id else f"address {client[0] if client else '-'}"


def _response(refusal: Refusal) -> JSONResponse:
    message = f"too many: the limit of {refusal.limit} is reached ({refusal.setting}); try again in {refusal.wait_s} s"
    body = error_body(message, _TOO_MANY, code="rate_limit_exceeded")
    return JSONResponse(body, _TOO_MANY, headers={"Retry-After": str(refusal.wait_s)})


def _whole_kb(megabytes: float | None) -> int | None:
    return None if megabytes is None else max(math.ceil(megabytes * _KB), 1)
