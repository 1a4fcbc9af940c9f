"""`GET …/documents/{id}/pages/{n}`: the request."""

from __future__ import annotations

from pydantic import Field

from api.wire.base import WireModel

_MOST = 2**31 - 1


class PageQuery(WireModel):
    """The version of a document, and the quote that is `text[start:end]` of the page."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    start: int = Field(0, ge=0, le=_MOST)
    end: int | None = Field(None, ge=0, le=_MOST)
