"""Errors, ids and bounds: the same for every path."""

from __future__ import annotations

import json
import socket
from typing import Any
from urllib.parse import urlsplit

import httpx
import openai
import pytest

from tests.contract.conftest import Serve, Served, error_of
from tests.fakes.service import SENTENCES

pytestmark = pytest.mark.slow

TURN: Any = {"role": "user", "content": "What is the gate code?"}
CHAT = "/v1/chat/completions"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("DELETE", CHAT, 405),
        ("GET", CHAT, 405),
        ("GET", "/v1/models/gpt-4o", 404),
        ("POST", CHAT, 400),
        ("POST", "/v1/embeddings", 400),
    ],
)
def test_errors_have_one_shape(served: Served, method: str, path: str, status: int) -> None:
    """Those of the framework too, each with the id of its request."""
    response = httpx.request(method, served.url + path)
    assert response.status_code == status
    error_of(response)


def test_errors_of_libraries_have_the_shape_too(served: Served) -> None:
    """Such as that of a name by which nobody may call the service."""
    response = httpx.get(f"{served.url}/v1/models", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "host" in error_of(response)["message"].lower()


def test_every_response_has_the_id_of_its_request(served: Served) -> None:
    """The client's own where it gives a plain one; no two are the same otherwise."""
    ids = [httpx.get(f"{served.url}/v1/models").headers["x-request-id"] for _ in range(2)]
    assert len(set(ids)) == 2
    own = httpx.get(f"{served.url}/healthz", headers={"x-request-id": "run-7"})
    assert own.headers["x-request-id"] == "run-7"
    odd = httpx.get(f"{served.url}/healthz", headers={"x-request-id": "a b\x7f" * 99})
    assert odd.headers["x-request-id"].startswith("req_")
    with served.client.chat.completions.with_streaming_response.create(model="footnote", messages=[TURN]) as response:
        assert response.headers["x-request-id"]


def test_an_unforeseen_failure_has_the_shape_and_the_id_too(served: Served) -> None:
    """And tells nothing of what is inside."""
    served.answerer.says(fails=RuntimeError("secret"))
    response = served.post(CHAT, {"messages": [TURN]}, headers={"x-request-id": "run-8"})
    assert response.status_code == 500
    assert response.headers["x-request-id"] == "run-8"
    assert "secret" not in error_of(response)["message"]


def test_a_trailing_slash_makes_no_difference(served: Served) -> None:
    """In the base URL and in a path."""
    with openai.OpenAI(base_url=f"{served.url}/v1/", api_key="none", max_retries=0) as client:
        assert client.models.list().data
    assert httpx.get(f"{served.url}/v1/models/").status_code == 200
    assert served.post(f"{CHAT}/", {"messages": [TURN]}).status_code == 200


@pytest.fixture(scope="module")
def narrow(serve: Serve) -> Served:
    """A service that bounds everything closely."""
    return serve(max_request_mb=0.5, max_messages=3, max_message_characters=1000, max_queries=2, max_filter_parts=3)


def test_a_body_that_is_too_large_is_413(narrow: Served) -> None:
    """Announced or not; the client reads the answer though it was still sending."""
    body = {"messages": [{"role": "user", "content": "x" * (3 << 20)}]}
    told = narrow.post(CHAT, body)
    untold = httpx.post(
        narrow.url + CHAT,
        content=iter([json.dumps(body).encode()]),
        headers={"content-type": "application/json"},
        timeout=30,
    )
    for response in (told, untold):
        assert response.status_code == 413
        assert "FOOTNOTE_MAX_REQUEST_MB" in error_of(response)["message"]


@pytest.mark.parametrize(
    ("path", "body", "setting"),
    [
        (CHAT, {"messages": [TURN] * 4}, "FOOTNOTE_MAX_MESSAGES"),
        (CHAT, {"messages": [{"role": "user", "content": "x" * 1001}]}, "FOOTNOTE_MAX_MESSAGE_CHARACTERS"),
        (CHAT, {"messages": [{"role": "user", "content": "x" * 1001}, TURN]}, "FOOTNOTE_MAX_MESSAGE_CHARACTERS"),
        ("/v1/vector_stores/default/search", {"query": ["a", "b", "c"]}, "FOOTNOTE_MAX_QUERIES"),
        ("/v1/embeddings", {"model": "hash", "input": ["x" * 1001]}, "FOOTNOTE_MAX_MESSAGE_CHARACTERS"),
    ],
)
def test_what_goes_beyond_a_bound_is_refused(narrow: Served, path: str, body: Any, setting: str) -> None:
    """At once, and the setting is named."""
    response = narrow.post(path, body)
    assert response.status_code == 400
    assert setting in error_of(response)["message"]
    assert error_of(response)["code"] == "limit_exceeded"


def test_a_filter_has_a_bounded_number_of_comparisons(narrow: Served) -> None:
    """However they are nested; a malformed one is named."""
    one = {"type": "eq", "key": "year", "value": 2025}
    two = {"type": "and", "filters": [one, one]}
    for where, code in (
        ({"type": "or", "filters": [two, two]}, "limit_exceeded"),
        ({"type": "near"}, "invalid_filter"),
    ):
        response = narrow.post(CHAT, {"messages": [TURN], "filter": where})
        assert response.status_code == 400
        assert error_of(response)["code"] == code


BROKEN = '"\\ud800"'


@pytest.mark.parametrize(
    "body",
    [
        f'{{"messages": [{{"role": "user", "content": {BROKEN}}}]}}',
        f'{{"messages": [{{"role": "user", "content": "x"}}], "metadata": {{{BROKEN}: "x"}}}}',
        f'{{"messages": [{{"role": "user", "content": "x"}}], "model": {BROKEN}}}',
        f'{{"messages": [{{"role": "user", "content": "x"}}], "unknown": [{BROKEN}]}}',
        '{"messages": [{"role": "user", "content": "x"}], "filter": {"type": "eq", "key": "a", "value": NaN}}',
        '{"messages": [{"role": "user", "content": "x"}], "filter": {"type": "eq", "key": "a", "value": 1e999}}',
        f'{{"messages": [{{"role": "user", "content": "x"}}], "filter": {{"a": {10**30}}}}}',
        '{"messages": [{"role": "user", "content": "x"}], "filter": ' + '{"a":' * 100 + "1" + "}" * 101,
        "[" * 100_000,
        '{"messages": 5}',
        "[]",
        "null",
        "",
        b"\xff\xfe",
    ],
)
def test_a_body_that_no_client_should_send_is_400(served: Served, body: str | bytes) -> None:
    """Half of a surrogate pair, numbers that are none, too many levels, no JSON: never 500."""
    headers = {"content-type": "application/json"}
    response = httpx.post(served.url + CHAT, content=body, headers=headers)
    assert response.status_code == 400
    error_of(response)


@pytest.mark.parametrize("stream", [False, True])
def test_generation_stops_when_the_client_leaves(served: Served, stream: bool) -> None:
    """Within a second, also while nothing is being sent."""
    served.answerer.says(*SENTENCES[:1], "A sentence that never comes.", pause_s=0.0 if stream else 30.0)
    if stream:
        served.answerer.says(*SENTENCES, pause_s=0.05)
        served.answerer.sentences = SENTENCES * 1000
    body = json.dumps({"messages": [TURN], "stream": stream})
    head = f"POST {CHAT} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json"
    address = urlsplit(served.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        assert served.answerer.begun.wait(30)
        if stream:
            assert connection.recv(1024).startswith(b"HTTP/1.1 200")
    assert served.answerer.stopped.wait(1)


def test_generation_stops_when_the_client_leaves_between_two_events(served: Served) -> None:
    """A stream in which nothing is sent for long notices it too; the client had what was told as soon as it was."""
    served.answerer.says(SENTENCES[0], pause_s=0.0)
    served.answerer.sentences = _Slow(served)
    body = json.dumps({"messages": [TURN], "stream": True})
    head = f"POST {CHAT} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json"
    address = urlsplit(served.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        received = b""
        while SENTENCES[0].encode() not in received:
            received += connection.recv(1024)
    assert served.answerer.stopped.wait(1)


@pytest.fixture(scope="module")
def impatient(serve: Serve) -> Served:
    """A service that does not wait long for its clients."""
    return serve(client_idle_s=0.3)


def connected(served: Served) -> socket.socket:
    address = urlsplit(served.url)
    return socket.create_connection((address.hostname, address.port), timeout=30)


@pytest.mark.parametrize("path", [CHAT, "/v1/files"])
def test_a_body_that_does_not_go_on_is_408(impatient: Served, path: str) -> None:
    """Of a client that holds its connection and sends nothing more."""
    kind = "application/json" if path == CHAT else "multipart/form-data; boundary=b"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: 500\r\n\r\n"
    with connected(impatient) as connection:
        connection.sendall(f"{head}--b\r\n".encode())
        received = b""
        while part := connection.recv(4096):
            received += part
    assert received.startswith(b"HTTP/1.1 408")
    assert "FOOTNOTE_CLIENT_IDLE_S" in json.loads(received.partition(b"\r\n\r\n")[2])["error"]["message"]


def test_a_client_that_takes_nothing_of_its_stream_is_cut_off(impatient: Served) -> None:
    """What would have come is not generated; one that takes its time gets all of it."""
    impatient.answerer.says(*["x" * 100_000] * 300)
    body = json.dumps({"messages": [TURN], "stream": True})
    head = f"POST {CHAT} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json"
    with connected(impatient) as connection:
        connection.sendall(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        assert impatient.answerer.stopped.wait(30)
    impatient.answerer.says(*SENTENCES, pause_s=0.5)
    assert impatient.post(CHAT, {"messages": [TURN], "stream": True}).text.endswith("data: [DONE]\n\n")


class _Slow(list[str]):
    """The first sentence at once, the second after half a minute."""

    def __init__(self, served: Served) -> None:
        super().__init__(SENTENCES)
        self._served = served

    def __iter__(self) -> Any:
        yield SENTENCES[0]
        self._served.answerer.pause_s = 30.0
        yield SENTENCES[1]
