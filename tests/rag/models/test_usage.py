"""Tokens are counted for the task that asked, whatever it begins to get its answer."""

from __future__ import annotations

import asyncio

from rag.models import begin_meter
from rag.models.usage import count_call


def test_tasks_and_threads_count_for_the_task_that_began_them() -> None:
    """And for no other that runs beside it."""

    async def asking(tokens: int) -> tuple[int, int]:
        meter = begin_meter()
        await asyncio.gather(
            asyncio.create_task(counted(tokens)), asyncio.to_thread(count_call, tokens, 1), counted(tokens)
        )
        return meter.prompt_tokens, meter.calls

    async def counted(tokens: int) -> None:
        await asyncio.sleep(0)
        count_call(tokens, 1)

    async def both() -> list[tuple[int, int]]:
        return list(await asyncio.gather(asyncio.create_task(asking(2)), asyncio.create_task(asking(50))))

    assert asyncio.run(both()) == [(6, 3), (150, 3)]


def test_where_nobody_counts_nothing_happens() -> None:
    count_call(1, 1)
