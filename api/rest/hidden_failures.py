"""Answers as clients may read them: without the words of failures, which may name addresses; the log has those."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from api.rest.errors import hidden
from rag.answering import Answering
from rag.errors import ModelUnavailable
from rag.events import Event, Finished
from rag.filters import Filter
from rag.models import Message
from rag.types import AS_SET, Weighing

_FAILURE = "failure"


class DiscreetAnswerer:
    """An answerer whose records say that a model failed, and not how."""

    def __init__(self, answerer: Answering) -> None:
        self._answerer = answerer

    async def answer(
        self,
        question: str,
        *,
        collection: str,
        where: Filter | None = None,
        history: Sequence[Message] = (),
        weighing: Weighing = AS_SET,
    ) -> AsyncGenerator[Event, None]:
        asked = self._answerer.answer(question, collection=collection, where=where, history=history, weighing=weighing)
        async with aclosing(asked) as events:
            async for event in events:
                if isinstance(event, Finished):
                    yield Finished(replace(event.answer, model=_without_failures(event.answer.model)))
                else:
                    yield event

    async def aclose(self) -> None:
        await self._answerer.aclose()


def _without_failures(model: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer was made with, at every level."""
    return {name: _discreet(name, value) for name, value in model.items()}


def _discreet(name: str, value: Any) -> Any:
    if name == _FAILURE:
        return hidden(ModelUnavailable(str(value)), "the model did not answer", level=logging.WARNING)
    return _without_failures(value) if isinstance(value, Mapping) else value
