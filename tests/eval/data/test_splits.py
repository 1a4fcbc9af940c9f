"""Splits by hash."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eval.data import hash_number, hash_order, in_first_half


def test_the_same_text_draws_the_same_lot_everywhere() -> None:
    """The first 32 bits of its SHA-256; recorded splits depend on it."""
    assert hash_number("") == 0xE3B0C442
    assert [name for name in "abcdefgh" if in_first_half(name)] == ["a", "b", "f", "h"]


def test_the_halves_are_about_equal() -> None:
    """Of many names."""
    assert 450 < sum(in_first_half(str(number)) for number in range(1000)) < 550


@given(st.lists(st.text(), unique=True))
def test_the_order_does_not_depend_on_the_order_given(items: list[str]) -> None:
    """Every item is kept."""
    assert hash_order(items, str) == hash_order(sorted(items), str)
    assert sorted(hash_order(items, str)) == sorted(items)
