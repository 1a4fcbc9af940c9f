"""What is told of files under folders that are followed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.cli.watching import Changes, Followed, changes_in
from rag.errors import SourceError


def names(paths: tuple[Path, ...]) -> list[str]:
    return [path.name for path in paths]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "in"
    (root / "sub").mkdir(parents=True)
    for name in ("a.md", "sub/b.txt", "sub/c.txt"):
        (root / name).write_text("x")
    return root.resolve()


def after(folder: Path, *touched: str, followed: Followed, at_s: float = 0.0) -> Changes:
    """What is told two seconds after these paths were touched."""
    followed.touch([folder / name for name in touched], at_s)
    first = followed.settled(at_s)
    later = followed.settled(at_s + 2)
    return Changes((*first.added, *later.added), (*first.changed, *later.changed), (*first.deleted, *later.deleted))


def test_added_changed_and_deleted_files_are_told_apart(folder: Path):
    """Unsupported and hidden files are never told of."""
    followed = Followed([folder], settle_s=1)
    (folder / "new.md").write_text("x")
    (folder / "a.md").write_text("xy")
    (folder / "sub/b.txt").unlink()
    (folder / "no.exe").write_text("x")
    (folder / ".hidden.md").write_text("x")
    changes = after(folder, "new.md", "a.md", "sub/b.txt", "no.exe", ".hidden.md", followed=followed)
    assert (names(changes.added), names(changes.changed), names(changes.deleted)) == (["new.md"], ["a.md"], ["b.txt"])


def test_a_file_is_told_of_only_when_it_is_complete(folder: Path):
    """As long as its size or its time changes it is waited for, even without another event."""
    followed = Followed([folder], settle_s=1)
    slow = folder / "slow.md"
    slow.write_text("one")
    followed.touch([slow], 0)
    for second in range(1, 4):
        slow.write_text("one" * (second + 1))
        assert not followed.settled(second)
    assert not followed.settled(3.5)
    assert names(followed.settled(4).added) == ["slow.md"]
    assert not followed.settled(9)


def test_a_renamed_file_is_one_deleted_and_one_added(folder: Path):
    followed = Followed([folder], settle_s=1)
    (folder / "a.md").rename(folder / "z.md")
    changes = after(folder, "a.md", "z.md", followed=followed)
    assert (names(changes.added), names(changes.deleted)) == (["z.md"], ["a.md"])


def test_a_file_replaced_by_another_is_changed(folder: Path):
    """Programs that save under another name and rename it delete nothing."""
    followed = Followed([folder], settle_s=1)
    (folder / "a.tmp").write_text("new")
    (folder / "a.tmp").replace(folder / "a.md")
    changes = after(folder, "a.tmp", "a.md", followed=followed)
    assert (changes.added, names(changes.changed), changes.deleted) == ((), ["a.md"], ())


def test_a_folder_moved_away_takes_its_files_with_it(folder: Path):
    """The system tells of the folder only; a folder moved in is told of in the same way."""
    followed = Followed([folder], settle_s=1)
    (folder / "sub").rename(folder / "renamed")
    changes = after(folder, "sub", "renamed", followed=followed)
    assert names(changes.deleted) == ["b.txt", "c.txt"]
    assert [path.relative_to(folder).as_posix() for path in changes.added] == ["renamed/b.txt", "renamed/c.txt"]


def test_a_disk_that_is_taken_away_deletes_nothing(folder: Path):
    """Neither when the root is gone, nor when another, empty folder is in its place."""
    for remount in (False, True):
        followed = Followed([folder], settle_s=1)
        away = folder.rename(folder.parent / "away")
        if remount:
            folder.mkdir()
        assert not after(folder, "a.md", "sub/b.txt", "sub", followed=followed)
        if remount:
            folder.rmdir()
        away.rename(folder)


def test_a_file_given_by_itself_is_followed_alone(folder: Path):
    followed = Followed([folder / "a.md"], settle_s=1)
    (folder / "sub/b.txt").unlink()
    (folder / "a.md").unlink()
    assert names(after(folder, "sub/b.txt", "a.md", followed=followed).deleted) == ["a.md"]


def test_a_missing_folder_is_an_error(tmp_path: Path):
    with pytest.raises(SourceError, match=r"gone.*cannot be watched"):
        next(changes_in([tmp_path / "gone" / "x"]))


def until(told: Callable[[Changes], bool], folder: Path, act: Callable[[], None]) -> Changes:
    """The first batch of a real watch that `told` accepts, after `act` has changed the folder."""
    stop = threading.Event()
    watchdog = threading.Timer(20, stop.set)
    watchdog.start()
    found = Changes()
    for number, changes in enumerate(changes_in([folder], stop, settle_s=0.1)):
        if number == 0:
            assert not changes
            act()
        elif told(changes):
            found = changes
            stop.set()
    watchdog.cancel()
    return found


def test_what_happens_after_the_first_batch_is_not_missed(folder: Path):
    """The real watch begins before its first, empty batch."""

    def act() -> None:
        (folder / "new.md").write_text("x")
        (folder / "deep/er").mkdir(parents=True)
        (folder / "deep/er/d.md").write_text("x")

    seen: list[str] = []

    def told(changes: Changes) -> bool:
        seen.extend(names(changes.added))
        return {"new.md", "d.md"} <= set(seen)

    assert until(told, folder, act)


def test_a_real_deletion_is_told(folder: Path):
    changes = until(lambda changes: bool(changes.deleted), folder, (folder / "a.md").unlink)
    assert names(changes.deleted) == ["a.md"]
