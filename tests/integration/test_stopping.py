"""SIGTERM while the service is answering: what can end ends, what cannot is told so, and the process is gone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from tests.integration.services import PATIENCE_S, ServiceProcess, Surroundings, store_of, surroundings
from tests.integration.workers import wait

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TEXT = "The gate code is 4711. It changes every month. The guard has the key."
DRAFT = "The gate code is 4711. It changes every month. The guard has the key."
QUESTION = "What is the gate code?"


@contextmanager
def answering(folder: Path, **settings: Any) -> Iterator[tuple[Surroundings, ServiceProcess, str]]:
    """A service with one store, before its language model."""
    with surroundings() as around:
        served = around.serve(folder, **settings)
        served.wait_until_ready()
        with served.client() as client:
            store = store_of(client, TEXT)
        yield around, served, store


def asked(served: ServiceProcess, path: str, **body: Any) -> httpx.Response:
    """The whole response; what a stream has, in one text."""
    return httpx.post(f"{served.url}{path}", json=body, timeout=PATIENCE_S)


def chat(served: ServiceProcess, store: str, **more: Any) -> httpx.Response:
    messages = [{"role": "user", "content": QUESTION}]
    return asked(served, "/v1/chat/completions", model=f"footnote:{store}", messages=messages, **more)


def chat_stream(served: ServiceProcess, store: str, released: Event) -> str:
    """All that a stream has; `released` is set with the first sentence of the draft."""
    messages = [{"role": "user", "content": QUESTION}]
    body = {"model": f"footnote:{store}", "messages": messages, "stream": True}
    url, told = f"{served.url}/v1/chat/completions", ""
    with httpx.stream("POST", url, json=body, timeout=PATIENCE_S) as streaming:
        for piece in streaming.iter_text():
            told += piece
            if "4711" in told:
                released.set()
    return told


def response(served: ServiceProcess, store: str, **more: Any) -> httpx.Response:
    tools = [{"type": "file_search", "vector_store_ids": [store]}]
    return asked(served, "/v1/responses", model="footnote", input=QUESTION, tools=tools, **more)


def test_answers_that_do_not_end_are_broken_off_and_told_so(tmp_path: Path):
    """After the grace: streams have a last event, others status 503 with the id of the request; the process ends.

    A thread that waits for the embedding model, which never answers it, does not keep it.
    """
    with answering(tmp_path, shutdown_grace_s=4) as (around, served, store), ThreadPoolExecutor(4) as clients:
        around.llm.says(DRAFT, behaviour="hangs", told="The gate code is 4711. It changes")
        released = Event()
        streamed = clients.submit(chat_stream, served, store, released)
        events = clients.submit(response, served, store, stream=True)
        plain = clients.submit(chat, served, store)
        wait(lambda: len(around.llm.asked) == 3 and around.llm.quiet.is_set() and released.is_set())
        around.embeddings.hold("service")
        held = clients.submit(chat, served, store)
        wait(lambda: around.embeddings.waiting["service"] > 0)
        served.terminate()
        assert served.ended() == 0
        assert_refused(plain)
        assert_refused(held)
        assert '"code": "service_stopping"' in streamed.result()
        assert "[DONE]" not in streamed.result()
        last = events.result().text.rpartition("event: ")[2]
        assert last.startswith("response.failed\n")
        assert "is being stopped" in last
        assert "Traceback" not in served.output()


def assert_refused(plain: Future[httpx.Response]) -> None:
    assert plain.result().status_code == 503
    assert plain.result().headers["x-request-id"]
    assert plain.result().headers["retry-after"]
    assert plain.result().json()["error"]["code"] == "service_stopping"


def test_answers_that_end_in_time_are_whole(tmp_path: Path):
    """And no longer is waited for: here the grace is far longer than the test may take."""
    with answering(tmp_path, shutdown_grace_s=600) as (around, served, store), ThreadPoolExecutor(1) as clients:
        around.llm.says(DRAFT, behaviour="hangs", told="The gate code is 4711. It changes")
        streamed = clients.submit(chat, served, store, stream=True)
        wait(around.llm.quiet.is_set)
        served.terminate()
        wait(lambda: "Shutting down" in served.output())
        around.llm.behaviour = "answers"
        assert "[DONE]" in streamed.result().text
        assert served.ended() == 0
        assert "Traceback" not in served.output()
