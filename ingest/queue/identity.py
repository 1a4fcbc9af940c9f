"""The identity of a queue: the same from every process, by every name of its database."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

from ingest.queue.database import SQLITE, libpq, speaking
from rag.errors import QueueError

_PATIENCE_S = 30.0
_LARGEST = 2**31 - 1
_OF_THE_SERVER = """
    SELECT (SELECT system_identifier FROM pg_control_system())::text || '/' || oid
    FROM pg_database WHERE datname = current_database()
"""


def identity_of(url: str) -> str:
    """The identity of the queue at `url`. A SQLite file is given one when it is first asked for, and made with it.

    Raises:
        QueueError: the database cannot be reached.
    """
    with speaking(url):
        if url.startswith(SQLITE):
            return _of_file(Path(url.removeprefix(SQLITE)))
        try:
            with closing(psycopg.connect(libpq(url), autocommit=True)) as connection:
                [found] = connection.execute(_OF_THE_SERVER).fetchall()
        except psycopg.Error as exc:
            where, cause = url.rpartition("@")[2], str(exc).partition("\n")[0]  # never the password
            raise QueueError(f"the work queue at {where} failed: {cause}; is FOOTNOTE_QUEUE_URL right?") from exc
    return f"postgresql {found[0]}"


def _of_file(path: Path) -> str:
    """The number that the header of a SQLite file has for whoever uses it; 0 means none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        [number] = connection.execute("PRAGMA application_id").fetchone()
        if not number:
            number = 1 + secrets.randbelow(_LARGEST)
            connection.execute(f"PRAGMA application_id = {number}")
        connection.execute("COMMIT")
    return f"sqlite {number}"
