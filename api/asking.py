"""Questions asked at a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import aclosing, contextmanager, nullcontext
from pathlib import Path

from rich.console import Console
from rich.status import Status
from rich.text import Text

from api.render import Footnotes, closing_lines, sentence_line
from api.wire import where_of
from ingest.build import build_ingestor
from ingest.progress import ConsoleView
from rag.build import Rag, build
from rag.errors import DatasetError, FilterError
from rag.events import Finished, Heartbeat, Released
from rag.filters import Filter
from rag.settings import Settings

DEMO_COLLECTION = "demo"


@contextmanager
def opened(settings: Settings) -> Iterator[Rag]:
    """The core of these settings, closed afterwards; a terminal shows that it is loading."""
    errors = Console(stderr=True)
    with errors.status("Loading the model") if errors.is_terminal else nullcontext():
        rag = build(settings)
    try:
        yield rag
    finally:
        rag.close()


def filter_of(text: str | None) -> Filter | None:
    """The filter in an option's JSON.

    Raises:
        FilterError: it is not JSON, not an object, or malformed.
    """
    if text is None:
        return None
    try:
        raw = json.loads(text)
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


async def run_demo(settings: Settings, examples: Path, console: Console) -> None:
    """Ingest the bundled corpus into a store of its own and ask the questions that come with it.

    Raises:
        DatasetError: the corpus or its questions are not there.
    """
    questions = demo_questions(examples)
    own = {"data_dir": settings.data_dir / "demo", "collection": DEMO_COLLECTION, "qdrant_url": None}
    with opened(settings.model_copy(update=own)) as rag:
        say(console, Text(f"Reading {examples / 'corpus'} into {rag.settings.data_dir}", style="dim"))
        view = ConsoleView(console)
        try:
            report = build_ingestor(rag.settings, rag).ingest(
                [examples / "corpus"], DEMO_COLLECTION, on_event=view.event
            )
        finally:
            view.close()
        view.report(report)
        for question in questions:
            say(console, Text(), Text(question, style="bold green"))
            await print_answer(rag, question, collection=DEMO_COLLECTION, console=console)


def demo_questions(examples: Path) -> list[str]:
    """The questions of the demo.

    Raises:
        DatasetError: the corpus or its questions are not there.
    """
    if not (examples / "corpus").is_dir():
        raise DatasetError(
            f"the demo's documents are not in {examples / 'corpus'}: they come with the source, not with the package; "
            "clone the repository and run `footnote demo` there"
        )
    try:
        stored = json.loads((examples / "demo.json").read_text(encoding="utf-8"))
        return [str(question) for question in stored["questions"]]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise DatasetError(f"{examples / 'demo.json'} cannot be read: {exc}") from exc
