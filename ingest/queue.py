"""The queue of durable work as its users see it: runs in, events and reports out."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dbos import DBOSClient, EnqueueOptions, error

from ingest.events import FileFinished, FileProgress, FileResult, OnEvent, Report, RunPlanned
from ingest.queue_db import (
    APPLICATION,
    CLOSED,
    FILES,
    OPEN,
    PLAN,
    POLL_S,
    PROGRESS,
    RUNS,
    RUNS_AT_A_TIME,
    VERSION,
    JsonSerializer,
    make_ready,
    speaking,
)
from ingest.work import FileTask, Json, RunRequest, result_from_json
from rag.errors import QueueError

_PROGRESS_EVERY_S = 1.0
_OVERLAP_MS = 1000  # what ended earlier may be committed later


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """`files`: in hand at a time in one worker; `files_per_minute`: started by all workers together."""

    files: int = 16
    files_per_minute: int | None = None
    retries: int = 4
    first_wait_s: float = 1.0


class RunQueue:
    """The queue as its users see it, from any process: start runs, follow them, cancel them.

    Raises:
        QueueError: from any method, when the database cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        with speaking(url):
            make_ready(url)
            self._client = DBOSClient(
                system_database_url=url, serializer=JsonSerializer(), application_name=APPLICATION
            )

    def close(self) -> None:
        """Close the connections."""
        self._client.destroy()

    def register(self, limits: QueueLimits) -> None:
        """Make the queues known, with these limits; they hold for all workers from now on."""
        rate = limits.files_per_minute
        self._client.register_queue(RUNS, worker_concurrency=RUNS_AT_A_TIME, polling_interval_sec=POLL_S)
        self._client.register_queue(
            FILES,
            worker_concurrency=limits.files,
            limiter={"limit": rate, "period": 60.0} if rate else None,
            polling_interval_sec=POLL_S,
        )

    def start(self, request: RunRequest) -> str:
        """Put a run on the queue; the name it goes by from now on."""
        run = f"run-{uuid.uuid4().hex}"
        with speaking(self._url):
            self._client.enqueue(_options("run", RUNS, run), request.to_json())
        return run

    def cancel(self, run: str) -> None:
        """Stop a run: files in hand are finished up to their present step, the others are not begun."""
        with speaking(self._url):
            waiting = [run, *(status.workflow_id for status in self._files(run, OPEN))]
            self._client.cancel_workflows(waiting)

    def follow(self, run: str, on_event: OnEvent) -> Report:
        """Tell of a run's events until it ends; events of the past are told first.

        Raises:
            QueueError: there is no such run, or it broke.
        """
        with speaking(self._url):
            return _Following(self, run, on_event).to_the_end()

    def busy(self, besides: str = "") -> set[str]:
        """Ids of the documents that runs other than one are working on."""
        with speaking(self._url):
            open_files = self._client.list_workflows(queue_name=FILES, status=OPEN, load_input=False, load_output=False)
        others = (status for status in open_files if not status.workflow_id.startswith(f"{besides}/"))
        return {str(status.deduplication_id).rpartition("/")[2] for status in others}

    def enqueue_files(self, run: str, tasks: Sequence[FileTask], pause: Callable[[], None]) -> None:
        """Put a run's files on the queue; returns when all are there, and may be repeated.

        A document has one workflow at a time: where another run has it in hand, this one waits for its turn.
        """
        waiting = list(enumerate(tasks))
        while waiting:
            refused = [(number, task) for number, task in waiting if not self._enqueue_file(run, number, task)]
            if refused:
                pause()
            waiting = refused

    def settle(self, run: str, pause: Callable[[], None]) -> str | None:
        """Wait until all files of a run are done with; why the run was stopped, if it was."""
        while self._files(run, OPEN, limit=1):
            pause()
        results = (status.output for status in self._files(run, ["SUCCESS"], outputs=True))
        return next((result["reason"] for result in results if result and result["fatal"]), None)

    def stop_files(self, run: str) -> None:
        """Cancel the files of a run that were not begun."""
        self._client.cancel_workflows([status.workflow_id for status in self._files(run, ["ENQUEUED"])])

    def _enqueue_file(self, run: str, number: int, task: FileTask) -> bool:
        options = _options("file", FILES, f"{run}/{number:07}")
        options["deduplication_id"] = f"{task.collection}/{task.document_id}"
        try:
            self._client.enqueue(options, task.to_json())
        except error.DBOSQueueDeduplicatedError:
            return False
        return True

    def _files(
        self, run: str, status: list[str], *, limit: int | None = None, outputs: bool = False, **more: Any
    ) -> list[Any]:
        return list(
            self._client.list_workflows(
                workflow_id_prefix=f"{run}/",
                status=status,
                limit=limit,
                load_input=False,
                load_output=outputs,
                **more,
            )
        )


