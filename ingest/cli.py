"""The command `footnote ingest`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Protocol

import typer
from rich.console import Console

from ingest.build import build_ingestor
from ingest.events import OnEvent, Report
from ingest.progress import ConsoleView, JsonView, View
from ingest.watching import changes_in
from rag.build import build
from rag.errors import FootnoteError
from rag.settings import load_settings

SOME_FAILED = 1
COULD_NOT_RUN = 2


class Ingests(Protocol):
    """The part of `Ingestor` that the command needs."""

    def ingest(self, paths: Sequence[Path | str], collection: str, *, on_event: OnEvent | None = None) -> Report: ...


def ingest_command(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders and quoted patterns.")],
    collection: Annotated[str | None, typer.Option(help="Collection to fill; it is created when missing.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each file, then a summary.")] = False,
    watch: Annotated[bool, typer.Option(help="Stay, and ingest what is added or changed.")] = False,
) -> None:
    """Read files into a collection.

    Exit code 0: all files are in. 1: some failed, and are listed with the reason. 2: the run could not be done.
    A file deleted from a folder stays in the collection.
    """
    view: View = JsonView(sys.stdout) if as_json else ConsoleView(Console(stderr=True))
    try:
        settings = load_settings(collection=collection)
        rag = build(settings)
        try:
            ingestor = build_ingestor(settings, rag)
            failed = run(ingestor, paths, settings.collection, view)
            if watch:
                batches = ([*batch.added, *batch.changed] for batch in changes_in(existing(paths)))
                follow(ingestor, filter(None, batches), settings.collection, as_json)
        finally:
            rag.store.close()
    except FootnoteError as exc:
        typer.echo(f"footnote ingest: {exc}", err=True)
        raise typer.Exit(COULD_NOT_RUN) from exc
    raise typer.Exit(SOME_FAILED if failed else 0)


def run(ingestor: Ingests, paths: Sequence[Path | str], collection: str, view: View) -> bool:
    """Ingest and show it; whether any file failed."""
    try:
        report = ingestor.ingest(paths, collection, on_event=view.event)
    finally:
        view.close()
    view.report(report)
    return bool(report.failures)


def follow(ingestor: Ingests, changes: Iterable[list[Path]], collection: str, as_json: bool) -> None:
    """Ingest every batch of changed files; one that fails is shown and the next change is waited for."""
    for files in changes:
        view: View = JsonView(sys.stdout) if as_json else ConsoleView(Console(stderr=True))
        run(ingestor, files, collection, view)


def existing(paths: Sequence[str]) -> list[Path]:
    """The given files and folders that exist; of a pattern, the folder its fixed part names."""
    folders = []
    for path in map(Path, paths):
        fixed = path
        while not fixed.exists():
            fixed = fixed.parent
        folders.append(fixed)
    return folders
