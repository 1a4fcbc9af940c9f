"""Errors of the service's database."""

from __future__ import annotations

from rag.errors import FootnoteError


class DatabaseFailed(FootnoteError):
    """The service's database cannot be reached, or refuses to work."""


class BytesMissing(FootnoteError):
    """A file is known, and its bytes are not where they should be."""


class StorageFull(FootnoteError):
    """There is no room left for the bytes of a file."""


class NotStorable(FootnoteError):
    """A client gave a value that the database cannot hold."""


class NotStored(FootnoteError):
    """Nothing of this kind and id is stored for this tenant."""

    def __init__(self, kind: str, found_no: str) -> None:
        super().__init__(f"there is no {kind} {found_no!r}")
        self.kind = kind
        self.id = found_no
