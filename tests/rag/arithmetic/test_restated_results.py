"""Results that are told a second way."""

from __future__ import annotations

import pytest

from rag.arithmetic.written_calculations import worked_before, written

QUICK = ("Quick ratio = ($1,120 million - $412 million) / $745 million = 0.95",)


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("Payout = $980 / $2,299 = 0.43, i.e. about 43% of income.", 2),
        ("Payout = $980 / $2,299 = 0.43, i.e. about 46% of income.", 1),
        ("Payout = $980 / $2,299 = 0.43, while 43% was planned.", 1),
        ("This decrease: $2,348 million - $2,241 million = $107 million, or 4.6%.", 2),
        ("This decrease: $2,348 million - $2,241 million = $107 million, or 4.8%.", 1),
        ("This increase: $2,348 million - $2,241 million = $107 million (4.8%).", 2),
        ("The gap: $2,348 million - $2,241 million = $107 million, or 4.6%.", 1),
    ],
)
def test_a_percentage_right_after_a_calculation_is_its_result(text: str, formulas: int) -> None:
    """A ratio in percent, or a difference as a share of where it began: of the larger for a fall."""
    assert len(written(text).formulas) == formulas


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("The quick ratio of 0.95 is slightly below 1.", True),
        ("The quick ratio was 0.95, which is less than 1.0, so it is low.", True),
        ("The quick ratio (0.95) is > 0.9.", True),
        ("The quick ratio of 0.95 is above 1.", False),
        ("The quick ratio of 0.96 is below 1.", False),
        ("The quick ratio was 0.95 and the limit is below 1.", False),
        ("The quick ratio of 0.95 is below $1.", False),
    ],
)
def test_a_result_is_compared_with_a_threshold(text: str, is_so: bool) -> None:
    """One that was worked out before it, in the same clause, with a bare number."""
    found = written(text, worked_before(QUICK), (), QUICK)
    assert any("<" in each or ">" in each for each in found.formulas) is is_so


def test_two_results_that_are_alike_are_each_their_own() -> None:
    """In the order in which they were worked out."""
    before = ("A: $11 / $209 = 5.3%", "B: $124 / $2,348 = 5.3%")
    mean = written("The mean is (5.3% + 5.3%) / 2 = 5.3%.", worked_before(before), (), before)
    assert mean.results[0].operands == ("$11", "$209", "$124", "$2,348")
