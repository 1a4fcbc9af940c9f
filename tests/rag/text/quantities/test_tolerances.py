"""Tolerances, levels, gains and periods: the same digits that say another thing."""

from __future__ import annotations

import pytest

from rag.evidence.stated_facts import missing_facts

TOLERANCE, COLD = "The tolerance of the rod is ±0.5 mm.", "The temperature fell to minus 12 degrees."


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("The tolerance of the rod is +0.5 mm.", TOLERANCE),
        ("The tolerance of the rod is 0.5 mm.", TOLERANCE),
        ("The tolerance of the rod is less than 0.6 mm.", TOLERANCE),
        ("The tolerance of the rod is plus or minus 0.5 mm.", "The rod is 0.5 mm thick."),
        ("The temperature fell to 12 degrees.", COLD),
        ("The account shows a gain of 900 euros.", "The account shows a loss of 900 euros."),
        ("Sales show a gain of 5%.", "Sales fell by 5%."),
        ("The annual fee is 40 euros.", "The fee is 40 euros a month."),
        ("The fee is 40 euros a year.", "The monthly fee is 40 euros."),
        ("The monthly fee is 40 euros.", "The annual fee is 40 euros."),
    ],
)
def test_what_says_another_thing_is_missing(claim: str, evidence: str) -> None:
    """Though its digits are there."""
    assert missing_facts(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("The tolerance of the rod is +/- 0.5 mm.", TOLERANCE),
        ("The tolerance of the rod is plus or minus 0.5 mm.", TOLERANCE),
        ("The temperature fell to -12 degrees.", COLD),
        ("The account shows a gain of 900 euros.", "The account shows a profit of 900 euros."),
        ("Sales show a gain of 5%.", "Sales rose by 5%."),
        ("The profit was 900 euros.", "The profit fell to 900 euros."),
        ("The net loss fell to $900 million.", "| Net loss (in millions) | $ (900) | $ (950) |"),
        ("The annual fee is 40 euros.", "The fee is 40 euros a year."),
        ("The fee is 40 euros a month.", "The monthly fee is 40 euros."),
        ("The annual report names 40 deaths.", "The report names 40 deaths a month."),
    ],
)
def test_what_says_the_same_is_stated(claim: str, evidence: str) -> None:
    """In other words."""
    assert not missing_facts(claim, evidence)
