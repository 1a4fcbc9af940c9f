"""A calculation in brackets that names its operands, as language models are asked to write it, is decided by code."""

from __future__ import annotations

import pytest

from rag.types import Verdict
from tests.statements import verdict_of_code

REPORT = """# Annual report 2022 of Halvard Pumps

| (in millions) Years ended December 31, | | 2022 | | 2021 | | 2020 |
|---|---|---|---|---|---|---|
| Net sales | $ | 1,984.0 | $ | 1,824.4 | $ | 1,636.6 |
| Operating income |  | 253.2 |  | 224.1 |  | 182.2 |
| Depreciation |  | 55.8 |  | 52.6 |  | 49.7 |
| Interest expense |  | 31.6 |  | 28.4 |  | 30.1 |
| Net income | $ | 171.3 | $ | 154.6 | $ | 116.6 |
| Earnings per share | $ | 2.66 | $ | 2.37 | $ | 1.77 |
| Dividends per share | $ | 0.92 | $ | 0.84 | $ | 0.80 |

| (in millions) | 2022 | 2021 | 2020 |
| --- | --- | --- | --- |
| Operating activities: Net income | $ 171.3 | $ 154.6 | $ 116.6 |
| Net cash provided by operating activities | 209.6 | 221.5 | 201.1 |
| Investing activities: Capital expenditures | (84.3) | (71.8) | (58.6) |
| Cash and cash equivalents at beginning of year | 207.3 | 179.1 | 157.5 |
| Cash and cash equivalents at end of year | 183.8 | 207.3 | 179.1 |

| (in millions) | 2022 | 2021 | 2020 |
| --- | --- | --- | --- |
| **Net sales** | | | |
| Thermal Systems | $ 431.7 | $ 447.5 | $ 398.6 |
| Motion Control | 518.4 | 441.9 | 402.3 |
| **Operating income** | | | |
| Thermal Systems | $ 38.9 | $ 49.2 | $ 41.9 |
| Motion Control | 72.6 | 57.4 | 44.3 |

Quarterly figures (in millions)

| 2022 | First | Second | Third | Fourth |
| --- | --- | --- | --- | --- |
| Net sales | $468.3 | $501.7 | $498.2 | $515.8 |

| 2021 | First | Second | Third | Fourth |
| --- | --- | --- | --- | --- |
| Net sales | $428.6 | $455.9 | $461.2 | $478.7 |
"""


def verdict_on(sentence: str, *before: str) -> Verdict:
    return verdict_of_code(sentence, REPORT, *before, question="How did Halvard Pumps do?")


