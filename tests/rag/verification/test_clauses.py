"""A sentence is supported when each of its clauses is, and a clause when one document says all of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.finder import EvidenceFinder
from rag.text import clauses
from rag.types import Verdict
from rag.verification.checks import CHECKS
from rag.verification.clauses import Completion, Judged, verified_by_clause
from rag.verification.model_file import load_model
from rag.verification.readers import EVEN, Calibration, ClaimInContext
from rag.verification.verifier import CheckedVerifier
from tests.fakes.core import HashEmbedder, hit

PAGE = (
    "The seal must be replaced every 18 months. The pump weighs 23 kilograms. "
    "It is oiled by hand, and the oil is free of acid."
)


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("The seal is old, and the pump runs.", ["The seal is old", "the pump runs."]),
        ("The seal is old and the pump runs.", ["The seal is old", "the pump runs."]),
        ("It is oiled; the oil is free of acid", ["It is oiled", "the oil is free of acid"]),
        ("It has a seal, a motor, and a valve.", ["It has a seal, a motor, and a valve."]),
        ("The seal is red and yellow.", ["The seal is red and yellow."]),
        ("", [""]),
    ],
)
def test_sentences_are_cut_where_clauses_join(sentence: str, parts: list[str]) -> None:
    """Lists of words stay whole."""
    assert clauses(sentence) == parts


@given(st.text(alphabet="ab,;. and but the", max_size=60))
def test_no_word_but_the_joints_is_lost(text: str) -> None:
    """Every clause is a piece of the sentence, in order, and between them stands nothing but what joins them."""
    rest, between = text, ""
    for part in filter(None, clauses(text)):
        dropped, found, rest = rest.partition(part)
        assert found == part
        between += dropped
    assert set(re.findall(r"\w+", between + rest)) <= {"and", "but"}


def lenient(finder: EvidenceFinder, completed: Completion = verified_by_clause) -> CheckedVerifier:
    """Even odds, and no comparison with near-copies, so that the clauses have to tell."""
    checks = [check for check in CHECKS if check.name != "substitution"]
    return CheckedVerifier(finder, load_model("vectors"), checks=checks, completed=completed)


def as_a_whole(judged: Judged, _pool: object, _alone: object) -> Verdict:
    """The verdict on the whole sentence, and on no clause."""
    return judged[0]


def verified(sentence: str) -> tuple[bool, str | None]:
    finder = EvidenceFinder(HashEmbedder())
    verdict = lenient(finder).verify(sentence, finder.pool([hit(PAGE)]))
    return verdict.supported, verdict.why


def test_an_untruth_tied_to_a_truth_is_not_carried_by_it() -> None:
    """The clause that nothing supports is named; the whole was close enough to the evidence."""
    sentence = "The seal must be replaced every 18 months, and the pump runs on diesel."
    finder = EvidenceFinder(HashEmbedder())
    assert lenient(finder, as_a_whole).verify(sentence, finder.pool([hit(PAGE)])).supported
    supported, why = verified(sentence)
    assert not supported
    assert why is not None
    assert "the pump runs on diesel" in why


def test_two_truths_stay_together() -> None:
    """Also when they stand in different sentences of the documents, and word for word."""
    assert verified("The seal must be replaced every 18 months, and the pump weighs 23 kilograms.")[0]
    assert verified("It is oiled by hand, and the oil is free of acid.")[0]


SEALS = "The seal of the pump must be replaced every 18 months."
FILTERS = "The filter of the pump never needs replacing."


def of_two(sentence: str) -> Verdict:
    finder = EvidenceFinder(HashEmbedder())
    pool = finder.pool([hit(SEALS, "seals.md"), hit(FILTERS, "filters.md")])
    return lenient(finder).verify(sentence, pool)


@pytest.mark.parametrize(
    "sentence",
    ["The seal of the pump never needs replacing.", "The filter of the pump must be replaced every 18 months."],
)
def test_pieces_of_two_documents_make_no_fact(sentence: str) -> None:
    """The pool as a whole would carry it, and one document nearly, but for a word that the other one gave."""
    finder = EvidenceFinder(HashEmbedder())
    pool = finder.pool([hit(SEALS, "seals.md"), hit(FILTERS, "filters.md")])
    assert lenient(finder, as_a_whole).verify(sentence, pool).supported
    verdict = of_two(sentence)
    assert not verdict.supported
    assert verdict.fault == "relation"
    assert verdict.why is not None
    assert "several documents" in verdict.why


class SameReader:
    """A reader that was measured in a mode, and always says the same."""

    name, reads, calibration = "same", True, Calibration(thresholds={"strict": 0.5})

    def __init__(self, says: float) -> None:
        self._says = says

    def probabilities(self, claims: Sequence[ClaimInContext]) -> list[float]:
        return [self._says] * len(claims)


def test_where_a_reader_decides_one_document_is_enough() -> None:
    """Although another one has a word by chance: *kept* for a sentence that uses other words than its document."""
    finder = EvidenceFinder(HashEmbedder())
    pages = [
        hit("At least 150 cm must stay free in front of the pump.", "pump.md"),
        hit("The door is kept clear.", "rules.md"),
    ]
    pool = finder.pool(pages)
    sentence = "In front of the pump at least 150 cm must be kept clear."
    alone = CheckedVerifier(finder, load_model("vectors"), threshold=0.0)
    read = CheckedVerifier(finder, load_model("vectors"), reader=SameReader(0.99), mode="strict")
    unsure = CheckedVerifier(finder, load_model("vectors"), reader=SameReader(EVEN), threshold=0.0, mode="strict")
    assert not alone.verify(sentence, pool).supported
    assert not unsure.verify(sentence, pool).supported, "without an opinion it decides nothing"
    verdict = read.verify(sentence, pool)
    assert verdict.supported, verdict.why
    assert len({quote.document_id for quote in verdict.evidence}) == 1


def test_a_clause_that_points_back_stays_in_its_document() -> None:
    """Whose filter, the document of the filter would have to say."""
    verdict = of_two("The seal of the pump must be replaced every 18 months, and its filter never needs replacing.")
    assert not verdict.supported


def test_a_word_that_points_at_nothing_ties_no_clauses() -> None:
    """`that` opens a relative clause here, and each document says its own clause."""
    finder = EvidenceFinder(HashEmbedder())
    pool = finder.pool([hit(SEALS, "seals.md"), hit("The filter that the pump has is never replaced.", "f.md")])
    sentence = (
        "The seal of the pump must be replaced every 18 months, and the filter that it has never needs replacing."
    )
    other = sentence.replace("that it has", "that the pump has")
    verifier = lenient(finder)
    assert (verifier.verify(sentence, pool).supported, verifier.verify(other, pool).supported) == (False, True)


def test_a_document_that_says_all_of_it_is_enough() -> None:
    """Another one that shares its words takes nothing away; the quotes are then of the one."""
    finder = EvidenceFinder(HashEmbedder())
    other = "The seal of the gearbox must be replaced as soon as it leaks."
    pool = finder.pool([hit(SEALS, "seals.md"), hit(other, "gearbox.md")])
    verdict = lenient(finder).verify("The pump's seal must be replaced every 18 months.", pool)
    assert verdict.supported
    assert {quote.filename for quote in verdict.evidence} == {"seals.md"}


def test_two_documents_may_give_a_clause_each() -> None:
    """And both are quoted."""
    verdict = of_two("The seal of the pump must be replaced every 18 months, and the filter never needs replacing.")
    assert verdict.supported
    assert len({quote.document_id for quote in verdict.evidence}) == 2
