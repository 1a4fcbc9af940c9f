"""`python -m benchmarks`: what it lists, and what a benchmark's function becomes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from benchmarks.harness import tables
from benchmarks.harness.cli import app_of
from benchmarks.harness.registry import FOLDERS, benchmarks
from tests import ROOT

ALL = list(benchmarks())
OPTIONAL = {"ingest": "psutil"}  # `pip install -e '.[bench]'`


def test_each_name_is_given_once() -> None:
    """All folders but the harness hold some, each with a line that says what it measures."""
    assert len({each.name for each in ALL}) == len(ALL)
    assert {each.folder for each in ALL} == set(FOLDERS)
    assert all(each.line.endswith((".", "?")) for each in ALL)


def test_the_list_names_all_and_imports_none() -> None:
    """It is there at once."""
    code = "import sys; from benchmarks.harness.cli import main; main([])"
    after = "finally: print('heavy:', {'torch', 'numpy', 'qdrant_client'} & set(sys.modules))"
    script = f"import sys\ntry:\n  {code}\nexcept SystemExit: pass\n{after}"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(each.name in done.stdout for each in ALL)
    assert "heavy: set()" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", [each.name for each in ALL])
def test_every_benchmark_has_help(name: str) -> None:
    """Its module can be imported, and its parameters declare a command line."""
    if name in OPTIONAL:
        pytest.importorskip(OPTIONAL[name], reason="pip install -e '.[bench]'")
    done = CliRunner().invoke(app_of([name]), [name, "--help"])
    assert done.exit_code == 0, done.output
    assert "Usage" in done.output


def test_a_benchmark_that_keeps_a_result_can_be_named_and_dirty() -> None:
    """One that only prints has no such options."""
    assert "--dirty" in CliRunner().invoke(app_of(["questions"]), ["questions", "--help"]).output
    assert "--dirty" not in CliRunner().invoke(app_of(["scaling"]), ["scaling", "--help"]).output


def test_a_table_is_markdown() -> None:
    """Its head may stand alone, for rows that are printed one by one."""
    assert tables.table(["a", "b"], [[1, 2.5]]) == "| a | b |\n| --- | --- |\n| 1 | 2.5 |"
    assert tables.table(["a"]) + "\n" + tables.row([1]) == tables.table(["a"], [[1]])
