"""Folders for temporary files."""

from __future__ import annotations

import tempfile
from pathlib import Path

import filelock
import pytest

from ingest.reading.scratch import scratch_folder


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_a_folder_is_gone_with_its_process(tmp_path: Path):
    with scratch_folder() as folder:
        (folder / "page.html").write_text("bytes")
        assert folder.parent == tmp_path
    assert not folder.exists()


def test_what_a_killed_process_left_is_removed_and_what_a_live_one_uses_stays(tmp_path: Path):
    for name in ("footnote-dead", "footnote-alive", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".lock").touch()
    with filelock.FileLock(tmp_path / "footnote-alive" / ".lock"), scratch_folder():
        assert not (tmp_path / "footnote-dead").exists()
        assert (tmp_path / "footnote-alive").exists()
        assert (tmp_path / "other").exists()
