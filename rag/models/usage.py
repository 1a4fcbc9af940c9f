"""Counts the tokens that language models read and write."""

from __future__ import annotations

import threading
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class TokenMeter:
    """Tokens read and written since it was begun, by the task that began it and by what that task began.

    `calls` counts the requests to language models, `estimated` those whose server did not say how many tokens it took.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    calls: int = 0
    estimated: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def tokens(self) -> int:
        """All of them."""
        return self.prompt_tokens + self.completion_tokens

    def add(self, prompt_tokens: int, completion_tokens: int, *, estimated: bool = False) -> None:
        """Count one request; threads may share the meter."""
        with self._lock:
            self.prompt_tokens += prompt_tokens
            self.completion_tokens += completion_tokens
            self.calls += 1
            self.estimated += estimated


_METER: ContextVar[TokenMeter | None] = ContextVar("token_meter", default=None)


def begin_meter() -> TokenMeter:
    """A meter for the rest of this task, and for the tasks and threads that it begins from here on."""
    meter = TokenMeter()
    _METER.set(meter)
    return meter


def current_meter() -> TokenMeter | None:
    """The meter that was begun last in this task; None where none was."""
    return _METER.get()


def count_call(prompt_tokens: int, completion_tokens: int, *, estimated: bool = False) -> None:
    """Count one request to a language model, if a meter is active; `estimated`: the server did not report the
    tokens.
    """
    meter = _METER.get()
    if meter is not None:
        meter.add(prompt_tokens, completion_tokens, estimated=estimated)
