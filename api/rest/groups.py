"""The groups of a caller, from a header signed by a proxy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import jwt

from api.tenancy import Caller
from api.wire import Refused

HEADER = "x-footnote-groups"
_UNAUTHORIZED, _FORBIDDEN = 401, 403


@dataclass(frozen=True, slots=True)
class SignedGroups:
    """Reads the header: a JSON Web Token signed with `secret` (HS256), with `groups`, a list of names, and `exp`."""

    secret: str | None = field(repr=False)

    def limited(self, caller: Caller, header: str | None) -> Caller:
        """The caller, limited to documents of the groups in the header.

        A key with groups keeps only those in both; a key that may write needs no header, because it is not a user's.

        Raises:
            Refused: the header is missing where it is needed, is present where it is not allowed, has no valid
                signature, has expired, or names no group.
        """
        if header is None:
            if self.secret is None or caller.groups or (caller.key_id and "write" in caller.scopes):
                return caller
            raise _refused(f"the header {HEADER} is missing: requests must come through the proxy that signs it")
        if self.secret is None:
            raise _refused(f"the header {HEADER} is refused: FOOTNOTE_GROUPS_SECRET is not set")
        said = self._said(header, self.secret)
        groups = said & caller.groups if caller.groups else said
        if not groups:
            raise _refused("this key has access to none of the named groups", _FORBIDDEN)
        return replace(caller, groups=groups)

    def _said(self, header: str, secret: str) -> frozenset[str]:
        try:
            claims = jwt.decode(header, secret, algorithms=["HS256"], options={"require": ["exp"]})
        except jwt.InvalidTokenError as exc:
            raise _refused(f"the header {HEADER} has no valid signature, or has expired") from exc
        groups = claims.get("groups")
        if not isinstance(groups, list) or not groups or not all(isinstance(each, str) and each for each in groups):
            raise _refused(f"the header {HEADER} names no groups: 'groups' must be a list of texts")
        return frozenset(groups)


NOT_TAKEN = SignedGroups(None)
"""Takes no header."""


def _refused(message: str, status: int = _UNAUTHORIZED) -> Refused:
    return Refused(message, param=HEADER, code="invalid_groups", status=status)
