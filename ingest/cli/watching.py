"""Follows folders for files that are added, changed or deleted."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import watchfiles
from watchfiles._rust_notify import WatchfilesRustInternalError

from ingest.sources import Found, Item, checked, in_folder, is_hidden, item_at
from rag.errors import SourceError

SETTLE_S = 1.0

Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Changes:
    """Complete files that are new or changed, and files that no longer exist; all sorted.

    An archive stands for its members.
    """

    added: tuple[Path, ...] = ()
    changed: tuple[Path, ...] = ()
    deleted: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.deleted)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file as it was last seen, and since when it has been so."""

    stamp: Stamp
    since_s: float


class Followed:
    """The known files under some roots, and which of them are not complete yet.

    Pure except for reading file attributes: the caller passes the touched paths and the time.
    """

    def __init__(self, roots: Sequence[Path], settle_s: float) -> None:
        self._roots = {root.resolve(): _device(root) for root in roots}
        self._settle_s = settle_s
        self._known = {path for root in self._roots for path in _files(root, root)}
        self._waiting: dict[Path, _Waiting] = {}
        self._gone: set[Path] = set()

    def touch(self, paths: Collection[Path], now_s: float) -> None:
        """Look at paths that something happened to: files, or folders with all that is, or was, in them."""
        for path in paths:
            root = next((root for root in self._roots if path.is_relative_to(root)), None)
            if root is None or any(map(is_hidden, path.relative_to(root).parts)):
                continue
            there = _files(path, root)
            for file in there:
                self._waiting[file] = _Waiting(_stamp(file), now_s)
            if path in self._known and path not in there:
                self._gone.add(path)
            elif not path.exists():
                self._gone |= {file for file in self._known if file.is_relative_to(path)}

    def settled(self, now_s: float) -> Changes:
        """The files that have kept their size and time for long enough, and those that have gone."""
        ready: set[Path] = set()
        for path, waiting in list(self._waiting.items()):
            stamp = _stamp(path)
            if not path.is_file():
                del self._waiting[path]
            elif stamp != waiting.stamp:
                self._waiting[path] = _Waiting(stamp, now_s)
            elif now_s - waiting.since_s >= self._settle_s:
                del self._waiting[path]
                ready.add(path)
        gone = {path for path in self._gone if not path.exists() and self._is_mounted(path)}
        self._gone.clear()
        changes = Changes(
            added=tuple(sorted(ready - self._known)),
            changed=tuple(sorted(ready & self._known)),
            deleted=tuple(sorted(gone)),
        )
        self._known |= ready
        self._known -= gone
        return changes

    def _is_mounted(self, path: Path) -> bool:
        """Whether the root of a path is the folder it was: the files of a disk that was taken away are not deleted."""
        return all(_device(root) == device for root, device in self._roots.items() if path.is_relative_to(root))


def changes_in(
    roots: Sequence[Path], stop: threading.Event | None = None, *, settle_s: float = SETTLE_S
) -> Iterator[Changes]:
    """Changes to the supported files under folders (or to files) until `stop` is set or the user interrupts.

    The first one is empty and says that watching has started: no later change is missed. A file that is being written
    is reported once its size and modification time have not changed for `settle_s`. A renamed file is a deletion and an
    addition.

    Raises:
        SourceError: a root is missing or cannot be watched.
    """
    lost = [str(root) for root in roots if not root.exists()]
    if lost:
        raise SourceError(f"{', '.join(lost)}: not found, so it cannot be watched. Check the path")
    watched = {root.resolve() if root.is_dir() else root.resolve().parent for root in roots}
    try:
        batches = watchfiles.watch(
            *sorted(watched),
            watch_filter=None,
            stop_event=stop,
            rust_timeout=max(1, int(settle_s * 500)),
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
            recursive=any(root.is_dir() for root in roots),
        )
        followed: Followed | None = None
        for batch in batches:
            if followed is None:
                followed = Followed(roots, settle_s)
                yield Changes()
            followed.touch({Path(name) for _, name in batch}, time.monotonic())
            changes = followed.settled(time.monotonic())
            if changes:
                yield changes
    except (OSError, WatchfilesRustInternalError) as exc:
        raise SourceError(
            f"{', '.join(map(str, sorted(watched)))}: cannot be watched ({exc}). On Linux, a large folder "
            "may need a higher fs.inotify.max_user_watches"
        ) from exc


def _files(path: Path, root: Path) -> set[Path]:
    """The supported files that a path is or holds."""
    found: list[Found] = []
    with suppress(FileNotFoundError):  # it may go at any moment
        if path.is_dir() and not path.is_symlink():
            found = list(in_folder(path, root))
        elif path == root:
            found = [item_at(path)]
        elif path.is_symlink() or path.exists():
            found = [checked(path, root)]
    return {Path(one.source) for one in found if isinstance(one, Item)}


def _stamp(path: Path) -> Stamp:
    """Size and time of change; of a file that is not there, no file's."""
    try:
        status = path.stat()
    except OSError:
        return (-1, 0)
    return (status.st_size, status.st_mtime_ns)


def _device(root: Path) -> Stamp:
    """Which folder on which disk a root is, or is in."""
    try:
        status = (root if root.is_dir() else root.parent).stat()
    except OSError:
        return (-1, 0)
    return (status.st_dev, status.st_ino)
