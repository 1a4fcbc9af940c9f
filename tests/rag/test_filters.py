"""Filters by metadata, as requests and the command line give them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from rag.errors import FilterError
from rag.filters import Combine, Compare, parse_filter


def test_comparisons_are_combined() -> None:
    year, kinds = {"type": "gte", "key": "year", "value": 2023}, {"type": "in", "key": "kind", "value": ["a", "b"]}
    assert parse_filter({"type": "and", "filters": [year, kinds]}) == Combine(
        "and", (Compare("year", "gte", 2023), Compare("kind", "in", ("a", "b")))
    )


@pytest.mark.parametrize(
    ("key", "op", "value"),
    [
        ("name", "eq", "\ud800"),
        ("\udfff", "ne", 1),
        ("name", "in", ["a", "b\ud8ab"]),
        ("year", "eq", 2**63),
        ("year", "nin", [-(2**63) - 1]),
        ("year", "lt", math.inf),
        ("year", "eq", math.nan),
    ],
)
def test_what_no_store_can_hold_is_refused(key: str, op: str, value: Any) -> None:
    """Half of a surrogate pair, and numbers that are none or too large: a line that says which."""
    with pytest.raises(FilterError):
        parse_filter({"type": op, "key": key, "value": value})
