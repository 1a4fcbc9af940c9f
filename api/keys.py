"""API keys: creation, verification, revocation, rotation.

A key has the form `fn_ID_SECRET`. The id identifies it, and its secret, 32 random bytes, is compared with an Argon2
hash. Such a secret cannot be guessed, so the hash parameters are cheap; a verified key is cached for a minute, as a
digest.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from api.storage import ApiKey, Database, Keys, NewKey, NotStored, Scope

_FORM = re.compile(r"fn_([0-9a-f]{16})_([\w-]{43})", re.ASCII)
_MARK = "fn_"
_REMEMBERED_S, _REMEMBERED = 60.0, 1000
_DAY_S = 86_400


def looks_like_a_key(token: str) -> bool:
    """Whether a token has the form of a key; clients of local servers send arbitrary tokens."""
    return token.startswith(_MARK)


class KeyRing:
    """The keys of one database; threads may share it."""

    def __init__(self, database: Database, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._keys = Keys(database)
        self._now = database.now
        self._seconds = seconds
        self._hasher = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
        self._right: OrderedDict[tuple[bytes, str], float] = OrderedDict()
        self._lock = threading.Lock()

    def create(
        self,
        name: str,
        *,
        tenant: str = "",
        scopes: frozenset[Scope] = frozenset({"read", "write"}),
        groups: frozenset[str] = frozenset(),
        days: int | None = None,
    ) -> tuple[ApiKey, str]:
        """A new key, and the words of it, which cannot be had again.

        Raises:
            DatabaseFailed.
        """
        key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        new = NewKey(key_id, tenant, name, scopes, groups, None if days is None else days * _DAY_S)
        return self._keys.add(new, self._hasher.hash(secret)), f"{_MARK}{key_id}_{secret}"

    def all(self) -> list[ApiKey]:
        """Every key, the oldest first.

        Raises:
            DatabaseFailed.
        """
        return self._keys.all()

    def any_active(self) -> bool:
        """Whether there is an active key.

        Raises:
            DatabaseFailed.
        """
        return self._keys.any_active()

    def revoke(self, key_id: str) -> ApiKey:
        """End a key at once.

        Raises:
            NotStored, DatabaseFailed.
        """
        return self._keys.revoke(key_id)

    def rotate(self, key_id: str, *, overlap_hours: int = 0) -> tuple[ApiKey, str]:
        """A new key in place of an old one, which expires after `overlap_hours`.

        Raises:
            NotStored: there is no such key, or it has expired.
            DatabaseFailed.
        """
        found = self._keys.find(key_id)
        if found is None or not found[0].is_active(self._now()):
            raise NotStored("active key", key_id)
        old = found[0]
        new, words = self.create(old.name, tenant=old.tenant, scopes=old.scopes, groups=old.groups)
        if old.expires_at is not None:
            new = self._keys.end_after(new.id, old.expires_at - self._now())
        self._keys.end_after(old.id, overlap_hours * 3600)
        return new, words

    def opened_by(self, token: str) -> ApiKey | None:
        """The active key for a token; None if there is none.

        Raises:
            DatabaseFailed.
        """
        form = _FORM.fullmatch(token)
        found = self._keys.find(form[1]) if form else None
        if form is None or found is None or not found[0].is_active(self._now()):
            return None
        key, secret_hash = found
        return key if self._matches(form[2], secret_hash) else None

    def _matches(self, secret: str, secret_hash: str) -> bool:
        mark = (hashlib.sha256(secret.encode()).digest(), secret_hash)
        with self._lock:
            if self._right.get(mark, 0.0) > self._seconds():
                return True
        try:
            self._hasher.verify(secret_hash, secret)
        except VerificationError:
            return False
        with self._lock:
            self._right[mark] = self._seconds() + _REMEMBERED_S
            while len(self._right) > _REMEMBERED:
                self._right.popitem(last=False)
        return True
