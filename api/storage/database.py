"""The service's database: SQLite in the data folder, or Postgres by URL; migrated when it is opened.

A session belongs to a tenant. The condition that limits it to that tenant's rows is added here, to every statement, so
that no query can forget it; only `everyone`, for the upkeep of the service itself, sees all.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from api.storage.errors import DatabaseFailed, NotStorable
from api.storage.tables import Owned
from rag.compacting import compact_sqlite

SQLITE_FILE = "footnote.sqlite"
_MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 0x666F6F74  # an advisory lock of Postgres: one process migrates at a time
_WAIT_S = 30.0
_TENANT, _WRITES = "tenant", "footnote_writes"


class Database:
    """Sessions on the database; threads may share it. Close it when done. `now` gives seconds of the Unix epoch."""

    def __init__(self, engine: Engine, place: str, now: Callable[[], int]) -> None:
        self.now = now
        self._engine = engine
        self._place = place

    @contextmanager
    def reading(self, tenant: str) -> Iterator[Session]:
        """A session that sees one state of the tenant's rows and changes nothing.

        Raises:
            DatabaseFailed.
        """
        with self._session({_TENANT: tenant}, writes=False) as session:
            yield session

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Session]:
        """A session whose changes are stored together at the end, or not at all when an exception leaves it.

        Raises:
            DatabaseFailed.
        """
        with self._session({_TENANT: tenant}, writes=True) as session:
            yield session

    @contextmanager
    def everyone(self, *, writes: bool = False) -> Iterator[Session]:
        """The same over the rows of all tenants, for the upkeep of the service; never on behalf of a client."""
        with self._session({}, writes=writes) as session:
            yield session

    def compact(self) -> None:
        """Leave no byte of what was deleted in a SQLite file; Postgres does that itself, in time.

        Raises:
            DatabaseFailed.
        """
        if self._engine.dialect.name == "sqlite":
            with speaking(self._place):
                compact_sqlite(Path(str(self._engine.url.database)))

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @contextmanager
    def _session(self, info: dict[str, Any], *, writes: bool) -> Iterator[Session]:
        with speaking(self._place), self._engine.connect() as connection:
            bound = connection.execution_options(**{_WRITES: writes})
            with bound.begin(), Session(bound, info=info, expire_on_commit=False) as session:
                yield session
                session.flush()


def _seconds() -> int:
    return int(time.time())


def open_database(url: str | None, folder: Path, *, now: Callable[[], int] = _seconds) -> Database:
    """The database at `url`, or a SQLite file in `folder`; its tables are brought up to date.

    Raises:
        DatabaseFailed: it cannot be reached, or was migrated by a newer Footnote.
    """
    if url is None:
        url = f"sqlite:///{folder / SQLITE_FILE}"
    place = url.rpartition("@")[2]  # never the password
    with speaking(place):
        if url.startswith("sqlite"):
            folder.mkdir(parents=True, exist_ok=True)
        engine = create_engine(with_driver(url), **_options(url))
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _on_connect)
            event.listen(engine, "begin", _on_begin)
        try:
            with engine.connect() as connection:
                bound = connection.execution_options(**{_WRITES: True})
                with bound.begin():
                    migrate(bound)
        except BaseException:
            engine.dispose()
            raise
    return Database(engine, place, now)


def migrate(connection: Connection) -> None:
    """Bring the tables up to date within the transaction of this connection."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def speaking(place: str) -> Iterator[None]:
    """Turn the database's errors into ours."""
    try:
        yield
    except DataError as exc:
        raise NotStorable("a value holds characters that cannot be stored, such as NUL; leave them out") from exc
    except (SQLAlchemyError, sqlite3.Error, CommandError, OSError) as exc:
        cause = str(exc).partition("\n")[0]
        raise DatabaseFailed(f"the database at {place} failed: {cause}; is FOOTNOTE_DATABASE_URL right?") from exc


@event.listens_for(Session, "do_orm_execute")
def _only_of_the_tenant(state: ORMExecuteState) -> None:
    tenant = state.session.info.get(_TENANT)
    if tenant is not None and not state.is_column_load and not state.is_relationship_load:
        mine = with_loader_criteria(Owned, lambda cls: cls.tenant == tenant, include_aliases=True)
        state.statement = state.statement.options(mine)


@event.listens_for(Session, "before_flush")
def _new_rows_of_the_tenant(session: Session, *_: Any) -> None:
    for row in session.new:
        if isinstance(row, Owned) and _TENANT in session.info:
            row.tenant = session.info[_TENANT]


def with_driver(url: str) -> str:
    """The URL as SQLAlchemy takes it."""
    scheme, _, place = url.partition("://")
    return f"postgresql+psycopg://{place}" if scheme in ("postgresql", "postgres") else url


def _options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": _WAIT_S, "check_same_thread": False}}
    return {"pool_pre_ping": True}


def _on_connect(connection: Any, _record: Any) -> None:
    """Transactions are begun by `_on_begin`; readers and the writer do not wait for each other."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    """A writer says so at once: one that began as a reader could not wait for another writer."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
