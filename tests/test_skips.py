"""Which skips continuous integration accepts."""

from __future__ import annotations

import pytest

from tests.conftest import hidden


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
