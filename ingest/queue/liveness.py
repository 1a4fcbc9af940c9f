"""Which workers on one Postgres are alive: each holds an advisory lock, which is released when it dies."""

from __future__ import annotations

import hashlib
import logging
import threading
from typing import Protocol

import psycopg

from ingest.queue.database import libpq
from rag.errors import QueueError

_EVERY_S = 2.0
_MISSED = 3  # sweeps; a worker whose connection broke has a new one after one
_CONNECT_S = 3
# Either side notices within half a minute that the other's machine is gone; the systems' own times are hours.
_IDLE_S, _AGAIN_S, _TIMES = 10, 5, 3
_HELD = """
    SELECT classid::bigint << 32 | objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_log = logging.getLogger(__name__)


class Team(Protocol):
    """The part of `ingest.queue.worker.Worker` that finding the dead needs."""

    def working(self) -> set[str]:
        """Raises QueueError."""
        ...

    def take_over(self, executor: str) -> None:
        """Raises QueueError."""
        ...


class Presence:
    """Shows on one Postgres that the worker of this name is alive, from before it takes work until after it let it go.

    The lock belongs to the connection, so that the server lets it go when the process or its machine is gone. Names
    must not be used again.

    Raises:
        QueueError: on construction, when the database cannot be reached.
    """

    def __init__(self, url: str, name: str) -> None:
        self._url = libpq(url)
        self._lock = lock_of(name)
        try:
            self._connection = self._connect()
        except psycopg.Error as exc:
            where, cause = url.rpartition("@")[2], str(exc).partition("\n")[0]  # never the password
            raise QueueError(f"the work queue at {where} failed: {cause}; is FOOTNOTE_QUEUE_URL right?") from exc

    def close(self) -> None:
        """Let the lock go."""
        self._connection.close()

    def held(self) -> set[int]:
        """The locks (`lock_of`) of all who are alive.

        Raises:
            psycopg.Error: the connection broke, and with it this worker's own lock; see `renew`.
        """
        return {lock for (lock,) in self._connection.execute(_HELD)}

    def renew(self) -> None:
        """Take the lock again in a new connection.

        Raises:
            psycopg.Error: the server is not back yet.
        """
        self._connection.close()
        self._connection = self._connect()

    def _connect(self) -> psycopg.Connection[tuple[int]]:
        connection = psycopg.connect(
            self._url,
            autocommit=True,
            connect_timeout=_CONNECT_S,
            keepalives_idle=_IDLE_S,
            keepalives_interval=_AGAIN_S,
            keepalives_count=_TIMES,
            tcp_user_timeout=1000 * _AGAIN_S * _TIMES,
        )
        for option, value in (("idle", _IDLE_S), ("interval", _AGAIN_S), ("count", _TIMES)):
            connection.execute(f"SET tcp_keepalives_{option} = {value}")  # of the server's side
        # Shared, so that a new connection need not wait until the server has noticed the end of the old one.
        connection.execute("SELECT pg_advisory_lock_shared(%s)", (self._lock,))
        return connection


class Liveness:
    """Takes over the work of workers whose lock has been down for a few sweeps in a row.

    A worker whose connection breaks takes its lock again within one sweep of the server being back, so it is not taken
    for dead when the server was restarted.
    """

    def __init__(self, presence: Presence, team: Team, *, every_s: float = _EVERY_S) -> None:
        self._presence = presence
        self._team = team
        self._every_s = every_s
        self._missed: dict[str, int] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="liveness", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._closing.set()
        self._thread.join()

    def sweep(self) -> None:
        """Look once at who is alive.

        Raises:
            psycopg.Error, QueueError: the database does not answer.
        """
        held = self._presence.held()  # first: on a broken connection it fails at once, and asking the team waits
        down = [name for name in sorted(self._team.working()) if lock_of(name) not in held]
        self._missed = {name: self._missed.get(name, 0) + 1 for name in down}
        for name, times in self._missed.items():
            if times >= _MISSED:
                _log.warning("worker %s is gone; its work is taken over", name)
                self._team.take_over(name)

    def _watch(self) -> None:
        while not self._closing.wait(self._every_s):
            try:
                self.sweep()
            except (psycopg.Error, QueueError) as exc:
                _log.warning("the queue's database does not answer: %s", exc)
                self._renew()

    def _renew(self) -> None:
        self._missed = {}  # the others may need as long to be back
        try:
            self._presence.renew()
        except psycopg.Error as exc:
            _log.warning("the queue's database does not answer yet: %s", exc)


def lock_of(name: str) -> int:
    """A lock's number, a signed 64-bit integer."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
