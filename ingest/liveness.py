"""Which workers on one Postgres are alive: each holds an advisory lock, which falls when it dies."""

from __future__ import annotations

import hashlib
import logging
import threading
from typing import Protocol

import psycopg

_EVERY_S = 2.0
_log = logging.getLogger(__name__)


class Team(Protocol):
    """The part of `ingest.queue.Worker` that finding the dead needs."""

    def working(self) -> set[str]: ...

    def take_over(self, executor: str) -> None: ...


class Liveness:
    """Holds this worker's lock, and takes over the work of workers whose lock has fallen.

    The lock belongs to the connection, so that the server lets it go when the process or its machine is gone. A worker
    whose own connection breaks takes its lock again as soon as the server is back.
    """

    def __init__(self, url: str, name: str, team: Team) -> None:
        self._url = url
        self._name = name
        self._team = team
        self._connection = self._hold()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="liveness", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching and let the lock go."""
        self._closing.set()
        self._thread.join()
        self._connection.close()

    def sweep(self) -> list[str]:
        """Take over from every worker that is gone; their names."""
        gone = [name for name in sorted(self._team.working() - {self._name}) if self._is_gone(name)]
        for name in gone:
            _log.warning("worker %s is gone; its work is taken over", name)
            self._team.take_over(name)
        return gone

    def _hold(self) -> psycopg.Connection[tuple[bool]]:
        connection = psycopg.connect(self._url, autocommit=True)
        connection.execute("SELECT pg_advisory_lock(%s)", (_key(self._name),))
        return connection

    def _is_gone(self, name: str) -> bool:
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (_key(name),)).fetchone()
        if row is None or not row[0]:
            return False
        self._connection.execute("SELECT pg_advisory_unlock(%s)", (_key(name),))
        return True

    def _watch(self) -> None:
        while not self._closing.wait(_EVERY_S):
            try:
                self.sweep()
            except psycopg.Error as exc:
                _log.warning("the queue's database does not answer: %s", exc)
                self._connect_again()

    def _connect_again(self) -> None:
        try:
            self._connection.close()
            self._connection = self._hold()
        except psycopg.Error as exc:
            _log.warning("the queue's database does not answer yet: %s", exc)


def _key(name: str) -> int:
    """A lock's number, a signed 64-bit integer."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
