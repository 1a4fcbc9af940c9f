"""The middleware of the service, from the outside in: see `install`."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from api.rest.guard import LOOPBACK, Guard
from api.rest.headers import SafeHeaders
from api.rest.hosts import KnownHosts
from api.rest.idempotency import RepeatedWrites
from api.rest.observation import Watched
from api.rest.request_limits import REQUEST_ID, Edge
from api.rest.stopping import Stoppable
from api.rest.throttle import Throttled
from rag.settings import Settings


def install(app: FastAPI, settings: Settings) -> None:
    """An id and bounds; a log line, metrics and a span; headers for browsers; other origins; the name by which the
    service is called; the key; limits; the end of the service; writes that come again.

    What is added last is outermost.
    """
    app.add_middleware(RepeatedWrites)
    app.add_middleware(Stoppable)
    app.add_middleware(Throttled)
    app.add_middleware(Guard)
    app.add_middleware(KnownHosts, names=_trusted(settings))
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=_listed(settings.cors_origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["*"],
            expose_headers=[REQUEST_ID, "openai-poll-after-ms", "retry-after"],
        )
    app.add_middleware(SafeHeaders)
    app.add_middleware(Watched)
    app.add_middleware(Edge)


def _trusted(settings: Settings) -> list[str]:
    """The names by which clients may call the service."""
    if settings.trusted_hosts is not None:
        return _listed(settings.trusted_hosts)
    return list(LOOPBACK) if settings.host in LOOPBACK else ["*"]


def _listed(value: str) -> list[str]:
    return [each.strip() for each in value.split(",") if each.strip()]
