"""Calculations whose operands are cells of tables, told apart by code from all others."""

from __future__ import annotations

import pytest

from rag.types import Verdict
from tests.statements import STATEMENT, verdict_of_code

QUESTION = "What was the gross margin of Harbour Foods in 2022?"


def verdict_on(sentence: str, *before: str, question: str = QUESTION) -> Verdict:
    return verdict_of_code(sentence, STATEMENT, *before, question=question)


@pytest.mark.parametrize(
    ("sentence", "before"),
    [
        ("Gross profit by net sales was $2,820 / $14,544 million = 19.4% in 2022.", ()),
        (
            "Average net sales of 2022 and 2021 were ($14,544 million + $12,861 million) / 2 = $13,702.5 million.",
            (),
        ),
        (
            "The gross margin is $2,820 million / $14,544 million = 19.4%.",
            ("Net sales were $14,544 million in 2022.", "Gross profit was $2,820 million in 2022."),
        ),
        ("The gross margin of 2022 is $2,820 million / $14,544 million = 19.4%.", ()),
        ("The gross margin of 2022 is $2,820m / $14,544m = 19.4%.", ()),
    ],
)
def test_a_calculation_with_named_cells_is_released(sentence: str, before: tuple[str, ...]) -> None:
    """With its formula and the rows of its operands as quotes; they may be named in the sentences before."""
    verdict = verdict_on(sentence, *before)
    assert verdict.supported, verdict
    assert verdict.formulas
    assert any("14,544" in each.quote for each in verdict.evidence)


@pytest.mark.parametrize(
    ("sentence", "before", "why"),
    [
        ("The current ratio is $2,820 million / $14,544 million = 19.4%.", (), "that is worked out from other lines"),
        (
            "The gross margin is $2,732 million / $14,544 million = 18.8%.",
            ("Net sales were $14,544 million in 2022.", "Gross profit was $2,732 million in 2022."),
            "that is the other year's",
        ),
        (
            "The gross margin is $805 million / $14,544 million = 5.5%.",
            ("Net sales were $14,544 million in 2022.", "Gross profit was $805 million in 2022."),
            "that is another row's",
        ),
        ("Gross profit by net sales was $2,820 / $14,544 million = 19.4% in 2021.", (), "that is the other year's"),
        ("Gross profit by net sales was $2,820 / $14,544 million = 19.4% in 2022, a scandal.", (), "it says more"),
        ("Gross profit by net sales was $2,820 / $14,544 million = 21.4% in 2022.", (), "it is wrong"),
        ("The gross margin of 2022 is not $2,820 million / $14,544 million = 19.4%.", (), "it is denied"),
        ("The gross margin of 2022 isn't $2,820 million / $14,544 million = 19.4%.", (), "it is denied"),
    ],
)
def test_any_other_calculation_is_not(sentence: str, before: tuple[str, ...], why: str) -> None:
    """However right its arithmetic is."""
    assert not verdict_on(sentence, *before).supported, why


def test_a_calculation_may_be_told_before_its_result() -> None:
    """In two sentences, as on two lines; a wrong result is none of it."""
    asked = "How many days of sales did cost of sales come to in 2022?"
    shown = "Days in 2022 = 365 * $11,724 million cost of sales / $14,544 million net sales."
    formula = "Cost of sales by net sales in 2022 is 365 * $11,724 million / $14,544 million."
    assert not verdict_on("The days come to 294.2.", question=asked).supported
    assert verdict_on(formula, question=asked).supported
    assert verdict_on("The days come to 294.2.", formula, question=asked).formulas == (
        "365 * $11,724 million / $14,544 million",
    )
    assert not verdict_on("The days come to 295.2.", formula, question=asked).formulas
    assert not verdict_on(shown, question=asked).formulas


BALANCE = """# Balance sheets of Harbour Foods (in millions)

| | December 31, 2022 | December 31, 2021 |
| --- | --- | --- |
| Cash and cash equivalents | $ 310 | $ 290 |
| Accounts receivable | 250 | 240 |
| Inventories | 400 | 380 |
| Total current assets | 960 | 910 |
| Accounts payable | 420 | 400 |
| Total current liabilities | 700 | 690 |
"""


def is_released(sentence: str, question: str, *before: str) -> bool:
    verdict = verdict_of_code(sentence, BALANCE, *before, question=question)
    return verdict.supported or verdict.with_scales is not None


@pytest.mark.parametrize(
    ("sentence", "released"),
    [
        ("Quick ratio = ($310 million + $250 million) / $700 million = 0.80", True),
        ("Quick ratio = ($310 + $250) / $700 = 0.80", True),
        ("Quick ratio = ($310 million + $250 million) / $700 million = **0.80**", True),
        ("Quick ratio = ($310 million + $250 million) / $700 million = 0.90", False),
        ("Quick ratio = ($290 million + $240 million) / $690 million = 0.77", False),
        ("Quick ratio = ($310 million + $250 million) / $420 million = 1.33", False),
        ("The debt-to-equity ratio = ($310 million + $250 million) / $700 million = 0.80", False),
    ],
)
def test_the_lines_of_a_ratio_are_named_by_it(sentence: str, released: bool) -> None:
    """Of the period that the question asks about, and of that ratio alone."""
    assert is_released(sentence, "What was the quick ratio at December 31, 2022?") is released


