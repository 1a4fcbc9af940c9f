"""The pagination parameters of every list."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.storage import PageRequest

Order = Literal["asc", "desc"]
_Id = Annotated[str | None, Query(max_length=128)]


def _page(
    limit: Annotated[int, Query(ge=1, le=100)] = 20, order: Order = "desc", after: _Id = None, before: _Id = None
) -> PageRequest:
    return PageRequest(limit, order, after or None, before or None)


PageOf = Annotated[PageRequest, Depends(_page)]
"""Lists of vector stores, their files and batches: 1 to 100 rows, 20 by default."""
