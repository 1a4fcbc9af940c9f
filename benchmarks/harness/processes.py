"""A command in a process of its own, with its time and the memory of its whole tree."""

from __future__ import annotations

import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
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
    `cpu_s` is the processor time of the whole tree, which other work on the machine hardly changes.
    """

    output: dict[str, Any]
    wall_s: float
    cpu_s: float
    peak_memory_mb: float


def run_measured(command: Sequence[object], environment: Mapping[str, str]) -> Measured:
    """Run to the end.

    Raises:
        RuntimeError: the command failed; with its last words.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, tempfile.TemporaryFile("w+", encoding="utf-8") as err:
        started, used_before, peak = time.perf_counter(), _children_cpu_s(), 0
        child = subprocess.Popen([*map(str, command)], stdout=out, stderr=err, env=dict(environment))
        tree = psutil.Process(child.pid)
        while child.poll() is None:
            peak = max(peak, _memory(tree))
            time.sleep(_EVERY_S)
        wall_s = time.perf_counter() - started
        out.seek(0)
        err.seek(0)
        if child.returncode:
            raise RuntimeError(
                f"{' '.join(map(str, command[:6]))} … exited with {child.returncode}: {err.read()[-2000:]}"
            )
        lines = [line for line in out.read().splitlines() if line.startswith("{")]
    return Measured(json.loads(lines[-1]), wall_s, _children_cpu_s() - used_before, peak / 1e6)


def _children_cpu_s() -> float:
    """Of all children that have ended, and theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory(process: psutil.Process) -> int:
    """Bytes held by a process and its descendants; one that has just ended counts nothing."""
    try:
        tree = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    total = 0
    for one in tree:
        try:
            held = one.memory_full_info()
            total += getattr(held, "pss", held.rss)
        except psutil.NoSuchProcess:
            continue
    return total
