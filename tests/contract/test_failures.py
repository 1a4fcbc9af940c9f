"""What clients are told when something that the service needs is broken: never where it is, or how it is made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.rest.app import create_app
from api.storage import SQLITE_FILE
from rag.models.endpoints import RemoteEmbedder
from rag.retrieval import NoRerank, Retriever, Weights
from rag.store.server import ServerStore
from tests.contract.conftest import error_of
from tests.fakes.library import served_library, small_rag, store_with, upload
from tests.fakes.llm import serving, unused_url

pytestmark = pytest.mark.slow

TURN = [{"role": "user", "content": "What is the gate code?"}]
CHAT = {"messages": TURN}


def assert_discreet(response: httpx.Response, code: str, *internals: object) -> None:
    """What happened, whether to try again, and the request; none of these words."""
    assert response.status_code >= 500
    error = error_of(response)
    assert error["code"] == code
    assert "try again" in error["message"] or "trying again" in error["message"]
    assert response.headers["x-request-id"] in error["message"]
    told = [str(word) for word in (*internals, "FOOTNOTE_", "Traceback", "Error(") if str(word) in response.text]
    assert not told, response.text


def ask(url: str, method: str, path: str, body: Any = None) -> httpx.Response:
    return httpx.request(method, f"{url}{path}", json=body, timeout=60)


@contextmanager
def broken(folder: Path, **parts: Any) -> Iterator[str]:
    """The URL of a service some of whose parts do not answer."""
    rag = replace(small_rag(folder), **parts)
    if "answerer" not in parts:
        retriever = Retriever(rag.store, rag.embedder, rag.lexical, NoRerank(), Weights(100, 0.5, 0.0))
        rag = replace(rag, retriever=retriever)
    with serving(create_app(rag)) as url:
        yield url


def test_a_store_that_does_not_answer(tmp_path: Path):
    """Wherever it is needed, also before a stream has begun."""
    place = unused_url()
    with broken(tmp_path, store=ServerStore(place)) as url:
        for method, path, body in (
            ("GET", "/readyz", None),
            ("GET", "/v1/models", None),
            ("GET", "/v1/vector_stores", None),
            ("POST", "/v1/vector_stores", {}),
            ("POST", "/v1/chat/completions", CHAT),
            ("POST", "/v1/chat/completions", {**CHAT, "stream": True}),
            ("POST", "/v1/responses", {"input": "What is the gate code?"}),
        ):
            assert_discreet(ask(url, method, path, body), "store_unavailable", place, "Qdrant", tmp_path)


def test_an_embedding_model_that_does_not_answer(tmp_path: Path):
    place = unused_url()
    with broken(tmp_path, embedder=RemoteEmbedder(f"{place}/v1", model="m", api_key=None)) as url:
        response = ask(url, "POST", "/v1/embeddings", {"model": "m", "input": "x"})
        assert_discreet(response, "model_unavailable", place)


def test_a_database_that_is_damaged(tmp_path: Path):
    with served_library(tmp_path) as served:
        with closing(sqlite3.connect(tmp_path / SQLITE_FILE)) as connection:
            connection.execute("ALTER TABLE files RENAME TO elsewhere")
        form: Any = {"files": {"file": ("a.txt", b"a")}, "data": {"purpose": "assistants"}}
        for response in (
            ask(served.url, "GET", "/v1/files"),
            ask(served.url, "GET", "/v1/files/file-1"),
            httpx.post(f"{served.url}/v1/files", **form, timeout=60),
        ):
            assert_discreet(response, "database_unavailable", tmp_path, "sqlite", "no such table", "SELECT")


def test_a_file_whose_bytes_are_gone(tmp_path: Path):
    with served_library(tmp_path) as served:
        file_id = upload(served)
        (tmp_path / "files" / file_id / "gate.txt").unlink()
        assert_discreet(ask(served.url, "GET", f"/v1/files/{file_id}/content"), "file_unavailable", tmp_path)


def test_a_file_that_the_service_failed_to_read(tmp_path: Path):
    """Its error says so and no more; where the file itself is at fault, it says what is wrong with it."""
    with served_library(tmp_path) as served:
        store, _ = store_with(served, "The gate code is 4711.")
        served.rag.store.drop_collection(store)
        served.rag.store.create_collection = _refusing  # type: ignore[method-assign]
        again = upload(served, "b.txt", "The pump stands in room 9.")
        files = served.client.vector_stores.files
        failed = files.create_and_poll(again, vector_store_id=store)
        empty = files.create_and_poll(upload(served, "c.txt", ""), vector_store_id=store)
    assert failed.last_error is not None
    assert failed.last_error.code == "server_error"
    assert "http://" not in failed.last_error.message
    assert "Try again" in failed.last_error.message
    assert empty.last_error is not None
    assert empty.last_error.code == "invalid_file"
    assert str(tmp_path) not in empty.last_error.message


def _refusing(*_: object) -> None:
    ServerStore(unused_url()).collections()
