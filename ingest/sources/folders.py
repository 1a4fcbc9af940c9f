"""Files, folders and patterns on the local disk: what is in them, and their bytes."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from ingest.sources.source import (
    BLOCK_BYTES,
    MB,
    Fetched,
    Item,
    Refused,
    is_hidden,
    misnamed,
    printable,
    reads_as_member,
    refusal_of,
    too_large,
    unreadable,
)
from rag.errors import SourceError

_READS = 2


Found = Item | Refused


def in_folder(folder: Path, root: Path | None = None) -> Iterator[Found]:
    """The files of a folder at any depth, in no order; links are followed to files inside `root`, or the folder."""
    waiting = [folder.resolve()]
    root = root or waiting[0]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False) and not is_hidden(entry.name):
                        waiting.append(Path(entry.path))
                    else:
                        yield _found(entry, root)
        except OSError as exc:
            reason = f"{exc.strerror or exc}. Check that the folder may be read"
            yield Refused(printable(here.as_posix()), reason, lost=True)


def in_pattern(pattern: Path) -> Iterator[Found]:
    """The files that match a pattern; `**` matches folders of any depth."""
    for match in glob.iglob(str(pattern.expanduser()), recursive=True):  # noqa: PTH207 - takes absolute patterns too
        path = Path(match)
        if not path.is_dir():
            parent = path.parent.resolve()
            yield checked(parent / path.name, parent)


def checked(path: Path, root: Path) -> Found:
    """The file at a path in or below `root`, if its name and kind are to be read. Only its last part may be a link."""
    reason = refusal_of(path.name)
    if reason:
        return Refused(printable(path.as_posix()), reason)
    try:
        real = path.resolve() if path.is_symlink() else path
        if not real.is_relative_to(root):
            return Refused(printable(path.as_posix()), "link that leads out of the folder; give the file itself")
        return item_at(real)
    except (OSError, RuntimeError) as exc:  # RuntimeError: links that lead to each other
        return Refused(printable(path.as_posix()), f"{exc}. Check that it is there and may be read", lost=True)


def item_at(real: Path) -> Found:
    """The regular file at a resolved path.

    Raises:
        OSError: it cannot be looked at.
    """
    return _item(real.as_posix(), real.stat())


class Digest(Protocol):
    """A hash of bytes that come in blocks, as those of `hashlib` are."""

    def update(self, block: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


def fetch_local(source: str, max_file_mb: float, digest: Callable[[], Digest] = hashlib.sha256) -> Fetched:
    """The file itself, hashed. One that changes meanwhile is hashed once more.

    Raises:
        SourceError: it is gone, no regular file, too large, or keeps changing.
    """
    path = Path(source)
    try:
        for _ in range(_READS):
            found = _hashed(path, max_file_mb, digest())
            if found:
                return Fetched(source, path, path.name, sha256=found[0], size_bytes=found[1])
    except OSError as exc:
        raise unreadable(source, exc) from exc
    raise SourceError(f"{source}: the file keeps changing. Ingest it again once it is complete")


def _item(source: str, status: os.stat_result) -> Found:
    reason = misnamed(source)
    if reason:
        return Refused(printable(source), reason, lost=True)
    if reads_as_member(source):
        reason = "the path reads like a member of an archive. Rename the folder that ends with '!'"
        return Refused(source, reason, lost=True)
    if not stat.S_ISREG(status.st_mode):
        return Refused(source, "not a regular file")
    return Item(source, source.rpartition("/")[2], status.st_size)


def _found(entry: os.DirEntry[str], root: Path) -> Found:
    if entry.is_symlink():
        if os.path.isdir(entry.path):  # noqa: PTH112 - never raises, as links in circles make others
            return Refused(printable(entry.path), "link to a folder; give that folder itself")
        return checked(Path(entry.path), root)
    if entry.is_dir():
        return Refused(printable(entry.path), "hidden folder")
    reason = refusal_of(entry.name)
    try:
        return Refused(printable(entry.path), reason) if reason else _item(entry.path, entry.stat())
    except FileNotFoundError:
        return Refused(printable(entry.path), "deleted while the folder was read")


def _hashed(path: Path, max_file_mb: float, digest: Digest) -> tuple[str, int] | None:
    """The sha256 and the size of a file; None when it changed while it was read."""
    # A pipe would block the open, and a link put there since the listing could lead anywhere.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor, not a path
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise SourceError(f"{path}: not a regular file. Give a file or a folder")
        if before.st_size > max_file_mb * MB:
            raise too_large(str(path), max_file_mb, before.st_size)
        size = 0
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            size += len(block)
            if size > max_file_mb * MB:
                raise too_large(str(path), max_file_mb)
        after = path.lstat()
    same = (before.st_ino, before.st_size, before.st_mtime_ns) == (after.st_ino, after.st_size, after.st_mtime_ns)
    return (digest.hexdigest(), size) if same and size == before.st_size else None
