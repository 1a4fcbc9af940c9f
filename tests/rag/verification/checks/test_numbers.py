"""The check of numbers: what it names as missing, beside numbers that are computed."""

import pytest

from rag.evidence.finder import EvidenceFinder
from rag.verification.checks.claim import PreparedClaim
from rag.verification.checks.numbers import missing_count, missing_number
from tests.fakes.core import HashEmbedder, hit

PAGE = "Sales were 94,836 in 2022 and 90,753 in 2021."


def prepared(sentence: str, page: str = PAGE, question: str = "") -> PreparedClaim:
    finder = EvidenceFinder(HashEmbedder())
    pool = finder.pool([hit(page)])
    pool.question = question
    return PreparedClaim(sentence, sentence, pool, finder.support(sentence, pool))


def test_a_computed_number_is_not_missing() -> None:
    """Its formula is there for the footnote."""
    claim = prepared("Sales rose by 4.5% in 2022.")
    assert missing_number(claim) is None
    assert [each.formula for each in claim.calculations] == ["(94,836 - 90,753) / 90,753"]


def test_what_is_missing_beside_a_computed_number_is_named_alone() -> None:
    """Also where it begins with the same digits."""
    found = missing_number(prepared("Sales rose by 4.5% in 2022, in 4.55 regions."))
    assert found is not None
    assert found.why == "number not in the evidence: 4.55"


@pytest.mark.parametrize(
    ("sentence", "page", "question"),
    [
        ("Two classes are registered.", "Common stock and senior notes are registered.", ""),
        ("The alarms are checked four times a year.", "The alarms are checked quarterly.", ""),
        (
            "The line manager approves a trip of EUR 900.",
            "The line manager approves trips up to EUR 1,000.",
            "EUR 900?",
        ),
    ],
)
def test_a_reader_may_count_and_compare(sentence: str, page: str, question: str) -> None:
    """Counts in words, and what a question supposes, if a bound of the evidence has it on its other side."""
    claim = prepared(sentence, page, question)
    assert missing_number(claim) is None
    assert missing_count(claim) is not None


@pytest.mark.parametrize(
    ("sentence", "page", "question"),
    [
        ("There are 2 classes.", "Common stock and senior notes are registered.", ""),
        ("The line manager approves a trip of EUR 900.", "The line manager approves trips up to EUR 1,000.", ""),
        ("The line manager approves a trip of EUR 900.", "The line manager approves trips up to EUR 500.", "EUR 900?"),
        ("A trip costs EUR 900.", "A trip costs EUR 800.", "Does it cost EUR 900?"),
        ("It weighs twenty pounds.", "It weighs 20 kilograms.", ""),
    ],
)
def test_other_numbers_are_left_to_nobody(sentence: str, page: str, question: str) -> None:
    """Digits, amounts that nobody supposed, and those without a bound or beyond it."""
    assert missing_number(prepared(sentence, page, question)) is not None
