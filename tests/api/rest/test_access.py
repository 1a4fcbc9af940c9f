"""Which key may make which call: each route says it, and no route says nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from api.rest.access import ANSWERS, OPEN, READ, WRITE, Access, AccessTable
from api.rest.app import create_app
from rag.settings import load_settings

ASKING = re.compile(r"/(chat/completions|responses|embeddings|search|replay|feedback)$")
"""Calls by POST that change no document, so that a key that may read makes them."""
OWNERS, OPEN_TO_ALL = "/v1/ingestions", ("/healthz", "/readyz")


@pytest.fixture(scope="module")
def app() -> Any:
    return create_app(settings=load_settings())


def access(app: Any, method: str, path: str) -> Access:
    """What a request needs."""
    table: AccessTable = app.state.access
    return table.of({"type": "http", "method": method, "path": path, "root_path": "", "headers": []})


def test_every_call_of_the_openapi_document_says_its_scope(app: Any):
    """Reading and asking need `read`, everything else `write`; health needs no key, and its user's calls their own."""
    for path, methods in app.openapi()["paths"].items():
        for method, call in methods.items():
            said = [scope for each in call.get("security", []) for scopes in each.values() for scope in scopes]
            asks = method == "get" or ASKING.search(path)
            unlisted = path in OPEN_TO_ALL or path.startswith(OWNERS)
            assert said == ([] if unlisted else ["read" if asks else "write"]), f"{method} {path}"
            if not unlisted:
                assert access(app, method.upper(), re.sub(r"{\w+}", "x", path)).scope == said[0]


def test_what_the_document_leaves_out(app: Any):
    assert access(app, "GET", "/metrics") == Access("admin")
    assert access(app, "POST", "/mcp") == Access(answers=True)
    assert access(app, "POST", "/v1/handover/delete").is_owners
    assert access(app, "GET", "/healthz").is_open
    assert access(app, "GET", "/v1/nothing") == access(app, "PUT", "/v1/files") == Access()


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses", "/v1/answers/a/replay"])
def test_calls_that_make_a_model_write_are_counted(app: Any, path: str):
    assert access(app, "POST", path).answers
    assert not access(app, "POST", "/v1/embeddings").answers


@pytest.mark.parametrize("marks", [[], [ANSWERS], [READ, WRITE], [OPEN, WRITE]])
def test_a_route_that_says_no_scope_or_two_is_no_route(marks: list[Any]):
    """The service does not start with it."""
    router = APIRouter()
    router.get("/x", dependencies=marks)(lambda: None)
    with pytest.raises(LookupError, match="/x takes"):
        AccessTable([route for route in router.routes if isinstance(route, APIRoute)])
