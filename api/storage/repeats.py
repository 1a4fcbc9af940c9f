"""Requests with an idempotency key and their responses."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from api.storage.database import Database
from api.storage.tables import RepeatRow

_KEPT_S, _ABANDONED_S = 86_400, 900


@dataclass(frozen=True, slots=True)
class Repeat:
    """An earlier request of the same key; `status` is None while it is being answered."""

    route: str
    fingerprint: str | None
    status: int | None
    body: str


class Repeats:
    """The requests of one tenant that may come again, for a day.

    Every method raises DatabaseFailed when the database fails.
    """

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def begin(self, key: str, route: str) -> Repeat | None:
        """Note that a request is being answered; the earlier one of this key, if there is one."""
        now = self._database.now()
        with self._database.writing(self._tenant) as session:
            old = RepeatRow.created_at <= now - _KEPT_S
            left = RepeatRow.status.is_(None) & (RepeatRow.created_at <= now - _ABANDONED_S)
            session.execute(delete(RepeatRow).where(old | left))
            row = session.scalars(select(RepeatRow).where(RepeatRow.key == key)).one_or_none()
            if row is not None:
                return Repeat(row.route, row.fingerprint, row.status, row.body)
            try:
                with session.begin_nested():
                    session.add(RepeatRow(key=key, route=route, created_at=now, body=""))
            except IntegrityError:  # another process was quicker
                return Repeat(route, None, None, "")
        return None

    def end(self, key: str, fingerprint: str, status: int, body: str) -> None:
        """Note what the request was answered."""
        with self._database.writing(self._tenant) as session:
            row = session.scalars(select(RepeatRow).where(RepeatRow.key == key)).one_or_none()
            if row is not None:
                row.fingerprint, row.status, row.body = fingerprint, status, body

    def forget(self, key: str) -> None:
        """The request was not carried out: it may be tried again."""
        with self._database.writing(self._tenant) as session:
            session.execute(delete(RepeatRow).where(RepeatRow.key == key))
