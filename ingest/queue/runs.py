"""The queue of durable work for its users: runs in, events and reports out."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from dbos import DBOSClient, EnqueueOptions, error

from ingest.events import Event, FileFinished, FileProgress, FileResult, OnEvent, Report, RunPlanned, RunState, Tick
from ingest.queue.database import (
    APPLICATION,
    CLOSED,
    FILE,
    FILES,
    OPEN,
    PLAN,
    POLL_S,
    PROGRESS,
    RUNS,
    RUNS_AT_A_TIME,
    VERSION,
    JsonSerializer,
    compact,
    make_ready,
    speaking,
)
from ingest.work import FileTask, Json, RunRequest, result_from_json
from rag.errors import QueueError

_TICK_S, _TURN_S = 1.0, 0.5
_LONGEST_WAIT_S = 0.4  # of who follows a run: each look costs milliseconds of processor time
_FILES_A_LOOK = 200
_KEPT = timedelta(days=7)
_PAGE = 500
_OVERLAP_MS = 1000  # what ended earlier may be committed later


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """`files`: in progress per worker; `files_per_minute`: started by all workers together."""

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
        """Make the queues known, with these limits; they hold for all workers from now on, who look often at first."""
        rate = limits.files_per_minute
        self._client.register_queue(RUNS, worker_concurrency=RUNS_AT_A_TIME, polling_interval_sec=POLL_S)
        self._client.register_queue(
            FILES,
            worker_concurrency=limits.files,
            limiter={"limit": rate, "period": 60.0} if rate else None,
            polling_interval_sec=POLL_S,
        )

    def look(self, every_s: float) -> None:
        """Have all workers look for runs and files so often from now on."""
        with speaking(self._url):
            for queue in (self._client.retrieve_queue(RUNS), self._client.retrieve_queue(FILES)):
                if queue is not None:
                    queue.set_polling_interval_sec(every_s)

    def is_empty(self) -> bool:
        """Whether no run is waiting or being worked on."""
        with speaking(self._url):
            return not self._client.list_workflows(
                queue_name=RUNS, status=OPEN, limit=1, load_input=False, load_output=False
            )

    def start(self, request: RunRequest) -> str:
        """Queue a run; returns its name."""
        run = f"run-{uuid.uuid4().hex}"
        with speaking(self._url):
            self._client.enqueue(_options("run", RUNS, run), request.to_json())
        return run

    def cancel(self, run: str) -> None:
        """Stop a run: files in progress finish their current step, the others are not started."""
        with speaking(self._url):
            self._client.cancel_workflows([run])
            self._cancel_files(run)

    def follow(self, run: str, on_event: OnEvent) -> Report:
        """Report the events of a run until it ends, starting with past events.

        Raises:
            QueueError: there is no such run, or it failed.
        """
        following = _Following(self, run, on_event)
        wait_s = POLL_S
        while True:
            with speaking(self._url):  # what listeners raise is theirs
                news = following.look()
            report = following.tell(news)
            if report is not None:
                return report
            wait_s = POLL_S if news.events else min(2 * wait_s, _LONGEST_WAIT_S)
            time.sleep(wait_s)

    def state(self, run: str) -> RunState | None:
        """A run as it is now; None when there is none of this name, or not any more."""
        with speaking(self._url):
            following = _Following(self, run, lambda _event: None)
            found = self._client.list_workflows(workflow_ids=[run])  # before its files: what ends later is seen later
            if not found:
                return None
            results = tuple(following.finished())
            progress = tuple(following.in_hand()) if found[0].status not in CLOSED else ()
        return _state_of(found[0], results, progress)

    def busy(self, besides: str = "") -> set[str]:
        """Ids of the documents that runs other than one are working on."""
        with speaking(self._url):
            open_files = self._client.list_workflows(queue_name=FILES, status=OPEN, load_input=False, load_output=False)
        others = (status for status in open_files if not status.workflow_id.startswith(f"{besides}/"))
        return {str(status.deduplication_id).rpartition("/")[2] for status in others}

    def enqueue_files(self, run: str, tasks: Sequence[FileTask], check: Callable[[], None]) -> None:
        """Queue the files of a run; returns when all are queued, and may be repeated.

        A document has one workflow at a time: if another run works on it, this one waits for its turn. `check` may
        raise to stop. A cancelled run queues nothing more.
        """
        waiting = list(enumerate(tasks))
        while waiting and not self._is_cancelled(run):
            held = self.busy(run) if len(waiting) < len(tasks) else set()
            refused: list[tuple[int, FileTask]] = []
            for number, task in waiting:
                check()
                if task.document_id in held or not self._enqueue_file(run, number, task):
                    refused.append((number, task))
                if number % _FILES_A_LOOK == 0 and self._is_cancelled(run):
                    break
            if refused:
                time.sleep(min(_TURN_S, POLL_S + len(refused) / _FILES_A_LOOK))
            waiting = refused
        if self._is_cancelled(run):
            self._cancel_files(run)

    def settle(self, run: str, pause: Callable[[], None]) -> str | None:
        """Wait until all files of a run are done with; why the run was stopped, if it was."""
        while self._files(run, OPEN, limit=1):
            pause()
        results = (status.output for status in self._files(run, ["SUCCESS"], outputs=True))
        return next((result["reason"] for result in results if result and result["fatal"]), None)

    def sweep(self) -> None:
        """Forget runs and files that ended long ago."""
        with speaking(self._url):
            before = (datetime.now(UTC) - _KEPT).isoformat()
            while old := self._client.list_workflows(
                status=CLOSED, completed_before=before, limit=_PAGE, load_input=False, load_output=False
            ):
                self._client.delete_workflows([status.workflow_id for status in old])

    def forget(self, collection: str, document_ids: Collection[str]) -> None:
        """Delete the records of ended work on these documents of a collection, and of the ended runs it was part of.

        Runs that are not ended keep the names of their files; they are forgotten with all others after some days.
        """
        wanted = frozenset(document_ids)
        with speaking(self._url):
            files = [
                name
                for name, task in self._ended_files()
                if task.collection == collection and task.document_id in wanted
            ]
            runs = sorted({name.rpartition("/")[0] for name in files})
            ended = (
                self._client.list_workflows(workflow_ids=runs, status=CLOSED, load_input=False, load_output=False)
                if runs
                else []
            )
            self._client.delete_workflows([*files, *(status.workflow_id for status in ended)])
            compact(self._url)

    def _ended_files(self) -> Iterator[tuple[str, FileTask]]:
        for start in count(0, _PAGE):
            found = self._client.list_workflows(name=FILE, status=CLOSED, limit=_PAGE, offset=start, load_output=False)
            for status in found:
                if status.input is not None:
                    yield status.workflow_id, FileTask.from_json(status.input["args"][0])
            if len(found) < _PAGE:
                return

    def _is_cancelled(self, run: str) -> bool:
        found = self._client.list_workflows(workflow_ids=[run], load_input=False, load_output=False)
        return not found or found[0].status == "CANCELLED"

    def _cancel_files(self, run: str) -> None:
        self._client.cancel_workflows([status.workflow_id for status in self._files(run, OPEN)])

    def stop_files(self, run: str) -> None:
        """Cancel the files of a run that were not begun."""
        self._client.cancel_workflows([status.workflow_id for status in self._files(run, ["ENQUEUED"])])

    def _enqueue_file(self, run: str, number: int, task: FileTask) -> bool:
        options = _options(FILE, FILES, f"{run}/{number:07}")
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


def _state_of(status: Any, results: tuple[FileResult, ...], progress: tuple[FileProgress, ...]) -> RunState:
    if status.status not in CLOSED:
        return RunState(results, progress)
    if status.status == "SUCCESS":
        more = tuple(map(result_from_json, status.output["results"]))
        return RunState((*results, *more), ended=True, stopped=status.output["stopped"])
    why = "it was cancelled" if status.status == "CANCELLED" else f"the run failed: {status.error}"
    return RunState(results, ended=True, stopped=why)


@dataclass(frozen=True, slots=True)
class _News:
    """What one look at a run found; `status` is the run's."""

    status: Any
    events: list[Event]


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
        self._next_tick = 0.0

    def look(self) -> _News:
        """Ask the database once."""
        found = self._client.list_workflows(workflow_ids=[self._run])  # before its files: what ends later is seen later
        if not found:
            raise QueueError(f"there is no run {self._run}")
        closed = found[0].status in CLOSED
        events = self._plan()
        events += map(FileFinished, self.finished(since_ms=0 if closed else self._seen_ms - _OVERLAP_MS))
        if not closed and time.monotonic() >= self._next_tick:
            self._next_tick = time.monotonic() + _TICK_S
            events += [*self.in_hand(), Tick()]
        return _News(found[0], events)

    def tell(self, news: _News) -> Report | None:
        """Report new events; returns the report when the run has ended."""
        for event in news.events:
            self._tell(event)
        status = news.status
        if status.status not in CLOSED:
            return None
        if status.status == "CANCELLED":
            return self._report("cancelled")
        if status.status != "SUCCESS":
            raise QueueError(f"the run failed: {status.error}")
        for result in map(result_from_json, status.output["results"]):
            self._tell(FileFinished(result))
        return self._report(status.output["stopped"])

    def _tell(self, event: Event) -> None:
        if isinstance(event, FileFinished):
            self._results.append(event.result)
        self._on_event(event)

    def _report(self, stopped: str | None) -> Report:
        return Report(tuple(self._results), time.monotonic() - self._began, stopped)

    def _plan(self) -> list[Event]:
        if self._planned or not (plan := self._client.get_event(self._run, PLAN, 0)):
            return []
        self._planned = True
        return [RunPlanned(**plan)]

    def finished(self, *, since_ms: int = 0) -> Iterator[FileResult]:
        """Results of files that have ended and were not reported yet."""
        since = datetime.fromtimestamp(since_ms / 1000, UTC).isoformat() if since_ms > 0 else None
        for status in self._queue._files(self._run, CLOSED, outputs=True, completed_after=since):
            self._seen_ms = max(self._seen_ms, status.completed_at or 0)
            if status.workflow_id not in self._told:
                self._told.add(status.workflow_id)
                if status.status != "CANCELLED":
                    yield self._result_of(status)

    def _result_of(self, status: Any) -> FileResult:
        if status.status == "SUCCESS":
            return result_from_json(status.output)
        [whole] = self._client.list_workflows(workflow_ids=[status.workflow_id])
        assert whole.input is not None
        task = FileTask.from_json(whole.input["args"][0])
        broke = f"the work broke ({status.error}). Try again, and report this: it is a fault of Footnote's"
        return FileResult(task.source, "failed", task.document_id, reason=f"{task.name}: {broke}")

    def in_hand(self) -> Iterator[FileProgress]:
        """Progress of the files in progress that was not reported yet."""
        for status in self._queue._files(self._run, ["PENDING"]):
            news = self._client.get_event(status.workflow_id, PROGRESS, 0)
            if news and self._progress.get(status.workflow_id) != news:
                self._progress[status.workflow_id] = news
                yield FileProgress(**news)


def _options(workflow: str, queue: str, name: str) -> EnqueueOptions:
    return {"workflow_name": workflow, "queue_name": queue, "workflow_id": name, "app_version": VERSION}
