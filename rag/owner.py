"""Ownership of a folder that only one process at a time may open, and how others reach that process.

The store and the queue of this machine are such folders. A service that owns one accepts work for it; its URL and
token are in a file that only the owner's user can read.
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
    """The URL at which a service accepts work from its own user, and the token that authenticates that user."""

    url: str
    token: str = field(default_factory=secrets.token_urlsafe, repr=False)


@dataclass(frozen=True, slots=True)
class Owner:
    """The owning process. `url` is where it accepts work, if it does."""

    pid: int
    command: str
    machine: str
    url: str | None = None
    token: str | None = field(default=None, repr=False)

    @property
    def doorway(self) -> Doorway | None:
        """Where to send it work; None if it accepts none, or the token would leave this machine."""
        if self.url is None or self.token is None or self.machine != platform.node() or not is_here(self.url):
            return None
        return Doorway(self.url, self.token)

    def __str__(self) -> str:
        elsewhere = "" if self.machine == platform.node() else f" on {self.machine}"
        return f"process {self.pid}{elsewhere} ({self.command})"


class Ownership:
    """Holds a folder for this process until `close`.

    If another process holds it, this one waits up to `wait_s` seconds, except for a service, which keeps it. `doorway`
    is where this process accepts work for the folder, if it does.

    Raises:
        FootnoteError: another process owns the folder; made by `refusal` from a description of that process.
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
        """Release the folder."""
        if self._lock.is_locked:
            self._file.unlink(missing_ok=True)
            self._lock.release()


def owner_of(folder: Path) -> Owner | None:
    """The process that owns a folder now; None if there is none, or it is unknown."""
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
    """Acquire the lock; else return a description of its holder."""
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
    """Write a file that at no time another user can read."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)
