"""Child processes with limits, so that a hostile file can only crash its own process."""

from __future__ import annotations

import ctypes
import multiprocessing
import resource
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Any, Protocol, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ingest.shutdown import Stopping
from rag.errors import FootnoteError, ParseError

T = TypeVar("T")
_MB = 1_000_000
_TASKS_A_PROCESS = 200  # native libraries leak; a new process now and then gives back what they kept
_PRELOADED = ("ingest.reading.reader", "ingest.chunking.splitters")
_PR_SET_PDEATHSIG = 1


class Sandbox(Protocol):
    """Runs a function that may crash, hang or eat memory."""

    def run(self, name: str, function: Callable[..., T], *arguments: Any) -> T:
        """The function's result; `name` is the file it reads, for errors. Both ways must be picklable.

        Raises:
            ParseError: the function raised one, took too long or too much memory, or its process ended.
        """
        ...

    def close(self) -> None: ...


class ChildProcesses:
    """A few child processes, each running one function at a time.

    One that exceeds its time is killed; one whose memory would exceed `memory_mb` gets a MemoryError or ends; either
    way a new one takes its place, and only the function it ran fails. `prepare` runs once in each new process.

    Memory is limited by RLIMIT_DATA, which counts what a process can write to and not what its libraries map or
    reserve; it is enforced by Linux only.
    """

    def __init__(
        self,
        *,
        processes: int,
        timeout_s: float,
        memory_mb: int,
        prepare: Callable[..., None],
        arguments: tuple[Any, ...] = (),
    ) -> None:
        self._timeout_s = timeout_s
        self._memory_mb = memory_mb
        context = multiprocessing.get_context("forkserver")  # forking a process with threads can deadlock
        context.set_forkserver_preload(list(_PRELOADED))
        self._make_pool = partial(
            ProcessPool,
            max_workers=processes,
            max_tasks=_TASKS_A_PROCESS,
            initializer=_enter,
            initargs=(memory_mb, prepare, arguments),
            context=context,
        )
        self._pool = self._make_pool()
        self._replacing = threading.Lock()
        self._running: set[ProcessFuture[Any]] = set()
        self._closed = False

    def run(self, name: str, function: Callable[..., T], *arguments: Any) -> T:
        pool = self._pool
        try:
            return self._run(pool, name, function, arguments)
        except (BrokenProcessPool, RuntimeError):  # a process that ended between two tasks takes the pool with it
            self._replace(pool)
        try:
            return self._run(self._pool, name, function, arguments)
        except (BrokenProcessPool, RuntimeError) as exc:
            raise ParseError(
                f"{name}: the file-reading processes exit immediately ({exc}). Check the available memory"
            ) from exc

    def _run(self, pool: ProcessPool, name: str, function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        if self._closed:
            raise Stopping
        future = pool.schedule(function, args=list(arguments), timeout=self._timeout_s)
        self._running.add(future)
        try:
            result: T = future.result()
        except CancelledError as exc:
            raise Stopping from exc
        except FutureTimeout as exc:
            raise ParseError(
                f"{name}: reading took longer than {self._timeout_s:g} s and was stopped. "
                "Split the file, or raise FOOTNOTE_PARSE_TIMEOUT_S"
            ) from exc
        except MemoryError as exc:
            raise ParseError(self._too_much_memory(name)) from exc
        except ProcessExpired as exc:
            raise ParseError(self._ended(name, exc.exitcode)) from exc
        except (FootnoteError, BrokenProcessPool):
            raise
        except Exception as exc:  # whatever it is, it costs this file only
            raise ParseError(
                f"{name}: reading failed ({type(exc).__name__}: {exc}). Convert the file, and report this: it is a "
                "fault of Footnote's"
            ) from exc
        finally:
            self._running.discard(future)
        return result

    def _replace(self, broken: ProcessPool) -> None:
        with self._replacing:
            if self._pool is broken and not self._closed:
                broken.stop()  # type: ignore[no-untyped-call]
                broken.join()
                self._pool = self._make_pool()

    def close(self) -> None:
        """End the processes; functions that run are broken off."""
        if self._closed:
            return
        self._closed = True
        for future in tuple(self._running):
            future.cancel()  # type: ignore[no-untyped-call]
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _ended(self, name: str, exitcode: int | None) -> str:
        if exitcode == -signal.SIGKILL:
            return self._too_much_memory(name)
        how = signal.Signals(-exitcode).name if exitcode is not None and exitcode < 0 else f"exit code {exitcode}"
        return f"{name}: the process that read it ended ({how}); the file is damaged or hostile. Repair or convert it"

    def _too_much_memory(self, name: str) -> str:
        return (
            f"{name}: reading needs more memory than FOOTNOTE_PARSE_MEMORY_MB allows ({self._memory_mb} MB). "
            "Split the file, or raise the limit"
        )


def _enter(memory_mb: int, prepare: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """Make this new child process ready: limits first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    _die_with_the_parent()
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = memory_mb * _MB
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prepare(*arguments)


def _die_with_the_parent() -> None:
    """On Linux the kernel ends this process when its parent is gone, also in the middle of a file that hangs."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class SameProcess:
    """Runs functions right here, without limits: for files that are trusted, and for tests."""

    def run(self, name: str, function: Callable[..., T], *arguments: Any) -> T:
        return function(*arguments)

    def close(self) -> None: ...
