"""The tools of agents, as the official client of the Model Context Protocol sees them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from api.keys import KeyRing
from api.storage import open_database
from tests import ROOT
from tests.fakes.library import Served, served_library

Talk = Callable[[Client], Coroutine[Any, Any, Any]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_library(tmp_path_factory.mktemp("tools")) as made:
        yield made


def filled(served: Served, key: str = "none") -> str:
    client = served.client.with_options(api_key=key)
    store = client.vector_stores.create().id
    file = client.files.create(file=("gate.txt", b"The gate code is 4711."), purpose="assistants").id
    client.vector_stores.files.create_and_poll(file, vector_store_id=store)
    return store


def talk(served: Served, said: Talk, key: str = "none") -> Any:
    async def talking() -> Any:
        headers = {"authorization": f"Bearer {key}"}
        async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
            transport = streamable_http_client(f"{served.url}/mcp", http_client=http)
            async with Client(transport) as client:
                return await said(client)

    return asyncio.run(talking())


def test_an_agent_is_given_two_tools_that_only_read(served: Served):
    """Each says what it takes."""
    tools = {tool.name: tool for tool in talk(served, lambda client: client.list_tools()).tools}
    assert set(tools) == {"search", "ask"}
    for tool in tools.values():
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
    assert set(tools["ask"].input_schema["properties"]) == {"question", "collection", "filters"}


def test_search_finds_passages_and_ask_answers(served: Served):
    store = filled(served)
    asked = {"query": "gate code", "collection": store}
    found = talk(served, lambda client: client.call_tool("search", asked))
    assert not found.is_error
    assert found.structured_content["passages"][0]["text"] == "The gate code is 4711."
    assert found.structured_content["passages"][0]["filename"] == "gate.txt"
    asked = {"question": "What is the gate code?", "collection": store}
    answer = talk(served, lambda client: client.call_tool("ask", asked))
    assert answer.structured_content["answer"] == "The gate code is 4711."
    [sentence] = answer.structured_content["sentences"]
    assert (sentence["verified"], sentence["evidence"][0]["filename"]) == (True, "gate.txt")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"collection": "nowhere"}, "nowhere"),
        ({"filters": {"type": "like", "key": "a", "value": 1}}, "like"),
        ({"max_results": 0}, "max_results"),
        ({"query": ""}, "query"),
    ],
)
def test_what_cannot_be_done_is_told_to_the_agent(served: Served, more: dict[str, Any], words: str):
    """As an error of the tool, never as an empty list."""
    store = filled(served)
    asked = {"query": "gate", "collection": store, **more}
    told = talk(served, lambda client: client.call_tool("search", asked))
    assert told.is_error
    assert words in told.content[0].text


def test_tools_are_for_callers_with_a_key_where_keys_are_needed(tmp_path: Path):
    """And reach what is their tenant's alone."""
    with served_library(tmp_path, authentication="keys") as served:
        database = open_database(None, tmp_path)
        ring = KeyRing(database)
        mine, theirs = (ring.create(name, tenant=name)[1] for name in ("acme", "other"))
        database.close()
        store = filled(served, mine)
        asked = {"query": "gate", "collection": store}
        assert not talk(served, lambda client: client.call_tool("search", asked), mine).is_error
        told = talk(served, lambda client: client.call_tool("search", asked), theirs)
        assert told.is_error
        assert "there is no collection" in told.content[0].text
        assert httpx.post(f"{served.url}/mcp", json={}).status_code == 401


@pytest.mark.slow
def test_an_agent_on_this_machine_talks_over_standard_input(filled_folder: Path):
    """Without a service: each call is answered by itself, and nothing else is written to the output."""

    async def talking() -> Any:
        environment = {**os.environ, "FOOTNOTE_DATA_DIR": str(filled_folder), "PYTHONPATH": str(ROOT)}
        command = ["-c", "from api.cli.commands import main; main(['mcp'])"]
        async with Client(StdioServerParameters(command=sys.executable, args=command, env=environment)) as client:
            return await client.call_tool("search", {"query": "gate code"})

    found = asyncio.run(talking())
    assert not found.is_error, found.content
    assert [passage["text"] for passage in found.structured_content["passages"]] == ["The gate code is 4711."]


@pytest.fixture
def filled_folder(tmp_path: Path) -> Path:
    """A data folder with one document."""
    from ingest.build import ingest_paths
    from rag.build.core import build
    from rag.settings import load_settings

    note = tmp_path / "gate.txt"
    note.write_text("The gate code is 4711.", encoding="utf-8")
    rag = build(load_settings(data_dir=tmp_path))
    try:
        ingest_paths(rag, [note], "default")
    finally:
        rag.close()
    return tmp_path
