"""Which way a text says that something went."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rag.text import degree_of, direction_of, stem


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Sales grew by 4%.", 1),
        ("an improvement of 2 points", 1),
        ("The margin narrowed.", -1),
        ("It was down 3%.", -1),
        ("It was 3%.", 0),
        ("It rose, then fell.", None),
    ],
)
def test_a_text_speaks_of_a_rise_a_fall_neither_or_both(text: str, way: int | None) -> None:
    assert direction_of(text) == way


@pytest.mark.parametrize(
    ("start", "end", "is_large"), [(50, 34, True), (100, 110, True), (100, 91, False), (0, 5, True)]
)
def test_a_tenth_of_where_it_began_is_a_large_change(start: int, end: int, is_large: bool) -> None:
    """`significantly` is no word for a smaller one, nor `slightly` for that."""
    words = degree_of(Decimal(start), Decimal(end))
    assert (stem("significantly") in words) is is_large
    assert (stem("slightly") in words) is not is_large
