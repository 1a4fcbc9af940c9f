"""Numbers that are computed: accepted where code gets the same result from quoted ones, and in one way only."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.computed import Calculation, calculations
from rag.evidence.stated_facts import claim_of, ground_of

SALES = ["Sales were 94,836 in 2022 and 90,753 in 2021."]
TANKS = ["Tank A holds 10 litres.", "Tank B holds 23 litres."]
FOLLOWS = [
    ("Sales rose by 4.5% from 90,753 to 94,836.", SALES, "(94,836 - 90,753) / 90,753"),
    ("Sales rose by 4.5% in 2022.", SALES, "(94,836 - 90,753) / 90,753"),
    ("Together they hold 33 litres.", TANKS, "10 litres + 23 litres"),
    ("On average they hold 16.5 litres.", TANKS, "(10 litres + 23 litres) / 2"),
    ("Tank B holds 13 litres more.", TANKS, "23 litres - 10 litres"),
    ("Tank B holds 2.3 times as much.", TANKS, "23 litres / 10 litres"),
    ("It is 8.74 (8,738 / 1,000).", ["It was 8,738."], "8,738 / 1,000"),
    ("Red ones, 5, are 25% of 20 boats.", ["The club owns 5 red boats.", "It owns 20 boats."], "5 / 20"),
    ("That is 25% of all boats.", ["The club owns 5 red boats.", "It owns 20 boats."], "5 / 20"),
]
DOES_NOT = [
    ("Sales rose by 4.6% in 2022.", SALES),
    ("Sales fell by 4.3% in 2022.", SALES),
    ("Sales rose by 4.5%.", ["Sales were 94,836 and 90,753."]),
    ("They hold 33 litres.", TANKS),
    ("Together they hold 33 kg.", TANKS),
    ("Together they hold up to 33 litres.", TANKS),
    ("The gap is 10 m.", ["They are 20 m, 30 m and 40 m long."]),
    ("The gap is 1 m.", ["They are 2 m, 3 m, 5 m and 9 m long."]),
    ("It is 8.74 (8,738 / 1,000).", ["It was 8,739."]),
    ("It is 8,738 / 1,000 = -8.74.", ["It was 8,738."]),
    ("It is 8,738 / 1,000 * 100 = 8.74.", ["It was 8,738."]),
    ("It is 5 + 8,738 / 1,000 = 8.74.", ["It was 8,738 and 5."]),
]


def following(sentence: str, quotes: Sequence[str]) -> tuple[Calculation, ...]:
    return calculations(sentence, claim_of(sentence), quotes, [ground_of(quote) for quote in quotes])


@pytest.mark.parametrize(("sentence", "quotes", "formula"), FOLLOWS)
def test_what_is_computed_from_quoted_numbers_follows(sentence: str, quotes: Sequence[str], formula: str) -> None:
    """And the formula is told, for the footnote."""
    assert [each.formula for each in following(sentence, quotes)] == [formula]


@pytest.mark.parametrize(("sentence", "quotes"), DOES_NOT)
def test_what_is_not_computed_or_not_surely_does_not_follow(sentence: str, quotes: Sequence[str]) -> None:
    """A wrong result, no word for it, no order in time, another unit, a bound, two ways, too many numbers."""
    assert following(sentence, quotes) == ()


amounts = st.integers(100, 99_999)


@given(amounts, amounts)
def test_growth_follows_in_the_order_of_time(old: int, new: int) -> None:
    """To the digits given; a decline of the same size does not follow."""
    quotes = [f"Sales were {new:,} in 2022 and {old:,} in 2021."]
    share = f"{abs(new - old) / old * 100:.2f}%"
    says, denies = ("rose", "fell") if new > old else ("fell", "rose")
    assert len(following(f"Sales {says} by {share}.", quotes)) == (new != old)
    assert following(f"Sales {denies} by {share}.", quotes) == ()


@given(amounts, amounts, st.integers(2, 1_000_000))
def test_every_sum_that_follows_is_right(one: int, other: int, stated: int) -> None:
    """Whatever number is stated as the total."""
    found = following(f"In total, {stated:,} kg were sold.", [f"Oslo sold {one:,} kg.", f"Bergen sold {other:,} kg."])
    assert len(found) == (stated == one + other != one)
    right = following(
        f"In total, {one + other:,} kg were sold.", [f"Oslo sold {one:,} kg.", f"Bergen sold {other:,} kg."]
    )
    assert len(right) == (one != other)


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=3))
def test_any_text_can_be_read(sentence: str, quotes: list[str]) -> None:
    """No text breaks it."""
    following(sentence, quotes)
