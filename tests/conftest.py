"""What holds for every test.

In continuous integration (`CI=true`) nothing is skipped but what cannot run there. Where slow tests are not wanted, a
module that says of itself, in one line, that it is slow is not even imported: torch and its like take seconds. Modules
with slow tests run first, so that at the end, when processes run out of modules, only short ones are left.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings

# No test asserts on time: on a busy machine the first example loads what the others find ready.
settings.register_profile("footnote", deadline=None)
settings.load_profile("footnote")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
MAY_BE_SKIPPED = ("FOOTNOTE_TEST_QDRANT_URL",)
"""Words of the reasons that are accepted: a Qdrant server comes as a container, which is not started there."""


def hidden(report: pytest.TestReport | pytest.CollectReport) -> str | None:
    """The reason of a skip that must not happen in continuous integration."""
    if os.environ.get("CI", "").lower() not in ("1", "true") or not report.skipped or hasattr(report, "wasxfail"):
        return None
    reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    return None if any(words in reason for words in MAY_BE_SKIPPED) else reason


def _failed_if_hidden(report: Report) -> Report:
    reason = hidden(report)
    if reason is not None:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: must not be skipped where CI=true: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _failed_if_hidden((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _failed_if_hidden((yield))


def is_left_out(path: Path, wanted: str) -> bool:
    """Whether a file of tests is slow as a whole, and slow ones are not wanted."""
    return (
        "not slow" in wanted
        and path.name.startswith("test_")
        and "\npytestmark = pytest.mark.slow\n" in path.read_text()
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """None leaves the choice to others."""
    return is_left_out(collection_path, config.option.markexpr) or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts in place; the order within a module stays, and so does that of slow modules and of the others."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