def test_the_question_may_define_a_measure() -> None:
    """Its words name the rows, and its dates the columns."""
    asked = "What is the mean of accounts payable at December 31, 2022 and December 31, 2021?"
    assert is_released("($420 million + $400 million) / 2 = $410 million", asked)
    assert not is_released("($400 million + $380 million) / 2 = $390 million", asked)


def test_an_item_names_its_figure_together_with_its_lead_in() -> None:
    """`2022: $420 million` below `Accounts payable:`."""
    before = ("**Step 1 – Accounts payable**", "- December 31, 2022: $420 million", "- December 31, 2021: $400 million")
    assert is_released("The average is ($420 million + $400 million) / 2 = $410 million", "What is it?", *before)
    assert not is_released("The average is ($420 million + $400 million) / 2 = $410 million", "What is it?")


def test_rows_named_in_the_sentence_come_in_its_order() -> None:
    """Numbers may not change places, nor may one of them be both."""
    asked = "What was the share of cost of sales in net sales in 2022?"
    assert verdict_on(
        "Cost of sales by net sales was $11,724 million / $14,544 million in 2022.", question=asked
    ).supported
    assert not verdict_on(
        "Net sales by cost of sales was $11,724 million / $14,544 million in 2022.", question=asked
    ).supported
    assert not verdict_on("Cost of sales by net sales was $14,544 million / $14,544 million = 100% in 2022.").supported


def test_an_average_that_the_question_asks_for_is_worked_out() -> None:
    """The figure of one day is none; over two days, in the quotient or in a sentence before it, it is."""
    asked = (
        "What is the ratio of accounts payable at December 31, 2022 to average accounts receivable between "
        "December 31, 2021 and December 31, 2022?"
    )
    mean = "Average accounts receivable were ($250 million + $240 million) / 2 = $245 million."
    assert not is_released("The ratio is $420 million / $250 million = 1.68.", asked)
    assert is_released("The ratio is $420 million / $245 million = 1.71.", asked, mean)


DEFINED = "What is the FY2022 turn of Harbour Foods? Turn is defined as (FY2021 gross profit) / (FY2022 cost of sales)."


@pytest.mark.parametrize(
    ("sentence", "is_told"),
    [
        ("Turn = $2,732 million / $11,724 million = 0.2330", True),
        ("Turn = $2,820 million / $11,724 million = 0.2405", False),
        ("Turn = $2,732 million / $10,129 million = 0.2697", False),
        ("Turn = $939 million / $11,724 million = 0.0801", False),
        ("In 2019, turn = $2,732 million / $11,724 million = 0.2330", False),
    ],
)
def test_a_part_of_a_definition_names_a_line_and_its_period(sentence: str, is_told: bool) -> None:
    """Where the question speaks of two years; neither the line of the other year nor one that it does not name."""
    assert verdict_on(sentence, question=DEFINED).supported == is_told


CASH = """# Statements of cash flows of Harbour Foods

(in millions)

| | 2022 | 2021 |
| --- | --- | --- |
| Net cash provided by operating activities | $ 1,400 | $ 1,250 |
| Purchases of property, plant and equipment | (620) | (540) |
"""
FREE_CASH = (
    "What is the FY2022 free cash flow (FCF) of Harbour Foods? FCF is cash from operations less capital expenditures."
)


@pytest.mark.parametrize(
    ("sentence", "is_told"),
    [
        ("FCF = $1,400 million - $620 million", True),
        ("FCF = $620 million - $1,400 million", False),
        ("FCF = $1,250 million - $540 million", False),
        ("FCF = $1,400 million - $540 million", False),
    ],
)
def test_a_difference_has_its_lines_in_the_order_of_the_definition(sentence: str, is_told: bool) -> None:
    """And of the year that is asked for."""
    assert verdict_of_code(sentence, CASH, question=FREE_CASH).supported == is_told


@pytest.mark.parametrize(
    ("sentence", "is_told"),
    [
        ("The gross margin declined by about 1.9 percentage points, from 21.2% to 19.4%.", True),
        ("The gross margin rose by about 1.9 percentage points, from 19.4% to 21.2%.", False),
    ],
)
def test_a_rise_or_fall_in_points_is_that_of_the_calculations_before_it(sentence: str, is_told: bool) -> None:
    """They may be told without their scale."""
    before = ("Gross margin for FY2022: $2,820 / $14,544 = 19.4%", "Gross margin for FY2021: $2,732 / $12,861 = 21.2%")
    question = "By how much did the gross margin of Harbour Foods change between FY2021 and FY2022?"
    assert verdict_on(sentence, *before, question=question).supported == is_told


