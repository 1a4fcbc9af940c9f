"""The sockets of the service."""

from __future__ import annotations

import socket
from contextlib import ExitStack, closing

import pytest

from api.rest.serving import listening
from rag.errors import SettingError
from rag.settings import load_settings
from tests.fakes.llm import unused_url


def test_a_response_does_not_wait_for_its_end_to_be_asked_for() -> None:
    """What is written to a connection is sent at once, also while the client has not said that it has the rest."""
    port = int(unused_url().rpartition(":")[2])
    with ExitStack() as parts:
        [listener] = listening(load_settings(port=port), parts)
        with socket.create_connection(("127.0.0.1", port)), closing(listener.accept()[0]) as connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_that_is_taken_is_told_with_what_to_do() -> None:
    """By the name of the setting."""
    with (
        ExitStack() as parts,
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(SettingError, match="FOOTNOTE_PORT"),
    ):
        listening(load_settings(port=taken.getsockname()[1]), parts)
