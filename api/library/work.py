"""The interface of the work queue for the library."""

from __future__ import annotations

from typing import Protocol

from ingest.events import RunState
from ingest.work import RunRequest
from rag.errors import FootnoteError, QueueError


class WorkQueue(Protocol):
    """The part of `ingest.queue.runs.RunQueue` that the library needs."""

    def start(self, request: RunRequest) -> str: ...

    def cancel(self, run: str) -> None: ...

    def state(self, run: str) -> RunState | None: ...

    def busy(self, besides: str = "") -> set[str]: ...


class QueueFull(FootnoteError):
    """Too many files are waiting for ingestion."""


class NoQueue:
    """Used if this service has no work queue. `another` is that of another process, which can be read."""

    def __init__(self, another: WorkQueue | None = None) -> None:
        self._another = another

    def start(self, request: RunRequest) -> str:
        raise self.missing()

    def missing(self) -> QueueError:
        """Why nothing can be read into stores."""
        return QueueError(
            "this service takes no files: another process has this machine's queue. Stop it, or set FOOTNOTE_QUEUE_URL"
        )

    def cancel(self, run: str) -> None:
        if self._another is not None:
            self._another.cancel(run)

    def state(self, run: str) -> RunState | None:
        return self._another.state(run) if self._another is not None else RunState(())

    def busy(self, besides: str = "") -> set[str]:
        return self._another.busy(besides) if self._another is not None else set()
