"""Durable work through DBOS: runs and files as workflows in SQLite or Postgres, which outlive any process."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from dbos import DBOS, DBOSClient, EnqueueOptions, Serializer, error
from sqlalchemy.exc import SQLAlchemyError

from ingest.events import Event, FileFinished, FileProgress, FileResult, OnEvent, Report, RunPlanned
from ingest.file_work import Step
from ingest.run_work import Plan
from ingest.work import FileTask, Json, RunRequest, result_from_json, result_to_json
from rag.errors import FootnoteError, ModelUnavailable, QueueError, StoreUnavailable

SQLITE = "sqlite:///"
_APPLICATION = "footnote"
_VERSION = "1"  # of the workflows' steps: a worker takes over only what its own version began
_RUNS, _FILES = "runs", "files"
_OPEN = ["ENQUEUED", "PENDING", "DELAYED"]
_CLOSED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_POLL_S, _PROGRESS_S = 0.1, 1.0
_RUNS_AT_A_TIME, _MORE_THREADS = 64, 16
_MOST_RECOVERIES = 1000
_CLOSING_S = 60.0
_PAGE = 1000
_OVERLAP_MS = 1000  # what ended earlier may be committed later
_PLAN, _PROGRESS = "plan", "progress"


class Works(Protocol):
    """What the workflows do; `ingest.build` makes one out of `RunWork` and `bring_in`."""

    def plan(self, request: RunRequest) -> Plan: ...

    def bring_in(self, task: FileTask, step: Step, tell: OnEvent) -> FileResult: ...

    def finish(self, request: RunRequest, busy: Callable[[], set[str]]) -> list[FileResult]: ...


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
        with _speaking(url):
            _make_ready(url)
            self._client = DBOSClient(
                system_database_url=url, serializer=_JsonSerializer(), application_name=_APPLICATION
            )

    def close(self) -> None:
        """Close the connections."""
        self._client.destroy()

    def register(self, limits: QueueLimits) -> None:
        """Make the queues known, with these limits; they hold for all workers from now on."""
        rate = limits.files_per_minute
        self._client.register_queue(_RUNS, worker_concurrency=_RUNS_AT_A_TIME, polling_interval_sec=_POLL_S)
        self._client.register_queue(
            _FILES,
            worker_concurrency=limits.files,
            limiter={"limit": rate, "period": 60.0} if rate else None,
            polling_interval_sec=_POLL_S,
        )

    def start(self, request: RunRequest) -> str:
        """Put a run on the queue; the name it goes by from now on."""
        run = f"run-{uuid.uuid4().hex}"
        with _speaking(self._url):
            self._client.enqueue(_options("run", _RUNS, run), request.to_json())
        return run

    def cancel(self, run: str) -> None:
        """Stop a run: files in hand are finished up to their present step, the others are not begun."""
        with _speaking(self._url):
            waiting = [run, *(status.workflow_id for status in self._files(run, _OPEN))]
            self._client.cancel_workflows(waiting)

    def follow(self, run: str, on_event: OnEvent) -> Report:
        """Tell of a run's events until it ends; events of the past are told first.

        Raises:
            QueueError: there is no such run, or it broke.
        """
        with _speaking(self._url):
            return _Following(self, run, on_event).to_the_end()

    def busy(self, besides: str = "") -> set[str]:
        """Ids of the documents that runs other than one are working on."""
        with _speaking(self._url):
            open_files = self._client.list_workflows(
                queue_name=_FILES, status=_OPEN, load_input=False, load_output=False
            )
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
        while self._files(run, _OPEN, limit=1):
            pause()
        results = (status.output for status in self._files(run, ["SUCCESS"], outputs=True))
        return next((result["reason"] for result in results if result and result["fatal"]), None)

    def stop_files(self, run: str) -> None:
        """Cancel the files of a run that were not begun."""
        self._client.cancel_workflows([status.workflow_id for status in self._files(run, ["ENQUEUED"])])

    def _enqueue_file(self, run: str, number: int, task: FileTask) -> bool:
        options = _options("file", _FILES, f"{run}/{number:07}")
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
            if status.status in _CLOSED:
                self._tell_finished(since_ms=0)
                return self._report(status)
            self._tell_finished(since_ms=self._seen_ms - _OVERLAP_MS)
            self._tell_progress()
            time.sleep(_POLL_S)

    def _status(self) -> Any:
        found = self._client.list_workflows(workflow_ids=[self._run])
        if not found:
            raise QueueError(f"there is no run {self._run}")
        return found[0]

    def _tell_plan(self) -> None:
        if not self._planned and (plan := self._client.get_event(self._run, _PLAN, 0)):
            self._planned = True
            self._on_event(RunPlanned(**plan))

    def _tell_finished(self, *, since_ms: int) -> None:
        since = datetime.fromtimestamp(since_ms / 1000, UTC).isoformat() if since_ms > 0 else None
        for status in self._queue._files(self._run, _CLOSED, outputs=True, completed_after=since):
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
        self._next_progress = time.monotonic() + _PROGRESS_S
        for status in self._queue._files(self._run, ["PENDING"]):
            news = self._client.get_event(status.workflow_id, _PROGRESS, 0)
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


class Worker:
    """This process working off the queue, until `close`. There is one worker in a process.

    `executor` names the worker: unfinished work of an earlier worker of this name is taken up at once.

    Raises:
        QueueError: the database cannot be reached.
    """

    def __init__(self, url: str, works: Works, limits: QueueLimits, *, executor: str = "local") -> None:
        self._url = url
        self._works = works
        self._limits = limits
        self._queue = RunQueue(url)
        self._stopping = threading.Event()
        self._in_hand = InHand()
        with _speaking(url):
            DBOS(
                config={
                    "name": _APPLICATION,
                    "system_database_url": url,
                    "serializer": _JsonSerializer(),
                    "application_version": _VERSION,
                    "executor_id": executor,
                    "log_level": "CRITICAL",  # what goes wrong is told in results
                    "max_executor_threads": limits.files + _RUNS_AT_A_TIME + _MORE_THREADS,
                }
            )
            self._register_workflows()
            self._queue.register(limits)  # before the launch, which then listens at once
            DBOS.launch()

    def close(self) -> None:
        """Stop after the steps in hand; the rest is taken up by the next worker of this name, or by its colleagues."""
        self._stopping.set()
        self._in_hand.wait_until_empty(_CLOSING_S)
        DBOS.destroy(destroy_registry=True)
        self._queue.close()

    def take_over(self, executor: str) -> None:
        """Take up the unfinished work of a worker that is gone."""
        with _speaking(self._url):
            DBOS._recover_pending_workflows([executor])

    def working(self) -> set[str]:
        """Names of the workers that have work in hand, as the database says."""
        with _speaking(self._url):
            pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        return {status.executor_id for status in pending if status.executor_id}

    def _register_workflows(self) -> None:
        """Under their names, which travel through the queue. DBOS wants functions, not methods."""

        @DBOS.workflow(name="run", max_recovery_attempts=_MOST_RECOVERIES)
        def run(raw: Json) -> Json:
            with self._in_hand:
                return self._run(raw)

        @DBOS.workflow(name="file", max_recovery_attempts=_MOST_RECOVERIES)
        def file(raw: Json) -> Json:
            with self._in_hand:
                return self._file(raw)

    def _run(self, raw: Json) -> Json:
        """A run: list the files, put them on the queue, wait for them, tidy up."""
        run = str(DBOS.workflow_id)
        request = RunRequest.from_json(raw)
        step = self._stepping()
        try:
            plan = Plan.from_json(step("plan", lambda: self._plan(request)))
            step("enqueue", lambda: self._enqueue(run, plan))
            stopped = step("settle", lambda: {"stopped": self._queue.settle(run, self._pause)})["stopped"]
            pruned: list[Json] = []
            if stopped is None:
                pruned = step("finish", lambda: {"results": self._finish(request, run)})["results"]
        except FootnoteError as exc:
            return {"results": [], "stopped": str(exc)}
        return {"results": [*map(asdict, plan.settled), *pruned], "stopped": stopped}

    def _enqueue(self, run: str, plan: Plan) -> Json:
        self._queue.enqueue_files(run, plan.tasks, self._pause)
        return {}

    def _plan(self, request: RunRequest) -> Json:
        plan = self._works.plan(request)
        DBOS.set_event(_PLAN, asdict(RunPlanned(len(plan.tasks), plan.size_bytes)))
        return plan.to_json()

    def _finish(self, request: RunRequest, run: str) -> list[Json]:
        return [result_to_json(result) for result in self._works.finish(request, lambda: self._queue.busy(run))]

    def _file(self, raw: Json) -> Json:
        """One file: its own steps; when the store or a model fails, the rest of its run is stopped."""
        run = str(DBOS.workflow_id).rpartition("/")[0]
        result = self._works.bring_in(FileTask.from_json(raw), self._stepping(), _tell)
        if result.fatal:
            self._queue.stop_files(run)
        return result_to_json(result)

    def _pause(self) -> None:
        self._check()
        time.sleep(_POLL_S)

    def _check(self) -> None:
        if self._stopping.is_set():
            raise _Stopping

    def _stepping(self) -> Step:
        limits = self._limits

        def step(name: str, function: Callable[[], Json]) -> Json:
            self._check()
            failures: list[Exception] = []

            def noting() -> Json:
                try:
                    return function()
                except Exception as exc:
                    failures.append(exc)
                    raise

            try:
                return DBOS.run_step(
                    {
                        "name": name,
                        "retries_allowed": True,
                        "max_attempts": limits.retries,
                        "interval_seconds": limits.first_wait_s,
                        "should_retry": lambda exc: isinstance(exc, StoreUnavailable | ModelUnavailable),
                    },
                    noting,
                )
            except error.DBOSMaxStepRetriesExceeded as exc:
                raise StoreUnavailable(str(failures[-1] if failures else exc)) from exc
            except _Recorded as exc:  # it was raised before a crash
                raise StoreUnavailable(str(exc)) from exc

        return step


def _tell(event: Event) -> None:
    if isinstance(event, FileProgress):
        DBOS.set_event(_PROGRESS, asdict(event))


def _options(workflow: str, queue: str, name: str) -> EnqueueOptions:
    return {"workflow_name": workflow, "queue_name": queue, "workflow_id": name, "app_version": _VERSION}


class InHand:
    """Counts workflows in hand; a context for each."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._count += 1

    def __exit__(self, *_exc: object) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait_until_empty(self, timeout_s: float) -> None:
        """Wait until nothing is in hand, or for so long."""
        with self._changed:
            self._changed.wait_for(lambda: not self._count, timeout_s)