class _Following:
    """Looks at a run again and again, and tells what is new."""

    def __init__(self, queue: RunQueue, run: str, on_event: OnEvent) -> None:
        self._queue = queue
        self._client = queue._client
        self._run = run
        self._on_event = on_event
        self._began = time.monotonic()
        self._results: list[FileResult] = []
        self._told: set[str] = set()
        self._seen_ms = 0
        self._planned = False
        self._progress: dict[str, Json] = {}
        self._next_progress = 0.0

    def to_the_end(self) -> Report:
        while True:
            status = self._status()  # before the files: what ends after this look is seen by the next
            self._tell_plan()
            if status.status in CLOSED:
                self._tell_finished(since_ms=0)
                return self._report(status)
            self._tell_finished(since_ms=self._seen_ms - _OVERLAP_MS)
            self._tell_progress()
            time.sleep(POLL_S)

    def _status(self) -> Any:
        found = self._client.list_workflows(workflow_ids=[self._run])
        if not found:
            raise QueueError(f"there is no run {self._run}")
        return found[0]

    def _tell_plan(self) -> None:
        if not self._planned and (plan := self._client.get_event(self._run, PLAN, 0)):
            self._planned = True
            self._on_event(RunPlanned(**plan))

    def _tell_finished(self, *, since_ms: int) -> None:
        since = datetime.fromtimestamp(since_ms / 1000, UTC).isoformat() if since_ms > 0 else None
        for status in self._queue._files(self._run, CLOSED, outputs=True, completed_after=since):
            self._seen_ms = max(self._seen_ms, status.completed_at or 0)
            if status.workflow_id not in self._told:
                self._told.add(status.workflow_id)
                if status.status != "CANCELLED":
                    self._tell(self._result_of(status))

    def _result_of(self, status: Any) -> FileResult:
        if status.status == "SUCCESS":
            return result_from_json(status.output)
        [whole] = self._client.list_workflows(workflow_ids=[status.workflow_id])
        assert whole.input is not None
        task = FileTask.from_json(whole.input["args"][0])
        reason = (
            f"{task.name}: the work broke ({status.error}). Try again, and report this: it is a fault of Footnote's"
        )
        return FileResult(task.source, "failed", task.document_id, reason=reason)

    def _tell(self, result: FileResult) -> None:
        self._results.append(result)
        self._on_event(FileFinished(result))

    def _tell_progress(self) -> None:
        if time.monotonic() < self._next_progress:
            return
        self._next_progress = time.monotonic() + _PROGRESS_EVERY_S
        for status in self._queue._files(self._run, ["PENDING"]):
            news = self._client.get_event(status.workflow_id, PROGRESS, 0)
            if news and self._progress.get(status.workflow_id) != news:
                self._progress[status.workflow_id] = news
                self._on_event(FileProgress(**news))

    def _report(self, status: Any) -> Report:
        if status.status == "CANCELLED":
            return Report(tuple(self._results), time.monotonic() - self._began, "cancelled")
        if status.status != "SUCCESS":
            raise QueueError(f"the run broke: {status.error}")
        for result in map(result_from_json, status.output["results"]):
            self._tell(result)
        return Report(tuple(self._results), time.monotonic() - self._began, status.output["stopped"])


def _options(workflow: str, queue: str, name: str) -> EnqueueOptions:
    return {"workflow_name": workflow, "queue_name": queue, "workflow_id": name, "app_version": VERSION}
