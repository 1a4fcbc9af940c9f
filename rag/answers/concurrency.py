"""Concurrent work on a stream with results in order, and heartbeats while there are no results."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Beat = TypeVar("Beat")

AT_ONCE = 4


async def in_order(
    items: AsyncGenerator[Item, None], work: Callable[[Item], Coroutine[Any, Any, Result]], *, at_once: int = AT_ONCE
) -> AsyncGenerator[Result, None]:
    """The results of `work`, in the order of the items.

    Up to `at_once` items are processed concurrently while further ones are read; a slow item delays later results but
    not later work. Closing the iterator stops all of it.

    Raises:
        Whatever `items` or `work` raise, after the results of the items before.
    """
    slots = asyncio.Semaphore(at_once)
    begun: asyncio.Queue[asyncio.Task[Result] | None] = asyncio.Queue()
    tasks: list[asyncio.Task[Result]] = []

    async def in_slot(item: Item) -> Result:
        async with slots:
            return await work(item)

    async def read() -> None:
        try:
            async with aclosing(items):
                async for item in items:
                    tasks.append(asyncio.create_task(in_slot(item)))
                    begun.put_nowait(tasks[-1])
        finally:
            begun.put_nowait(None)

    reading = asyncio.create_task(read())
    try:
        while (task := await begun.get()) is not None:
            yield await task
        await reading
    finally:
        await stopped(reading, *tasks)


async def with_beats(
    events: AsyncGenerator[Item, None], beat: Beat, *, every_s: float
) -> AsyncGenerator[Item | Beat, None]:
    """The events, and a beat if there was none for `every_s` seconds. Closing the iterator closes the events."""
    async with aclosing(events):
        while True:
            coming = asyncio.ensure_future(anext(events, None))
            try:
                while not (await asyncio.wait({coming}, timeout=every_s))[0]:
                    yield beat
            finally:
                if not coming.done():
                    await stopped(coming)
            event = coming.result()
            if event is None:
                return
            yield event


async def stopped(*tasks: asyncio.Future[Any]) -> None:
    """Cancel tasks and wait until they have ended, with or without an error."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