class _Stopping(BaseException):
    """The worker stops. Not an Exception, which would end the workflow: it goes on in the next worker."""


class _Recorded(Exception):
    """An exception that was recorded as text."""


class _JsonSerializer(Serializer):
    """Plain data as JSON, which nobody can make run code; exceptions as their text."""

    def serialize(self, data: Any) -> str:
        return json.dumps({"error": str(data)} if isinstance(data, BaseException) else {"value": data})

    def deserialize(self, serialized_data: str) -> Any:
        raw = json.loads(serialized_data)
        return _Recorded(raw["error"]) if "error" in raw else raw["value"]

    def name(self) -> str:
        return "footnote_json"


def _make_ready(url: str) -> None:
    """Create or migrate the tables. SQLite writes ahead, so that readers and the writer do not wait for each other."""
    logging.getLogger("dbos").setLevel(logging.ERROR)
    if url.startswith(SQLITE):
        with sqlite3.connect(url.removeprefix(SQLITE)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    DBOS.migrate(url)


@contextmanager
def _speaking(url: str) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as exc:
        where = url.rpartition("@")[2]  # never the password
        cause = str(exc).partition("\n")[0]
        raise QueueError(f"the work queue at {where} failed: {cause}; is FOOTNOTE_QUEUE_URL right?") from exc
