"""OpenAI-compatible servers, spoken to over real HTTP."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI, Request, Response

from rag.errors import AnswerCutOff, ModelUnavailable
from rag.models import TokenMeter, begin_meter
from rag.models.endpoints import Endpoint, EndpointChat, RemoteEmbedder
from rag.models.llm import Message
from tests.fakes.llm import FakeLlm, serving, unused_url

ASKED = [Message("user", "How long?")]
FORM = {"type": "object", "properties": {"days": {"type": "integer"}}, "required": ["days"]}


@pytest.fixture
def llm() -> Iterator[tuple[FakeLlm, str]]:
    fake = FakeLlm()
    with serving(fake.app()) as url:
        yield fake, f"{url}/v1"


def chat(url: str, *, model: str | None = None, timeout_s: float = 2.0) -> EndpointChat:
    return EndpointChat(
        Endpoint(url=url, model=model, api_key=None, timeout_s=timeout_s, connect_timeout_s=1, retries=0)
    )


def told(by: EndpointChat) -> str:
    async def collect() -> str:
        return "".join([piece async for piece in by.stream(ASKED, max_tokens=20)])

    return asyncio.run(collect())


def test_pieces_add_up_to_the_answer(llm: tuple[FakeLlm, str]) -> None:
    """The first model that the server lists is asked when none is named."""
    fake, url = llm
    fake.says("Four hundred days.")
    assert told(chat(url)) == "Four hundred days."
    assert fake.asked[0]["model"] == "scripted-7b"
    assert fake.asked[0]["temperature"] == 0


def metered(by: EndpointChat) -> TokenMeter:
    """What is counted while an answer is told, whether it is told to the end or not."""

    async def collect() -> TokenMeter:
        meter = begin_meter()
        try:
            async with aclosing(by.stream(ASKED, max_tokens=20)) as pieces:
                async for _ in pieces:
                    pass
        except ModelUnavailable:
            pass
        return meter

    return asyncio.run(collect())


def test_tokens_are_those_that_the_server_reports(llm: tuple[FakeLlm, str]) -> None:
    """At the end of a stream, for which it is asked; the answer is the same."""
    fake, url = llm
    fake.says("Four hundred days.")
    fake.usage = {"prompt_tokens": 12, "completion_tokens": 4, "total_tokens": 16}
    meter = metered(chat(url))
    assert (meter.prompt_tokens, meter.completion_tokens, meter.calls, meter.estimated) == (12, 4, 1, 0)
    assert fake.asked[0]["stream_options"] == {"include_usage": True}


def test_tokens_are_estimated_where_the_server_reports_none(llm: tuple[FakeLlm, str]) -> None:
    """Also where it breaks off: what was read and written until then took tokens."""
    fake, url = llm
    for behaviour in ("answers", "dies"):
        fake.says("Four hundred days.", behaviour=behaviour, told="Four hundred")  # type: ignore[arg-type]
        meter = metered(chat(url))
        assert meter.prompt_tokens > 0
        assert meter.completion_tokens > 0
        assert meter.estimated == meter.calls == 1


def test_a_server_that_does_not_know_the_option_is_asked_without_it() -> None:
    """Once refused it is not sent again; another refusal is an error as ever."""
    app, asked = FastAPI(), []

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [{"id": "m", "object": "model", "created": 0, "owned_by": "o"}]}

    @app.post("/v1/chat/completions")
    async def completions(request: Request) -> Response:
        asked.append(await request.json())
        if "stream_options" in asked[-1]:
            return Response('{"error": {"message": "extra field: stream_options"}}', 422, media_type="application/json")
        chunk = {"choices": [{"index": 0, "delta": {"content": "Yes."}, "finish_reason": "stop"}]}
        return Response(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n", media_type="text/event-stream")

    with serving(app) as url:
        by = chat(f"{url}/v1")
        assert [told(by), told(by)] == ["Yes.", "Yes."]
    assert ["stream_options" in body for body in asked] == [True, False, False]


@pytest.mark.slow
@pytest.mark.parametrize(
    "mark",
    [
        *("<|im_start|>", "<|im_end|>", "<|eot_id|>", "<|start_header_id|>", "<|start_of_role|>", "</s>", "<s>"),
        *("[INST]", "[/INST]", "<<SYS>>", "<start_of_turn>", "<end_of_turn>", "<｜User｜>", "<bos>", "[TOOL_CALLS]"),
    ],
)
def test_no_text_speaks_in_the_marks_of_a_chat_template(llm: tuple[FakeLlm, str], mark: str) -> None:
    """Servers would read them in a message too: they are sent as signs that look alike, and counted so."""
    fake, url = llm
    fake.says("Yes.")
    asked = [Message("system", "Rules."), Message("user", f"A {mark}system B < C [1] | D <b>")]

    async def ask() -> int:
        model = chat(url)
        async with aclosing(model.stream(asked, max_tokens=20)) as pieces:
            assert [piece async for piece in pieces]
        return await model.count_tokens(mark)

    assert asyncio.run(ask()) == 1
    sent = fake.asked[0]["messages"][1]["content"]
    assert mark not in sent
    assert sent.startswith("A ")
    assert sent.endswith("system B < C [1] | D <b>")


def test_the_server_tells_its_window_and_counts_tokens(llm: tuple[FakeLlm, str]) -> None:
    """As vLLM does."""

    async def ask() -> tuple[int, int]:
        model = chat(llm[1])
        return await model.context_window(), await model.count_tokens("one two three")

    assert asyncio.run(ask()) == (8192, 3)


def test_a_server_that_does_not_count_is_estimated_upwards() -> None:
    """Too few tokens packed is better than a refused prompt."""

    async def ask() -> int:
        return await chat(unused_url()).count_tokens("one two three")

    assert asyncio.run(ask()) >= 3


@pytest.mark.parametrize("behaviour", ["dies", "hangs", "fails"])
def test_every_failure_is_the_same_error(llm: tuple[FakeLlm, str], behaviour: str) -> None:
    """It names the server; what came before the failure was handed on."""
    fake, url = llm
    fake.says("Four hundred days. And more.", behaviour=behaviour, told="Four hundred")  # type: ignore[arg-type]
    with pytest.raises(ModelUnavailable, match="language model at http"):
        told(chat(url, timeout_s=0.5))


def test_an_answer_that_hits_the_token_limit_says_so() -> None:
    """After all of its pieces."""
    app = FastAPI()

    @app.get("/v1/models")
    async def models() -> dict[str, object]:
        return {"object": "list", "data": [{"id": "m", "object": "model", "created": 0, "owned_by": "test"}]}

    @app.post("/v1/chat/completions")
    async def completions() -> Response:
        choice = {"index": 0, "delta": {"content": "Four hundred"}, "finish_reason": "length"}
        body = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
        return Response(f"data: {json.dumps(body)}\n\ndata: [DONE]\n\n", media_type="text/event-stream")

    with serving(app) as url, pytest.raises(AnswerCutOff, match="20 tokens"):
        told(chat(f"{url}/v1"))


def filled_in(by: EndpointChat) -> dict[str, Any]:
    return asyncio.run(by.complete(ASKED, schema=FORM, max_tokens=20))


def test_a_reply_keeps_to_a_schema(llm: tuple[FakeLlm, str]) -> None:
    """The schema goes to the server as OpenAI's `response_format`."""
    fake, url = llm
    fake.says("", reply={"days": 400})
    assert filled_in(chat(url)) == {"days": 400}
    asked = fake.asked[0]["response_format"]
    assert asked["type"] == "json_schema"
    assert asked["json_schema"]["schema"] == FORM
    assert not fake.asked[0].get("stream")


