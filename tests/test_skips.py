"""Which skips continuous integration accepts, and in which order modules run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import conftest
from tests.conftest import hidden, is_left_out


def skipped(reason: str) -> pytest.TestReport:
    return pytest.TestReport("a.py::test_a", ("a.py", 1, "test_a"), {}, "skipped", ("a.py", 1, reason), "setup")


def test_a_skip_that_hides_something_is_told_where_nothing_may_hide(monkeypatch: pytest.MonkeyPatch):
    """With its reason; a developer's own machine may lack what it lacks."""
    report = skipped("Skipped: no Postgres server")
    monkeypatch.setenv("CI", "true")
    assert hidden(report) == "Skipped: no Postgres server"
    monkeypatch.setenv("CI", "false")
    assert hidden(report) is None
    monkeypatch.delenv("CI")
    assert hidden(report) is None


def test_what_cannot_run_there_and_what_is_expected_to_fail_stays_as_it_is(monkeypatch: pytest.MonkeyPatch):
    """A Qdrant server in a container; and pytest reports an expected failure as a skip."""
    monkeypatch.setenv("CI", "true")
    assert hidden(skipped("Skipped: set FOOTNOTE_TEST_QDRANT_URL to a Qdrant server to run this")) is None
    expected = skipped("")
    expected.wasxfail = "reason: known"
    assert hidden(expected) is None


def test_a_module_that_is_slow_as_a_whole_is_not_imported_where_slow_tests_are_not_wanted(tmp_path: Path):
    """One with some slow tests is, and every one is where all are wanted."""
    whole, some = tmp_path / "test_whole.py", tmp_path / "test_some.py"
    whole.write_text("import pytest\n\npytestmark = pytest.mark.slow\n")
    some.write_text("import pytest\n\n@pytest.mark.slow\ndef test_a(): ...\n")
    assert is_left_out(whole, "not slow and not nightly")
    assert not is_left_out(some, "not slow and not nightly")
    assert not is_left_out(whole, "not nightly")


def test_modules_with_slow_tests_run_first(tmp_path: Path):
    """At the end only short ones are left to share; a module stays whole, its tests in their order."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = slow\n")
    (tmp_path / "conftest.py").write_text(Path(conftest.__file__).read_text())
    slow = "import pytest\n\ndef test_b(): ...\n\n@pytest.mark.slow\ndef test_a(): ...\n"
    for name, text in {"a": "def test_a(): ...\n", "b": slow, "c": "def test_a(): ...\n"}.items():
        (tmp_path / f"test_{name}.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split("\n\n")[0]
    assert found.split() == ["test_b.py::test_b", "test_b.py::test_a", "test_a.py::test_a", "test_c.py::test_a"]
