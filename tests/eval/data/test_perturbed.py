"""Queries as people type them."""

from hypothesis import given
from hypothesis import strategies as st

from eval.data.perturbed import PERTURBATIONS, chatty, mistyped

QUERIES = st.lists(st.sampled_from("What does the Logger store between, 400 DAYS? (a) are you is not".split())).map(
    " ".join
)


def test_the_same_seed_gives_the_same_errors() -> None:
    """A run can be repeated."""
    query = "The battery pack must be replaced every year"
    assert all(perturb(query, "q1") == perturb(query, "q1") for perturb in PERTURBATIONS.values())
    assert len({mistyped(query, f"q{n}") for n in range(20)}) > 10


@given(QUERIES, st.text(max_size=4))
def test_one_or_two_words_are_mistyped(query: str, seed: str) -> None:
    """By one letter each; short words, numbers and marks never."""
    before, after = query.split(), mistyped(query, seed).split()
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(changed) <= 2
    assert bool(changed) == any(sum(char.isalpha() for char in word) >= 4 for word in before)
    for a, b in changed:
        assert abs(len(a) - len(b)) <= 1
        assert sum(char.isalpha() for char in a) >= 4


def test_chat_is_lower_case_with_short_forms() -> None:
    """And a greeting, and no punctuation."""
    typed = chatty("Drugs are safe, between (two) doses.", "q7")
    assert typed == typed.lower()
    assert "drugs r safe btwn two doses" in typed
    assert not set(",().") & set(typed)
