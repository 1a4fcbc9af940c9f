"""The queue's database, as both of its sides see it: names, states, records as JSON, errors."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbos import DBOS, Serializer, error
from sqlalchemy.exc import SQLAlchemyError

from rag.compacting import compact_sqlite
from rag.errors import QueueError

SQLITE = "sqlite:///"
APPLICATION = "footnote"
VERSION = "1"  # of the workflows' steps: a worker takes over only what its own version began
RUNS, FILES = "runs", "files"
FILE = "file"  # the name of the workflow
OPEN = ["ENQUEUED", "PENDING", "DELAYED"]
CLOSED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
PLAN, PROGRESS = "plan", "progress"
POLL_S, IDLE_POLL_S = 0.1, 1.0
RUNS_AT_A_TIME = 64


class Recorded(Exception):
    """An exception that was recorded as text."""


class JsonSerializer(Serializer):
    """Plain data as JSON, which cannot run code; exceptions as their text."""

    def serialize(self, data: Any) -> str:
        return json.dumps({"error": str(data)} if isinstance(data, BaseException) else {"value": data})

    def deserialize(self, serialized_data: str) -> Any:
        raw = json.loads(serialized_data)
        return Recorded(raw["error"]) if "error" in raw else raw["value"]

    def name(self) -> str:
        return "footnote_json"


def make_ready(url: str) -> None:
    """Create or migrate the tables. SQLite writes ahead, so that readers and the writer do not wait for each other."""
    logger = logging.getLogger("dbos")  # what goes wrong is told in results and errors
    logger.setLevel(logging.CRITICAL)
    if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
        logger.handlers[:] = [logging.NullHandler()]  # in place of one that writes to the error output of this moment
    if url.startswith(SQLITE):
        with sqlite3.connect(url.removeprefix(SQLITE)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    DBOS.migrate(url)


def compact(url: str) -> None:
    """Leave no byte of what was deleted in a SQLite file; Postgres does that itself, in time."""
    if url.startswith(SQLITE):
        compact_sqlite(Path(url.removeprefix(SQLITE)))


def libpq(url: str) -> str:
    """The URL as Postgres's own library takes it: a driver in it is SQLAlchemy's business."""
    scheme, _, place = url.partition("://")
    return f"{scheme.partition('+')[0]}://{place}"


@contextmanager
def speaking(url: str) -> Iterator[None]:
    """Turn the database's errors into ours, without the password."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError, error.DBOSException) as exc:
        where = url.rpartition("@")[2]  # never the password
        cause = str(exc).partition("\n")[0]
        raise QueueError(f"the work queue at {where} failed: {cause}; is FOOTNOTE_QUEUE_URL right?") from exc
