"""What the evidence says of another thing of the same kind is not said of this one."""

from __future__ import annotations

import pytest

from rag.evidence.finder import EvidenceFinder
from rag.verification.checks.claim import PreparedClaim
from rag.verification.checks.subject import of_another
from tests.fakes.core import hit

OFFICES = (
    "The Lisbon studio has 12 rooms. The Turin studio has 30 rooms and a workshop. Anna Berg was born in Lund. "
    "Otto Kern was born in Graz and moved to Lyon. Lift B carries 400 kg on a weekday. Line 4 runs hourly. "
    "Line 6 runs daily and crosses the river. It was built in 1987."
)


def is_barred(claim: str, page: str = OFFICES, language: str = "en") -> bool:
    finder = EvidenceFinder(language=language)
    pool = finder.pool([hit(page)])
    return of_another(PreparedClaim(claim, claim, pool, finder.support(claim, pool))) is not None


@pytest.mark.parametrize(
    "claim",
    [
        "The Lisbon studio has a workshop.",
        "Anna Berg moved to Lyon.",
        "Lift A carries 400 kg on a weekday.",
        "Line 4 crosses the river.",
        "Line 4 was built in 1987.",
    ],
)
def test_the_fact_of_the_next_one_is_not_told(claim: str) -> None:
    """By name, number or letter; also where a pronoun speaks of the other."""
    assert is_barred(claim)


@pytest.mark.parametrize(
    "claim",
    [
        "The Turin studio has a workshop.",
        "The Turin studio has 30 rooms.",
        "Otto Kern moved to Lyon.",
        "Mr. Kern moved to Lyon.",
        "Lift B carries 400 kg on a weekday.",
        "Line 6 was built in 1987.",
        "The studio has a workshop.",
        "In June the studio of Turin opened a workshop.",
    ],
)
def test_its_own_fact_is(claim: str) -> None:
    """Under a part of its name, too; a claim without a name says nothing of which."""
    assert not is_barred(claim)


def test_what_both_sentences_say_is_of_either() -> None:
    """Only what no other sentence says is another's alone."""
    assert not is_barred("The Lisbon studio has rooms.")


def test_no_other_language_is_read() -> None:
    """Names begin no nouns there, or all of them."""
    assert not is_barred("The Lisbon studio has a workshop.", language="de")
