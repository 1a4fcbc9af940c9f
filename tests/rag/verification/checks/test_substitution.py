"""A near-copy of a sentence that says it of something else is found by comparing the two word by word."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.evidence import EvidenceFinder
from rag.verification.checks.claim import PreparedClaim
from rag.verification.checks.substitution import substituted
from tests.fakes.core import hit

THINGS = "lamp gate oven barge crane ferry tractor kiln loom anvil".split()
MODIFIERS = "red green small heavy northern wooden electric spare".split()
PREDICATES = (
    "blinks twice when charging is complete",
    "stays open all night for deliveries",
    "must be checked every month by a technician",
    "carries two passengers and a driver",
)


def found(claim: str, page: str) -> bool:
    finder = EvidenceFinder()
    pool = finder.pool([hit(page)])
    return substituted(PreparedClaim(claim, claim, pool, finder.support(claim, pool))) is not None


@given(st.sampled_from(THINGS), st.sampled_from(THINGS), st.sampled_from(PREDICATES), st.sampled_from(PREDICATES))
def test_what_is_said_of_another_thing(one: str, other: str, mine: str, its: str) -> None:
    """Whatever the things are; what is said of the thing itself is not found."""
    assume(one != other and mine != its)
    page = f"The {one} {mine}. The {other} {its}."
    assert found(f"The {one} {its}.", page)
    assert not found(f"The {one} {mine}.", page)
    assert not found(f"The {other} {its}.", page)


@given(st.sampled_from(MODIFIERS), st.sampled_from(MODIFIERS), st.sampled_from(PREDICATES), st.sampled_from(PREDICATES))
def test_what_is_said_of_another_thing_of_the_same_name(one: str, other: str, mine: str, its: str) -> None:
    """The words before its noun tell which it is."""
    assume(one != other and mine != its)
    page = f"The {one} lamp {mine}. The {other} lamp {its}."
    assert found(f"The {one} lamp {its}.", page)
    assert not found(f"The {one} lamp {mine}.", page)


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        (
            "The mayor is responsible for schools.",
            "The mayor chairs the council. The deputy mayor is responsible for schools.",
        ),
        ("My brother studies law.", "My brother works in Oslo. My sister studies law in Lisbon."),
        ("The shop closes at midnight.", "The shop opens at 8 a.m. The bar opens at 5 p.m. and closes at midnight."),
        ("The hall was painted by Berg in 1907.", "The hall was built by Berg in 1907. Moe painted the doors."),
        ("The goal difference was 6 in May.", "The goal difference was -6 in May. Bayside scored 6 goals."),
        ("Moe taught Berg at the old school.", "Berg taught Moe at the old school. Moe was born in Oslo."),
        ("A long drought will result in a ban.", "A long drought could result in a ban."),
        ("New rules must further limit the sale of fish.", "New rules might further limit the sale of fish."),
    ],
)
def test_another_word_at_any_place(claim: str, page: str) -> None:
    """A deputy, a relative, a verb, a sign, two names that changed places, and what may be told as certain."""
    assert found(claim, page)


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        ("The bridge carries trams.", "The new bridge carries trams and bicycles."),
        ("It sells plums, pears and apples.", "It sells apples, pears and plums. Figs are sold out."),
        ("In 1907 the museum opened to the public.", "The museum opened to the public in 1907. Dogs may not enter."),
        ("The purchase was completed in May.", "The acquisition was completed in May. It cost 3 million euros."),
        ("The hall was built by Berg in 1907.", "Berg built the hall in 1907. Moe was born in Oslo."),
        ("Members can bring a guest on Sundays.", "Members may bring a guest on Sundays."),
        ("Members are allowed to bring a guest on Sundays.", "Members may bring a guest on Sundays."),
    ],
)
def test_other_words_for_the_same(claim: str, page: str) -> None:
    """A thing that is the only one of its kind, a list in another order, a date put first, a synonym, the passive."""
    assert not found(claim, page)


@given(
    st.permutations(["Henrik Moe", "Olga", "Sven Dahl", "Rita"]),
    st.sampled_from(["sold the old boat in the harbour to", "is older by almost three years than"]),
)
def test_who_does_it_to_whom(people: list[str], does: str) -> None:
    """Names of one or more words; a place or date that is put first changes nothing."""
    one, other, *_ = people
    page = f"{one} {does} {other} in 2019."
    assert found(f"{other} {does} {one} in 2019.", page)
    assert not found(f"{one} {does} {other} in 2019.", page)
    assert not found(f"In 2019 {one} {does} {other}.", page)


def test_a_sentence_that_says_it_of_the_thing_counts() -> None:
    """Although another one says the same of something else."""
    page = "The oven is cleaned every Friday by the staff. The barge is cleaned every Friday by the staff."
    assert not found("The barge is cleaned every Friday by the staff.", page)