@pytest.mark.parametrize(
    ("sentence", "is_told"),
    [
        ("DIO = 365 * $2,820 million / $11,724 million = 87.79", True),
        ("DIO = 360 * $2,820 million / $11,724 million = 86.59", False),
    ],
)
def test_a_year_has_as_many_days_as_the_question_says(sentence: str, is_told: bool) -> None:
    asked = "What is the FY2022 DIO of Harbour Foods? DIO is defined as 365 * (gross profit) / (cost of sales)."
    assert verdict_on(sentence, question=asked).supported == is_told


@pytest.mark.parametrize(
    ("told", "is_told"), [("$134 million or 14.3%", True), ("$134 million or 12.3%", False), ("$143 million", False)]
)
def test_a_change_may_be_told_twice(told: str, is_told: bool) -> None:
    """As an amount and as a share."""
    sentence = (
        f"Net income attributable to shareholders fell from $939 million in 2021 to $805 million in 2022, down {told}."
    )
    assert verdict_on(sentence).supported == is_told


@pytest.mark.parametrize(
    ("sentence", "before", "is_told"),
    [
        ("Net sales grew 13.1% in 2022, from $12,861 million to $14,544 million.", (), True),
        (
            "Net sales rose to $14,544 million from $12,861 million.",
            ("Gross profit was $2,820 million in 2022.",),
            True,
        ),
        ("Net income attributable to shareholders fell 14% in 2022 ($805 million vs. $939 million).", (), True),
        ("Net income attributable to shareholders rose 14% in 2022 ($939 million vs. $805 million).", (), False),
        ("Net sales fell 12% in 2022, from $14,544 million to $12,861 million.", (), False),
        ("Net sales grew 13.1% in 2021, from $12,861 million to $14,544 million.", (), False),
        ("Gross profit grew 13.1% in 2022, from $12,861 million to $14,544 million.", (), False),
    ],
)
def test_a_change_without_years_is_from_the_year_before(sentence: str, before: tuple[str, ...], is_told: bool) -> None:
    """To the year of the sentence, else to that of the sentence before it."""
    assert verdict_on(sentence, *before).supported == is_told


@pytest.mark.parametrize(
    ("sentence", "is_told"),
    [
        ("Mean of gross profit = ($2,820 million + $2,732 million) / 2 = $2,776 million", True),
        ("Total gross profit (2021-2022) = $2,732 million + $2,820 million = $5,552 million", True),
        ("Total gross profit (2021-2022) = $2,732 million + $2,732 million = $5,464 million", False),
    ],
)
def test_a_span_of_years_names_each_of_them(sentence: str, is_told: bool) -> None:
    """In the question or in the sentence."""
    asked = "What is the FY2021 - FY2022 average of gross profit of Harbour Foods?"
    assert verdict_on(sentence, question=asked).supported == is_told


def test_amounts_get_the_scale_of_what_they_were_worked_out_from() -> None:
    """Also those that no table prints."""
    asked = "What is the FY2022 gross margin of Harbour Foods?"
    dated = "What was the working capital at December 31, 2022?"
    assert is_released("Working capital = $260", dated, "Working capital = $960 - $700")
    assert not is_released("Working capital = $270", dated, "Working capital = $960 - $700")
    before = "Gross profit = $14,544 - $11,724 = $2,820"
    assert verdict_on("Gross margin = $2,820 / $14,544 * 100 = 19.4%", before, question=asked).with_scales is not None
    assert not verdict_on("Gross margin = $2,820 / $14,544 * 100 = 21.4%", before, question=asked).supported


DAYS = "DPO = 365 * $2,820 million / $11,724 million = 87.79 days"


@pytest.mark.parametrize(
    ("sentence", "is_told"),
    [
        ("The DPO is 87.79.", True),
        ("The DPO is 87.97.", False),
        ("The DPO of 87.79 is above 80.", True),
        ("The DPO of 87.79 is below 80.", False),
        ("The DPO of 87.79 is well above 80.", False),
    ],
)
def test_days_may_be_told_without_their_unit_and_compared(sentence: str, is_told: bool) -> None:
    asked = "What is the FY2022 DPO of Harbour Foods? DPO is defined as 365 * (gross profit) / (cost of sales)."
    assert verdict_on(sentence, DAYS, question=asked).supported == is_told


def test_a_formula_may_be_called_by_the_first_letters_of_its_name() -> None:
    """`NWC` after *net working capital*, not `ABC`."""
    asked = "What was the working capital of Harbour Foods at December 31, 2022?"
    told = "Net working capital = Total current assets - Total current liabilities\n{} = $960 million - $700 million"
    assert is_released(told.format("NWC"), asked)
    assert not is_released(told.format("ABC"), asked)
