"""Copies the outcomes of files from the work queue to the database."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from api.storage import ErrorCode, Outcome, StoreFile, Upkeep
from ingest.events import FileFault, FileProgress, FileResult, RunState
from rag.errors import FootnoteError

_CODES: Mapping[FileFault, ErrorCode] = {
    "unsupported": "unsupported_file",
    "unreadable": "invalid_file",
    "system": "server_error",
}
_DONE = ("written", "unchanged")
_SYSTEM: ErrorCode = "server_error"
_log = logging.getLogger("footnote.library")


class NothingToRetry(FootnoteError):
    """A file is not failed or cancelled, so that there is nothing to begin anew."""


class Runs(Protocol):
    """The part of the work queue that reports on runs."""

    def state(self, run: str) -> RunState | None: ...


class Settler:
    """Notes outcomes. Several processes may do so at once: each outcome is noted once.

    `folder` is where the files lie; its path is left out of what clients are told.
    """

    def __init__(self, upkeep: Upkeep, runs: Runs, folder: Path) -> None:
        self._upkeep = upkeep
        self._runs = runs
        self._folder = folder

    def settle(self, files: Iterable[StoreFile]) -> list[tuple[StoreFile, FileResult]]:
        """Note what became of these files; those that were noted now and have a result.

        Raises:
            DatabaseFailed, QueueError.
        """
        by_run: dict[str, list[StoreFile]] = defaultdict(list)
        for file in files:
            if file.run is not None:
                by_run[file.run].append(file)
        noted: list[tuple[StoreFile, FileResult]] = []
        for run, of_run in by_run.items():
            noted += self._settle_run(run, of_run)
        return noted

    def progress(self, file: StoreFile) -> FileProgress | None:
        """The progress of a file; None if it is not reported.

        Raises:
            QueueError.
        """
        state = self._runs.state(file.run) if file.run else None
        of_file = f"/{file.file_id}/"
        return next((each for each in state.progress if of_file in each.source), None) if state else None

    def _settle_run(self, run: str, files: list[StoreFile]) -> list[tuple[StoreFile, FileResult]]:
        state = self._runs.state(run)
        results = {result.document_id: result for result in state.results} if state else {}
        noted = []
        for file in files:
            result = results.get(file.document_id)
            if result is not None:
                if self._upkeep.settle(file.number, run, self._outcome(file, result)):
                    noted.append((file, result))
            elif state is None or state.ended:
                told = "the record of the work is gone" if state is None else "the work on it was stopped"
                self._upkeep.settle(file.number, run, _given_up(file, told, state.stopped if state else None))
        return noted

    def _outcome(self, file: StoreFile, result: FileResult) -> Outcome:
        if result.status in _DONE:
            return Outcome("completed", usage_bytes=result.size_bytes)
        code = _CODES[result.fault or "system"]
        if code == _SYSTEM:  # its words may name addresses and folders
            return _given_up(file, "the service failed while reading it", result.reason)
        reason = (result.reason or "it was not read").replace(f"{self._folder / file.file_id}/", "")
        return Outcome("failed", error_code=code, error_message=reason.replace(f"{self._folder}/", ""))


def _given_up(file: StoreFile, told: str, why: str | None) -> Outcome:
    """What a client is told of a file that is not at fault; the log has why."""
    _log.error("file %s in store %s: %s: %s", file.file_id, file.store_id, told, why)
    return Outcome("failed", error_code=_SYSTEM, error_message=f"{told}. Try again: POST …/retry")
