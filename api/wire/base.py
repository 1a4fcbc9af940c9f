"""What every shape that crosses the edge is made of."""

from __future__ import annotations

from typing import Any

from rag.filters import Filter, parse_filter

MODEL = "footnote"
Json = dict[str, Any]


def where_of(raw: Json | None) -> Filter | None:
    """The filter of a request; an empty one is none.

    Raises:
        FilterError: naming the part that is malformed.
    """
    return parse_filter(raw) if raw else None
