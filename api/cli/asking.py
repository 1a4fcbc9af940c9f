"""Questions asked at a terminal."""

from __future__ import annotations

import json
from contextlib import aclosing

from rich.console import Console
from rich.status import Status
from rich.text import Text

from api.cli.render import Footnotes, closing_lines, sentence_line
from api.wire import where_of
from ingest.cli.terminal import readable
from rag.build.core import Rag
from rag.errors import FilterError
from rag.events import Finished, Heartbeat, Released
from rag.filters import Filter


def filter_of(text: str | None) -> Filter | None:
    """The filter in an option's JSON.

    Raises:
        FilterError: it is not JSON, not an object, or malformed.
    """
    if text is None:
        return None
    try:
        raw = json.loads(readable(text))
    except ValueError as exc:
        raise FilterError(f"--filter is not JSON: {exc}") from exc
    if not isinstance(raw, dict):
        raise FilterError('--filter needs an object such as {"type": "eq", "key": "filename", "value": "manual.pdf"}')
    return where_of(raw)


async def print_answer(
    rag: Rag, question: str, *, collection: str, console: Console, where: Filter | None = None
) -> None:
    """Print each sentence as it is released, then its footnotes."""
    footnotes = Footnotes()
    waiting = Status("Searching", console=console) if console.is_terminal else None
    if waiting:
        waiting.start()
    try:
        async with aclosing(rag.answerer.answer(question, collection=collection, where=where)) as events:
            async for event in events:
                if waiting and not isinstance(event, Heartbeat):
                    waiting.stop()
                if isinstance(event, Released):
                    say(console, sentence_line(event.verdict, footnotes))
                elif isinstance(event, Finished):
                    say(console, *closing_lines(event.answer, footnotes))
    finally:
        if waiting:
            waiting.stop()


def say(console: Console, *lines: Text) -> None:
    """Print lines, wrapped at a terminal's width and whole elsewhere."""
    for line in lines:
        console.print(line, soft_wrap=not console.is_terminal)
