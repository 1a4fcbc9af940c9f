"""Maintenance over the rows of all tenants: recording outcomes, and erasing what was removed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, update

from api.storage.database import Database
from api.storage.records import ErrorCode, FileStatus, StoreFile
from api.storage.store_files import store_file_of
from api.storage.tables import FileRow, StoreFileRow, UploadRow, VectorStoreRow


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file of a run."""

    status: FileStatus
    usage_bytes: int = 0
    error_code: ErrorCode | None = None
    error_message: str | None = None


class Upkeep:
    """Over all tenants, never on behalf of a client. Every method raises DatabaseFailed when the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def in_progress(self, store_id: str | None = None) -> list[StoreFile]:
        """The files that are being worked on, in one store or in all."""
        wanted = select(StoreFileRow).where(StoreFileRow.status == "in_progress", StoreFileRow.deleted_at.is_(None))
        if store_id is not None:
            wanted = wanted.where(StoreFileRow.store_id == store_id)
        with self._database.everyone() as session:
            return list(map(store_file_of, session.scalars(wanted.order_by(StoreFileRow.number))))

    def settle(self, number: int, run: str | None, outcome: Outcome) -> bool:
        """Record the outcome of a file, unless another process did, or it was cancelled or restarted; returns
        whether it was recorded.
        """
        still = StoreFileRow.run == run if run is not None else StoreFileRow.run.is_(None)
        change = (
            update(StoreFileRow)
            .where(StoreFileRow.number == number, StoreFileRow.status == "in_progress", still)
            .values(
                status=outcome.status,
                usage_bytes=outcome.usage_bytes,
                error_code=outcome.error_code,
                error_message=outcome.error_message,
            )
        )
        with self._database.everyone(writes=True) as session:
            done = session.execute(change, execution_options={"synchronize_session": False})
            return bool(getattr(done, "rowcount", 0))

    def to_erase(self, store_id: str | None = None) -> list[StoreFile]:
        """Files that were taken out of their store, or cancelled, and may have left a document in the collection."""
        over = StoreFileRow.deleted_at.is_not(None) | (StoreFileRow.status == "cancelled")
        wanted = select(StoreFileRow).where(over, StoreFileRow.erased.is_(False))
        if store_id is not None:
            wanted = wanted.where(StoreFileRow.store_id == store_id)
        with self._database.everyone() as session:
            return list(map(store_file_of, session.scalars(wanted)))

    def is_wanted(self, store_id: str, document_id: str) -> bool:
        """Whether a document is a file that is to be in the store now."""
        wanted = select(StoreFileRow.number).where(
            StoreFileRow.store_id == store_id,
            StoreFileRow.document_id == document_id,
            StoreFileRow.deleted_at.is_(None),
            StoreFileRow.status != "cancelled",
        )
        with self._database.everyone() as session:
            return session.scalars(wanted).first() is not None

    def deleted_stores(self) -> list[str]:
        """Ids of stores that were deleted."""
        with self._database.everyone() as session:
            return list(session.scalars(select(VectorStoreRow.id).where(VectorStoreRow.deleted_at.is_not(None))))

    def deleted_files(self) -> list[str]:
        """Ids of files that were deleted."""
        with self._database.everyone() as session:
            return list(session.scalars(select(FileRow.id).where(FileRow.deleted_at.is_not(None))))

    def mark_erased(self, numbers: Collection[int]) -> None:
        """Nothing of these is left in the collection."""
        done = update(StoreFileRow).where(StoreFileRow.number.in_(numbers)).values(erased=True)
        with self._database.everyone(writes=True) as session:
            session.execute(done, execution_options={"synchronize_session": False})

    def owner_of(self, store_id: str) -> str | None:
        """The tenant of a store, also of one that was deleted; None when there never was one of this id."""
        with self._database.everyone() as session:
            wanted = select(VectorStoreRow.tenant).where(VectorStoreRow.id == store_id)
            return session.scalars(wanted).one_or_none()

    def waiting(self) -> int:
        """How many files are waiting or being read, in all stores."""
        wanted = select(func.count()).where(StoreFileRow.status == "in_progress", StoreFileRow.deleted_at.is_(None))
        with self._database.everyone() as session:
            return session.scalars(wanted).one()

    def counts(self) -> dict[str, int]:
        """Files in all stores, by status."""
        wanted = (
            select(StoreFileRow.status, func.count())
            .where(StoreFileRow.deleted_at.is_(None))
            .group_by(StoreFileRow.status)
        )
        with self._database.everyone() as session:
            return {str(row[0]): int(row[1]) for row in session.execute(wanted)}

    def tenants(self) -> list[str]:
        """Every tenant that has anything stored."""
        with self._database.everyone() as session:
            return sorted(
                {
                    tenant
                    for table in (FileRow, UploadRow, VectorStoreRow)
                    for tenant in session.scalars(select(table.tenant).distinct())
                }
            )
