"""Whether words that a sentence joins belong together in the quotes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.verifier import relations
from rag.words import content_stems, stems

SEAL = "The seal of the pump is made of rubber."
BATTERY = "The battery pack weighs nine kilograms."


def measured(claim: str, *quotes: str) -> dict[str, float]:
    return relations(content_stems(claim), [stems(quote) for quote in quotes])


def test_words_of_one_quote_belong_together() -> None:
    """In either order, and with other words between them."""
    assert measured(SEAL, SEAL) == {"near_pairs": 1.0, "parted_pairs": 0.0}
    assert measured("The pump has a rubber seal.", SEAL)["near_pairs"] == 1.0


def test_a_false_join_of_true_words_is_parted() -> None:
    """Every word is quoted, but what is joined stands in two quotes."""
    found = measured("The battery pack is made of rubber.", SEAL, BATTERY)
    assert found["parted_pairs"] > 0
    assert found["near_pairs"] < 1


def test_what_is_not_quoted_is_neither_near_nor_parted() -> None:
    """That is what the shares of words are for."""
    assert measured("Turtles hibernate underwater.", SEAL) == {"near_pairs": 0.0, "parted_pairs": 0.0}
    assert measured("Rubber.", SEAL) == {"near_pairs": 0.0, "parted_pairs": 0.0}


words = st.lists(st.sampled_from("abcdef"), max_size=12)


@given(words, st.lists(words, max_size=3), words)
def test_another_quote_never_takes_nearness_away(content: list[str], rows: list[list[str]], more: list[str]) -> None:
    """Both are shares, of different pairs."""
    before, after = relations(content, rows), relations(content, [*rows, more])
    assert after["near_pairs"] >= before["near_pairs"]
    assert 0 <= after["near_pairs"] + after["parted_pairs"] <= 1
