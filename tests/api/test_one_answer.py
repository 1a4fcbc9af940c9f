"""One question, asked in every way there is: the same sentences, the same footnotes, the same withheld."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters

from tests import ROOT
from tests.api.rest.test_chat import DRAFT, INVENTED, QUESTION, TRUE
from tests.api.running import footnote
from tests.api.running import serving as serving_process
from tests.fakes.llm import FakeLlm, serving

pytestmark = pytest.mark.slow

TOLD = ("question", "answer", "abstained", "reason", "sentences", "withheld", "disagreements", "note")


@pytest.fixture(scope="module")
def url(own_data: Path) -> Iterator[str]:
    """A service as a process, whose language model writes a sentence that no document bears out, among others."""
    llm = FakeLlm(DRAFT)
    with serving(llm.app()) as llm_url, pytest.MonkeyPatch.context() as environment:
        environment.setenv("FOOTNOTE_LLM_URL", f"{llm_url}/v1")
        environment.setenv("FOOTNOTE_DATA_DIR", str(own_data))
        with serving_process(own_data) as (_, client):
            yield str(client.owner.url)


def by_chat(url: str, **more: Any) -> dict[str, Any]:
    body = {"messages": [{"role": "user", "content": QUESTION}], **more}
    return dict(httpx.post(f"{url}/v1/chat/completions", json=body, timeout=60).json())


def by_chat_stream(url: str) -> dict[str, Any]:
    body = {"messages": [{"role": "user", "content": QUESTION}], "stream": True}
    lines = httpx.post(f"{url}/v1/chat/completions", json=body, timeout=60).text.splitlines()
    return dict(
        json.loads([line for line in lines if line.startswith("data: {")][-1].removeprefix("data: "))["evidence"]
    )


def by_responses(url: str) -> dict[str, Any]:
    return dict(httpx.post(f"{url}/v1/responses", json={"input": QUESTION}, timeout=60).json()["evidence"])


def by_its_id(url: str) -> dict[str, Any]:
    return dict(httpx.get(f"{url}/v1/answers/{by_chat(url)['id']}", timeout=60).json()["evidence"])


def by_replay(url: str) -> dict[str, Any]:
    return dict(httpx.post(f"{url}/v1/answers/{by_chat(url)['id']}/replay", timeout=60).json()["evidence"])


def by_command(_: str) -> dict[str, Any]:
    told, failed = footnote(Path(os.environ["FOOTNOTE_DATA_DIR"]), "ask", QUESTION, "--json").communicate(timeout=120)
    assert told, failed
    return dict(json.loads(told))


def by_tool(url: str) -> dict[str, Any]:
    async def asked() -> Any:
        async with Client(f"{url}/mcp") as client:
            return await client.call_tool("ask", {"question": QUESTION})

    return without_links(asyncio.run(asked()).structured_content)


def by_local_tool(_: str) -> dict[str, Any]:
    async def asked() -> Any:
        command = ["-c", "from api.cli.commands import main; main(['mcp'])"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        async with Client(StdioServerParameters(command=sys.executable, args=command, env=environment)) as client:
            return await client.call_tool("ask", {"question": QUESTION})

    return without_links(asyncio.run(asked()).structured_content)


def without_links(told: Any) -> dict[str, Any]:
    for sentence in told["sentences"]:
        for quote in sentence["evidence"]:
            del quote["url"]
    return dict(told)


@pytest.mark.parametrize(
    "way",
    [by_chat_stream, by_responses, by_its_id, by_replay, by_command, by_tool, by_local_tool],
    ids=lambda way: way.__name__,
)
def test_every_way_of_asking_tells_the_same(url: str, way: Any) -> None:
    """To the last character of the last quote, and with the sentence that was held back."""
    expected = by_chat(url)["evidence"]
    assert expected["sentences"][0]["text"] == TRUE
    assert [each["text"] for each in expected["withheld"]] == [INVENTED]
    told = way(url)
    assert {name: told[name] for name in TOLD} == {name: expected[name] for name in TOLD}


def test_quotes_of_tools_link_to_their_pages(url: str) -> None:
    """Which the service shows."""

    async def asked() -> Any:
        async with Client(f"{url}/mcp") as client:
            answer = await client.call_tool("ask", {"question": QUESTION})
            return answer, await client.call_tool("search", {"query": QUESTION, "max_results": 2})

    answer, found = asyncio.run(asked())
    quotes = [quote for each in answer.structured_content["sentences"] for quote in each["evidence"]]
    passages = [{**each, "quote": each["text"]} for each in found.structured_content["passages"]]
    for told in (*quotes, *passages):
        assert httpx.get(told["url"], timeout=60).json()["quote"] == told["quote"]
