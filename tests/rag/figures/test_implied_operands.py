"""A sentence may tell a change beside the new value, or a share beside the part: the other operand is in the table."""

from __future__ import annotations

import pytest

from rag.types import Verdict
from tests.statements import verdict_of_code

QUARTER = """# Quarterly report of Calder Instruments, second quarter of 2024

| (in millions) | Three Months Ended June 30, 2024 | Three Months Ended June 30, 2023 |
| --- | --- | --- |
| Net sales | $512.3 | $477.0 |
| Gross profit | 277.2 | 251.9 |
| Selling and marketing expense | (51.2) | (54.0) |
| Operating margin | 14.4% | 14.8% |

| (in millions) | June 30, 2024 | December 31, 2023 |
| --- | --- | --- |
| Inventories | $274.3 | $292.8 |
| Total debt | 637.5 | 610.0 |
| Total assets | 2,250.0 | 2,100.0 |

| Restructuring charges (in millions) | 2024 | 2023 |
| --- | --- | --- |
| Severance | $8.6 | $2.0 |
| Closing of plants | 6.3 | 1.8 |
| Total | $14.9 | $3.8 |
"""


def verdict_on(sentence: str, question: str = "How was the second quarter of 2024?") -> Verdict:
    return verdict_of_code(sentence, QUARTER, question=question)


@pytest.mark.parametrize(
    ("sentence", "formula"),
    [
        ("Gross profit rose by $25.3 million to $277.2 million in Q2 2024.", "$277.2 million - $251.9 million"),
        (
            "Net sales increased by 7.4% to $512.3 million in Q2 2024.",
            "($512.3 million - $477.0 million) / $477.0 million",
        ),
        ("Inventories fell by $18.5 million since year-end to $274.3 million.", "$292.8 million - $274.3 million"),
        ("Operating margin fell by 40 basis points to 14.4% in Q2 2024.", "14.8% - 14.4%"),
        ("Total debt was $637.5 million, up $27.5 million from year-end.", "$637.5 million - $610.0 million"),
    ],
)
def test_the_earlier_value_is_that_of_the_row(sentence: str, formula: str) -> None:
    verdict = verdict_on(sentence)
    assert formula in verdict.formulas
    assert verdict.supported, verdict.why


@pytest.mark.parametrize(
    "sentence",
    [
        "Gross profit fell by $25.3 million to $277.2 million in Q2 2024.",
        "Gross profit rose by $26.3 million to $277.2 million in Q2 2024.",
        "Gross profit rose by 25.3% to $277.2 million in Q2 2024.",
        "Net sales increased by $25.3 million to $512.3 million in Q2 2024.",
        "Gross profit rose by $25.3 million from the prior quarter to $277.2 million.",
        "Inventories fell by $18.5 million year over year to $274.3 million.",
        "Inventories fell by $18.5 million within three months to $274.3 million.",
        "Inventories fell by $18.5 million during the first quarter of 2024 to $274.3 million.",
        "Net sales increased by 7.4% quarter over quarter to $512.3 million in Q2 2024.",
        "Net sales increased by 7.4% from the first quarter to $512.3 million in Q2 2024.",
        "Net sales increased by 7.4% from Q1 to $512.3 million in Q2 2024.",
        "Net sales increased by 7.4% from 2019 to $512.3 million in Q2 2024.",
        "Net sales increased by 7.4% a year on average to $512.3 million in Q2 2024.",
        "Operating margin fell by 40 percentage points to 14.4% in Q2 2024.",
        "Operating margin fell by 0.4% to 14.4% in Q2 2024.",
        "Gross profit rose by more than $25.3 million to $277.2 million in Q2 2024.",
    ],
)
def test_another_change_is_none_of_the_row(sentence: str) -> None:
    """Another amount, unit, direction, row, or a change since a time of which the row has nothing."""
    verdict = verdict_on(sentence)
    assert not verdict.supported, verdict.formulas


@pytest.mark.parametrize(
    ("sentence", "formula"),
    [
        ("Gross profit was $277.2 million, or 54.1% of net sales, in Q2 2024.", "$277.2 million / $512.3 million"),
        ("Total debt was $637.5 million at June 30, 2024, or about 28% of total assets.", "$637.5 million / $2,250.0"),
        ("Severance was $8.6 million in 2024, nearly 58% of the total.", "$8.6 million / $14.9 million"),
        (
            "Selling and marketing expense was $51.2 million in Q2 2024, or 10.0% of net sales.",
            "$51.2 million / $512.3",
        ),
    ],
)
def test_the_whole_is_the_row_that_a_share_is_of(sentence: str, formula: str) -> None:
    """Under the heading of the part."""
    assert any(each.startswith(formula) for each in verdict_on(sentence).formulas)


@pytest.mark.parametrize(
    "sentence",
    [
        "Gross profit was $277.2 million, or 58.1% of net sales, in Q2 2024.",
        "Gross profit was $277.2 million, or 54.1% of total assets, in Q2 2024.",
        "Severance was $8.6 million in 2024, nearly 68% of the total.",
        "Gross profit was $277.2 million in Q2 2024, or 54.1% of net sales in Q1 2024.",
    ],
)
def test_a_share_of_another_whole_is_none(sentence: str) -> None:
    verdict = verdict_on(sentence)
    assert not verdict.formulas
    assert not verdict.supported
