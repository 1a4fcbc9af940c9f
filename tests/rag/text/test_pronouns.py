"""Pronouns at the start of a sentence, resolved against the sentences before it."""

from __future__ import annotations

import pytest

from rag.text.pronouns import POINTS_BACK, resolved


@pytest.mark.parametrize(
    ("before", "sentence", "alone"),
    [
        (["Harbour Rowing Club was founded in 1931."], "It owns 14 boats.", "Harbour Rowing Club owns 14 boats."),
        (["Ada Lovelace wrote programs."], "Her notes are long.", "Ada Lovelace's notes are long."),
        (["The two sheds are rented."], "They cost $40.", "The two sheds cost $40."),
        (["The club is old.", "It is in Oslo."], "It owns boats.", "The club owns boats."),
        ([], "It owns 14 boats.", "It owns 14 boats."),
        (["In 1931, when nobody rowed, a club began."], "It owns boats.", "It owns boats."),
        (["The club is old."], "Members of it row.", "Members of it row."),
    ],
)  # fmt: skip
def test_a_pronoun_becomes_the_subject_before_it(before: list[str], sentence: str, alone: str) -> None:
    """The nearest earlier sentence with a plain subject gives it; where there is none, nothing is invented."""
    assert resolved(sentence, before) == alone


@pytest.mark.parametrize(
    "clause",
    ["its seal is new", "he resigned", "That was in 1931.", "after that the pump stops", "when that pump fails",
     "such pumps are heavy", "a depot is there", "the larger one is oiled", "both are oiled", "the same pump"],
)  # fmt: skip
def test_words_that_stand_for_something_said_before_are_told(clause: str) -> None:
    """Pronouns, and what points like one."""
    assert POINTS_BACK.search(clause)


@pytest.mark.parametrize(
    "clause",
    ["the policies that you need", "the unit weighs 5 kilograms", "gases such as argon", "there are 12 depots",
     "both the seal and the valve are new", "one pump weighs 23 kilograms", "people say that water is wet"],
)  # fmt: skip
def test_the_same_words_in_other_uses_are_not(clause: str) -> None:
    """Relative clauses, examples, counts."""
    assert not POINTS_BACK.search(clause)
