"""Child processes with limits on time and memory."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ingest.reading.sandbox import ChildProcesses
from ingest.shutdown import Stopping
from rag.errors import ParseError
from tests.ingest.reading import sandbox_tasks as tasks

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ChildProcesses]:
    children = ChildProcesses(processes=1, timeout_s=2, memory_mb=800, prepare=tasks.prepare, arguments=("ready",))
    yield children
    children.close()


def test_functions_run_in_another_process_that_was_prepared(sandbox: ChildProcesses):
    pid, state = sandbox.run("a.pdf", tasks.state)
    assert pid != os.getpid()
    assert state == ["ready"]
    assert tasks.STATE == []


def test_a_parse_error_comes_through(sandbox: ChildProcesses):
    with pytest.raises(ParseError, match=r"^a\.pdf: it is damaged$"):
        sandbox.run("a.pdf", tasks.refuse)


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (tasks.stumble, r"reading failed \(LookupError: nobody thought of this\)"),
        (tasks.crash, r"ended \(SIGSEGV\)"),
        (tasks.leave, r"ended \(exit code 3\)"),
        (tasks.hang, "longer than 2 s"),
        (tasks.spin, "FOOTNOTE_PARSE_TIMEOUT_S"),
        (tasks.swallow, r"FOOTNOTE_PARSE_MEMORY_MB allows \(800 MB\)"),
        (tasks.swallow_bit_by_bit, "FOOTNOTE_PARSE_MEMORY_MB"),
    ],
)
def test_a_function_that_dies_fails_alone(sandbox: ChildProcesses, task, words):
    """The error names the file and what happened, and the next function runs in a new process."""
    with pytest.raises(ParseError, match=rf"^b\.pdf: .*{words}"):
        sandbox.run("b.pdf", task)
    assert sandbox.run("c.pdf", tasks.state)[1] == ["ready"]


def children() -> ChildProcesses:
    return ChildProcesses(processes=1, timeout_s=60, memory_mb=800, prepare=tasks.prepare, arguments=("ready",))


def test_closing_breaks_off_what_runs():
    """Whoever waits for it hears that the process stops, and nothing is recorded as the file's fault."""
    sandbox = children()
    sandbox.run("a.pdf", tasks.state)
    with ThreadPoolExecutor(1) as threads:
        hanging = threads.submit(sandbox.run, "b.pdf", tasks.hang)
        while not hanging.running():
            time.sleep(0.01)
        time.sleep(0.2)
        sandbox.close()
        with pytest.raises(Stopping):
            hanging.result(timeout=30)
    with pytest.raises(Stopping):
        sandbox.run("c.pdf", tasks.state)


def test_a_process_that_ends_between_two_files_costs_none():
    sandbox = children()
    try:
        pid, _ = sandbox.run("a.pdf", tasks.state)
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.5)
        assert sandbox.run("b.pdf", tasks.state)[0] != pid
    finally:
        sandbox.close()
