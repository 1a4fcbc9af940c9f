"""SQLite files without the bytes of what was deleted from them."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

_WAIT_S, _POLL_S = 30.0, 0.05


def compact_sqlite(file: Path) -> None:
    """Write a database anew without what was deleted, and empty its write-ahead log, beside whoever uses it.

    Raises:
        sqlite3.Error: it is in use all the time.
    """
    with closing(sqlite3.connect(file, timeout=_WAIT_S, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        until_s = time.monotonic() + _WAIT_S
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:  # somebody reads or writes
            if time.monotonic() > until_s:
                raise sqlite3.OperationalError("the write-ahead log is in use all the time; do it again")
            time.sleep(_POLL_S)
