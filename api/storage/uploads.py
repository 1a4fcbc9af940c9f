"""Uploads in parts, of a tenant."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.storage.database import Database
from api.storage.errors import NotStored
from api.storage.records import Upload, UploadStatus
from api.storage.tables import UploadPartRow, UploadRow

_OPEN_S = 3600


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file that is to come in parts, of `size_bytes` together."""

    id: str
    filename: str
    media_type: str
    purpose: str
    size_bytes: int
    file_expires_s: int | None = None


class Uploads:
    """The uploads of one tenant; each is open for an hour.

    Every method raises DatabaseFailed when the database fails, and NotStored for an upload or part that is not there.
    """

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def add(self, new: NewUpload) -> Upload:
        """Begin an upload."""
        now = self._database.now()
        row = UploadRow(
            id=new.id,
            filename=new.filename,
            media_type=new.media_type,
            purpose=new.purpose,
            size_bytes=new.size_bytes,
            status="pending",
            created_at=now,
            expires_at=now + _OPEN_S,
            file_expires_s=new.file_expires_s,
        )
        with self._database.writing(self._tenant) as session:
            session.add(row)
            session.flush()
            return _upload_of(row, now)

    def get(self, upload_id: str) -> Upload:
        """One upload; `expired` when it was not completed in time."""
        with self._database.reading(self._tenant) as session:
            return _upload_of(_find(session, upload_id), self._database.now())

    def add_part(self, upload_id: str, part_id: str, size_bytes: int) -> int:
        """Remember a part; when that was."""
        now = self._database.now()
        with self._database.writing(self._tenant) as session:
            _find(session, upload_id)
            session.add(UploadPartRow(id=part_id, upload_id=upload_id, size_bytes=size_bytes, created_at=now))
        return now

    def parts(self, upload_id: str) -> dict[str, int]:
        """The sizes of an upload's parts, by id."""
        wanted = select(UploadPartRow).where(UploadPartRow.upload_id == upload_id)
        with self._database.reading(self._tenant) as session:
            _find(session, upload_id)
            return {row.id: row.size_bytes for row in session.scalars(wanted)}

    def end(self, upload_id: str, status: UploadStatus, file_id: str | None = None) -> Upload | None:
        """Complete or cancel an upload; None if another process has already ended it."""
        with self._database.writing(self._tenant) as session:
            row = _find(session, upload_id)
            if row.status != "pending":
                return None
            row.status, row.file_id = status, file_id
            return _upload_of(row, self._database.now())

    def expired(self) -> list[str]:
        """Ids of the uploads whose time has passed while they were open."""
        due = select(UploadRow.id).where(UploadRow.status == "pending", UploadRow.expires_at <= self._database.now())
        with self._database.reading(self._tenant) as session:
            return list(session.scalars(due))


def _find(session: Session, upload_id: str) -> UploadRow:
    row = session.scalars(select(UploadRow).where(UploadRow.id == upload_id)).one_or_none()
    if row is None:
        raise NotStored("upload", upload_id)
    return row


def _upload_of(row: UploadRow, now: int) -> Upload:
    late = row.status == "pending" and row.expires_at <= now
    return Upload(
        id=row.id,
        filename=row.filename,
        media_type=row.media_type,
        purpose=row.purpose,
        size_bytes=row.size_bytes,
        status="expired" if late else row.status,  # type: ignore[arg-type]
        created_at=row.created_at,
        expires_at=row.expires_at,
        file_expires_s=row.file_expires_s,
        file_id=row.file_id,
    )
