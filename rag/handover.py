"""Forwards work to the service that owns a folder, over HTTP within this machine, as JSON lines in both directions.

The service answers with one JSON line per event. If the last line reports a failure, the error of the service is raised
here.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from rag import errors
from rag.errors import FootnoteError, QueueLocked, ServiceError, StoreLocked
from rag.owner import Doorway, Owner, owner_of

Json = dict[str, Any]
PREFIX = "/v1/handover"
FAILED = "failed"
_CONNECTING_S = 10.0
_BLOCK_BYTES = 1 << 16
_T = TypeVar("_T")


def failure_to_json(error: FootnoteError) -> Json:
    """The JSON line that reports a failure; `failure_of` is its inverse."""
    return {FAILED: {"kind": type(error).__name__, "message": str(error)}}


def failure_of(line: Json) -> FootnoteError:
    """The error that such a line reports."""
    kind = getattr(errors, str(line[FAILED]["kind"]), None)
    if not isinstance(kind, type) or not issubclass(kind, FootnoteError):
        kind = ServiceError
    return kind(str(line[FAILED]["message"]))


class ServiceClient:
    """A client of the service behind a doorway. Each request has its own connection, so any thread may use it.

    Raises:
        ServiceError: from any method, when the service does not answer or refuses.
    """

    def __init__(self, owner: Owner, doorway: Doorway) -> None:
        self.owner = owner
        self._doorway = doorway

    def lines(self, path: str, body: Json | None = None, *, method: str = "POST") -> Iterator[Json]:
        """The events of the service as they arrive; closing the iterator stops the work.

        Raises:
            FootnoteError: the error of the service; ServiceError also if the response ends early.
        """
        with self._connected() as connection:
            response = self._asked(connection, method, path, body)
            for raw in _lines(response):
                line = json.loads(raw)
                if FAILED in line:
                    raise failure_of(line)
                yield line

    def _asked(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: Json | None
    ) -> http.client.HTTPResponse:
        headers = {"Authorization": f"Bearer {self._doorway.token}", "Content-Type": "application/json"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        if connection.sock is not None:
            connection.sock.settimeout(None)  # the work may take long
        response = connection.getresponse()
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise ServiceError(f"the service refused: {_reason(response)}")
        return response

    @contextmanager
    def _connected(self) -> Iterator[http.client.HTTPConnection]:
        where = urlsplit(self._doorway.url)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=_CONNECTING_S)
        try:
            with closing(connection):
                yield connection
        except (OSError, http.client.HTTPException, ValueError) as exc:
            raise ServiceError(
                f"the service ({self.owner}, {self._doorway.url}) does not answer, or ended early: "
                f"{exc or type(exc).__name__}; accepted work continues when it is running again"
            ) from exc


@contextmanager
def reached(
    folder: Path, here: Callable[[], AbstractContextManager[_T]], there: Callable[[ServiceClient], _T]
) -> Iterator[_T]:
    """Work on a folder: by the service that owns it, if there is one, else in this process.

    Raises:
        StoreLocked, QueueLocked: another process owns it and accepts no work.
    """
    with ExitStack() as parts:
        yield _reached(folder, here, there, parts)


def _reached(
    folder: Path,
    here: Callable[[], AbstractContextManager[_T]],
    there: Callable[[ServiceClient], _T],
    parts: ExitStack,
) -> _T:
    client = client_of(folder)
    if client is None:
        try:
            return parts.enter_context(here())
        except (StoreLocked, QueueLocked):
            client = client_of(folder)  # a service has started meanwhile
            if client is None:
                raise
    return there(client)


def client_of(folder: Path) -> ServiceClient | None:
    """A client of the service that owns a folder; None if there is none that accepts work."""
    owner = owner_of(folder)
    doorway = owner.doorway if owner else None
    return ServiceClient(owner, doorway) if owner and doorway else None


def _lines(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """The lines of a body. Not by `readline`, which does not distinguish a broken chunked body from a complete one."""
    rest = b""
    while piece := response.read1(_BLOCK_BYTES):
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _reason(response: http.client.HTTPResponse) -> str:
    text = response.read().decode("utf-8", "replace")
    try:
        error: Mapping[str, Any] = json.loads(text)["error"]
        return str(error["message"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {response.status} {text[:300]}"
