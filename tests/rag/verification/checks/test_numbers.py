"""The check of numbers: what it names as missing, beside numbers that are computed."""

from rag.evidence.finder import EvidenceFinder
from rag.verification.checks.claim import PreparedClaim
from rag.verification.checks.numbers import missing_number
from tests.fakes.core import HashEmbedder, hit

PAGE = "Sales were 94,836 in 2022 and 90,753 in 2021."


def prepared(sentence: str) -> PreparedClaim:
    finder = EvidenceFinder(HashEmbedder())
    pool = finder.pool([hit(PAGE)])
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
