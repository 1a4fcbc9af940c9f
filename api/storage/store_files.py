"""Files in the vector stores of a tenant, and their batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.storage.database import Database
from api.storage.errors import NotStored
from api.storage.files import live_file
from api.storage.pages import Listing, PageRequest, numbered
from api.storage.records import ErrorCode, FileBatch, FileCounts, FileStatus, StoreFile
from api.storage.tables import BatchFileRow, FileBatchRow, StoreFileRow
from api.storage.vector_stores import live_store
from rag.types import Scalar


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that is to be in a vector store. `document_id` is the document it becomes in the collection."""

    file_id: str
    document_id: str
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    chunking: Mapping[str, Any] = field(default_factory=dict)


class StoreFiles:
    """The files in one tenant's vector stores.

    Every method raises DatabaseFailed when the database fails, and NotStored when the store, the file or the batch is
    not there, or not any more.
    """

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def attach(self, store_id: str, files: Sequence[Attached]) -> list[tuple[StoreFile, bool]]:
        """Put files into a store, in progress; whether each is new there. One that is there already stays as it is."""
        with self._database.writing(self._tenant) as session:
            live_store(session, store_id)
            return [self._attach(session, store_id, file) for file in files]

    def batch(self, batch_id: str, store_id: str, files: Sequence[Attached]) -> list[tuple[StoreFile, bool]]:
        """The same for a batch of files."""
        with self._database.writing(self._tenant) as session:
            live_store(session, store_id)
            session.add(FileBatchRow(id=batch_id, store_id=store_id, created_at=self._database.now()))
            session.flush()
            attached = [self._attach(session, store_id, file) for file in files]
            for number in dict.fromkeys(file.number for file, _ in attached):
                session.add(BatchFileRow(batch_id=batch_id, store_file=number))
            return attached

    def get(self, store_id: str, file_id: str) -> StoreFile:
        """One file in a store."""
        with self._database.reading(self._tenant) as session:
            live_store(session, store_id)
            return store_file_of(_attached(session, store_id, file_id))

    def of_documents(self, store_id: str, document_ids: Sequence[str]) -> dict[str, StoreFile]:
        """The files that documents of a store's collection are, by document id; documents that are no files are not."""
        wanted = select(StoreFileRow).where(
            StoreFileRow.store_id == store_id, StoreFileRow.document_id.in_(document_ids), _IN_STORE
        )
        with self._database.reading(self._tenant) as session:
            return {row.document_id: store_file_of(row) for row in session.scalars(wanted)}

    def everywhere(self, file_id: str) -> list[StoreFile]:
        """A file in every store it is in."""
        wanted = select(StoreFileRow).where(StoreFileRow.file_id == file_id, _IN_STORE)
        with self._database.reading(self._tenant) as session:
            return list(map(store_file_of, session.scalars(wanted)))

    def page(
        self, store_id: str, request: PageRequest, *, status: FileStatus | None = None, batch_id: str | None = None
    ) -> Listing[StoreFile]:
        """A page of the files of a store, or of one batch of it."""
        wanted = select(StoreFileRow).where(StoreFileRow.store_id == store_id, _IN_STORE)
        if status is not None:
            wanted = wanted.where(StoreFileRow.status == status)
        with self._database.reading(self._tenant) as session:
            live_store(session, store_id)
            if batch_id is not None:
                of_batch = select(BatchFileRow.store_file).where(BatchFileRow.batch_id == batch_id)
                _batch(session, store_id, batch_id)
                wanted = wanted.where(StoreFileRow.number.in_(of_batch))
            found = numbered(session, wanted, StoreFileRow.number, request, lambda id_: _number(session, store_id, id_))
            return Listing(tuple(map(store_file_of, found.rows)), found.has_more)

    def change_attributes(self, store_id: str, file_id: str, attributes: Mapping[str, Scalar]) -> StoreFile:
        """Replace the attributes of a file."""
        with self._database.writing(self._tenant) as session:
            row = _attached(session, store_id, file_id)
            row.attributes = dict(attributes)
            return store_file_of(row)

    def begin(self, numbers: Sequence[int], run: str) -> None:
        """These files are worked on by a run, from the start."""
        with self._database.writing(self._tenant) as session:
            for row in session.scalars(select(StoreFileRow).where(StoreFileRow.number.in_(numbers), _IN_STORE)):
                row.status, row.run = "in_progress", run
                row.error_code = row.error_message = None
                row.erased = False

    def detach(self, store_id: str, file_id: str) -> StoreFile:
        """Take a file out of a store; the document is still to be erased (`erased`)."""
        with self._database.writing(self._tenant) as session:
            live_store(session, store_id)
            row = _attached(session, store_id, file_id)
            before = store_file_of(row)
            row.deleted_at, row.attributes, row.error_message = self._database.now(), {}, None
            if row.status == "in_progress":
                row.status = "cancelled"
            return before

    def get_batch(self, store_id: str, batch_id: str) -> FileBatch:
        """A batch, with the counts of one moment."""
        with self._database.reading(self._tenant) as session:
            live_store(session, store_id)
            return _batch_of(session, _batch(session, store_id, batch_id))

    def cancel_batch(self, store_id: str, batch_id: str) -> tuple[FileBatch, list[StoreFile]]:
        """Cancel what is in progress of a batch; the files that are cancelled by this."""
        with self._database.writing(self._tenant) as session:
            live_store(session, store_id)
            batch = _batch(session, store_id, batch_id)
            of_batch = select(BatchFileRow.store_file).where(BatchFileRow.batch_id == batch_id)
            open_ones = select(StoreFileRow).where(
                StoreFileRow.number.in_(of_batch), StoreFileRow.status == "in_progress", _IN_STORE
            )
            rows = list(session.scalars(open_ones))
            if rows:
                batch.cancelled_at = self._database.now()
            for row in rows:
                row.status = "cancelled"
            session.flush()
            return _batch_of(session, batch), list(map(store_file_of, rows))

    def _attach(self, session: Session, store_id: str, new: Attached) -> tuple[StoreFile, bool]:
        file = live_file(session, new.file_id, self._database.now())
        there = _find(session, store_id, file.id)
        if there is not None:
            return store_file_of(there), False
        row = StoreFileRow(
            store_id=store_id,
            file_id=file.id,
            document_id=new.document_id,
            status="in_progress",
            created_at=self._database.now(),
            attributes=dict(new.attributes),
            chunking=dict(new.chunking),
            usage_bytes=0,
            erased=False,
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # another process was quicker
            return store_file_of(_attached(session, store_id, file.id)), False
        return store_file_of(row), True


_IN_STORE = StoreFileRow.deleted_at.is_(None)


def store_file_of(row: StoreFileRow) -> StoreFile:
    """The record of a row."""
    return StoreFile(
        number=row.number,
        store_id=row.store_id,
        file_id=row.file_id,
        document_id=row.document_id,
        status=cast(FileStatus, row.status),
        created_at=row.created_at,
        attributes=row.attributes,
        chunking=row.chunking,
        usage_bytes=row.usage_bytes,
        error_code=cast("ErrorCode | None", row.error_code),
        error_message=row.error_message,
        run=row.run,
        tenant=row.tenant,
    )


def _find(session: Session, store_id: str, file_id: str) -> StoreFileRow | None:
    wanted = select(StoreFileRow).where(StoreFileRow.store_id == store_id, StoreFileRow.file_id == file_id, _IN_STORE)
    return session.scalars(wanted).one_or_none()


def _attached(session: Session, store_id: str, file_id: str) -> StoreFileRow:
    row = _find(session, store_id, file_id)
    if row is None:
        raise NotStored("file in this vector store", file_id)
    return row


def _batch(session: Session, store_id: str, batch_id: str) -> FileBatchRow:
    wanted = select(FileBatchRow).where(FileBatchRow.id == batch_id, FileBatchRow.store_id == store_id)
    row = session.scalars(wanted).one_or_none()
    if row is None:
        raise NotStored("file batch in this vector store", batch_id)
    return row


def _batch_of(session: Session, row: FileBatchRow) -> FileBatch:
    per_status = (
        select(StoreFileRow.status, func.count())
        .join(BatchFileRow, BatchFileRow.store_file == StoreFileRow.number)
        .where(BatchFileRow.batch_id == row.id)
        .group_by(StoreFileRow.status)
    )
    counts = {str(row[0]): int(row[1]) for row in session.execute(per_status)}
    return FileBatch(row.id, row.store_id, row.created_at, row.cancelled_at, FileCounts(**counts))


def _number(session: Session, store_id: str, file_id: str) -> int:
    """The place of a file in a store, also of one that was taken out: the last, where it was there more than once."""
    wanted = select(func.max(StoreFileRow.number)).where(
        StoreFileRow.store_id == store_id, StoreFileRow.file_id == file_id
    )
    number = session.scalars(wanted).one_or_none()
    if number is None:
        raise NotStored("file in this vector store", file_id)
    return number
