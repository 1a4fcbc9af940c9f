"""Is the language model there, and how fast?"""

from __future__ import annotations

import time
from contextlib import aclosing
from dataclasses import dataclass

from rag.endpoints import EndpointChat
from rag.llm import Message
from rag.settings import Settings

PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class LlmState:
    """What the LLM's server said of itself; `token_ms` is the time to one token, when it was asked for one."""

    name: str
    window_tokens: int
    token_ms: float | None = None


async def probe_llm(settings: Settings, *, patience_s: float = PATIENCE_S, generate: bool = False) -> LlmState | None:
    """The state of the LLM; None when none is set.

    Raises:
        ModelUnavailable: it did not answer in time, or failed.
    """
    if not settings.llm_url:
        return None
    key = settings.llm_api_key
    chat = EndpointChat(
        settings.llm_url,
        model=settings.llm_model,
        api_key=key.get_secret_value() if key else None,
        timeout_s=patience_s,
        connect_timeout_s=min(patience_s, settings.llm_connect_timeout_s),
        retries=0,
    )
    window = await chat.window()
    if not generate:
        return LlmState(chat.name, window)
    started = time.perf_counter()
    async with aclosing(chat.stream([Message("user", "Say yes.")], max_tokens=1)) as pieces:
        async for _ in pieces:
            break
    return LlmState(chat.name, window, round(1000 * (time.perf_counter() - started), 1))
