"""A long run goes on where another stopped, and never with what was made of other data."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.data.kept import Kept


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_text("{}", encoding="utf-8")
    return path


def test_what_was_made_is_not_made_again(tmp_path: Path, data: Path) -> None:
    """By another run, too, of the same recipe and the same file."""
    Kept(tmp_path / "kept", recipe="r", files=[data]).get("answer", lambda: 1)
    assert Kept(tmp_path / "kept", recipe="r", files=[data]).get("answer", lambda: 2) == 1


def test_another_recipe_makes_its_own(tmp_path: Path, data: Path) -> None:
    """What the first recipe made stays beside it."""
    Kept(tmp_path / "kept", recipe="r", files=[data]).get("answer", lambda: 1)
    assert Kept(tmp_path / "kept", recipe="s", files=[data]).get("answer", lambda: 2) == 2
    assert Kept(tmp_path / "kept", recipe="r", files=[data]).get("answer", lambda: 3) == 1


def test_other_data_make_their_own(tmp_path: Path, data: Path) -> None:
    """A changed file and a file more in a folder are other data."""
    for step in range(3):
        assert Kept(tmp_path / "kept", recipe="r", files=[data.parent / "data.jsonl"]).get("answer", lambda: 0) == 0
        (tmp_path / "folder").mkdir(exist_ok=True)
        (tmp_path / "folder" / f"{step}.txt").write_text("x", encoding="utf-8")
        made = Kept(tmp_path / "kept", recipe="r", files=[tmp_path / "folder"]).get("answer", lambda step=step: step)
        assert made == step
    data.write_text("[]", encoding="utf-8")
    assert Kept(tmp_path / "kept", recipe="r", files=[data]).get("answer", lambda: 4) == 4


def test_without_a_folder_nothing_is_kept(data: Path) -> None:
    """Every call makes its own."""
    kept = Kept(None, recipe="r", files=[data])
    assert [kept.get("answer", lambda: 1), kept.get("answer", lambda: 2)] == [1, 2]
