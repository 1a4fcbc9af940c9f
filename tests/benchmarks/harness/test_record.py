"""Results say what they were measured with, and refuse code that no commit holds."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

from benchmarks.harness.machine import FEATURES, LIBRARIES, machine, versions
from benchmarks.harness.record import DirtyTree, Result, origin, record, without_folders

CPUINFO = """processor\t: 0
model name\t: AMD EPYC 9B45
flags\t\t: fpu avx avx2 avx512f avx512_bf16 rdtscp

processor\t: 1
model name\t: another
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one commit."""
    (tmp_path / "rag").mkdir()
    (tmp_path / "rag/code.py").write_text("WEIGHT = 1\n")
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for command in (("init", "-q"), ("add", "."), (*who, "commit", "-q", "-m", "One weight")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def test_a_clean_tree_is_named_by_its_commit(checkout: Path) -> None:
    """And bears no mark."""
    found = origin(["queries"], dirty=False, root=checkout)
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=checkout, capture_output=True, text=True, check=True)
    assert head.stdout.startswith(found["commit"])
    assert found["commit"]
    assert "dirty" not in found


@pytest.mark.parametrize("name", ["rag/code.py", "rag/new.py", "pyproject.toml", "tests/fake.py"])
def test_a_dirty_tree_is_refused(checkout: Path, name: str) -> None:
    """Changed files and new ones; with leave to measure them, the result is marked, and only then."""
    path = checkout / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("WEIGHT = 2\n")
    with pytest.raises(DirtyTree, match="--dirty"):
        origin(["queries"], dirty=False, root=checkout)
    assert origin(["queries"], dirty=True, root=checkout)["dirty"] is True


def test_leave_to_be_dirty_marks_no_clean_tree(checkout: Path) -> None:
    """The mark tells about the code, not about the command."""
    assert "dirty" not in origin(["queries"], dirty=True, root=checkout)


@pytest.mark.parametrize("name", ["benchmarks/results/queries.json", "docs/research/guarantee.svg", "scores.jsonl"])
def test_what_a_run_writes_does_not_make_the_next_one_dirty(checkout: Path, name: str) -> None:
    """Benchmarks can run one after another."""
    path = checkout / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
    assert "dirty" not in origin(["queries"], dirty=False, root=checkout)


def test_without_git_no_commit_can_be_named(tmp_path: Path) -> None:
    """An unpacked archive counts as dirty."""
    with pytest.raises(DirtyTree, match="no checkout"):
        origin(["queries"], dirty=False, root=tmp_path)
    found = origin(["queries"], dirty=True, root=tmp_path)
    assert (found["commit"], found["dirty"]) == (None, True)


@pytest.mark.parametrize(
    ("argument", "kept"),
    [
        ("queries", "queries"),
        ("--sizes", "--sizes"),
        ("5000", "5000"),
        ("0:30", "0:30"),
        ("/home/somebody/data/scifact/", "scifact"),
        ("../peers/bin/python", "python"),
        ("reports/a.pdf:4", "a.pdf:4"),
        ("--out=/home/somebody/out.jsonl", "--out=out.jsonl"),
        ("--qdrant=http://user:secret@host:6333/a", "--qdrant=http://…"),
        ("https://host/a", "https://…"),
    ],
)
def test_an_argument_tells_no_place(argument: str, kept: str) -> None:
    """Of paths only the last component is kept, of addresses the scheme."""
    assert without_folders(argument) == kept


def test_a_result_holds_its_command_versions_and_machine(checkout: Path) -> None:
    """All that it takes to measure again."""
    found = origin(["queries", "/data/sci fact", "--sizes", "10"], dirty=False, root=checkout)
    assert found["command"] == "python -m benchmarks queries 'sci fact' --sizes 10"
    assert found["versions"] == versions()
    assert found["machine"] == machine()


def test_versions_are_those_installed() -> None:
    """What is not installed is left out."""
    found = versions()
    assert found["python"] == platform.python_version()
    assert found["torch"] == metadata.version("torch")
    assert set(found) <= {"python", *LIBRARIES}


def test_the_processor_is_named_with_the_features_that_matter(tmp_path: Path) -> None:
    """The first one stands for all."""
    path = tmp_path / "cpuinfo"
    path.write_text(CPUINFO)
    found = machine(path)
    assert found["cpu"] == "AMD EPYC 9B45"
    assert found["features"] == ["avx512_bf16", "avx512f", "avx2"]
    assert found["cores"] == os.cpu_count()
    assert found["memory_gib"] > 0


def test_without_cpuinfo_features_are_not_told(tmp_path: Path) -> None:
    """Rather than told to be absent."""
    found = machine(tmp_path / "none")
    assert found["features"] is None
    assert found["cpu"]
    assert len(set(FEATURES)) == len(FEATURES)


def test_figures_are_kept_under_the_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And printed; a variant is a result of its own."""
    record("languages", Result({"n": 1}), {"commit": "abc"}, tmp_path)
    path = record("languages", Result({"n": 2}, variant="told"), {"commit": "abc"}, tmp_path)
    assert path.name == "languages-told.json"
    assert json.loads(path.read_text()) == {"benchmark": "languages-told", "commit": "abc", "n": 2}
    assert json.loads((tmp_path / "languages.json").read_text())["n"] == 1
    assert path.read_text() in capsys.readouterr().out
