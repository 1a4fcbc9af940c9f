"""Ingestion as its users see it: hand in a request, hear what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Protocol, Self

from ingest.events import OnEvent, Report, RunState
from ingest.work import RunRequest


class Queue(Protocol):
    """The part of `ingest.queue.runs.RunQueue` that users need."""

    def start(self, request: RunRequest) -> str: ...

    def follow(self, run: str, on_event: OnEvent) -> Report: ...

    def cancel(self, run: str) -> None: ...

    def state(self, run: str) -> RunState | None: ...

    def busy(self, besides: str = "") -> set[str]: ...


class Ingestion:
    """A queue, and the workers on it in this process; `close` ends both.

    Unfinished work, also after a kill, continues when the queue is opened again.
    """

    def __init__(self, queue: Queue, parts: ExitStack, embedding_s: Callable[[], float]) -> None:
        self.queue = queue
        self._parts = parts
        self._embedding_s = embedding_s

    def run(self, request: RunRequest, on_event: OnEvent = lambda _event: None) -> Report:
        """Run a request and report its events; an interrupt cancels the rest.

        Raises:
            QueueError: the queue failed.
        """
        run = self.queue.start(request)
        try:
            return self.queue.follow(run, on_event)
        except KeyboardInterrupt:
            self.queue.cancel(run)
            raise

    @property
    def embedding_s(self) -> float:
        """How long the embedding model has worked in this process."""
        return self._embedding_s()

    def close(self) -> None:
        """Stop working."""
        self._parts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()
