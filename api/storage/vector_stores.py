"""Vector stores of a tenant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.storage.database import Database
from api.storage.errors import NotStored
from api.storage.pages import Listing, PageRequest, numbered
from api.storage.records import FileCounts, VectorStore
from api.storage.tables import StoreFileRow, VectorStoreRow

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class StoreChanges:
    """What is to change; None leaves it. `expires_days` of 0 takes the expiry away."""

    name: str | None = None
    labels: Mapping[str, Any] | None = None
    expires_days: int | None = None


class VectorStores:
    """The vector stores of one tenant. One that has expired can be seen, and no longer searched.

    Every method raises DatabaseFailed when the database fails.
    """

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def add(
        self,
        store_id: str,
        *,
        name: str = "",
        description: str | None = None,
        labels: Mapping[str, Any] | None = None,
        expires_days: int | None = None,
    ) -> VectorStore:
        """Remember a new store."""
        now = self._database.now()
        row = VectorStoreRow(
            id=store_id,
            name=name,
            description=description,
            labels=dict(labels or {}),
            created_at=now,
            last_active_at=now,
            expires_days=expires_days,
            expires_at=_expiry(now, expires_days),
        )
        with self._database.writing(self._tenant) as session:
            session.add(row)
            session.flush()
            return _store_of(row, FileCounts(), 0)

    def adopt(self, collections: Iterable[str]) -> None:
        """Make collections that were filled by others, such as the command line, vector stores of this tenant.

        Those that are known stay as they are; one that was deleted and is filled again is there again.
        """
        wanted = set(collections)
        with self._database.everyone() as session:
            known = select(VectorStoreRow.id).where(VectorStoreRow.id.in_(wanted), _LIVES)
            wanted -= set(session.scalars(known))
        for name in sorted(wanted):
            with self._database.writing(self._tenant) as session:
                _adopt(session, name, self._database.now())

    def get(self, store_id: str) -> VectorStore:
        """One store.

        Raises:
            NotStored: there is none of this id, or not any more.
        """
        with self._database.reading(self._tenant) as session:
            return _counted(session, [live_store(session, store_id)])[0]

    def page(self, request: PageRequest) -> Listing[VectorStore]:
        """A page of the stores.

        Raises:
            NotStored: the id that the page is to begin at was never there.
        """
        wanted = select(VectorStoreRow).where(_LIVES)
        with self._database.reading(self._tenant) as session:
            found = numbered(session, wanted, VectorStoreRow.number, request, lambda id_: _number(session, id_))
            return Listing(tuple(_counted(session, found.rows)), found.has_more)

    def change(self, store_id: str, changes: StoreChanges) -> VectorStore:
        """Change a store.

        Raises:
            NotStored: there is none of this id, or not any more.
        """
        with self._database.writing(self._tenant) as session:
            row = live_store(session, store_id)
            row.name = row.name if changes.name is None else changes.name
            row.labels = row.labels if changes.labels is None else dict(changes.labels)
            if changes.expires_days is not None:
                row.expires_days = changes.expires_days or None
            row.last_active_at = self._database.now()
            row.expires_at = _expiry(row.last_active_at, row.expires_days)
            session.flush()
            return _counted(session, [row])[0]

    def touch(self, store_id: str) -> None:
        """A store was used: its expiry counts from now.

        Raises:
            NotStored: there is none of this id, or not any more.
        """
        self.change(store_id, StoreChanges())

    def delete(self, store_id: str) -> None:
        """Delete a store; the remaining row has no content. Its files are no longer in it.

        Raises:
            NotStored: there is none with this id, or it has expired.
        """
        now = self._database.now()
        with self._database.writing(self._tenant) as session:
            row = live_store(session, store_id)
            row.deleted_at = now
            row.name, row.description, row.labels = "", None, {}
            files = select(StoreFileRow).where(StoreFileRow.store_id == store_id, StoreFileRow.deleted_at.is_(None))
            for file in session.scalars(files):
                file.deleted_at, file.attributes, file.error_message, file.erased = now, {}, None, True

    def expired(self) -> list[str]:
        """Ids of the stores whose time has come and whose contents are to be deleted."""
        due = select(VectorStoreRow.id).where(_LIVES, VectorStoreRow.expires_at <= self._database.now())
        with self._database.reading(self._tenant) as session:
            return list(session.scalars(due))


def _adopt(session: Session, name: str, now: int) -> None:
    row = session.scalars(select(VectorStoreRow).where(VectorStoreRow.id == name)).one_or_none()
    if row is not None:
        row.deleted_at, row.name, row.created_at, row.last_active_at = None, name, now, now
        return
    try:
        with session.begin_nested():
            session.add(VectorStoreRow(id=name, name=name, labels={}, created_at=now, last_active_at=now))
    except IntegrityError:  # another process was quicker
        return


_LIVES: ColumnElement[bool] = VectorStoreRow.deleted_at.is_(None)


def live_store(session: Session, store_id: str) -> VectorStoreRow:
    """The row of a store that is there.

    Raises:
        NotStored.
    """
    row = session.scalars(select(VectorStoreRow).where(VectorStoreRow.id == store_id, _LIVES)).one_or_none()
    if row is None:
        raise NotStored("vector store", store_id)
    return row


def _expiry(now: int, days: int | None) -> int | None:
    return now + days * _DAY_S if days else None


def _counted(session: Session, rows: Sequence[VectorStoreRow]) -> list[VectorStore]:
    """The records of rows, with the counts of one moment."""
    counts: dict[str, dict[str, int]] = {row.id: {} for row in rows}
    usage = dict.fromkeys(counts, 0)
    per_status = (
        select(StoreFileRow.store_id, StoreFileRow.status, func.count(), func.sum(StoreFileRow.usage_bytes))
        .where(StoreFileRow.store_id.in_(list(counts)), StoreFileRow.deleted_at.is_(None))
        .group_by(StoreFileRow.store_id, StoreFileRow.status)
    )
    for store_id, status, count, size in session.execute(per_status):
        counts[store_id][status] = count
        usage[store_id] += int(size or 0)
    return [_store_of(row, FileCounts(**counts[row.id]), usage[row.id]) for row in rows]


def _store_of(row: VectorStoreRow, counts: FileCounts, usage_bytes: int) -> VectorStore:
    return VectorStore(
        id=row.id,
        name=row.name,
        created_at=row.created_at,
        last_active_at=row.last_active_at,
        labels=row.labels,
        description=row.description,
        expires_days=row.expires_days,
        expires_at=row.expires_at,
        counts=counts,
        usage_bytes=usage_bytes,
    )


def _number(session: Session, store_id: str) -> int:
    number = session.scalars(select(VectorStoreRow.number).where(VectorStoreRow.id == store_id)).one_or_none()
    if number is None:
        raise NotStored("vector store", store_id)
    return number
