"""Which way a text says that something went."""

from __future__ import annotations

import pytest

from rag.text import direction_of


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
