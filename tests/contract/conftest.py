"""A served app with scripted answers, and the official client in front of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import openai
import pytest

from api.rest.app import create_app
from rag.build.core import Rag
from tests.fakes.core import ScriptedChat
from tests.fakes.llm import serving
from tests.fakes.service import ScriptedAnswerer, fake_rag


@dataclass
class Served:
    """The service on a free port, the core behind it, and the script of its answers."""

    url: str
    rag: Rag
    answerer: ScriptedAnswerer
    chat: ScriptedChat | None = None
    client: openai.OpenAI = field(init=False)

    def __post_init__(self) -> None:
        self.client = openai.OpenAI(base_url=f"{self.url}/v1", api_key="none", max_retries=0, timeout=30)

    def post(self, path: str, body: Any, **options: Any) -> httpx.Response:
        """One request without the client, which would not send everything."""
        return httpx.post(f"{self.url}{path}", json=body, timeout=30, **options)


Serve = Callable[..., Served]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serves a core with these settings until the module's tests are done."""
    with ExitStack() as parts:

        def served(*, chat: ScriptedChat | None = None, **settings: Any) -> Served:
            answerer = ScriptedAnswerer()
            rag = fake_rag(tmp_path_factory.mktemp("served"), answerer, chat=chat, **settings)
            parts.callback(rag.close)
            made = Served(parts.enter_context(serving(create_app(rag))), rag, answerer, chat)
            parts.callback(made.client.close)
            return made

        yield served


@pytest.fixture(scope="module")
def shared(serve: Serve) -> Served:
    """The service that the tests of a module share."""
    return serve()


@pytest.fixture
def served(shared: Served) -> Served:
    """The shared service with its first script."""
    shared.answerer.says(*ScriptedAnswerer().sentences)
    return shared


def error_of(response: httpx.Response) -> dict[str, Any]:
    """The error of a response, which has OpenAI's shape and the id of its request."""
    assert response.headers["x-request-id"]
    assert set(response.json()) == {"error"}
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert isinstance(error["message"], str)
    assert error["message"]
    return dict(error)
