"""Observes each request: a log line, metrics, a span."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest.request_limits import request_id_of
from api.telemetry import Metrics, Traces
from rag.models import current_meter

_BROKEN = 500
_QUIET = ("/healthz", "/readyz", "/metrics")
_log = logging.getLogger("footnote.access")


class Watched:
    """Reports each request when it ends, also with an error; no log line for health checks and metrics."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope["app"].state
        metrics: Metrics = state.metrics
        traces: Traces = state.traces
        status = _BROKEN

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = time.perf_counter()
        metrics.began()
        try:
            with traces.request(f"{scope['method']} {scope['path']}", _headers(scope)):
                await self._app(scope, receive, told)
        finally:
            seconds = time.perf_counter() - began
            metrics.ended(scope["method"], _route(scope), status, seconds)
            meter = current_meter()
            if meter is not None:
                metrics.tokens(meter.prompt_tokens, meter.completion_tokens)
            _tell(scope, status, seconds)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    if scope["path"] in _QUIET and status < _BROKEN:
        return
    state = scope.get("state", {})
    caller = state.get("caller")
    level = logging.ERROR if status >= _BROKEN else logging.INFO
    noted = {
        "request_id": request_id_of(scope),
        "answer_id": state.get("answer_id"),
        "key_id": caller.key_id if caller else None,
        "tenant": (caller.tenant or None) if caller else None,
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "duration_ms": round(1000 * seconds, 1),
    }
    _log.log(level, "request", extra=noted)


def _route(scope: Scope) -> str:
    """The pattern of the path; one name for all that lead nowhere."""
    route = scope.get("route")
    return str(getattr(route, "path", "other"))


def _headers(scope: Scope) -> Mapping[str, str]:
    return Headers(scope=scope)
