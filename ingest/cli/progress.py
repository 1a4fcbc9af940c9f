"""Output of a run: a progress bar and a list for people, JSON lines for programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Protocol, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from ingest.cli.tally import Tally
from ingest.cli.terminal import json_line
from ingest.events import Event, FileFinished, FileResult, Report

_ADDED = ("written", "unchanged", "pruned")
_MB = 1_000_000
_STATUSES = ("written", "unchanged", "failed", "skipped", "pruned")
_PROGRESS_EVERY_S = 1.0
_NAME_CHARACTERS = 40
_MOST_NAMED = 10


class View(Protocol):
    """Shows the events of a run, and its report at the end."""

    def event(self, event: Event) -> None: ...

    def close(self) -> None:
        """Remove the progress bar; also called if the run fails."""
        ...

    def report(self, report: Report) -> None: ...


class JsonView:
    """Lines of JSON: one for each file, one a second on how far the run is, and one of the whole run at its end."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = monotonic) -> None:
        self._out = out
        self._clock = clock
        self._began = self._next = clock()
        self._tally = Tally()

    def event(self, event: Event) -> None:
        self._tally.add(event)
        if isinstance(event, FileFinished):
            self._write(_fields(event.result))
        if self._clock() >= self._next:
            self._next = self._clock() + _PROGRESS_EVERY_S
            self._write({"progress": progress_fields(self._tally, self._clock() - self._began)})

    def close(self) -> None:
        self._out.flush()

    def report(self, report: Report) -> None:
        summary: dict[str, object] = {
            "summary": {status: report.count(status) for status in _STATUSES},  # type: ignore[arg-type]
            "incomplete": len(report.incomplete),
            "chunks": report.chunks,
            "seconds": round(report.seconds, 3),
            "embedding_s": round(report.embedding_s, 3),
        }
        self._write(summary | ({"stopped": report.stopped} if report.stopped else {}))

    def _write(self, line: dict[str, object]) -> None:
        self._out.write(json_line(line, self._out.encoding) + "\n")
        self._out.flush()


class ConsoleView:
    """A progress bar in a terminal; always the counts and the failures at the end."""

    def __init__(self, console: Console, clock: Callable[[], float] = monotonic) -> None:
        self._console = console
        self._clock = clock
        self._began = clock()
        self._tally = Tally()
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
        )
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task("listing", total=None, counts="", left="")

    def event(self, event: Event) -> None:
        tally = self._tally
        tally.add(event)
        self._progress.start()
        seconds = self._clock() - self._began
        left = tally.left_s(seconds)
        self._progress.update(
            self._task,
            total=1.0 if tally.files else None,
            completed=tally.share,
            description=escape(f"{tally.stage} {_short(tally.source)}"),
            counts=_counts(tally, seconds),
            left="" if left is None else f"{_clock_time(left)} left",
        )

    def close(self) -> None:
        self._progress.stop()

    def report(self, report: Report) -> None:
        skipped = [result for result in report.results if result.status == "skipped"]
        for title, results in (("Skipped", skipped), ("Failed", report.failures)):
            if results:
                self._say(f"{title}:")
            for result in results:
                self._say(f"  {result.source}" if result.reason is None else f"  {_explained(result)}")
        counts = f"{report.count('written')} written, {report.count('unchanged')} unchanged"
        counts += f", {report.count('skipped')} skipped, {report.count('failed')} failed"
        counts += f", {report.count('pruned')} pruned" if report.count("pruned") else ""
        self._say(f"{counts}; {report.chunks} chunks in {report.seconds:.1f} s")
        self._incomplete(report.incomplete)

    def _incomplete(self, results: Sequence[FileResult]) -> None:
        """Name the files that were not read in full, and the command that shows what is missing."""
        if not results:
            return
        files = "1 file was" if len(results) == 1 else f"{len(results)} files were"
        self._say(f"{files} not read in full; `footnote receipt FILE` shows what was left out:")
        for result in results[:_MOST_NAMED]:
            more = f" (and {len(result.losses) - 1} more)" if len(result.losses) > 1 else ""
            self._say(f"  {result.source}: {result.losses[0]}{more}")
        if len(results) > _MOST_NAMED:
            self._say(f"  and {len(results) - _MOST_NAMED} more")

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def progress_fields(tally: Tally, seconds: float) -> dict[str, object]:
    """How far a run is, as plain data."""
    left = tally.left_s(seconds)
    return {
        "stage": tally.stage,
        "source": tally.source,
        "files": tally.files_done,
        "files_total": tally.files,
        "failed": tally.failed,
        "incomplete": tally.incomplete,
        "pages": tally.pages,
        "chunks": tally.chunks,
        "bytes": tally.bytes_done,
        "bytes_total": tally.size_bytes,
        "chunks_per_s": round(tally.chunks_per_s(seconds), 1),
        "seconds": round(seconds, 1),
        "seconds_left": None if left is None else round(left, 1),
    }


def _counts(tally: Tally, seconds: float) -> str:
    files = f"{tally.files_done}/{tally.files} files"
    size = f"{tally.bytes_done / _MB:.1f}/{tally.size_bytes / _MB:.1f} MB"
    failed = f", {tally.failed} failed" if tally.failed else ""
    return f"{files}{failed}, {size}, {tally.pages} pages, {tally.chunks} chunks, {tally.chunks_per_s(seconds):.0f}/s"


def _short(source: str) -> str:
    name = source.rpartition("/")[2]
    return name if len(name) <= _NAME_CHARACTERS else f"{name[: _NAME_CHARACTERS - 1]}…"


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def _explained(result: FileResult) -> str:
    name = result.source.rpartition("/")[2]
    reason = (result.reason or "").removeprefix(f"{result.source}: ").removeprefix(f"{name}: ")
    return f"{result.source}: {reason}"


def _fields(result: FileResult) -> dict[str, object]:
    fields: dict[str, object] = {"source": result.source, "status": result.status}
    if result.status in _ADDED:
        fields["document_id"] = result.document_id
    if result.status == "written":
        fields |= {
            "pages": result.pages,
            "chunks": result.chunks,
            "bytes": result.size_bytes,
            "notes": list(result.notes),
            "losses": list(result.losses),
        }
    if result.reason is not None:
        fields["reason"] = result.reason
    return fields | {"seconds": round(result.seconds, 3)}
