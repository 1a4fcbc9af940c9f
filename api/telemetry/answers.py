"""Reports each answer to metrics and traces."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Protocol

from rag.answering import Answering
from rag.events import Event, Finished
from rag.filters import Filter
from rag.models import Message
from rag.types import AS_SET, Answer, Weighing


class AnswerWatcher(Protocol):
    """Is called with every answer."""

    def answered(self, answer: Answer) -> None: ...


class WatchedAnswerer:
    """An answerer that reports whole answers to watchers, before the client gets the last event."""

    def __init__(self, answerer: Answering, watchers: Sequence[AnswerWatcher]) -> None:
        self._answerer = answerer
        self._watchers = watchers

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
                    for watcher in self._watchers:
                        watcher.answered(event.answer)
                yield event

    async def aclose(self) -> None:
        await self._answerer.aclose()


def stages(timings_ms: Mapping[str, float]) -> Iterator[tuple[str, float, float]]:
    """The stages of an answer in order: name, start and end in milliseconds since the question.

    Each timing is the end of a stage.
    """
    begin = 0.0
    for name, end in sorted(timings_ms.items(), key=lambda each: each[1]):
        yield name, begin, end
        begin = end
