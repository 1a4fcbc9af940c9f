"""The service as a process: the REST API, and ingestion where this machine's queue is free."""

from __future__ import annotations

import logging
import signal
import socket
from contextlib import ExitStack, closing
from functools import partial
from types import FrameType
from typing import NoReturn

from api.erasing import forget
from api.keys import KeyRing
from api.opening import opened
from api.rest.app import create_app
from api.rest.ending import INTERRUPTED, StoppableServer, leave
from api.rest.guard import entrance
from api.storage import claimed, open_database
from api.telemetry import configure_logs
from ingest.build import open_service_ingestion, queue_identity
from ingest.ingestion import Ingestion
from rag.build.core import Rag
from rag.errors import QueueLocked, SettingError
from rag.owner import Doorway
from rag.settings import Settings

_BACKLOG = 2048
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_log = logging.getLogger("uvicorn.error")


def run_service(settings: Settings) -> None:
    """Serve until stopped by a signal; then the process ends, whatever its threads are doing.

    The port is listened on before anything is loaded: whoever asks meanwhile waits, and nobody else can take it whom
    work would be handed to.

    Raises:
        SettingError: the address cannot be listened on, or a service with another queue has the same database.
    """
    configure_logs(settings.log_format)
    require_keys(settings)
    try:
        _serve(settings)
    except SystemExit as stopped:
        if stopped.code == 0:
            leave(0)
        raise
    except KeyboardInterrupt:
        leave(INTERRUPTED)


def _serve(settings: Settings) -> None:
    with ExitStack() as parts:
        listeners = listening(settings, parts)
        parts.enter_context(claimed(settings.database_url, settings.data_dir, queue_identity(settings)))
        host, port = listeners[0].getsockname()[:2]
        doorway = Doorway(_url(_ANY.get(host, host), port))
        rag = parts.enter_context(opened(settings, doorway=doorway))
        app = create_app(rag, ingestion=_ingestion(settings, rag, doorway, parts), doorway=doorway)
        signal.signal(signal.SIGTERM, _leave)  # uvicorn raises the signal again when it is done
        _log.info("Footnote serves at %s, its API at /v1 (Ctrl+C stops it)", _url(host, port))
        server = StoppableServer(
            app,
            app.state.stop,
            backlog=_BACKLOG,
            grace_s=settings.shutdown_grace_s,
            head_s=settings.client_idle_s,
        )
        server.run(listeners)


def require_keys(settings: Settings) -> None:
    """Checks that there is a key if requests need one.

    Raises:
        SettingError: nobody could use the service, or without keys anybody could.
        DatabaseFailed.
    """
    database = open_database(settings.database_url, settings.data_dir)
    try:
        ring = KeyRing(database)
        if entrance(settings, ring).required and not ring.any_active():
            raise SettingError(
                f"FOOTNOTE_HOST={settings.host}: requests need a key at this address, and there is none. Make one with "
                "`footnote keys create NAME`, or set FOOTNOTE_AUTHENTICATION=none behind a proxy that authenticates"
            )
    finally:
        database.close()


def listening(settings: Settings, parts: ExitStack) -> list[socket.socket]:
    """A socket for each address of the host name.

    Raises:
        SettingError: it cannot be listened on.
    """
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        places = dict.fromkeys((family, address) for family, _, _, _, address in found)
        made = [socket.create_server(address[:2], family=family, backlog=_BACKLOG) for family, address in places]
    except OSError as exc:
        raise SettingError(
            f"{settings.host} port {settings.port} cannot be listened on: {exc.strerror or exc}. Set FOOTNOTE_HOST or "
            "FOOTNOTE_PORT (--port) to an address that is free"
        ) from exc
    for each in made:  # asyncio does so only for sockets that it makes; without, a response waits 40 ms for its end
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return [parts.enter_context(closing(each)) for each in made]


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _ingestion(settings: Settings, rag: Rag, doorway: Doorway, parts: ExitStack) -> Ingestion | None:
    """Ingestion in this process; none where workers share a queue, or another process has this machine's."""
    if settings.queue_url is not None:
        return None
    try:
        return parts.enter_context(
            open_service_ingestion(settings, rag, doorway=doorway, forget=partial(forget, settings))
        )
    except QueueLocked as exc:
        _log.warning("this service takes no files: %s", exc)
        return None
