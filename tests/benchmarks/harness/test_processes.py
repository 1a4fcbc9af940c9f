"""Commands that are measured."""

import os
import sys

import pytest

from benchmarks.harness.processes import run_measured

pytestmark = pytest.mark.slow

GROW = (
    "import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True); print('{{\"chunks\": 3}}')"
)
CHILD = "import time; held = bytearray(200_000_000); held[::4096] = bytes(len(held[::4096])); time.sleep(2)"


def test_the_last_line_is_the_result_and_the_memory_of_children_counts():
    """The parent holds little; its child 200 MB."""
    measured = run_measured([sys.executable, "-c", GROW.format(child=CHILD)], os.environ)
    assert measured.output == {"chunks": 3}
    assert measured.peak_memory_mb > 200
    assert measured.wall_s > measured.cpu_s > 0


def test_a_command_that_fails_is_an_error_with_its_last_words():
    with pytest.raises(RuntimeError, match="no such corpus"):
        run_measured([sys.executable, "-c", "raise SystemExit('no such corpus')"], os.environ)
