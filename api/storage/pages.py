"""Pagination of lists: `has_more` is exact, and a page starts where the previous one ended.

The position of a page is the number of a row, and rows keep their numbers when they are deleted: a list that is read
while rows are added and removed has each remaining row exactly once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute, Session

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """At most `limit` rows behind the one of id `after`, or before the one of id `before`."""

    limit: int = 20
    order: Literal["asc", "desc"] = "desc"
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Listing(Generic[_T]):
    """One page, and whether there are more rows in the direction that was asked for."""

    rows: tuple[_T, ...]
    has_more: bool


def numbered(
    session: Session,
    wanted: Select[_T],
    number: InstrumentedAttribute[int],
    request: PageRequest,
    place_of: Any,
) -> Listing[_T]:
    """The rows that a page request means; `place_of` gives the number of an id, also of a deleted row."""
    rising = request.order == "asc"
    backwards = request.before is not None and request.after is None
    conditions: list[ColumnElement[bool]] = []
    if request.after is not None:
        place = place_of(request.after)
        conditions.append(number > place if rising else number < place)
    if request.before is not None:
        place = place_of(request.before)
        conditions.append(number < place if rising else number > place)
    upwards = rising != backwards
    ordered = wanted.where(*conditions).order_by(number.asc() if upwards else number.desc()).limit(request.limit + 1)
    found = list(session.scalars(ordered))
    rows = found[: request.limit]
    return Listing(tuple(reversed(rows) if backwards else rows), len(found) > request.limit)
