"""Calculations with named cells that say something else than the cells do: of their years, order or measure."""

from __future__ import annotations

import pytest

from tests.statements import verdict_of_code

REPORT = """# Harbour Foods

(in millions)

| | Year ended December 31, 2022 | Year ended December 31, 2021 |
| --- | --- | --- |
| Net sales | $ 14,544 | $ 12,861 |
| Cost of sales | 11,724 | 10,129 |
| Gross profit | 2,820 | 2,732 |
| Net income | 805 | 939 |
| Net cash provided by operating activities | 1,400 | 1,250 |
| Purchases of property, plant and equipment | (620) | (540) |

(in millions)

| | December 31, 2022 | December 31, 2021 |
| --- | --- | --- |
| Accounts receivable | $ 1,434 | $ 1,311 |
| Inventories | 1,610 | 1,420 |
| Total current assets | 4,600 | 4,120 |
| Total current liabilities | 2,700 | 2,300 |
"""
MARGINS = (
    "Gross margin for 2022: $2,820 million / $14,544 million = 19.4%",
    "Gross margin for 2021: $2,732 million / $12,861 million = 21.2%",
)
MEAN = "Average inventory = ($1,420 million + $1,610 million) / 2 = $1,515 million"
DAYS = "DIO = 365 * $1,515 million / $11,724 million = 47.17 days"
DEFINED = (
    "What are DIO and DSO of Harbour Foods for FY2022? DIO is defined as 365 * (average inventory between FY2021 and "
    "FY2022) / (FY2022 COGS). DSO is defined as 365 * (FY2022 accounts receivable) / (FY2022 revenue)."
)


def is_released(sentence: str, *before: str, question: str = "What about Harbour Foods in 2022?") -> bool:
    return verdict_of_code(sentence, REPORT, *before, question=question).supported


@pytest.mark.parametrize(
    ("sentence", "before", "is_so"),
    [
        ("The gross margin was 21.2% in 2021 and 19.4% in 2022.", MARGINS, True),
        ("The gross margin was 19.4% in 2021 and 21.2% in 2022.", MARGINS, False),
        ("Therefore, the gross margin for 2022 is 19.4%.", MARGINS, True),
        ("Therefore, the gross margin for 2022 is 21.2%.", MARGINS, False),
        ("Therefore, the gross margin for Q3 2022 is 19.4%.", MARGINS, False),
        ("The gross margin was $2,820 million / $12,861 million = 21.9% from 2021 to 2022.", (), False),
        ("Average inventory from 2021 to 2022 = ($1,420 million + $1,610 million) / 2 = $1,515 million", (), True),
        ("Average inventory in 2021 = ($1,420 million + $1,610 million) / 2 = $1,515 million", (), False),
        ("Net sales in Q4 2022 were $14,544 million.", (), False),
        ("Net sales in the first half of 2022 were $14,544 million.", (), False),
    ],
)
def test_what_is_worked_out_is_of_the_time_that_the_sentence_says(
    sentence: str, before: tuple[str, ...], is_so: bool
) -> None:
    """A year is no quarter of it, and of two years one is not the other."""
    assert is_released(sentence, *before) == is_so


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("Net income growth from 2021 to 2022 = ($805 million - $939 million) / $939 million = -14.3%.", True),
        ("Net income growth from 2021 to 2022 = ($939 million - $805 million) / $939 million = 14.3%.", False),
        ("Net sales growth from 2021 to 2022 = ($14,544 million - $12,861 million) / $12,861 million = 13.1%.", True),
        ("Net sales growth from 2021 to 2022 = ($14,544 million - $12,861 million) / $14,544 million = 11.6%.", False),
    ],
)
def test_a_change_is_from_the_earlier_year(sentence: str, is_so: bool) -> None:
    """And its growth is of the earlier year."""
    assert is_released(sentence) == is_so


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("The current ratio for 2022 is $4,600 million / $2,700 million = 1.70.", True),
        ("The current ratio for 2022 is $2,700 million / $4,600 million = 0.59.", False),
        ("Free cash flow for 2022 = $1,400 million - $620 million = $780 million", True),
        ("Free cash flow for 2022 = $1,400 million + $620 million = $2,020 million", False),
        ("The gross margin for 2022 is $2,820 million / $14,544 million = 19.4%.", True),
        ("The gross margin for 2022 is $14,544 million / $2,820 million = 5.16.", False),
        ("The gross margin for 2022 is $805 million / $14,544 million = 5.5%.", False),
    ],
)
def test_a_known_measure_has_its_lines_in_their_order(sentence: str, is_so: bool) -> None:
    """As textbooks define it, where the question does not."""
    assert is_released(sentence) == is_so


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        (DAYS, True),
        ("DIO = $1,515 million / $11,724 million = 0.129", False),
        ("DIO = 365 * $1,610 million / $11,724 million = 50.12 days", False),
        ("DSO = 365 * $1,434 million / $14,544 million = 35.99 days", True),
        ("DSO = 365 * $1,610 million / $11,724 million = 50.12 days", False),
        ("DIO = 365 * $1,434 million / $14,544 million = 35.99 days", False),
    ],
)
def test_a_defined_measure_is_worked_out_as_the_question_says(sentence: str, is_so: bool) -> None:
    """From its lines, from an average and in days where it says so."""
    assert is_released(sentence, MEAN, question=DEFINED) == is_so


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("Therefore, the DIO is about 47.17 days.", True),
        ("Therefore, the DSO is about 47.17 days.", False),
        ("So the cash conversion cycle is 47.17 days.", False),
        ("The DIO of FY2021 is 47.17 days.", False),
    ],
)
def test_a_result_is_repeated_for_its_own_measure(sentence: str, is_so: bool) -> None:
    """And for its own year."""
    assert is_released(sentence, MEAN, DAYS, question=DEFINED) == is_so


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("The gross margin decreased from 21.2% in 2021 to 19.4% in 2022.", True),
        ("The gross margin improved from 21.2% in 2021 to 19.4% in 2022.", False),
        ("The gross margin declined by 1.9 percentage points in 2022.", True),
        ("The gross margin declined by 1.9 percentage points in 2021.", False),
    ],
)
def test_a_direction_is_that_of_the_numbers_whatever_the_question_says(sentence: str, is_so: bool) -> None:
    """Which asks for both."""
    asked = "Has the gross margin of Harbour Foods improved, increased, declined or decreased in 2022?"
    assert is_released(sentence, *MARGINS, question=asked) == is_so


