"""Work side by side, told in order."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answers.concurrency import in_order, with_beats


async def each(items: Sequence[int], fails: bool = False) -> AsyncGenerator[int, None]:
    for item in items:
        yield item
    if fails:
        raise RuntimeError("the source broke")


@given(st.lists(st.integers(0, 5), max_size=12), st.integers(1, 4))
def test_results_come_in_the_order_of_the_items(turns: list[int], at_once: int) -> None:
    """However long each takes; and never more are worked on at once than allowed."""
    working, most = 0, 0

    async def work(item: int) -> int:
        nonlocal working, most
        working += 1
        most = max(most, working)
        for _ in range(turns[item]):
            await asyncio.sleep(0)
        working -= 1
        return item

    async def collect() -> list[int]:
        return [result async for result in in_order(each(range(len(turns))), work, at_once=at_once)]

    assert asyncio.run(collect()) == list(range(len(turns)))
    assert most <= at_once


def test_a_slow_item_holds_up_nothing_but_the_telling() -> None:
    """All items are read, and the later ones are finished, before the first is."""

    async def run() -> list[int]:
        read: list[int] = []
        last_done = asyncio.Event()

        async def source() -> AsyncGenerator[int, None]:
            for item in range(3):
                read.append(item)
                yield item

        async def work(item: int) -> int:
            if item == 0:
                await last_done.wait()  # would wait for ever if the others were not worked on
                assert read == [0, 1, 2]
            if item == 2:
                last_done.set()
            return item

        return [result async for result in in_order(source(), work)]

    assert asyncio.run(asyncio.wait_for(run(), 10)) == [0, 1, 2]


def test_a_broken_source_breaks_after_what_it_gave() -> None:
    """Nothing that was told is lost."""

    async def run() -> list[int]:
        async def work(item: int) -> int:
            await asyncio.sleep(0)
            return item

        results = in_order(each([1, 2], fails=True), work)
        found = [await anext(results), await anext(results)]
        with pytest.raises(RuntimeError, match="broke"):
            await anext(results)
        return found

    assert asyncio.run(run()) == [1, 2]


def test_closing_stops_the_source_and_the_work() -> None:
    """Both are cancelled, and nothing is left running."""

    async def run() -> list[str]:
        stopped: list[str] = []

        async def source() -> AsyncGenerator[int, None]:
            try:
                yield 0
                yield 1
                await asyncio.sleep(60)
            finally:
                stopped.append("source")

        async def work(item: int) -> int:
            try:
                await asyncio.sleep(60 * item)
            finally:
                stopped.append(f"work {item}")
            return item

        results = in_order(source(), work)
        assert await anext(results) == 0
        await results.aclose()
        assert len(asyncio.all_tasks()) == 1
        return stopped

    assert sorted(asyncio.run(run())) == ["source", "work 0", "work 1"]


def test_beats_fill_the_silence_and_change_nothing_else() -> None:
    """Every event comes, in order, however many beats came before it."""

    async def run() -> list[int | str]:
        silence = asyncio.Event()

        async def source() -> AsyncGenerator[int, None]:
            yield 1
            await silence.wait()
            yield 2

        found: list[int | str] = []
        async for event in with_beats(source(), "beat", every_s=0.001):
            found.append(event)
            if found.count("beat") == 3:
                silence.set()
        return found

    found = asyncio.run(run())
    assert [event for event in found if event != "beat"] == [1, 2]
    assert found[1:4] == ["beat"] * 3


def test_beats_pass_errors_on() -> None:
    """And end where the events end."""

    async def run() -> None:
        async for _ in with_beats(each([1], fails=True), None, every_s=10):
            pass

    with pytest.raises(RuntimeError, match="broke"):
        asyncio.run(run())


def test_leaving_in_a_silence_closes_the_events() -> None:
    """Also while the next one is being waited for."""

    async def run() -> bool:
        closed = False

        async def source() -> AsyncGenerator[int, None]:
            nonlocal closed
            try:
                await asyncio.sleep(60)
                yield 1
            finally:
                closed = True

        beating = with_beats(source(), "beat", every_s=0.001)
        assert await anext(beating) == "beat"
        await beating.aclose()
        return closed

    assert asyncio.run(run())
