"""How a run is shown: a progress bar and a list for people, lines of JSON for programs."""

from __future__ import annotations

import json
from typing import Protocol, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ingest.events import Event, FileFinished, FileResult, FileStarted, Report

_ADDED = ("written", "unchanged")


class View(Protocol):
    """Shows events while a run goes on, and its report at the end."""

    def event(self, event: Event) -> None: ...

    def close(self) -> None:
        """Take the progress bar away; also called when the run fails."""
        ...

    def report(self, report: Report) -> None: ...


class JsonView:
    """One line of JSON for each file, then one of the whole run."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def event(self, event: Event) -> None:
        if isinstance(event, FileFinished):
            self._write(_fields(event.result))

    def close(self) -> None:
        self._out.flush()

    def report(self, report: Report) -> None:
        counts = {status: report.count(status) for status in ("written", "unchanged", "failed", "skipped")}
        self._write({"summary": counts, "chunks": report.chunks, "seconds": round(report.seconds, 3)})

    def _write(self, line: dict[str, object]) -> None:
        self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._out.flush()


class ConsoleView:
    """A progress bar where there is a terminal; always the counts and the failures at the end."""

    def __init__(self, console: Console) -> None:
        self._console = console
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task("Ingesting", total=None)

    def event(self, event: Event) -> None:
        if isinstance(event, FileStarted):
            self._progress.start()
            self._progress.update(self._task, total=event.total, description=escape(event.path.name))
        elif event.result.status != "skipped":
            self._progress.advance(self._task)

    def close(self) -> None:
        self._progress.stop()

    def report(self, report: Report) -> None:
        skipped = [result for result in report.results if result.status == "skipped"]
        for title, results in (("Skipped", skipped), ("Failed", report.failures)):
            if results:
                self._say(f"{title}:")
            for result in results:
                self._say(f"  {result.path}" if result.reason is None else f"  {_explained(result)}")
        counts = f"{report.count('written')} written, {report.count('unchanged')} unchanged"
        counts += f", {report.count('skipped')} skipped, {report.count('failed')} failed"
        self._say(f"{counts}; {report.chunks} chunks in {report.seconds:.1f} s")

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def _explained(result: FileResult) -> str:
    reason = (result.reason or "").removeprefix(f"{result.path}: ").removeprefix(f"{result.path.name}: ")
    return f"{result.path}: {reason}"


def _fields(result: FileResult) -> dict[str, object]:
    fields: dict[str, object] = {"path": str(result.path), "status": result.status}
    if result.status in _ADDED:
        fields["document_id"] = result.document_id
    if result.status == "written":
        fields |= {"pages": result.pages, "chunks": result.chunks, "notes": list(result.notes)}
    if result.reason is not None:
        fields["reason"] = result.reason
    return fields | {"seconds": round(result.seconds, 3)}
