"""A command in a process of its own, with its time and the memory of its whole tree."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psutil

_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class Measured:
    """`output` is the last line printed, as JSON.

    `peak_memory_mb` is the most that the process and all of its descendants held at one time, sampled twice a second:
    on Linux the proportional set size, in which a page shared by n processes counts 1/n for each, elsewhere the
    resident set size, in which it counts in full for each. `wall_s` includes starting Python and loading the model;
    `cpu_s` is the processor time of the whole tree, which other work on the machine hardly changes, and `kernel_s` what
    the kernel had of it. They are sampled as often, so what a process does in its last half second is not counted.
    """

    output: dict[str, Any]
    wall_s: float
    cpu_s: float
    kernel_s: float
    peak_memory_mb: float


def run_measured(command: Sequence[object], environment: Mapping[str, str]) -> Measured:
    """Run to the end.

    Raises:
        RuntimeError: the command failed; with its last words.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, tempfile.TemporaryFile("w+", encoding="utf-8") as err:
        started, peak = time.perf_counter(), 0
        times: dict[int, tuple[float, float]] = {}
        child = subprocess.Popen([*map(str, command)], stdout=out, stderr=err, env=dict(environment))
        tree = psutil.Process(child.pid)
        while child.poll() is None:
            processes = _tree(tree)
            peak = max(peak, _memory(processes))
            times |= _times(processes)
            time.sleep(_EVERY_S)
        wall_s = time.perf_counter() - started
        out.seek(0)
        err.seek(0)
        if child.returncode:
            raise RuntimeError(
                f"{' '.join(map(str, command[:6]))} … exited with {child.returncode}: {err.read()[-2000:]}"
            )
        lines = [line for line in out.read().splitlines() if line.startswith("{")]
    cpu_s, kernel_s = sum(map(sum, times.values())), sum(kernel for _, kernel in times.values())
    return Measured(json.loads(lines[-1]), wall_s, cpu_s, kernel_s, peak / 1e6)


def _tree(process: psutil.Process) -> list[psutil.Process]:
    """A process and its descendants; nothing where it has just ended."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _times(processes: Sequence[psutil.Process]) -> dict[int, tuple[float, float]]:
    """By process: its seconds of processor time in its own code and in the kernel."""
    found: dict[int, tuple[float, float]] = {}
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            found[one.pid] = (times.user, times.system)
    return found


def _memory(processes: Sequence[psutil.Process]) -> int:
    """Bytes held by processes; one that has just ended counts nothing."""
    total = 0
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            held = one.memory_full_info()
            total += getattr(held, "pss", held.rss)
    return total
