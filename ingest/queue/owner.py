"""Who works off the queue of this machine: one process owns it, and says how others can hand it work."""

from __future__ import annotations

import json
import os
import secrets
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

import filelock

from rag.errors import QueueLocked, StoreUnavailable

_LOCK, _OWNER = ".lock", ".owner.json"
_PATIENCE_S = 0.5


@dataclass(frozen=True, slots=True)
class Owner:
    """The owning process. `url` is the service that takes work, if it is one.

    `token` shows who may hand it over: it lies in a file that only the owner's user can read.
    """

    pid: int
    command: str
    url: str | None
    token: str = field(repr=False)


class Ownership:
    """The queue in `folder` belongs to this process until `close`.

    Raises:
        QueueLocked: another process owns it.
        StoreUnavailable: the folder cannot be written.
    """

    def __init__(self, folder: Path, *, url: str | None = None) -> None:
        self.token = secrets.token_urlsafe()
        owner = Owner(os.getpid(), " ".join(sys.argv), url, self.token)
        self._lock = filelock.FileLock(folder / _LOCK, timeout=_PATIENCE_S, thread_local=False)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()  # who asks for the owner holds it for a moment
            (folder / _OWNER).unlink(missing_ok=True)
            _write_private(folder / _OWNER, json.dumps(asdict(owner)))
        except filelock.Timeout as exc:
            raise QueueLocked(_locked(folder)) from exc
        except OSError as exc:
            raise StoreUnavailable(f"cannot write to {folder}: {exc}; set FOOTNOTE_DATA_DIR to another folder") from exc

    def close(self) -> None:
        """Give the queue back."""
        self._lock.release()


def owner_of(folder: Path) -> Owner | None:
    """The process that owns the queue in `folder` now; None when nobody does, or nobody knows."""
    probe = filelock.FileLock(folder / _LOCK, blocking=False, thread_local=False)
    try:
        if not (folder / _LOCK).exists():
            return None
        with probe:
            return None
    except filelock.Timeout:
        return _read(folder)
    except OSError:
        return None


def _read(folder: Path) -> Owner | None:
    try:
        return Owner(**json.loads((folder / _OWNER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _locked(folder: Path) -> str:
    owner = _read(folder)
    who = f"process {owner.pid} ({owner.command})" if owner else "another process"
    return (
        f"{who} is ingesting with the queue in {folder}, which has one owner at a time. Wait for it, or share a queue "
        "among any number of workers: set FOOTNOTE_QUEUE_URL to a Postgres database"
    )


def _write_private(path: Path, text: str) -> None:
    """Write a file that nobody but this user could ever read."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)
