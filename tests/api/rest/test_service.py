"""The other endpoints: models, search, health, and how errors look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.rest import errors
from api.rest.app import create_app
from rag.errors import (
    CollectionNotFound,
    FilterError,
    FootnoteError,
    ModelUnavailable,
    StoreError,
    StoreLocked,
    StoreUnavailable,
)
from rag.settings import load_settings
from tests.api.conftest import Service

pytestmark = pytest.mark.slow


def test_search_finds_passages_with_their_place(service: Service) -> None:
    """Results are ordered by score, and each is the named slice of a stored page."""
    with service.client() as client:
        page = client.vector_stores.search("default", query="error code ERR-4107", max_num_results=3)
    results = page.data
    assert len(results) == 3
    assert [r.score for r in results] == sorted((r.score for r in results), reverse=True)
    assert any("ERR-4107" in result.content[0].text for result in results)
    documents = {document.id: document for document in service.rag.store.documents("default")}
    for result in results:
        place: dict[str, Any] = result.to_dict()
        stored = service.rag.store.page("default", result.file_id, documents[result.file_id].sha256, place["page"])
        assert stored is not None
        assert stored.text[place["start"] : place["end"]] == result.content[0].text


def test_search_takes_several_queries_and_a_filter(service: Service) -> None:
    """Each passage comes once; only matching documents bring passages."""
    only = {"type": "eq", "key": "filename", "value": "ouzel-4-manual.pdf"}
    queries = ["battery pack", "battery pack", "sample interval"]
    with service.client() as client:
        page = client.vector_stores.search("default", query=queries, filters=only)  # type: ignore[arg-type]
    places = [(r.file_id, r.to_dict()["page"], r.to_dict()["start"]) for r in page.data]
    assert len(places) == len(set(places)) == 10
    assert {r.filename for r in page.data} == {"ouzel-4-manual.pdf"}


def test_a_question_that_says_nothing_is_refused(service: Service) -> None:
    """Status 400 and what is wrong, wherever it is asked; a sign that cannot be seen says nothing."""
    body = {"model": "footnote", "messages": [{"role": "user", "content": "\u200b"}]}
    asked = {"chat/completions": body, "vector_stores/default/search": {"query": " "}}
    for path, sent in asked.items():
        answer = httpx.post(f"{service.url}/v1/{path}", json=sent)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_request")
        assert "empty" in answer.json()["error"]["message"]


def test_search_of_an_unknown_vector_store_is_404(service: Service) -> None:
    """The id is the name of a collection."""
    with service.client() as client, pytest.raises(openai.NotFoundError):
        client.vector_stores.search("nowhere", query="x")


def test_the_service_is_alive_and_ready(service: Service) -> None:
    """The store, the embedder and the language model are reported."""
    service.llm.says("")
    assert httpx.get(f"{service.url}/healthz").json() == {"status": "ok"}
    ready = httpx.get(f"{service.url}/readyz")
    assert ready.status_code == 200
    assert ready.json()["store"] == {"collections": 1}
    assert ready.json()["embedder"]["dimension"] == 384
    assert ready.json()["llm"] == {"state": "ready", "name": "scripted-7b", "window_tokens": 8192}


def test_the_service_is_ready_without_its_language_model(lonely: Service) -> None:
    """A model that is down is told, and the service still answers."""
    ready = httpx.get(f"{lonely.url}/readyz")
    assert ready.status_code == 200
    assert ready.json()["llm"]["state"] == "unavailable"


def test_an_unknown_path_has_openais_error_shape(service: Service) -> None:
    """Errors of the framework look like all others."""
    response = httpx.get(f"{service.url}/v1/nothing")
    assert response.status_code == 404
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (FilterError("told"), 400),
        (CollectionNotFound("told"), 404),
    ],
)
def test_an_error_that_the_client_can_act_on_is_told(error: FootnoteError, status: int) -> None:
    """Each kind of error has its status."""
    response = TestClient(_raising(error)).get("/")
    assert response.status_code == status
    assert response.json()["error"]["message"] == "told"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (StoreUnavailable("secret"), 503),
        (StoreLocked("secret"), 503),
        (ModelUnavailable("secret"), 503),
        (StoreError("secret"), 500),
        (RuntimeError("secret"), 500),
    ],
)
def test_an_error_of_the_service_tells_nothing_of_what_is_inside(error: Exception, status: int) -> None:
    response = TestClient(_raising(error), raise_server_exceptions=False).get("/")
    assert response.status_code == status
    assert "secret" not in response.text
    assert response.json()["error"]["type"] == "server_error"


def test_the_app_builds_and_closes_its_own_core(filled: Path) -> None:
    """Without a core it makes one of the settings, and gives the store back: a second app can follow."""
    for _ in range(2):
        with TestClient(create_app(settings=load_settings(data_dir=filled)), base_url="http://127.0.0.1") as client:
            assert client.get("/readyz").json()["llm"] == {"state": "not set"}


def _raising(error: Exception) -> FastAPI:
    app = FastAPI()
    errors.install(app)

    @app.get("/")
    def fail() -> None:
        raise error

    return app
