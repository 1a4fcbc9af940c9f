"""Results, events and the report of an ingestion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Status = Literal["written", "unchanged", "failed", "skipped", "pruned"]
Stage = Literal["read", "write"]
FileFault = Literal["unsupported", "unreadable", "system"]
"""What is at fault where a file failed: its kind, the file itself, or the store, a model or the service."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """The result of one source. `reason` says why it failed or was skipped, and what to do. `losses` lists what of a
    written file was not read.

    `fatal`: the store or a model failed, not the file, so that other files would fail too. `embedding_s` is the file's
    share of the embedding time.
    """

    source: str
    status: Status
    document_id: str | None = None
    size_bytes: int = 0
    pages: int = 0
    chunks: int = 0
    seconds: float = 0.0
    embedding_s: float = 0.0
    reason: str | None = None
    notes: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    fault: FileFault | None = None
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class RunPlanned:
    """The sources are listed: the number of `files` and their total size, as far as known."""

    files: int
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class FileProgress:
    """A long file is in progress: `chunks_done` of its `chunks` are written."""

    source: str
    stage: Stage
    pages: int = 0
    chunks_done: int = 0
    chunks: int = 0


@dataclass(frozen=True, slots=True)
class FileFinished:
    """A file is done with."""

    result: FileResult


@dataclass(frozen=True, slots=True)
class Tick:
    """A second has passed, and the run is still in progress."""


Event = RunPlanned | FileProgress | FileFinished | Tick
OnEvent = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Report:
    """The results of a run, in the order in which the files finished.

    `stopped` says why the run was stopped before every file was done.
    """

    results: tuple[FileResult, ...]
    seconds: float
    stopped: str | None = None

    def count(self, status: Status) -> int:
        """How many files have this status."""
        return sum(result.status == status for result in self.results)

    @property
    def failures(self) -> tuple[FileResult, ...]:
        """The files that failed."""
        return tuple(result for result in self.results if result.status == "failed")

    @property
    def incomplete(self) -> tuple[FileResult, ...]:
        """The written files that were not read in full."""
        return tuple(result for result in self.results if result.status == "written" and result.losses)

    @property
    def chunks(self) -> int:
        """How many chunks were written."""
        return sum(result.chunks for result in self.results if result.status == "written")

    @property
    def embedding_s(self) -> float:
        """How long embedding took, over all files."""
        return sum(result.embedding_s for result in self.results)


@dataclass(frozen=True, slots=True)
class RunState:
    """The state of a run: results of finished files, progress of the others, and whether the run has ended.

    `stopped` says why a run that has ended was stopped before every file was done.
    """

    results: tuple[FileResult, ...]
    progress: tuple[FileProgress, ...] = ()
    ended: bool = False
    stopped: str | None = None