@pytest.mark.parametrize(
    "sentence",
    [
        "Operating margin was 12.8% in 2022 (operating income $253.2 million / net sales $1,984.0 million).",
        "Net sales rose 8.7% in 2022 (net sales 2022 $1,984.0 million / net sales 2021 $1,824.4 million - 1).",
        "Net sales of Thermal Systems fell 3.5% (net sales 2022 $431.7 million / net sales 2021 $447.5 million - 1).",
        "Net sales grew 10.1% a year ((net sales 2022 $1,984.0 million / net sales 2020 $1,636.6 million)^(1/2) - 1).",
        "Average net sales were $1,815.0 million (($1,984.0 million in 2022 + $1,824.4 million in 2021 + "
        "$1,636.6 million in 2020) / 3).",
        "Interest coverage was 7.9 times in 2021 (operating income $224.1 million / interest expense $28.4 million).",
        "Operating income and depreciation covered interest expense 9.8 times in 2022 (operating income $253.2 million"
        " + depreciation $55.8 million = $309.0 million / interest expense $31.6 million).",
        "Operating margin rose from 12.3% in 2021 (operating income $224.1 million / net sales $1,824.4 million) "
        "to 12.8% in 2022 (operating income $253.2 million / net sales $1,984.0 million).",
        "The dividend payout ratio was 34.6% in 2022 (dividends per share $0.92 / earnings per share $2.66).",
        "Net sales were $1,014.0 million in the second half of 2022 (third quarter $498.2 million + fourth quarter "
        "$515.8 million).",
        "Free cash flow was $125.3 million in 2022 (net cash provided by operating activities $209.6 million - "
        "capital expenditures $84.3 million).",
        "The operating margin of Thermal Systems was 9.0% in 2022 (operating income $38.9 million / "
        "net sales $431.7 million).",
    ],
)  # fmt: skip
def test_a_calculation_that_names_its_operands_is_told(sentence: str) -> None:
    """With years and quarters among the names, growth rates, and a result for each of two years."""
    verdict = verdict_on(sentence)
    assert verdict.supported, verdict.why
    assert verdict.formulas


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Operating margin was 12.3% in 2022 (operating income $253.2 million / net sales $1,984.0 million).", "12.8%"),
        ("Operating margin was 12.8% in 2021 (operating income $253.2 million / net sales $1,984.0 million).", "2022"),
        ("Operating margin was 8.6% in 2022 (operating income $171.3 million / net sales $1,984.0 million).", "net"),
        ("Net margin was 12.8% in 2022 (operating income $253.2 million / net sales $1,984.0 million).", "operating"),
        ("Net sales fell 8.7% in 2022 (net sales 2022 $1,984.0 million / net sales 2021 $1,824.4 million - 1).", "up"),
        ("Net sales rose 8.7% in 2022 (net sales 2021 $1,984.0 million / net sales 2022 $1,824.4 million - 1).", "no"),
        ("Net sales grew 6.6% a year ((net sales 2022 $1,984.0 million / net sales 2020 $1,636.6 million)^(1/3) - 1).",
         "two years lie between"),
        ("Operating margin fell from 12.3% in 2021 (operating income $224.1 million / net sales $1,824.4 million) "
         "to 12.8% in 2022 (operating income $253.2 million / net sales $1,984.0 million).", "it rose"),
        ("Interest coverage was 8.0 times in 2021 (operating income $253.2 million / interest expense $31.6 million).",
         "2022"),
        ("Net sales were $1,014.0 million in the first half of 2022 (first quarter $498.2 million + second quarter "
         "$515.8 million).", "other quarters"),
        ("Net sales were $1,014.0 million in the second half of 2021 (third quarter $498.2 million + fourth quarter "
         "$515.8 million).", "another year"),
        ("The operating margin of Motion Control was 9.0% in 2022 (operating income $38.9 million / net sales "
         "$431.7 million).", "another segment"),
        ("Average net sales were $1,904.2 million from 2020 to 2022 (($1,984.0 million in 2022 + $1,824.4 million in "
         "2021) / 2).", "two of three years"),
    ],
)  # fmt: skip
def test_a_calculation_of_something_else_is_not(sentence: str, why: str) -> None:
    """However right its arithmetic is."""
    assert not verdict_on(sentence).supported, why


@pytest.mark.parametrize(
    "sentence",
    [
        "Net income rose from $154.6 million in 2021 to $171.3 million in 2022.",
        "Capital expenditures were $84.3 million in 2022, $71.8 million in 2021 and $58.6 million in 2020.",
        "Cash and cash equivalents were $183.8 million at the end of 2022.",
        "Net sales were $1,984.0 million in 2022, $1,824.4 million in 2021 and $1,636.6 million in 2020.",
    ],
)
def test_a_row_of_one_table_is_not_taken_for_that_of_another(sentence: str) -> None:
    """Two tables of a page may have a line of one name, in other columns or another scale."""
    assert verdict_on(sentence).supported


@pytest.mark.parametrize(
    "sentence",
    [
        "Cash and cash equivalents were $207.3 million at the end of 2022.",
        "Net sales were $498.2 million in the third quarter of 2021.",
        "Net sales of Thermal Systems were $38.9 million in 2022.",
    ],
)
def test_a_row_of_another_table_states_nothing_for_it(sentence: str) -> None:
    """Neither the beginning of a year nor another year's quarter nor another line of a segment."""
    assert not verdict_on(sentence).supported


def test_a_calculation_that_breaks_off_is_no_calculation() -> None:
    """What stands in brackets may end with an operator; nothing is worked out of it."""
    sentence = "Net sales rose by $159.6 million in 2022 (net sales $1,984.0 million - net sales $1,824.4 million /)."
    assert isinstance(verdict_on(sentence), Verdict)
