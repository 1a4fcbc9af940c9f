"""A calculation is one of the measure that it says it is of: right arithmetic with figures of a report may be none."""

from __future__ import annotations

import pytest

from rag.types import Verdict
from tests.statements import verdict_of_code

ANNUAL = """# Annual report 2022 of Northgate Industries

| (in millions) | 2022 | 2021 | 2020 |
| --- | --- | --- | --- |
| Net sales | $ 22,410 | $ 23,480 | $ 20,950 |
| Cost of sales | 15,230 | 15,610 | 14,020 |
| Operating income | 3,220 | 4,015 | 3,250 |
| Depreciation and amortization | 1,120 | 1,085 | 1,040 |
| Interest expense | 311 | 290 | 275 |
| Income before income taxes | 2,909 | 3,725 | 2,975 |
| Provision for income taxes | 611 | 820 | 565 |
| Net income | 2,298 | 2,905 | 2,410 |
| Net cash provided by operating activities | 3,060 | 3,870 | 3,540 |
| Purchases of property, plant and equipment | (1,385) | (1,240) | (1,105) |

| (in millions) | 2022 | 2021 | 2020 |
| --- | --- | --- | --- |
| Cash and cash equivalents | $ 2,640 | $ 3,105 | $ 2,980 |
| Accounts receivable, net | 3,290 | 3,410 | 3,300 |
| Inventories | 4,120 | 3,650 | 3,600 |
| Total current assets | 11,200 | 11,235 | 10,900 |
| Accounts payable | 2,560 | 2,430 | 2,400 |
| Total current liabilities | 7,450 | 6,980 | 6,800 |
| Long-term debt | 10,400 | 10,900 | 11,000 |
"""


def verdict_on(sentence: str, *before: str, question: str = "") -> Verdict:
    question = question or "What are the figures of Northgate Industries for FY2022?"
    return verdict_of_code(sentence, ANNUAL, *before, question=question)


@pytest.mark.parametrize(
    "sentence",
    [
        "Quick ratio = ($2,640 million + $3,290 million) / $7,450 million = 0.80",
        "Quick ratio = ($11,200 million - $4,120 million) / $7,450 million = 0.95",
        "Current ratio = $11,200 million / $7,450 million = 1.50",
        "Net working capital = $11,200 million - $7,450 million = $3,750 million",
        "Operating margin = $3,220 million / $22,410 million = 14.4%",
        "Gross profit = Net sales - Cost of sales = $22,410 million - $15,230 million = $7,180 million",
        "EBITDA = $3,220 million + $1,120 million = $4,340 million",
        "EBITDA = $2,298 million + $311 million + $611 million + $1,120 million = $4,340 million",
        "Free cash flow = $3,060 million - $1,385 million = $1,675 million",
        "Effective tax rate = $611 million / $2,909 million = 21.0%",
        "Interest coverage = $3,220 million / $311 million = 10.4",
        "Operating margin fell from 17.1% ($4,015m / $23,480m) in 2021 to 14.4% ($3,220m / $22,410m) in 2022.",
    ],
)
def test_what_is_worked_out_as_it_is_defined_is_told(sentence: str) -> None:
    """As a quotient, a difference or a sum of its lines."""
    verdict = verdict_on(sentence)
    assert verdict.supported, verdict


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Quick ratio = $11,200 million / $7,450 million = 1.50", "that is the current ratio"),
        ("Quick ratio = ($2,640 million + $4,120 million) / $7,450 million = 0.91", "inventories are not quick"),
        ("Net working capital = $11,200 million / $7,450 million = 1.50", "it is a difference"),
        ("Operating margin = $2,298 million / $22,410 million = 10.3%", "that is the net margin"),
        ("Operating margin = $3,220 million / $15,230 million = 21.1%", "of the costs"),
        ("EBITDA = Net income + D&A = $2,298 million + $1,120 million = $3,418 million", "without taxes"),
        ("EBITDA = $2,298 million + $311 million + $1,120 million = $3,729 million", "without taxes, with interest"),
        ("EBITDA = $3,220 million - $1,120 million = $2,100 million", "it is a sum"),
        ("Free cash flow = Net income - Capex = $2,298 million - $1,385 million = $913 million", "of the income"),
        ("Effective tax rate = Income tax / Net income = $611 million / $2,298 million = 26.6%", "of the net income"),
        (
            "Net income = Operating income - Interest expense = $3,220 million - $311 million = $2,909 million",
            "another",
        ),
        (
            "Total debt = Accounts payable + Long-term debt = $2,560 million + $10,400 million = $12,960 million",
            "trade",
        ),
        ("Average net sales of 2021 and 2022 = $23,480 million + $22,410 million = $45,890 million", "not divided"),
        ("Net cash used in operating activities was $3,060 million in 2022.", "it was provided"),
    ],
)
def test_another_calculation_under_its_name_is_not(sentence: str, why: str) -> None:
    """However right its arithmetic is."""
    assert not verdict_on(sentence).supported, why


SPAN = "What is the FY2020 - FY2022 3 year average of net sales of Northgate Industries?"


@pytest.mark.parametrize(
    ("sentence", "is_told"),
    [
        ("The average is ($20,950 million + $23,480 million + $22,410 million) / 3 = $22,280 million.", True),
        ("The average is ($23,480 million + $22,410 million) / 2 = $22,945 million.", False),
        ("The average is ($20,950 million + $22,410 million + $22,410 million) / 3 = $21,923 million.", False),
    ],
)
def test_an_average_over_years_has_each_once(sentence: str, is_told: bool) -> None:
    """All of those that the question asks for."""
    assert verdict_on(sentence, question=SPAN).supported == is_told


@pytest.mark.parametrize(
    ("before", "sentence", "is_told"),
    [
        ("EBITDA = $3,220 million + $1,120 million = $4,340 million", "EBITDA margin = {} / $22,410 million", True),
        ("EBITDA = $3,220 million - $1,120 million = $2,100 million", "EBITDA margin = {} / $22,410 million", False),
        ("Gross profit = $22,410 million - $15,230 million = $7,180 million", "Operating margin = {} / $22,410", False),
        ("EBITDA = $3,220 million + $1,120 million = $4,340 million", "Net income in 2022 was {}.", False),
    ],
)
def test_a_result_is_used_and_said_again_as_what_it_is(before: str, sentence: str, is_told: bool) -> None:
    """A measure is not worked out from one that was worked out wrongly, nor from another."""
    result = before.rpartition("= ")[2]
    assert verdict_on(sentence.format(result), before).supported == is_told


@pytest.mark.parametrize(
    ("sentence", "is_told"),
    [
        ("The effective tax rate decreased by 1.0 percentage points from 22.0% in FY2021 to 21.0% in FY2022.", True),
        ("The effective tax rate increased by 1.0 percentage points from 21.0% in FY2021 to 22.0% in FY2022.", False),
    ],
)
def test_two_results_keep_their_years(sentence: str, is_told: bool) -> None:
    before = (
        "Effective tax rate FY2022 = $611 million / $2,909 million = 21.0%.",
        "Effective tax rate FY2021 = $820 million / $3,725 million = 22.0%.",
    )
    question = "How did the effective tax rate change from FY2021 to FY2022?"
    assert verdict_on(sentence, *before, question=question).supported == is_told
