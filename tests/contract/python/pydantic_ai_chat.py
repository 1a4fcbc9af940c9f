"""Agents of Pydantic AI over both APIs: python pydantic_ai_chat.py http://127.0.0.1:8080."""

import asyncio
import sys

import pytest
from pydantic_ai import Agent
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

TEXT = "The gate code is 4711 😀. It changes every month."
QUESTION, NEXT = "What is the gate code?", "And when does it change?"


async def talk() -> None:
    provider = OpenAIProvider(base_url=f"{sys.argv[1]}/v1", api_key="none")
    for kind in (OpenAIResponsesModel, OpenAIChatModel):
        agent = Agent(kind("footnote", provider=provider), instructions="Be brief.")
        first = await agent.run(QUESTION)
        assert first.output == TEXT
        async with agent.run_stream(NEXT, message_history=first.all_messages()) as stream:
            pieces = [piece async for piece in stream.stream_text(delta=True, debounce_by=None)]
        assert len(pieces) > 1
        assert "".join(pieces) == TEXT
        with pytest.raises(ModelHTTPError) as error:
            await Agent(kind("footnote:nowhere", provider=provider)).run(QUESTION)
        assert error.value.status_code == 404
    await agent.run(NEXT, message_history=first.all_messages())


asyncio.run(talk())
