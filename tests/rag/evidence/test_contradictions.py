"""Whether words that a sentence joins stand near each other in the quotes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.words import content_stems, stems
from rag.verification.checks.features import near_pairs

SEAL = "The seal of the pump is made of rubber."
BATTERY = "The battery pack weighs nine kilograms."


def near(claim: str, *quotes: str) -> float:
    return near_pairs(content_stems(claim), [stems(quote) for quote in quotes])


def test_words_of_one_quote_are_near() -> None:
    """In either order, and with a few other words between them."""
    assert near(SEAL, SEAL) == 1
    assert near("The rubber of the pump seal.", SEAL) == 1
    assert near("A seal and, as was said of a great many other parts of it long before, rubber.", SEAL) < 1


def test_words_of_two_quotes_are_not() -> None:
    """That is what a false join of true words consists of."""
    assert near("The battery pack is made of rubber.", SEAL, BATTERY) == pytest.approx(2 / 3)


def test_what_is_not_quoted_is_not_near() -> None:
    """Nor is a single word near itself."""
    assert near("Turtles hibernate underwater.", SEAL) == 0
    assert near("Rubber.", SEAL) == 0


words = st.lists(st.sampled_from("abcdef"), max_size=12)


@given(words, st.lists(words, max_size=3), words)
def test_another_quote_never_takes_nearness_away(content: list[str], rows: list[list[str]], more: list[str]) -> None:
    """It is a share, and more to read can only raise it."""
    assert 0 <= near_pairs(content, rows) <= near_pairs(content, [*rows, more]) <= 1
