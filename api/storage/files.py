"""Uploaded files of a tenant."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from api.storage.database import Database
from api.storage.errors import NotStored
from api.storage.pages import Listing, PageRequest, numbered
from api.storage.records import StoredFile
from api.storage.tables import FileRow


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file whose bytes are on disk."""

    id: str
    filename: str
    media_type: str
    purpose: str
    size_bytes: int
    sha256: str
    expires_s: int | None = None


class Files:
    """The uploaded files of one tenant. A file that has expired is gone from that second on.

    Every method raises DatabaseFailed when the database fails.
    """

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def add(self, new: NewFile) -> StoredFile:
        """Remember a file."""
        now = self._database.now()
        row = FileRow(
            id=new.id,
            filename=new.filename,
            media_type=new.media_type,
            purpose=new.purpose,
            size_bytes=new.size_bytes,
            sha256=new.sha256,
            created_at=now,
            expires_at=now + new.expires_s if new.expires_s is not None else None,
        )
        with self._database.writing(self._tenant) as session:
            session.add(row)
            session.flush()
            return file_of(row)

    def get(self, file_id: str) -> StoredFile:
        """One file.

        Raises:
            NotStored: there is none of this id, or not any more.
        """
        with self._database.reading(self._tenant) as session:
            return file_of(live_file(session, file_id, self._database.now()))

    def named(self, file_ids: list[str]) -> dict[str, StoredFile]:
        """Those of these files that are there, by id."""
        wanted = select(FileRow).where(FileRow.id.in_(file_ids), _lives(self._database.now()))
        with self._database.reading(self._tenant) as session:
            return {row.id: file_of(row) for row in session.scalars(wanted)}

    def page(self, request: PageRequest, *, purpose: str | None = None) -> Listing[StoredFile]:
        """A page of the files.

        Raises:
            NotStored: the id that the page is to begin at was never there.
        """
        wanted = select(FileRow).where(_lives(self._database.now()))
        if purpose is not None:
            wanted = wanted.where(FileRow.purpose == purpose)
        with self._database.reading(self._tenant) as session:
            found = numbered(session, wanted, FileRow.number, request, lambda id_: _number(session, id_))
            return Listing(tuple(map(file_of, found.rows)), found.has_more)

    def delete(self, file_id: str) -> None:
        """Delete a file; the remaining row has no content.

        Raises:
            NotStored: there is none with this id, or it has expired.
        """
        now = self._database.now()
        with self._database.writing(self._tenant) as session:
            row = live_file(session, file_id, now, expired_too=True)
            row.deleted_at = now
            row.filename = row.media_type = row.sha256 = ""
            row.size_bytes = 0

    def expired(self) -> list[str]:
        """Ids of the files whose time has come and which are to be deleted."""
        due = select(FileRow.id).where(FileRow.deleted_at.is_(None), FileRow.expires_at <= self._database.now())
        with self._database.reading(self._tenant) as session:
            return list(session.scalars(due))


def live_file(session: Session, file_id: str, now: int, *, expired_too: bool = False) -> FileRow:
    """The row of a file that is there.

    Raises:
        NotStored.
    """
    lives = FileRow.deleted_at.is_(None) if expired_too else _lives(now)
    row = session.scalars(select(FileRow).where(FileRow.id == file_id, lives)).one_or_none()
    if row is None:
        raise NotStored("file", file_id)
    return row


def file_of(row: FileRow) -> StoredFile:
    """The record of a row."""
    return StoredFile(
        id=row.id,
        filename=row.filename,
        media_type=row.media_type,
        purpose=row.purpose,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def _lives(now: int) -> ColumnElement[bool]:
    return FileRow.deleted_at.is_(None) & or_(FileRow.expires_at.is_(None), FileRow.expires_at > now)


def _number(session: Session, file_id: str) -> int:
    number = session.scalars(select(FileRow.number).where(FileRow.id == file_id)).one_or_none()
    if number is None:
        raise NotStored("file", file_id)
    return number
