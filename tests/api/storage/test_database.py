"""The database itself: migrations, transactions, and that a tenant's session sees that tenant's rows alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import delete, func, select, text, update

from api.storage import Database, DatabaseFailed, Files, NewFile, open_database
from api.storage import database as module
from api.storage.tables import Base, FileRow, Owned


def new_file(name: str, **more) -> NewFile:
    return NewFile(f"file-{name}", f"{name}.txt", "text/plain", "assistants", 3, "0" * 64, **more)


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database):
    with database.everyone() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_are_one_line():
    """Two that follow the same one could not both be run."""
    folder = Path(module.__file__).with_name("migrations")
    assert len(ScriptDirectory(str(folder)).get_heads()) == 1


def test_opening_again_and_at_the_same_time_changes_nothing(database_url: str | None, tmp_path: Path):
    """Several processes start together, and one of them migrates."""
    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(lambda _: open_database(database_url, tmp_path), range(4)))
    Files(opened[0], "").add(new_file("a"))
    for each in opened:
        assert Files(each, "").get("file-a").filename == "a.txt"
        each.close()


def test_a_database_that_cannot_be_reached_is_named_without_its_password(tmp_path: Path):
    with pytest.raises(DatabaseFailed, match="FOOTNOTE_DATABASE_URL") as raised:
        open_database("postgresql://footnote:swordfish@127.0.0.1:1/footnote", tmp_path)
    assert "127.0.0.1:1/footnote" in str(raised.value)
    assert "swordfish" not in str(raised.value)


def test_a_database_of_a_newer_footnote_is_refused(database_url: str | None, tmp_path: Path):
    opened = open_database(database_url, tmp_path)
    with opened.everyone(writes=True) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()
    with pytest.raises(DatabaseFailed, match="9999"):
        open_database(database_url, tmp_path)


def test_what_an_exception_leaves_is_not_stored(database: Database):
    def broken_off() -> None:
        with database.writing("") as session:
            session.add(_row("x"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_off()
    with database.reading("") as session:
        assert session.scalars(select(FileRow)).all() == []


def test_every_statement_of_a_tenants_session_is_limited_to_its_rows(database: Database):
    """Whatever its shape: rows, columns, counts, a row by its key, changes, deletions."""
    for tenant in ("acme", "other"):
        with database.writing(tenant) as session:
            session.add(_row(tenant))
    with database.reading("acme") as session:
        assert [row.id for row in session.scalars(select(FileRow))] == ["file-acme"]
        assert session.scalars(select(FileRow.id)).all() == ["file-acme"]
        assert session.scalar(select(func.count()).select_from(FileRow)) == 1
        assert session.scalars(select(FileRow.id).where(FileRow.id == "file-other")).all() == []
        other = session.scalars(select(FileRow).where(FileRow.tenant == "other")).all()
        assert other == []
    with database.everyone() as session:
        numbers = {row.tenant: row.number for row in session.scalars(select(FileRow))}
    with database.writing("acme") as session:
        assert session.get(FileRow, numbers["other"]) is None
        session.execute(update(FileRow).values(filename="taken"))
    with database.writing("acme") as session:
        session.execute(delete(FileRow))
    with database.everyone() as session:
        assert [(row.tenant, row.filename) for row in session.scalars(select(FileRow))] == [("other", "x")]


def test_every_table_belongs_to_tenants():
    """A table without an owner would be seen by everyone."""
    assert all(issubclass(mapper.class_, Owned) for mapper in Base.registry.mappers)


def test_new_rows_belong_to_the_sessions_tenant(database: Database):
    """Also when the row says otherwise."""
    with database.writing("acme") as session:
        session.add(_row("a", tenant="other"))
    with database.everyone() as session:
        assert session.scalars(select(FileRow.tenant)).all() == ["acme"]


def test_writers_wait_for_each_other(database: Database):
    """None of many changes at once is lost, and none fails."""
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: Files(database, "").add(new_file(str(n))), range(40)))
    with database.reading("") as session:
        assert session.scalar(select(func.count()).select_from(FileRow)) == 40


def _row(name: str, **more) -> FileRow:
    return FileRow(
        id=f"file-{name}",
        filename="x",
        media_type="",
        purpose="assistants",
        size_bytes=0,
        sha256="",
        created_at=0,
        **more,
    )