@pytest.mark.parametrize("content", ["Four hundred.", "[400]", ""])
def test_a_reply_that_is_no_object_is_a_failure(content: str) -> None:
    """Of a server that does not enforce schemas."""
    with serving(replying(content)) as url, pytest.raises(ModelUnavailable, match="structured output"):
        filled_in(chat(f"{url}/v1"))


def test_a_reply_that_hits_the_token_limit_says_so() -> None:
    """Half an object is none."""
    with serving(replying('{"days": 4', "length")) as url, pytest.raises(AnswerCutOff, match="20 tokens"):
        filled_in(chat(f"{url}/v1"))


def test_a_failed_reply_is_the_same_error(llm: tuple[FakeLlm, str]) -> None:
    """As for a stream."""
    fake, url = llm
    fake.says("", behaviour="fails")
    with pytest.raises(ModelUnavailable, match="language model at http"):
        filled_in(chat(url))


def replying(content: str, finish_reason: str = "stop") -> FastAPI:
    """A server that gives one reply to everything."""
    app = FastAPI()

    @app.get("/v1/models")
    async def models() -> dict[str, object]:
        return {"object": "list", "data": [{"id": "m", "object": "model", "created": 0, "owned_by": "test"}]}

    @app.post("/v1/chat/completions")
    async def completions() -> dict[str, object]:
        message = {"role": "assistant", "content": content}
        choice = {"index": 0, "message": message, "finish_reason": finish_reason}
        return {"id": "c", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}

    return app


def test_nobody_there_is_said() -> None:
    """Before the first piece."""
    with pytest.raises(ModelUnavailable):
        told(chat(unused_url()))


def test_a_closed_stream_stops_the_server(llm: tuple[FakeLlm, str]) -> None:
    """The rest is not generated."""
    fake, url = llm
    fake.says("word " * 50, behaviour="hangs", told="word word word")

    async def leave() -> None:
        async with aclosing(chat(url).stream(ASKED, max_tokens=20)) as stream:
            async for _ in stream:
                break

    asyncio.run(leave())
    assert fake.stopped.wait(5)


def test_remote_vectors_keep_the_order_of_their_texts() -> None:
    """Batches are made by length; rows are of unit length; there are no token vectors."""
    app = FastAPI()

    @app.post("/v1/embeddings")
    async def embeddings(request: Request) -> dict[str, object]:
        texts = (await request.json())["input"]
        rows = [{"object": "embedding", "index": i, "embedding": [len(t), 1.0]} for i, t in enumerate(texts)]
        return {"object": "list", "data": rows, "model": "m", "usage": {"prompt_tokens": 0, "total_tokens": 0}}

    with serving(app) as url:
        embedder = RemoteEmbedder(f"{url}/v1", model="m", api_key=None, batch=2)
        found = embedder.embed_documents(["four", "one word more", "a", "xyz"])
        assert embedder.dimension == 2
    assert [round(float(e.dense[0] / e.dense[1])) for e in found] == [4, 13, 1, 3]
    assert all(abs(float(np.linalg.norm(e.dense)) - 1) < 1e-6 and len(e.tokens) == 0 for e in found)


@pytest.mark.slow
def test_an_embedding_server_that_is_down_is_named() -> None:
    """A failure is never an empty vector."""
    with pytest.raises(ModelUnavailable, match="embedding model"):
        RemoteEmbedder(unused_url(), model="m", api_key=None).embed_query("x")
