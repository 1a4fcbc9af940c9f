"""The Protocol of answering: a question to a stream of events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from rag.events import Event
from rag.filters import Filter
from rag.models import Message
from rag.types import AS_SET, Weighing


class Answering(Protocol):
    """Answers questions: `rag.answers.answerer.Answerer`, or a wrapper around it."""

    def answer(
        self,
        question: str,
        *,
        collection: str,
        where: Filter | None = None,
        history: Sequence[Message] = (),
        weighing: Weighing = AS_SET,
    ) -> AsyncGenerator[Event, None]:
        """Events in order, the last of them `Finished`."""
        ...

    async def aclose(self) -> None:
        """Close the connections to the language model, if there is one."""
        ...
