"""A database goes with one queue. Services that share the first and not the second would take each other's files for
lost, and erase documents that the other is still reading.

Each service holds a claim as long as it lives: on Postgres a lock of its session, beside a SQLite file a locked file.
Both fall with the process. Who finds a claim for another queue is refused.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import filelock
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from api.storage.database import SQLITE_FILE, speaking, with_driver
from rag.errors import FootnoteError, SettingError

_SPACE = 0x666F6F75  # of advisory locks with two numbers; the second is the queue's, or 0 for who looks at the others
_NUMBERS = 2**31 - 1
_EVERY_S = 5.0
_WAIT_S = 10.0
_OTHERS = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND classid::bigint = :space AND objid::bigint NOT IN (0, :queue)"
)
_SESSION = (  # a lock of a machine that is gone falls within half a minute, and nobody waits longer to begin
    *("SET tcp_keepalives_idle = 10", "SET tcp_keepalives_interval = 5", "SET tcp_keepalives_count = 3"),
    "SET lock_timeout = '40s'",
)
_log = logging.getLogger("footnote.library")


class Claim(Protocol):
    """That a live process works with a database and one queue."""

    def close(self) -> None:
        """Give it up."""
        ...


@contextmanager
def claimed(url: str | None, folder: Path, queue: str) -> Iterator[None]:
    """The claim on the database at `url`, or on the SQLite file in `folder`, for a queue, until the end of the block.

    Raises:
        SettingError: a live service works with this database and another queue.
        DatabaseFailed: the database cannot be reached.
    """
    claim = claim_for(url, folder, queue)
    try:
        yield
    finally:
        claim.close()


def claim_for(url: str | None, folder: Path, queue: str) -> Claim:
    """The same, to be closed by the caller."""
    number = 1 + int.from_bytes(hashlib.blake2b(queue.encode(), digest_size=8).digest(), "big") % _NUMBERS
    if url is None or url.startswith("sqlite"):
        return FileClaim(folder / SQLITE_FILE if url is None else Path(str(make_url(url).database)), number)
    return SessionClaim(url, number)


class FileClaim:
    """A claim beside a SQLite file.

    Raises:
        SettingError: as above.
    """

    def __init__(self, database: Path, queue: int) -> None:
        self._place = str(database)
        database.parent.mkdir(parents=True, exist_ok=True)
        stem = f"{database.name}.queue-"
        self._file = database.with_name(f"{stem}{queue}-{secrets.token_hex(8)}.lock")
        self._lock = filelock.FileLock(self._file, thread_local=False)
        with filelock.FileLock(database.with_name(f"{database.name}.claims.lock"), timeout=_WAIT_S):
            for file in database.parent.glob(f"{stem}*.lock"):
                if _is_held(file) and not file.name.startswith(f"{stem}{queue}-"):
                    raise _refusal(self._place)
            self._lock.acquire()

    def close(self) -> None:
        """Give it up."""
        self._lock.release()
        self._file.unlink(missing_ok=True)


class SessionClaim:
    """A claim on Postgres; when its connection breaks, it is made again.

    Raises:
        SettingError, DatabaseFailed: as above.
    """

    def __init__(self, url: str, queue: int, *, every_s: float = _EVERY_S) -> None:
        self._place = url.rpartition("@")[2]  # never the password
        self._queue = queue
        self._every_s = every_s
        self._engine = create_engine(with_driver(url), pool_size=1, isolation_level="AUTOCOMMIT")
        self._closing = threading.Event()
        try:
            with speaking(self._place):
                self._connection = self._claim()
        except BaseException:
            self._engine.dispose()
            raise
        self._thread = threading.Thread(target=self._watch, name="claim", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Give it up."""
        self._closing.set()
        self._thread.join()
        self._connection.close()
        self._engine.dispose()

    def _claim(self) -> Connection:
        connection = self._engine.connect()
        try:
            for each in _SESSION:
                connection.execute(text(each))
            own = {"space": _SPACE, "queue": self._queue}
            connection.execute(text("SELECT pg_advisory_lock(:space, 0)"), own)
            if connection.scalars(_OTHERS, own).one():
                raise _refusal(self._place)
            connection.execute(text("SELECT pg_advisory_lock_shared(:space, :queue)"), own)
            connection.execute(text("SELECT pg_advisory_unlock(:space, 0)"), own)
        except BaseException:
            connection.invalidate()  # and its locks with it
            connection.close()
            raise
        return connection

    def _watch(self) -> None:
        while not self._closing.wait(self._every_s):
            try:
                self._connection.execute(text("SELECT 1"))
            except SQLAlchemyError:
                self._renew()

    def _renew(self) -> None:
        try:
            self._connection.close()
            self._connection = self._claim()
        except (SQLAlchemyError, FootnoteError) as exc:
            _log.error("the claim on the database is not renewed yet: %s", exc)


def _is_held(file: Path) -> bool:
    """Whether a live process has this file locked; what dead ones left is removed."""
    try:
        with filelock.FileLock(file, timeout=0, thread_local=False):
            file.unlink(missing_ok=True)
            return False
    except filelock.Timeout:
        return True


def _refusal(place: str) -> SettingError:
    return SettingError(
        f"another service works with the database at {place} and a queue of its own, so that the two would fail each "
        "other's files. Set FOOTNOTE_QUEUE_URL of both to one Postgres database (and FOOTNOTE_QDRANT_URL, and run "
        "`footnote worker`), or give each a FOOTNOTE_DATABASE_URL of its own"
    )
