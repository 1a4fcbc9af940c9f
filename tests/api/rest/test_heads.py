"""Connections on which the head of a request does not come to its end."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from starlette.types import Receive, Scope, Send

from api.rest import ending
from api.rest.ending import StoppableServer
from api.rest.stopping import Stop

pytestmark = pytest.mark.slow
HEAD_S, LONGER_S, PATIENCE_S = 0.3, 1.0, 20
WHOLE = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers later than a head may take."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await asyncio.sleep(LONGER_S)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        server = StoppableServer(slow, Stop(), backlog=16, grace_s=1, head_s=HEAD_S)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        thread.start()
        yield listener.getsockname()
        server.should_exit = True
        thread.join()
        server.survive()


def is_cut_off(connection: socket.socket) -> bool:
    """Whether the service closes it, to whatever is being sent."""
    until_s = time.monotonic() + PATIENCE_S
    connection.settimeout(0.05)
    while time.monotonic() < until_s:
        try:
            connection.sendall(b"x")
            if connection.recv(1000) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def test_a_client_that_never_ends_a_head_is_cut_off(address: tuple[str, int]):
    """However steadily it sends single bytes."""
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\na: ")
        assert is_cut_off(connection)


def test_a_client_that_says_nothing_is_cut_off(address: tuple[str, int]):
    with socket.create_connection(address, timeout=PATIENCE_S) as connection:
        assert connection.recv(1000) == b""


def test_an_answer_may_take_longer_than_a_head(address: tuple[str, int]):
    """Also the second on one connection, after whose answer a head that does not end is cut off too."""
    with socket.create_connection(address, timeout=PATIENCE_S) as connection:
        for _ in range(2):
            connection.sendall(WHOLE)
            told = b""
            while not told.endswith(b"ok"):
                block = connection.recv(1000)
                assert block, told
                told += block
        connection.sendall(WHOLE[:20])
        assert is_cut_off(connection)


def test_a_process_may_survive_its_server(monkeypatch: pytest.MonkeyPatch):
    """Which otherwise ends it a while after it was stopped, should the closing of its parts hang."""
    ended = threading.Event()
    monkeypatch.setattr(ending, "_give_up", ended.set)
    monkeypatch.setattr(ending, "_CLOSING_S", 0)
    for survives in (True, False):
        with closing(socket.create_server(("127.0.0.1", 0))) as listener:
            server = StoppableServer(slow, Stop(), backlog=16, grace_s=1, head_s=HEAD_S)
            thread = threading.Thread(
                target=lambda server=server, listener=listener: asyncio.run(server.serve([listener]))
            )
            thread.start()
            server.should_exit = True
            thread.join()
            if survives:
                server.survive()
        assert ended.wait(LONGER_S + 1) is not survives
