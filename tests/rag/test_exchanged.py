"""Two names or numbers in each other's place: seen where all else agrees, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.exchanged import exchanged

FIRM = "The firm of Grace Hopper was bought by the one of Ada Byron."


@pytest.mark.parametrize(
    ("sentence", "quote", "found"),
    [
        ("The firm of Ada Byron was bought by the one of Grace Hopper.", FIRM, ("Ada Byron", "Grace Hopper")),
        ("Adults pay $60 and juniors $120.", "Adults pay $120 and juniors $60.", ("$60", "$120")),
        ("Loss of p53 raises BRCA1 levels.", "Loss of BRCA1 raises p53 levels.", ("p53", "BRCA1")),
    ],
)
def test_an_exchange_is_seen(sentence: str, quote: str, found: tuple[str, str]) -> None:
    """Of names of several words, of amounts, of codes."""
    assert exchanged(sentence, quote) == found


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        (FIRM, FIRM),
        ("The prize went to Ada and Grace.", "The prize went to Grace and Ada."),
        ("The prize went to Ada, Grace and Mary.", "The prize went to Mary, Grace and Ada."),
        ("In Oslo, Bob was beaten by Ada.", "In Oslo, Ada beat Bob."),
        ("In the cup Ada beat Bob.", "In the cup Ada beat Mary."),
        ("Turtles hibernate.", FIRM),
        ("", ""),
    ],
)
def test_nothing_else_is(sentence: str, quote: str) -> None:
    """A list may stand in any order, a passive turns the names round, and another name is not an exchange."""
    assert exchanged(sentence, quote) is None


words = st.lists(st.sampled_from(["the", "pump", "near", "Oslo", "Bergen", "4", "7", ",", "and"]), max_size=12)


@given(words)
def test_a_text_exchanges_nothing_with_itself(said: list[str]) -> None:
    """Whatever stands in it."""
    assert exchanged(" ".join(said), " ".join(said)) is None
