"""Erases deleted rows from the bytes of SQLite files."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

_WAIT_S, _POLL_S = 30.0, 0.05


def compact_sqlite(file: Path) -> None:
    """Rewrite a database without deleted rows and empty its write-ahead log, while others may use it.

    Raises:
        sqlite3.Error: it is continuously in use.
    """
    with closing(sqlite3.connect(file, timeout=_WAIT_S, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        until_s = time.monotonic() + _WAIT_S
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:  # somebody reads or writes
            if time.monotonic() > until_s:
                raise sqlite3.OperationalError("the write-ahead log is continuously in use; try again")
            time.sleep(_POLL_S)
