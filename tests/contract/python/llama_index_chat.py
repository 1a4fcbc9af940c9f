"""LlamaIndex's class for servers that speak as OpenAI's does: python llama_index_chat.py http://127.0.0.1:8080."""

import asyncio
import sys

import openai
import pytest
from llama_index.core.llms import ChatMessage
from llama_index.llms.openai_like import OpenAILike

TEXT = "The gate code is 4711 😀. It changes every month."


def model(name: str = "footnote") -> OpenAILike:
    return OpenAILike(
        model=name, api_base=f"{sys.argv[1]}/v1", api_key="none", is_chat_model=True, context_window=8000, max_retries=0
    )


async def streamed(messages: list[ChatMessage]) -> str:
    return "".join([piece.delta or "" async for piece in await model().astream_chat(messages)])


said = [ChatMessage(role="system", content="Be brief."), ChatMessage(role="user", content="What is the gate code?")]
first = model().chat(said)
assert first.message.content == TEXT
assert first.raw.usage.total_tokens > 0
said += [first.message, ChatMessage(role="user", content="And when does it change?")]
pieces = [piece.delta for piece in model().stream_chat(said) if piece.delta]
assert len(pieces) > 1
assert "".join(pieces) == TEXT
assert asyncio.run(streamed(said)) == TEXT
assert model().complete("What is the gate code?").text == TEXT
with pytest.raises(openai.NotFoundError) as error:
    model("footnote:nowhere").chat(said)
assert error.value.code == "collection_not_found"
model().chat(said)
