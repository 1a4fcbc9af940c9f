"""The demo: the example documents and their questions."""

from __future__ import annotations

import asyncio
import json
from importlib.resources import files
from pathlib import Path

from rich.console import Console
from rich.text import Text

from api.cli.asking import Printed, say, tell_all
from api.handover import Question
from api.opening import opened
from ingest.build import open_ingestion
from ingest.cli.progress import ConsoleView
from ingest.work import RunRequest
from rag.errors import DatasetError
from rag.settings import Settings

DEMO_COLLECTION = "demo"


async def run_demo(settings: Settings, examples: Path, console: Console) -> None:
    """Ingest the bundled corpus into a store of its own and ask the questions that come with it.

    Raises:
        DatasetError: the corpus or its questions are not there.
    """
    questions = demo_questions(examples)
    own = {"data_dir": settings.data_dir / "demo", "collection": DEMO_COLLECTION, "qdrant_url": None, "queue_url": None}
    with opened(settings.model_copy(update=own)) as rag:
        say(console, Text(f"Reading {examples / 'corpus'} into {rag.settings.data_dir}", style="dim"))
        view = ConsoleView(console)
        try:
            with open_ingestion(rag.settings, rag) as ingestion:
                request = RunRequest(DEMO_COLLECTION, (str(examples / "corpus"),))
                report = await asyncio.to_thread(ingestion.run, request, view.event)
        finally:
            view.close()
        view.report(report)
        for question in questions:
            say(console, Text(), Text(question, style="bold green"))
            with Printed(console) as printed:
                await tell_all(rag, Question(question, DEMO_COLLECTION), printed.tell)


def bundled_examples() -> Path:
    """The folder of the demo's documents and questions: in the package, or in the checkout."""
    installed = Path(str(files("api") / "examples"))
    return installed if installed.is_dir() else Path(__file__).parents[2] / "examples"


def demo_questions(examples: Path) -> list[str]:
    """The questions of the demo.

    Raises:
        DatasetError: the corpus or its questions are not there.
    """
    if not (examples / "corpus").is_dir():
        raise DatasetError(
            f"the demo's documents are not in {examples / 'corpus'}: they come with Footnote, install it again"
        )
    try:
        stored = json.loads((examples / "demo.json").read_text(encoding="utf-8"))
        return [str(question) for question in stored["questions"]]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise DatasetError(f"{examples / 'demo.json'} cannot be read: {exc}") from exc
