"""Limits of a caller, writes that come again, and what browsers are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from api.rest.throttle import Throttle
from api.storage import Database, Repeats, open_database
from rag.models.usage import count_call
from rag.settings import load_settings
from tests.api.storage.conftest import Clock
from tests.fakes.library import QuotingAnswerer, Served, served_library, until, upload

CHAT = {"model": "footnote", "messages": [{"role": "user", "content": "What is the gate code?"}]}


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Any]:
    with ExitStack() as parts:
        yield lambda **settings: parts.enter_context(served_library(tmp_path, **settings))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_library(tmp_path_factory.mktemp("limits")) as made:
        yield made


def throttle(**limits: Any) -> Throttle:
    return Throttle(load_settings(**limits))


def begun(on: Throttle, who: str = "a", **kind: bool) -> bool:
    return on.begin(who, **{"answering": False, "uploading": False, **kind}) is None


def test_requests_beyond_the_limit_are_429_and_say_when_to_come_again(serve: Any):
    """Within two minutes, for clients give up beyond; health is always told."""
    served = serve(limit_requests_per_minute=3)
    responses = [httpx.get(f"{served.url}/v1/files") for _ in range(5)]
    assert [response.status_code for response in responses] == [200, 200, 200, 429, 429]
    assert 1 <= int(responses[-1].headers["retry-after"]) <= 120
    error = responses[-1].json()["error"]
    assert (error["code"], set(error)) == ("rate_limit_exceeded", {"message", "type", "param", "code"})
    assert "FOOTNOTE_LIMIT_REQUESTS_PER_MINUTE" in error["message"]
    assert httpx.get(f"{served.url}/healthz").status_code == 200
    with pytest.raises(openai.RateLimitError):
        served.client.files.list()


def test_each_caller_has_limits_of_its_own():
    on = throttle(limit_requests_per_minute=1)
    assert [begun(on, who) for who in ("a", "a", "b", "b")] == [True, False, True, False]


def test_the_request_that_passes_a_limit_of_cost_is_served_and_the_next_is_not():
    """Only those that cost the same: whoever may not upload may still ask."""
    on = throttle(limit_tokens_per_minute=100, limit_upload_mb_per_minute=1)
    on.spend("tokens", "a", 250)
    assert not begun(on, answering=True)
    assert begun(on, uploading=True)
    on.spend("uploads", "a", 999)
    assert begun(on, uploading=True)
    on.spend("uploads", "a", 2)
    assert not begun(on, uploading=True)
    assert begun(on)
    assert begun(on, "b", answering=True, uploading=True)


def test_so_many_answers_are_given_at_once():
    on = throttle(limit_answers_at_once=2)
    with on.answering("a") as one, on.answering("a") as two, on.answering("a") as three, on.answering("b") as other:
        assert [one, two, other] == [None, None, None]
        assert three is not None
        assert three.wait_s == 1
    with on.answering("a") as again:
        assert again is None


def test_uploads_are_counted_by_their_bytes(serve: Any):
    served = serve(limit_upload_mb_per_minute=0.1)
    for _ in range(2):
        served.client.files.create(file=("a.bin", b"x" * 60_000), purpose="assistants")
    with pytest.raises(openai.RateLimitError, match="FOOTNOTE_LIMIT_UPLOAD_MB_PER_MINUTE"):
        served.client.files.create(file=("a.bin", b"x"), purpose="assistants")
    assert served.client.files.list().data


def test_while_many_files_wait_no_more_are_taken(serve: Any):
    """429 with the time to come again, whichever call would add to them; afterwards they are taken."""
    served = serve(max_waiting_files=2)
    stores, files = served.client.vector_stores, [upload(served, f"{n}.txt", "x y z") for n in range(3)]
    served.queue.gate.clear()
    store = stores.create(file_ids=files[:1]).id
    for refused in (
        lambda: stores.create(file_ids=files),
        lambda: stores.file_batches.create(store, file_ids=files[1:]),
        lambda: stores.file_batches.create(store, files=[{"file_id": file} for file in files[1:]]),
    ):
        with pytest.raises(openai.RateLimitError, match="FOOTNOTE_MAX_WAITING_FILES") as raised:
            refused()
        assert raised.value.code == "queue_full"
        assert 1 <= int(raised.value.response.headers["retry-after"]) <= 120
    assert len(stores.list().data) == 1
    stores.files.create(store, file_id=files[1])
    with pytest.raises(openai.RateLimitError):
        stores.files.create(store, file_id=files[2])
    assert stores.files.list(store).data[0].id == files[1]
    served.queue.gate.set()
    until(lambda: stores.retrieve(store).file_counts.completed == 2)
    assert stores.files.create_and_poll(files[2], vector_store_id=store).status == "completed"


class Wordy(QuotingAnswerer):
    """As if a language model had read and written 100 tokens for each answer."""

    async def answer(self, question: str, **asked: Any) -> Any:
        count_call(60, 40)
        async for event in super().answer(question, **asked):
            yield event


def by_tool(url: str, _: str) -> httpx.Response:
    call = {"name": "ask", "arguments": {"question": "What is the gate code?"}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    return httpx.post(f"{url}/mcp", json=body, headers={"accept": "application/json, text/event-stream"}, timeout=30)


@pytest.mark.parametrize(
    "ask",
    [
        lambda url, _: httpx.post(f"{url}/v1/chat/completions", json=CHAT, timeout=30),
        lambda url, _: httpx.post(f"{url}/v1/chat/completions", json={**CHAT, "stream": True}, timeout=30),
        lambda url, _: httpx.post(f"{url}/v1/responses", json={"input": "gate code?"}, timeout=30),
        lambda url, _: httpx.post(f"{url}/v1/responses", json={"input": "gate code?", "stream": True}, timeout=30),
        lambda url, answer: httpx.post(f"{url}/v1/answers/{answer}/replay", timeout=30),
        by_tool,
    ],
    ids=["chat", "chat stream", "response", "response stream", "replay", "tool"],
)
def test_tokens_are_counted_in_whichever_way_they_are_asked_for(serve: Any, ask: Any):
    """The second answer passes the limit and is given, the third is not."""
    served = serve(answering=Wordy, limit_tokens_per_minute=150)
    served.rag.store.create_collection("default", served.rag.spec)
    answer = httpx.post(f"{served.url}/v1/chat/completions", json=CHAT, timeout=30).json()["id"]
    assert ask(served.url, answer).status_code == 200
    refused = ask(served.url, answer)
    assert refused.status_code == 429
    assert "FOOTNOTE_LIMIT_TOKENS_PER_MINUTE" in refused.json()["error"]["message"]
    assert served.client.files.list().data == []


def test_without_limits_nothing_is_counted():
    on = throttle()
    on.spend("tokens", "a", 10**9)
    assert all(begun(on, answering=True, uploading=True) for _ in range(1000))


def once(served: Served, key: str, body: Any, path: str = "/v1/vector_stores") -> httpx.Response:
    return httpx.post(f"{served.url}{path}", json=body, headers={"Idempotency-Key": key}, timeout=30)


def test_a_write_that_comes_again_is_carried_out_once(served: Served):
    """And is answered as the first was, which a header says."""
    one, two = once(served, "k1", {"name": "a"}), once(served, "k1", {"name": "a"})
    assert (one.status_code, two.status_code) == (200, 200)
    assert one.json() == two.json()
    assert two.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in one.headers
    assert two.headers["x-request-id"] != one.headers["x-request-id"]
    assert [each.id for each in served.client.vector_stores.list() if each.name == "a"] == [one.json()["id"]]


def test_a_refusal_comes_again_too(served: Served):
    refusals = [once(served, "k2", {"name": "n" * 300}) for _ in range(2)]
    assert [response.status_code for response in refusals] == [400, 400]
    assert refusals[0].json() == refusals[1].json()


def test_a_key_that_was_used_for_another_request_is_refused(served: Served):
    """As a 400: clients try a 409 again."""
    once(served, "k3", {"name": "a"})
    other = [once(served, "k3", {"name": "b"}), once(served, "k3", {"name": "a"}, "/v1/uploads")]
    assert [response.status_code for response in other] == [400, 400]
    assert {response.json()["error"]["code"] for response in other} == {"idempotency_mismatch"}
    assert once(served, "k" * 256, {}).status_code == 400


def test_an_upload_that_comes_again_makes_one_file(served: Served):
    """Although the client writes another boundary into its form."""
    headers = {"Idempotency-Key": "k4"}
    made = {
        served.client.files.create(file=("once.txt", b"once"), purpose="evals", extra_headers=headers).id
        for _ in range(3)
    }
    assert [file.id for file in served.client.files.list(purpose="evals")] == list(made)


def test_questions_are_not_held_back(served: Served):
    """Asking changes nothing, so that each is asked."""
    responses = [once(served, "k5", CHAT, "/v1/chat/completions") for _ in range(2)]
    assert all("idempotent-replayed" not in response.headers for response in responses)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(None, tmp_path, now=Clock())
    yield opened
    opened.close()


def test_of_two_at_the_same_time_one_is_carried_out(database: Database):
    """The other hears of it; when a process ended in the middle, the key is free again after a while."""
    started = threading.Barrier(4)

    def begin(_: int) -> bool:
        started.wait()
        return Repeats(database, "").begin("k", "POST /v1/files") is None

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(begin, range(4))) == [False, False, False, True]
    assert Repeats(database, "other").begin("k", "POST /v1/files") is None
    database.now.seconds += 900  # type: ignore[attr-defined]
    assert Repeats(database, "").begin("k", "POST /v1/files") is None


def test_what_was_answered_is_kept_for_a_day(database: Database):
    repeats = Repeats(database, "")
    repeats.begin("k", "POST /v1/files")
    repeats.end("k", "f", 200, "{}")
    database.now.seconds += 86_399  # type: ignore[attr-defined]
    assert repeats.begin("k", "POST /v1/files") is not None
    database.now.seconds += 1  # type: ignore[attr-defined]
    assert repeats.begin("k", "POST /v1/files") is None


def test_every_response_tells_browsers_to_be_careful(served: Served):
    """Errors too."""
    for path in ("/v1/files", "/v1/files/nowhere", "/nowhere", "/healthz"):
        headers = httpx.get(f"{served.url}{path}").headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers
    assert httpx.get(f"{served.url}/v1/files").headers["cache-control"] == "no-store"


def test_pages_of_other_origins_are_let_in_by_a_setting(serve: Any):
    served = serve(cors_origins="https://chat.example.com")
    asked = {"origin": "https://chat.example.com", "access-control-request-method": "POST"}
    allowed = httpx.options(f"{served.url}/v1/chat/completions", headers=asked)
    assert allowed.headers["access-control-allow-origin"] == "https://chat.example.com"
    refused = httpx.get(f"{served.url}/v1/files", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in refused.headers
