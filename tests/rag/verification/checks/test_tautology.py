"""A sentence that says a thing of itself is no statement about it, though all its words are in the evidence."""

import pytest

from rag.verification.checks.tautology import says_of_itself

QUOTES = ("The Lion King", "Original voice actor")


@pytest.mark.parametrize(
    "sentence",
    [
        "The Lion King is the voice of the Lion King.",
        "The voice of the Lion King is the voice of the Lion King.",
        "The lion kings were the voices of the lion king.",
    ],
)
def test_a_thing_said_of_itself_is_seen(sentence: str) -> None:
    """The subject is all there in the predicate, and no quote says it twice."""
    assert says_of_itself(sentence, QUOTES, "en")


@pytest.mark.parametrize(
    "sentence",
    [
        "The Tower of London is in London.",
        "The Tower is part of the Tower of London.",
        "The sensory nervous system is a part of the nervous system.",
        "The Lion King was released in 1994.",
        "Simba meets Nala.",
        "",
    ],
)
def test_a_thing_that_is_part_of_another_name_is_not(sentence: str) -> None:
    """One word may stand in both names, and the predicate may have less than the subject."""
    assert not says_of_itself(sentence, QUOTES, "en")


def test_what_a_quote_says_of_itself_may_be_said() -> None:
    """`The Golden Gate is the strait under the Golden Gate Bridge` can be a document's own sentence."""
    sentence = "The Golden Gate is the strait that the Golden Gate Bridge spans."
    assert says_of_itself(sentence, ["The Golden Gate Bridge is a bridge."], "en")
    assert not says_of_itself(sentence, ["The Golden Gate, a strait, is spanned by the Golden Gate Bridge."], "en")


def test_a_quote_that_only_repeats_the_words_does_not_say_it() -> None:
    """`President of the United States` stands twice in many a quote that does not say who that is."""
    quote = "The United States line of succession is the order in which one acts as President of the United States."
    assert says_of_itself("The United States President is currently the President of the United States.", [quote], "en")
