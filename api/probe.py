"""Checks whether the language model responds, and how fast."""

from __future__ import annotations

import time
from contextlib import aclosing
from dataclasses import dataclass

from rag.build.models import build_chat
from rag.models import ChatModel, Message
from rag.settings import Settings

PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class LlmState:
    """What the LLM's server reports; `token_ms` is the time to one token, if it was measured."""

    name: str
    window_tokens: int
    token_ms: float | None = None


async def probe_llm(settings: Settings, *, patience_s: float = PATIENCE_S, generate: bool = False) -> LlmState | None:
    """The state of the LLM; None when none is set.

    Raises:
        ModelUnavailable: it did not answer in time, or failed.
    """
    impatient = {
        "llm_timeout_s": patience_s,
        "llm_connect_timeout_s": min(patience_s, settings.llm_connect_timeout_s),
        "llm_retries": 0,
    }
    chat = build_chat(settings.model_copy(update=impatient))
    if chat is None:
        return None
    async with aclosing(chat):
        window = await chat.context_window()
        return LlmState(chat.name, window, await _token_ms(chat) if generate else None)


async def _token_ms(chat: ChatModel) -> float:
    started = time.perf_counter()
    async with aclosing(chat.stream([Message("user", "Say yes.")], max_tokens=1)) as pieces:
        async for _ in pieces:
            break
    return round(1000 * (time.perf_counter() - started), 1)
