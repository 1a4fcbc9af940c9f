"""Temporary folders that are removed when their process ends, even if it is killed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

_PREFIX, _LOCK = "footnote-", ".lock"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder of this process among the system's temporary files; those that killed processes left are removed."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        _remove_if_left(left)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    lock = filelock.FileLock(folder / _LOCK)
    lock.acquire()
    try:
        yield folder
    finally:
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _remove_if_left(lock_file: Path) -> None:
    try:
        with filelock.FileLock(lock_file, blocking=False):
            shutil.rmtree(lock_file.parent, ignore_errors=True)
    except (filelock.Timeout, OSError):
        return  # its process lives, or it is another user's
