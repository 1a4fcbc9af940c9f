"""The whole answer from its events."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from rag.events import Event, Finished
from rag.types import Answer


async def whole(events: AsyncGenerator[Event, None]) -> Answer:
    """The answer, once all of it is there; the events are closed, also when this is cancelled."""
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Finished):
                return event.answer
    raise RuntimeError("the answer ended without its last event")
