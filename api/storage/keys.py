"""API keys: their owners and scopes, and a hash of each; the key itself is not stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.storage.database import Database
from api.storage.errors import NotStored
from api.storage.tables import KeyRow

Scope = Literal["read", "write", "admin"]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret. `groups`: only documents of these groups are seen; none: all of the tenant's."""

    id: str
    tenant: str
    name: str
    scopes: frozenset[Scope]
    groups: frozenset[str]
    created_at: int
    expires_at: int | None = None
    revoked_at: int | None = None

    def is_active(self, now: int) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made."""

    id: str
    tenant: str
    name: str
    scopes: frozenset[Scope]
    groups: frozenset[str] = frozenset()
    expires_s: int | None = None


class Keys:
    """The keys of all tenants, for who runs the service and for the check of each request.

    Every method raises DatabaseFailed when the database fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewKey, secret_hash: str) -> ApiKey:
        """Remember a key."""
        now = self._database.now()
        row = KeyRow(
            id=new.id,
            name=new.name,
            scopes=sorted(new.scopes),
            groups=sorted(new.groups),
            secret_hash=secret_hash,
            created_at=now,
            expires_at=now + new.expires_s if new.expires_s is not None else None,
        )
        with self._database.writing(new.tenant) as session:
            session.add(row)
            session.flush()
            return _key_of(row)

    def find(self, key_id: str) -> tuple[ApiKey, str] | None:
        """A key and the hash of its secret; None when there never was one of this id."""
        with self._database.everyone() as session:
            row = session.scalars(select(KeyRow).where(KeyRow.id == key_id)).one_or_none()
            return (_key_of(row), row.secret_hash) if row is not None else None

    def all(self) -> list[ApiKey]:
        """Every key, the oldest first."""
        with self._database.everyone() as session:
            return list(map(_key_of, session.scalars(select(KeyRow).order_by(KeyRow.number))))

    def any_active(self) -> bool:
        """Whether there is a key that opens anything."""
        expires = or_(KeyRow.expires_at.is_(None), KeyRow.expires_at > self._database.now())
        with self._database.everyone() as session:
            return session.scalars(select(KeyRow.id).where(KeyRow.revoked_at.is_(None), expires)).first() is not None

    def revoke(self, key_id: str) -> ApiKey:
        """End a key at once.

        Raises:
            NotStored.
        """
        with self._database.everyone(writes=True) as session:
            row = _find(session, key_id)
            row.revoked_at = row.revoked_at or self._database.now()
            return _key_of(row)

    def end_after(self, key_id: str, seconds: int) -> ApiKey:
        """Let a key expire after `seconds`, unless it expires before.

        Raises:
            NotStored.
        """
        with self._database.everyone(writes=True) as session:
            row = _find(session, key_id)
            end = self._database.now() + seconds
            row.expires_at = end if row.expires_at is None else min(row.expires_at, end)
            return _key_of(row)


def _find(session: Session, key_id: str) -> KeyRow:
    row = session.scalars(select(KeyRow).where(KeyRow.id == key_id)).one_or_none()
    if row is None:
        raise NotStored("key", key_id)
    return row


def _key_of(row: KeyRow) -> ApiKey:
    return ApiKey(
        id=row.id,
        tenant=row.tenant,
        name=row.name,
        scopes=frozenset(cast(list[Scope], row.scopes)),
        groups=frozenset(row.groups),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
