"""Who owns a folder that one process at a time may have open, and how others can reach that process.

The store and the queue of this machine are such folders. A service that owns one takes work for it: where, and the
token that shows who may hand it over, stand in a file that only the owner's user can read.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import filelock

from rag.errors import FootnoteError, StoreUnavailable
from rag.hosts import is_here

_LOCK, _OWNER = ".lock", ".owner.json"
_PROBE_S, _POLL_S = 0.02, 0.005  # who asks for the owner holds the lock for a moment
_SURE_S = 0.5
_log = logging.getLogger("footnote")


@dataclass(frozen=True, slots=True)
class Doorway:
    """Where a service takes work from its own user, and the token that shows that it is that user."""

    url: str
    token: str = field(default_factory=secrets.token_urlsafe, repr=False)


@dataclass(frozen=True, slots=True)
class Owner:
    """The owning process. `url` is where it takes work, if it does."""

    pid: int
    command: str
    machine: str
    url: str | None = None
    token: str | None = field(default=None, repr=False)

    @property
    def doorway(self) -> Doorway | None:
        """Where to hand it work; None where it takes none, or the token would leave this machine."""
        if self.url is None or self.token is None or self.machine != platform.node() or not is_here(self.url):
            return None
        return Doorway(self.url, self.token)

    def __str__(self) -> str:
        elsewhere = "" if self.machine == platform.node() else f" on {self.machine}"
        return f"process {self.pid}{elsewhere} ({self.command})"


class Ownership:
    """A folder belongs to this process until `close`.

    While another process has it, this one waits up to `wait_s` seconds, but not for a service, which keeps it.
    `doorway` is where this process takes work for the folder, if it does.

    Raises:
        FootnoteError: another process owns the folder; made by `refusal` from words for that process.
        StoreUnavailable: the folder cannot be written.
    """

    def __init__(
        self,
        folder: Path,
        refusal: Callable[[str], FootnoteError],
        *,
        doorway: Doorway | None = None,
        wait_s: float = 0,
    ) -> None:
        self._file = folder / _OWNER
        self._lock = filelock.FileLock(folder / _LOCK, thread_local=False, poll_interval=_POLL_S)
        where = (doorway.url, doorway.token) if doorway else (None, None)
        owner = Owner(os.getpid(), " ".join(sys.argv), platform.node(), *where)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if (other := _acquire(self._lock, folder, wait_s)) is not None:
                raise refusal(other)
            self._file.unlink(missing_ok=True)
            _write_private(self._file, json.dumps(asdict(owner)))
        except OSError as exc:
            raise StoreUnavailable(f"cannot write to {folder}: {exc}; set FOOTNOTE_DATA_DIR to another folder") from exc

    def close(self) -> None:
        """Give the folder back."""
        if self._lock.is_locked:
            self._file.unlink(missing_ok=True)
            self._lock.release()


def owner_of(folder: Path) -> Owner | None:
    """The process that owns a folder now; None when nobody does, or nobody knows."""
    if not (folder / _LOCK).exists():
        return None
    try:
        with filelock.FileLock(folder / _LOCK, timeout=_PROBE_S, poll_interval=_POLL_S, thread_local=False):
            return None
    except filelock.Timeout:
        return _read(folder)
    except OSError:
        return None


def _acquire(lock: filelock.BaseFileLock, folder: Path, wait_s: float) -> str | None:
    """Acquire the lock, or tell who has it."""
    until_s = time.monotonic() + wait_s
    told = False
    while True:
        try:
            lock.acquire(timeout=_SURE_S)
            return None
        except filelock.Timeout:
            owner = _read(folder)
        who = str(owner or "another process")
        if time.monotonic() >= until_s or (owner is not None and owner.url is not None):
            return who
        if not told:
            _log.warning("footnote: waiting up to %g s for %s, which has %s open", wait_s, who, folder)
            told = True


def _read(folder: Path) -> Owner | None:
    try:
        return Owner(**json.loads((folder / _OWNER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write_private(path: Path, text: str) -> None:
    """Write a file that nobody but this user could ever read."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)
