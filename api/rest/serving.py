"""The service as a process: the REST API, and ingestion where this machine's queue is free."""

from __future__ import annotations

import logging
import signal
from contextlib import ExitStack
from types import FrameType
from typing import NoReturn

import uvicorn

from api.opening import opened
from api.rest.app import create_app
from api.rest.ingestions import Takes
from ingest.build import open_service_ingestion
from rag.build.core import Rag
from rag.errors import QueueLocked
from rag.settings import Settings

_GRACE_S = 5  # for answers that are being streamed; ingestion goes on at the next start
_ANY = ("0.0.0.0", "::")
_log = logging.getLogger("uvicorn.error")


def run_service(settings: Settings) -> None:
    """Serve until stopped."""
    with ExitStack() as parts:
        rag = parts.enter_context(opened(settings))
        takes = _takes(settings, rag, parts)
        signal.signal(signal.SIGTERM, _leave)  # uvicorn raises the signal again when it is done
        uvicorn.run(
            create_app(rag, takes=takes),
            host=settings.host,
            port=settings.port,
            ws="none",
            timeout_graceful_shutdown=_GRACE_S,
        )


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _takes(settings: Settings, rag: Rag, parts: ExitStack) -> Takes | None:
    """Ingestion in this process; none where workers share a queue, or another process has this machine's."""
    if settings.queue_url is not None:
        return None
    host = "127.0.0.1" if settings.host in _ANY else settings.host
    url = f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
    try:
        ingestion, token = open_service_ingestion(settings, rag, url=url)
    except QueueLocked as exc:
        _log.warning("this service takes no files: %s", exc)
        return None
    parts.enter_context(ingestion)
    return Takes(ingestion, token)
