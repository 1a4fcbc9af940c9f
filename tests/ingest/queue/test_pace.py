"""How often workers look at the queue: often while there is work, seldom when there is none."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.queue.database import IDLE_POLL_S, POLL_S, RUNS
from ingest.queue.pace import Pace
from ingest.queue.runs import QueueLimits, RunQueue
from ingest.work.records import RunRequest

pytestmark = pytest.mark.slow

SOON_S, NEVER_S, PATIENCE_S = 0.05, 3600.0, 30


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[RunQueue]:
    queue = RunQueue(f"sqlite:///{tmp_path / 'queue.sqlite'}")
    queue.register(QueueLimits())
    yield queue
    queue.close()


def every_s(queue: RunQueue) -> float:
    """How often workers look for runs now."""
    registered = queue._client.retrieve_queue(RUNS)
    assert registered is not None
    return registered._polling_interval_sec


def wait(condition: Callable[[], bool]) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until_s, "it never came about"
        threading.Event().wait(0.01)


def test_an_idle_queue_is_looked_at_seldom(queue: RunQueue):
    """From a while after the start on, and again after each run; as soon as one begins, often."""
    assert every_s(queue) == POLL_S
    pace = Pace(queue, awake_s=SOON_S)
    wait(lambda: every_s(queue) == IDLE_POLL_S)
    pace.hurry()
    assert every_s(queue) == POLL_S
    pace.rest()
    wait(lambda: every_s(queue) == IDLE_POLL_S)
    pace.close()


def test_a_queue_with_a_run_of_anybody_is_looked_at_often(queue: RunQueue):
    """Until that has ended."""
    run = queue.start(RunRequest("library", ("/in",)))
    pace = Pace(queue, awake_s=SOON_S)
    looks = 0
    while looks < 10:
        assert every_s(queue) == POLL_S
        looks += 1
        threading.Event().wait(SOON_S)
    queue.cancel(run)
    wait(lambda: every_s(queue) == IDLE_POLL_S)
    pace.close()


def test_a_pace_that_was_closed_changes_nothing(queue: RunQueue):
    pace = Pace(queue, awake_s=NEVER_S)
    pace.hurry()
    pace.close()
    pace.rest()
    assert pace._timer is None