def test_a_question_lends_no_word_that_makes_another_measure() -> None:
    """`Organic` growth is not that of the lines of a table."""
    growth = "{} growth from 2021 to 2022 = ($14,544 million - $12,861 million) / $12,861 million = 13.1%."
    asked = "What was the organic net sales growth of Harbour Foods from 2021 to 2022?"
    assert is_released(growth.format("Net sales"), question=asked)
    assert not is_released(growth.format("Organic net sales"), question=asked)


@pytest.mark.parametrize(
    ("title", "is_so"), [("Report on Q1 2023 and Q1 2022", True), ("Report on 2023 and 2022", False)]
)
def test_a_column_with_a_year_alone_may_be_of_the_quarter_over_its_table(title: str, is_so: bool) -> None:
    """Of a year, if nothing over the table speaks of quarters."""
    table = "| (in millions) | 2023 | 2022 |\n| --- | --- | --- |\n| Net sales | $ 144 | $ 128 |"
    assert verdict_of_code("Net sales in Q1 2023 were $144 million.", table, title=title).supported == is_so


UNITS = "| | 2022 | 2021 |\n| --- | --- | --- |\n| Units shipped | 14,544 | 12,861 |\n"


@pytest.mark.parametrize(
    ("told", "is_so"),
    [
        ("changed by 14,544 - 12,861 = 1,683, or 14,544 - 12,861, divided by 12,861", True),
        ("changed by 14,544 - 12,861 = 1,683, or 14,544 - 12,861, divided by 14,544", False),
        ("changed by 14,544 - 12,861 = 1,683: 12,861, less 14,544", False),
        ("averaged (14,544 + 12,861) / 2 = 13,702.5 and changed by 12,861, less 14,544", False),
    ],
)
def test_an_operator_in_words_may_stand_behind_a_comma(told: str, is_so: bool) -> None:
    question = "How did units shipped of Calder change from 2021 to 2022?"
    verdict = verdict_of_code(f"From 2021 to 2022, units shipped {told}.", UNITS, question=question)
    assert verdict.supported is is_so
