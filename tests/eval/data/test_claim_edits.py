"""Edits of sentences: what each changes, and what none may change."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.data import claim_edits
from eval.data.claim_edits import false_edits, true_edits, usable

SENTENCE = (
    "In 2019, the city of Bergen bought 14 electric ferries from Viking Marine, which is based in Oslo, and most "
    "passengers now usually pay at least 30 percent less."
)
OTHERS = [
    "The harbour was rebuilt by Hansen Brothers in 1987 because of the storm.",
    "Oslo Transit has 22 buses that run for nine hours a day in winter.",
]
chances = st.integers(0, 2**32).map(random.Random)


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))


@given(st.sampled_from(sorted(false_edits())), chances)
def test_a_false_edit_changes_the_sentence(kind: str, chance: random.Random) -> None:
    """Whatever chance says, what comes out is another sentence of the same form, or nothing."""
    edited = false_edits()[kind](SENTENCE, OTHERS, chance)
    assert edited is None or (edited != SENTENCE and edited.endswith("."))


@pytest.mark.parametrize("kind", sorted({*false_edits(), *true_edits()} - {"joined"}))
def test_every_edit_finds_something_to_edit(kind: str) -> None:
    """In a sentence that has some of everything; what joins sentences and what resolves pronouns needs others."""
    edit = {**false_edits(), **true_edits()}[kind]
    made = {edit(SENTENCE, OTHERS, random.Random(seed)) for seed in range(20)} - {None}
    assert made
    assert kind == "verbatim" or SENTENCE not in made


@given(st.sampled_from(["shorter", "reordered", "reworded", "without_adverb"]), chances)
def test_a_true_edit_adds_no_number_and_no_name(kind: str, chance: random.Random) -> None:
    """It may leave things out, and never brings in a number or a capitalised word."""
    edited = true_edits()[kind](SENTENCE, OTHERS, chance) or SENTENCE
    assert set(numbers(edited)) <= set(numbers(SENTENCE))
    assert set(re.findall(r"\b[A-Z]\w+", edited)) <= {*re.findall(r"\b[A-Z]\w+", SENTENCE), "The"}


@pytest.mark.parametrize(
    ("kind", "sentence", "changed"),
    [
        ("number", "The club owns 14 boats.", r"The club owns (?!14)\d+ boats\."),
        ("date", "It opened in June.", r"It opened in (?!June)[A-Z]\w+\."),
        ("date", "It opened in 1987.", r"It opened in (?!1987)\d{4}\."),
        ("unit", "Sales were 14 million last year.", r"Sales were 14 (?:thousand|billion|trillion) last year\."),
        ("roles", "A letter from Ada reached Grace in May.", r"A letter from (?!Ada).*"),
        ("negation", "The club is open on Sundays.", r"The club is not open on Sundays\."),
        ("negation", "The club is not open on Sundays.", r"The club is open on Sundays\."),
        ("quantifier", "All members row.", r"(?:Some|Few|No) members row\."),
        ("comparison", "Prices increased last year.", r"Prices (?!increased)\w+ed last year\."),
    ],
)
def test_a_false_edit_changes_just_its_own_thing(kind: str, sentence: str, changed: str) -> None:
    """One number, one name, one word: the rest stands."""
    edited = false_edits()[kind](sentence, OTHERS, random.Random(1))
    assert edited is not None
    assert re.fullmatch(changed, edited), edited


def test_names_and_details_come_from_the_document() -> None:
    """A false name or detail is a plausible one: the documents have it, of something else."""
    told = " ".join(OTHERS)
    named = false_edits()["name"]("The ferries came from Viking Marine.", OTHERS, random.Random(1))
    assert named is not None
    assert named.removeprefix("The ferries came from ").removesuffix(".") in told
    detailed = false_edits()["detail"]("The club owns boats.", OTHERS, random.Random(1))
    assert detailed is not None
    assert detailed.removeprefix("The club owns boats").removesuffix(".") in told


def test_swapped_names_joined_by_and_are_no_edit() -> None:
    """`A and B` says what `B and A` says."""
    assert false_edits()["roles"]("The prize went to Ada and Grace.", [], random.Random(1)) is None


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("The club owns fourteen boats.", True),
        ("Table 4: results", False),
        ("1.2 3.4 5.6 7.8 9.1 2.3 in all.", False),
        ("and so it was decided in the end.", False),
    ],
)
def test_only_whole_sentences_become_claims(sentence: str, whole: bool) -> None:
    """Headings, rows of figures and fragments do not."""
    assert usable(sentence) is whole


def test_no_word_of_an_edit_comes_from_the_product() -> None:
    """A check would find the very words that it looks for."""
    source = Path(claim_edits.__file__).read_text(encoding="utf-8")
    assert not re.search(r"^\s*(?:from|import) rag\b", source, re.MULTILINE)
