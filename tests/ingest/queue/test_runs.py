"""Runs and files on a durable queue: SQLite here; Postgres in tests/integration."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ingest.events import FileFinished, FileProgress, FileResult, OnEvent, RunPlanned, Tick
from ingest.queue.runs import QueueLimits, RunQueue
from ingest.queue.worker import Worker
from ingest.work.files import Step
from ingest.work.records import FileTask, RunRequest
from ingest.work.runs import Plan
from rag.errors import QueueError, StoreError, StoreUnavailable

pytestmark = pytest.mark.slow

REQUEST = RunRequest("library", ("/in",))
FAST = QueueLimits(files=4, retries=3, first_wait_s=0.01)


@dataclass
class ScriptedWorks:
    """Works whose files end as their names say; remembers every step that ran."""

    names: tuple[str, ...] = ("a", "b")
    steps: list[str] = field(default_factory=list)
    failures: int = 0
    gate: threading.Event = field(default_factory=threading.Event)
    finished: int = 0
    tidied: int = 0

    def plan(self, request: RunRequest) -> Plan:
        skipped = FileResult("/in/x.exe", "skipped", reason="not supported")
        return Plan(tuple(FileTask(request.collection, f"/in/{name}", name) for name in self.names), 7, (skipped,))

    def bring_in(self, task: FileTask, step: Step, tell: OnEvent) -> FileResult:
        try:
            record = step("read", lambda: self._read(task))
            step("write", lambda: self._write(task, tell))
        except StoreError as exc:
            return FileResult(task.source, "failed", reason=str(exc), fatal=True)
        return FileResult(task.source, "written", chunks=record["chunks"])

    def _read(self, task: FileTask) -> dict[str, int]:
        self.steps.append(f"read {task.name}")
        if task.name == "waits":
            self.gate.wait()
        return {"chunks": 3}

    def _write(self, task: FileTask, tell: OnEvent) -> dict[str, int]:
        self.steps.append(f"write {task.name}")
        tell(FileProgress(task.source, "write", 1, 2, 3))
        if task.name == "shaky" and self.failures:
            self.failures -= 1
            raise StoreUnavailable("no answer from the store")
        if task.name == "odd":
            raise LookupError("odd indeed")
        if task.name == "broken":
            raise StoreError("the store is broken")
        return {}

    def tidy(self, request: RunRequest, busy: Callable[[], set[str]]) -> None:
        self.tidied += 1

    def interrupt(self) -> None:
        self.gate.set()

    def finish(self, request: RunRequest, busy: Callable[[], set[str]]) -> list[FileResult]:
        self.finished += 1
        return [FileResult("/in/gone", "pruned")]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'queue.sqlite'}"


@pytest.fixture
def queue(url: str) -> Iterator[RunQueue]:
    queue = RunQueue(url)
    yield queue
    queue.close()


def results(events: list[object]) -> dict[str, str]:
    return {event.result.source: event.result.status for event in events if isinstance(event, FileFinished)}


def test_a_run_tells_its_plan_its_files_and_its_end(url: str, queue: RunQueue):
    """Every file once, then what was skipped and pruned; the report has all of them."""
    worker = Worker(url, ScriptedWorks(), FAST)
    try:
        events: list[object] = []
        report = queue.follow(queue.start(REQUEST), events.append)
    finally:
        worker.close()
    assert next(event for event in events if not isinstance(event, Tick)) == RunPlanned(2, 7)
    assert results(events) == {"/in/a": "written", "/in/b": "written", "/in/x.exe": "skipped", "/in/gone": "pruned"}
    assert len(report.results) == 4
    assert (report.chunks, report.stopped) == (6, None)


def test_the_state_of_a_run_is_told_at_any_moment(url: str, queue: RunQueue):
    """Results of what is done, whether it has ended and why it was stopped; nothing of a run that is not there."""
    works = ScriptedWorks(("a", "waits"))
    worker = Worker(url, works, FAST)
    try:
        run = queue.start(REQUEST)
        while not (state := queue.state(run)) or not state.results:
            time.sleep(0.02)
        assert ([result.source for result in state.results], state.ended) == (["/in/a"], False)
        works.gate.set()
        while not state.ended:
            state = queue.state(run)
            assert state is not None
        assert {result.source for result in state.results} >= {"/in/a", "/in/waits"}
        assert state.stopped is None
        cancelled = queue.start(REQUEST)
        queue.cancel(cancelled)
        state = queue.state(cancelled)
        assert state is not None
        assert (state.ended, state.stopped) == (True, "it was cancelled")
        assert queue.state("run-unknown") is None
    finally:
        worker.close()


def test_a_run_handed_in_before_there_is_a_worker_is_done_by_the_first_that_comes(url: str, queue: RunQueue):
    run = queue.start(REQUEST)
    worker = Worker(url, ScriptedWorks(), FAST)
    try:
        assert queue.follow(run, lambda _: None).count("written") == 2
        again = queue.follow(run, lambda _: None)  # who comes late hears all of it
    finally:
        worker.close()
    assert again.count("written") == 2


def test_a_file_whose_end_is_seen_late_is_told_of(url: str, queue: RunQueue):
    """What ended earlier than a file that was told of already may come to sight after it."""
    works = ScriptedWorks(names=("soon", "waits"))
    worker = Worker(url, works, FAST)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute(
            "CREATE TRIGGER back AFTER UPDATE OF completed_at ON workflow_status "
            "WHEN NEW.workflow_uuid LIKE '%/0000001' BEGIN "
            "UPDATE workflow_status SET completed_at = completed_at - 60000 WHERE workflow_uuid = NEW.workflow_uuid; "
            "END"
        )

    def go_on(event: object) -> None:
        if isinstance(event, FileFinished):
            works.gate.set()

    try:
        report = queue.follow(queue.start(REQUEST), go_on)
    finally:
        worker.close()
    assert report.count("written") == 2


def test_a_step_is_tried_again_while_the_store_does_not_answer(url: str, queue: RunQueue):
    works = ScriptedWorks(names=("shaky",), failures=2)
    worker = Worker(url, works, FAST)
    try:
        report = queue.follow(queue.start(REQUEST), lambda _: None)
    finally:
        worker.close()
    assert report.count("written") == 1
    assert works.steps == ["read shaky", "write shaky", "write shaky", "write shaky"]


def test_a_file_whose_work_breaks_fails_under_its_name(url: str, queue: RunQueue):
    """An error that nobody foresaw costs that file only."""
    worker = Worker(url, ScriptedWorks(names=("a", "odd", "b")), FAST)
    try:
        report = queue.follow(queue.start(REQUEST), lambda _: None)
    finally:
        worker.close()
    [failed] = report.failures
    assert failed.source == "/in/odd"
    assert "the work broke (odd indeed)" in str(failed.reason)
    assert report.count("written") == 2
    assert report.stopped is None


@pytest.mark.parametrize(("name", "failures", "words"), [("broken", 0, "is broken"), ("shaky", 99, "no answer")])
def test_a_run_whose_store_failed_is_stopped(url: str, queue: RunQueue, name: str, failures: int, words: str):
    """Files that were not begun are left alone, nothing is tidied, and the report says why."""
    names = (name, *(f"more-{n}" for n in range(40)))
    works = ScriptedWorks(names=names, failures=failures)
    worker = Worker(url, works, QueueLimits(files=1, retries=2, first_wait_s=0.01))
    try:
        report = queue.follow(queue.start(REQUEST), lambda _: None)
    finally:
        worker.close()
    assert words in str(report.stopped)
    assert len(report.results) < len(names)
    assert report.count("skipped") == 1
    assert (works.finished, works.tidied) == (0, 1)


def test_a_document_is_worked_on_by_one_workflow_at_a_time(url: str, queue: RunQueue):
    """A second run over the same file waits for the first, and another file does not wait."""
    works = ScriptedWorks(names=("waits",))
    worker = Worker(url, works, FAST)
    try:
        first, second = queue.start(REQUEST), queue.start(REQUEST)
        while not works.steps:
            threading.Event().wait(0.01)
        works.names = ("other",)
        assert queue.follow(queue.start(REQUEST), lambda _: None).count("written") == 1
        assert works.steps == ["read waits", "read other", "write other"]
        assert len(queue.busy()) == 1
        works.gate.set()
        for run in (first, second):
            assert queue.follow(run, lambda _: None).count("written") == 1
    finally:
        worker.close()
    assert works.steps.count("read waits") == 2


def test_a_cancelled_run_ends(url: str, queue: RunQueue):
    works = ScriptedWorks(names=("waits", *(f"more-{n}" for n in range(9))))
    worker = Worker(url, works, QueueLimits(files=1))
    try:
        run = queue.start(REQUEST)
        while not works.steps:
            threading.Event().wait(0.01)
        queue.cancel(run)
        works.gate.set()
        report = queue.follow(run, lambda _: None)
    finally:
        worker.close()
    assert report.stopped == "cancelled"
    assert works.steps == ["read waits"]


def test_a_run_that_is_cancelled_while_it_enqueues_puts_nothing_more_there(url: str, queue: RunQueue):
    """What it had put there is cancelled too."""
    run = queue.start(REQUEST)
    queue.cancel(run)
    queue.enqueue_files(run, [FileTask("library", "/in/a", "a")], lambda: None)
    assert queue.busy() == set()


def test_what_ended_long_ago_is_forgotten_and_the_rest_is_kept(url: str, queue: RunQueue):
    worker = Worker(url, ScriptedWorks(), FAST)
    try:
        run = queue.start(REQUEST)
        queue.follow(run, lambda _: None)
        queue.sweep()
        assert queue.follow(run, lambda _: None).count("written") == 2
    finally:
        worker.close()


def test_what_a_listener_raises_is_its_own(url: str, queue: RunQueue):
    """A pipe that broke is not a failure of the queue."""

    def broken(_event: object) -> None:
        raise BrokenPipeError

    worker = Worker(url, ScriptedWorks(), FAST)
    try:
        with pytest.raises(BrokenPipeError):
            queue.follow(queue.start(REQUEST), broken)
    finally:
        worker.close()


def test_an_unknown_run_is_an_error(url: str, queue: RunQueue):
    with pytest.raises(QueueError, match="there is no run nothing"):
        queue.follow("nothing", lambda _: None)


def test_a_database_that_is_not_there_is_an_error_without_the_password():
    with pytest.raises(QueueError, match="FOOTNOTE_QUEUE_URL") as caught:
        RunQueue("postgresql://user:secret@127.0.0.1:1/nothing")
    assert "secret" not in str(caught.value)
