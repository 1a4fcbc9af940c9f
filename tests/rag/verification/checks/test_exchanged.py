"""Two names or numbers in each other's place: seen where all else agrees, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verification.checks.exchanged import Exchange, exchanged

FIRM = "The firm of Grace Hopper was bought by the one of Ada Byron."


@pytest.mark.parametrize(
    ("sentence", "quote", "found"),
    [
        ("The firm of Ada Byron was bought by the one of Grace Hopper.", FIRM, ("Ada Byron", "Grace Hopper")),
        ("Adults pay $60 and juniors $120.", "Adults pay $120 and juniors $60.", ("$60", "$120")),
        ("Loss of p53 raises BRCA1 levels.", "Loss of BRCA1 raises p53 levels.", ("p53", "BRCA1")),
        ("In the end it was Spain 2, Italy 1.", "In the end it was Italy 2, Spain 1.", ("Spain", "Italy")),
    ],
)
def test_an_exchange_is_seen(sentence: str, quote: str, found: tuple[str, str]) -> None:
    """Of names of several words, of amounts, of codes; and it is known which quote has it."""
    assert exchanged(sentence, ["Turtles hibernate.", quote]) == Exchange(*found, quote=1)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        (FIRM, FIRM),
        ("The prize went to Ada and Grace.", "The prize went to Grace and Ada."),
        ("The prize went to Ada, Grace and Mary.", "The prize went to Mary, Grace and Ada."),
        ("In Oslo, Bob was beaten by Ada.", "In Oslo, Ada beat Bob."),
        ("In the cup Ada beat Bob.", "In the cup Ada beat Mary."),
        ("In May it was Ada who married Grace.", "In May it was Grace who married Ada."),
        ("In May it was Ada Byron who painted Ada.", "In May it was Ada who painted Ada Byron."),
        (
            "The flight from Bergen to Oslo takes 2 hours.",
            "The flight from Oslo to Bergen takes 1 hour, and the flight from Bergen to Oslo takes 2 hours.",
        ),
        ("Turtles hibernate.", FIRM),
        ("", ""),
    ],
)
def test_nothing_else_is(sentence: str, quote: str) -> None:
    """Lists, passives, other names, what holds both ways, a longer form of a name, a quote that has both orders."""
    assert exchanged(sentence, [quote]) is None


def test_another_quote_in_the_same_order_settles_it() -> None:
    """What one quote says of them the other way round may be said of something else."""
    sentence = "The firm of Ada Byron was bought by the one of Grace Hopper."
    assert exchanged(sentence, [FIRM, sentence]) is None


words = st.lists(st.sampled_from(["the", "pump", "near", "Oslo", "Bergen", "4", "7", ",", "and"]), max_size=12)


@given(words, st.lists(words, max_size=2))
def test_what_a_quote_has_word_for_word_exchanges_nothing(said: list[str], others: list[list[str]]) -> None:
    """Whatever stands in it, and in other quotes."""
    quotes = [" ".join(each) for each in [*others, said]]
    assert exchanged(" ".join(said), quotes) is None
