"""The OpenAPI document tells the truth: what fits it is answered as it says, and nothing brings the service down."""

from __future__ import annotations

import importlib.util
import json
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.rest.app import create_app
from rag.settings import load_settings
from tests import ROOT
from tests.contract.conftest import Serve, error_of

pytestmark = pytest.mark.slow

CHECKS = [
    checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
CALLS = [
    (path, method, call)
    for path, methods in create_app(settings=load_settings()).openapi()["paths"].items()
    for method, call in methods.items()
]
OPERATIONS = [(path, method) for path, method, _ in CALLS]
WITH_BODIES = [
    (path, method)
    for path, method, call in CALLS
    if "application/json" in call.get("requestBody", {}).get("content", {})
    and not path.startswith("/v1/ingestions")  # its user alone may call it
]


@pytest.fixture(scope="module")
def described(serve: Serve) -> Any:
    """The document of a served app, as a client reads it."""
    return schemathesis.openapi.from_url(f"{serve().url}/openapi.json")


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_call_is_answered_as_the_document_says(described: Any, path: str, method: str) -> None:
    """With what fits the document, also where it makes no sense: an answer or an error in OpenAI's shape, never 5xx."""

    @settings(max_examples=8, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.data())
    def called(data: st.DataObject) -> None:
        case = data.draw(described[path][method].as_strategy())
        response = case.call_and_validate(checks=CHECKS, timeout=30)
        if response.status_code >= 400:
            error_of(response)

    called()


@pytest.mark.parametrize(("path", "method"), WITH_BODIES)
def test_half_of_a_surrogate_pair_is_refused_wherever_it_stands(
    serve: Serve, described: Any, path: str, method: str
) -> None:
    """In each text of each request, also in names of fields and in fields that nobody knows."""
    url = f"{serve().url}{path.replace('{', '').replace('}', '')}"

    @settings(max_examples=8, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.data())
    def called(data: st.DataObject) -> None:
        case = data.draw(described[path][method].as_strategy())
        body = case.body if isinstance(case.body, dict) else {}
        sent = json.dumps(broken(data, {**body, "unknown": "x"}))
        response = httpx.request(method, url, content=sent, headers={"content-type": "application/json"}, timeout=30)
        assert response.status_code == 400
        error_of(response)

    called()


def broken(data: st.DataObject, value: Any) -> Any:
    """The same with half of a surrogate pair in it somewhere."""
    if isinstance(value, dict) and value:
        name = data.draw(st.sampled_from(sorted(value)))
        if data.draw(st.booleans()):
            return {**value, name: broken(data, value[name])}
        return {**value, f"{name}\udc00": value[name]}
    if isinstance(value, list) and value:
        place = data.draw(st.sampled_from(range(len(value))))
        return [*value[:place], broken(data, value[place]), *value[place + 1 :]]
    return f"{value if isinstance(value, str) else ''}\ud800"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "What is the gate code?"}]}),
        ("/v1/responses", {"input": "What is the gate code?"}),
    ],
)
def test_every_event_of_a_stream_is_as_the_document_says(described: Any, path: str, body: Any) -> None:
    """Requests that were drawn hardly ever come to one."""
    case = described[path]["post"].Case(body={**body, "stream": True}, media_type="application/json")
    assert case.call_and_validate(checks=CHECKS, timeout=30).status_code == 200


@pytest.fixture(scope="module")
def reference() -> Any:
    """What writes the page of all calls."""
    spec = importlib.util.spec_from_file_location("api_page", ROOT / "docs/reference/api_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_all_calls_is_up_to_date(reference: Any) -> None:
    """`make docs` writes it from the OpenAPI document."""
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "stale: run `make docs`"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", "ChatRequest"),
        ("/v1/responses", "ResponsesRequest"),
        ("/v1/embeddings", "EmbeddingsRequest"),
        ("/v1/vector_stores/default/search", "SearchRequest"),
    ],
)
def test_the_examples_of_the_page_work(serve: Serve, reference: Any, path: str, body: str) -> None:
    """As they are written."""
    assert serve().post(path, reference.BODIES[body]).status_code == 200


def test_calls_that_are_left_out_are_answered_as_the_page_says(serve: Serve, reference: Any) -> None:
    """In the shape of every error, and the call is named; none of them is in the document."""
    served = serve()
    for name in reference.LEFT_OUT:
        method, _, path = name.partition(" ")
        assert (path, method.lower()) not in OPERATIONS
        response = httpx.request(method, served.url + path.format(model="footnote"), json={})
        assert response.status_code in (404, 405), name
        assert name.format(model="footnote") in error_of(response)["message"]


def test_what_calls_refuse_is_told_of_calls_that_there_are(reference: Any) -> None:
    """By the names that the document has."""
    there = {f"{method.upper()} {path}" for path, method in OPERATIONS}
    assert reference.REFUSED.keys() <= there
