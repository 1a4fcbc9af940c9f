"""What ingestion tells of itself: results, events and the report of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Status = Literal["written", "unchanged", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file. `reason` says why it failed or was skipped, and what to do."""

    path: Path
    status: Status
    document_id: str | None = None
    pages: int = 0
    chunks: int = 0
    seconds: float = 0.0
    reason: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileStarted:
    """A file is being read; it is number `number` (from 1) of `total`."""

    path: Path
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class FileFinished:
    """A file is done with. Small files are embedded together, so that several may finish after the last started."""

    result: FileResult


Event = FileStarted | FileFinished
OnEvent = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Report:
    """The results of a run, in the order in which the files finished."""

    results: tuple[FileResult, ...]
    seconds: float

    def count(self, status: Status) -> int:
        """How many files have this status."""
        return sum(result.status == status for result in self.results)

    @property
    def failures(self) -> tuple[FileResult, ...]:
        """The files that failed."""
        return tuple(result for result in self.results if result.status == "failed")

    @property
    def chunks(self) -> int:
        """How many chunks were written."""
        return sum(result.chunks for result in self.results if result.status == "written")
