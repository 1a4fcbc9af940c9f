"""A worker: runs and files as DBOS workflows, which continue after it was killed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Protocol

from dbos import DBOS, error

from ingest.events import Event, FileProgress, FileResult, OnEvent, RunPlanned
from ingest.queue.database import (
    APPLICATION,
    FILE,
    PLAN,
    POLL_S,
    PROGRESS,
    RUNS_AT_A_TIME,
    VERSION,
    JsonSerializer,
    Recorded,
    speaking,
)
from ingest.queue.pace import Pace
from ingest.queue.runs import QueueLimits, RunQueue
from ingest.shutdown import Stopping
from ingest.work import FileTask, Json, Plan, RunRequest, Step, result_to_json
from rag.errors import FootnoteError, ModelUnavailable, StoreUnavailable

_MORE_THREADS = 16
_MOST_RECOVERIES, _MOST_RECOVERIES_OF_A_FILE = 1000, 100  # a file that ends its worker is given up one day
_CLOSING_S = 20.0


class Works(Protocol):
    """What the workflows do; `ingest.build` makes one out of `RunWork` and `bring_in`."""

    def plan(self, request: RunRequest) -> Plan: ...

    def bring_in(self, task: FileTask, step: Step, tell: OnEvent) -> FileResult: ...

    def finish(self, request: RunRequest, busy: Callable[[], set[str]]) -> list[FileResult]: ...

    def tidy(self, request: RunRequest, busy: Callable[[], set[str]]) -> None: ...

    def interrupt(self) -> None:
        """Interrupt the steps in progress, which raise Stopping."""
        ...


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
        with speaking(url):
            DBOS(
                config={
                    "name": APPLICATION,
                    "system_database_url": url,
                    "serializer": JsonSerializer(),
                    "application_version": VERSION,
                    "executor_id": executor,
                    "log_level": "CRITICAL",  # what goes wrong is told in results
                    "max_executor_threads": limits.files + RUNS_AT_A_TIME + _MORE_THREADS,
                }
            )
            self._register_workflows()
            self._queue.sweep()
            self._queue.register(limits)  # before the launch, which then listens at once
            self._pace = Pace(self._queue)  # also before: runs that are taken up again need it
            DBOS.launch()

    def close(self) -> None:
        """Stop after the steps in progress; the next worker of this name, or other workers, continue."""
        self._stopping.set()
        self._pace.close()
        if not self._in_hand.wait_until_empty(_CLOSING_S):
            self._works.interrupt()
            self._in_hand.wait_until_empty(_CLOSING_S)
        DBOS.destroy(destroy_registry=True)
        self._queue.close()

    def take_over(self, executor: str) -> None:
        """Take up the unfinished work of a worker that is gone."""
        with speaking(self._url):
            DBOS._recover_pending_workflows([executor])

    def working(self) -> set[str]:
        """Names of the workers that have work in progress, according to the database."""
        with speaking(self._url):
            pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        return {status.executor_id for status in pending if status.executor_id}

    def _register_workflows(self) -> None:
        """Under their names, which travel through the queue. DBOS wants functions, not methods."""

        @DBOS.workflow(name="run", max_recovery_attempts=_MOST_RECOVERIES)
        def run(raw: Json) -> Json:
            with self._in_hand:
                return self._run(raw)

        @DBOS.workflow(name=FILE, max_recovery_attempts=_MOST_RECOVERIES_OF_A_FILE)
        def file(raw: Json) -> Json:
            with self._in_hand:
                return self._file(raw)

    def _run(self, raw: Json) -> Json:
        """A run: list the files, put them on the queue, wait for them, tidy up."""
        run = str(DBOS.workflow_id)
        request = RunRequest.from_json(raw)
        step = self._stepping()
        results: list[Json] = []
        self._pace.hurry()
        try:
            plan = Plan.from_json(step("plan", lambda: self._plan(request)))
            results += map(result_to_json, plan.settled)
            step("enqueue", lambda: self._enqueue(run, plan))
            stopped = step("settle", lambda: {"stopped": self._queue.settle(run, self._pause)})["stopped"]
            if stopped is None:
                results += step("finish", lambda: {"results": self._finish(request, run)})["results"]
            else:
                step("tidy", lambda: self._tidy(request, run))
        except FootnoteError as exc:
            stopped = str(exc)
        finally:
            self._pace.rest()
        return {"results": results, "stopped": stopped}

    def _enqueue(self, run: str, plan: Plan) -> Json:
        self._queue.enqueue_files(run, plan.tasks, self._check)
        return {}

    def _tidy(self, request: RunRequest, run: str) -> Json:
        self._works.tidy(request, lambda: self._queue.busy(run))
        return {}

    def _plan(self, request: RunRequest) -> Json:
        plan = self._works.plan(request)
        DBOS.set_event(PLAN, asdict(RunPlanned(len(plan.tasks), plan.size_bytes)))
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
        time.sleep(POLL_S)

    def _check(self) -> None:
        if self._stopping.is_set():
            raise Stopping

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
            except Recorded as exc:  # it was raised before a crash
                raise StoreUnavailable(str(exc)) from exc

        return step


def _tell(event: Event) -> None:
    if isinstance(event, FileProgress):
        DBOS.set_event(PROGRESS, asdict(event))


class InHand:
    """Counts workflows in progress; a context for each."""

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

    def wait_until_empty(self, timeout_s: float) -> bool:
        """Wait until nothing is in progress, or for a maximum time; returns whether nothing is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._count, timeout_s)
