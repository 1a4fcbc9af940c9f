"""The commands `footnote ingest` and `footnote worker`."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Protocol

import typer
from rich.console import Console

from ingest.build import open_ingestion, open_queue
from ingest.cli.progress import ConsoleView, JsonView, View
from ingest.cli.watching import Changes, changes_in
from ingest.events import OnEvent, Report
from ingest.queue.handover import ServiceIngestion
from ingest.work import RunRequest
from rag.build.core import build
from rag.errors import FootnoteError, QueueError, ServiceError, SettingError, SourceError
from rag.handover import reached
from rag.settings import Settings, load_settings

SOME_FAILED = 1
COULD_NOT_RUN = 2
_MAGIC = frozenset("*?[")


Forget = Callable[[Settings, str, Sequence[str]], None]


class Ingests(Protocol):
    """The part of an ingestion that the command needs."""

    def run(self, request: RunRequest, on_event: OnEvent = ...) -> Report: ...


def ingest_command(
    context: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH...", help="Files, folders, quoted patterns, archives, URLs and s3:// prefixes."),
    ] = None,
    urls: Annotated[
        list[Path] | None, typer.Option("--urls", metavar="FILE", help="A file with one URL per line.")
    ] = None,
    collection: Annotated[
        str | None, typer.Option(help="Collection to fill, created if missing (default: FOOTNOTE_COLLECTION).")
    ] = None,
    prune: Annotated[bool, typer.Option(help="Delete documents whose source no longer exists.")] = False,
    watch: Annotated[bool, typer.Option(help="Keep running, and ingest files that are added or changed.")] = False,
    queue_only: Annotated[
        bool,
        typer.Option("--queue-only", help="Queue the files for `footnote worker` processes, and show their progress."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines: files, progress, a summary.")] = False,
) -> None:
    """Ingest files into a collection.

    Files that did not change are skipped. To resume a run that was killed, run the command again.
    Exit code 0: all files were ingested. 1: some files failed, and are listed with the reason. 2: the run failed.
    """
    try:
        settings = load_settings(collection=collection)
        given = tuple(map(absolute, paths or ()))
        if not given and not urls:
            raise SettingError("nothing to ingest: give a file, a folder, a URL, or --urls FILE")
        request = RunRequest(settings.collection, given, tuple(str(file.resolve()) for file in urls or ()), prune)
        batches = changes_in(existing(given)) if watch else iter(())
        next(batches, None)  # from here on no change is missed
        with opened(settings, queue_only=queue_only, forget=context.obj) as ingestion:
            code = run(ingestion, request, _view(as_json))
            if code != COULD_NOT_RUN:
                follow(ingestion, request, batches, as_json=as_json)
    except FootnoteError as exc:
        typer.echo(f"footnote ingest: {exc}", err=True)
        raise typer.Exit(COULD_NOT_RUN) from exc
    raise typer.Exit(code)


def worker_command(forget: Forget | None = None) -> None:
    """Process the queue that FOOTNOTE_QUEUE_URL names, until stopped.

    Any number of workers, on any number of machines, share one Postgres and one Qdrant server. If a worker dies, the
    others continue its files. Example: footnote worker
    """
    stopped = _told_to_stop()  # from here on a signal lets work that was begun come to its end
    try:
        settings = load_settings()
        rag = build(settings)
        try:
            with open_ingestion(settings, rag, forget=partial(forget, settings) if forget else None):
                typer.echo("footnote worker: ready", err=True)
                stopped.wait()
        finally:
            rag.close()
    except FootnoteError as exc:
        typer.echo(f"footnote worker: {exc}", err=True)
        raise typer.Exit(COULD_NOT_RUN) from exc


@contextmanager
def opened(settings: Settings, *, queue_only: bool = False, forget: Forget | None = None) -> Iterator[Ingests]:
    """Where the work is done: by the service that owns this machine's queue, by other workers, or in this process.

    `forget` erases data outside the store of documents that were pruned in this process.
    """
    told = partial(forget, settings) if forget else None

    @contextmanager
    def here() -> Iterator[Ingests]:
        if queue_only:
            with open_queue(settings) as queue:
                yield queue
            return
        with closing(build(settings)) as rag, open_ingestion(settings, rag, forget=told) as ingestion:
            yield ingestion

    with here() if settings.queue_url else reached(settings.queue_folder, here, ServiceIngestion) as ingestion:
        yield ingestion


def run(ingestion: Ingests, request: RunRequest, view: View) -> int:
    """Ingest and show it; the exit code."""
    try:
        report = ingestion.run(request, view.event)
    finally:
        view.close()
    view.report(report)
    if report.stopped is not None:
        typer.echo(f"footnote ingest: stopped: {report.stopped}; the files not named above were not read", err=True)
        return COULD_NOT_RUN
    return SOME_FAILED if report.failures else 0


def follow(ingestion: Ingests, request: RunRequest, batches: Iterator[Changes], *, as_json: bool) -> None:
    """Ingest every batch of changes; failures are shown, and the next change is waited for.

    Files that could not be ingested because the store or the queue failed are retried with the next batch. Deleted
    files are removed from the collection if the request prunes. If there are patterns, or something to prune, the whole
    request is repeated: unchanged files cost little.
    """
    again: set[str] = set()
    for batch in batches:
        paths = again | set(map(str, (*batch.added, *batch.changed)))
        whole = any(_MAGIC & set(path) for path in request.paths) or (batch.deleted and request.prune)
        if not paths and not whole:
            continue
        part = request if whole else RunRequest(request.collection, tuple(sorted(paths)))
        try:
            code = run(ingestion, part, _view(as_json))
        except (QueueError, ServiceError) as exc:
            typer.echo(f"footnote ingest: {exc}", err=True)
            code = COULD_NOT_RUN
        again = paths if code == COULD_NOT_RUN else set()


def absolute(given: str) -> str:
    """A path as the service sees it, which has a working directory of its own; URLs as they are."""
    return given if "://" in given else str(Path(given).expanduser().resolve())


def existing(paths: Sequence[str]) -> list[Path]:
    """The given files and folders; of a pattern, the folder its fixed part names.

    Raises:
        SourceError: one that is no pattern is not there.
    """
    folders = []
    for path in (Path(path) for path in paths if "://" not in path):
        if not path.exists() and not _MAGIC & set(str(path)):
            raise SourceError(f"{path}: not found, so it cannot be watched. Check the path")
        fixed = path
        while not fixed.exists():
            fixed = fixed.parent
        folders.append(fixed)
    return folders


def _view(as_json: bool) -> View:
    return JsonView(sys.stdout) if as_json else ConsoleView(Console(stderr=True))


def _told_to_stop() -> threading.Event:
    """Set when this process is interrupted or terminated."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped
