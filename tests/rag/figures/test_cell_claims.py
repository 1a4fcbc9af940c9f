"""Sentences that tell cells of a table and nothing else are told apart from all others by code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.data import hits_of
from rag.evidence import EvidenceFinder, EvidencePool
from rag.figures import stated_rows
from tests.statements import STATEMENT


def told(sentence: str, text: str = STATEMENT) -> bool:
    pool = EvidenceFinder().pool(hits_of(text))
    support = EvidenceFinder().support(sentence, pool)
    return bool(stated_rows(sentence, support.claim, support.chosen, pool))


@pytest.mark.parametrize(
    "sentence",
    [
        "Net sales were $14,544 million in 2022.",
        "In fiscal year 2022, the company reported gross profit of $2,820 million.",
        "Gross profit was $2.82 billion in FY2022 and $2.732 billion in FY2021.",
        "Net sales were $14,544 million and gross profit was $2,820 million in 2022.",
        "Earnings per share were $0.529 in 2022.",
        "In 2022, COGS = $11,724 million, revenue = $14,544 million.",
        "Harbour Foods' net sales grew from $12,861 million in 2021 to $14,544 million in 2022.",
        "Net income attributable to shareholders fell from $939 million in 2021 to $805 million in 2022.",
    ],
)
def test_a_figure_is_told_with_its_row_and_column(sentence: str) -> None:
    """In any order of words, with the scale and currency that hold for it."""
    assert told(sentence)


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Net sales were $14,544 million in 2021.", "that is the other year's"),
        ("Net sales were $14,544 million.", "of which year?"),
        ("Net sales were $14,544 million in 2023.", "no column is of that year"),
        ("Net income was $805 million in 2022.", "the row is of the shareholders' alone"),
        ("Net sales were $2,820 million in 2022.", "that is another row's"),
        ("Gross profit was $2,732 million in 2022 and $2,820 million in 2021.", "exchanged"),
        ("Net sales were $2,820 million and gross profit was $14,544 million in 2022.", "exchanged"),
        ("Net sales grew from $14,544 million in 2022 to $12,861 million in 2021.", "they fell, told so"),
        ("Net sales fell from $12,861 million in 2021 to $14,544 million in 2022.", "they grew"),
        ("Net sales fell to $14,544 million in 2022.", "from what?"),
        ("Net sales were not $14,544 million in 2022.", "the opposite"),
        ("Only net sales were $14,544 million in 2022.", "more is said"),
        ("Net sales of beverages were $14,544 million in 2022.", "of beverages nothing is said"),
        ("Net sales were $14,544 thousand in 2022.", "another scale"),
        ("Earnings per share were 0.529 million in 2022.", "shares are not scaled"),
        ("Net sales were €14,544 million in 2022.", "another currency"),
        ("Net sales rose.", "no figure"),
    ],
)
def test_what_a_table_does_not_say_is_not_told(sentence: str, why: str) -> None:
    """Even if every word of it stands there."""
    assert not told(sentence), why


DOUBLED = """| in millions | 2022 | 2021 |
| --- | --- | --- |
| Proceeds from loans | 4,383 | 2,745 |
| Proceeds from loans | 587 | 277 |
| Repayments | 900 | 800 |
| Total repayments | 950 | 880 |
| Operating income | 300 | 200 |
| Segment operating income | 450 | 440 |
"""


@pytest.mark.parametrize(
    ("sentence", "released"),
    [
        ("Proceeds from loans were 4,383 million in 2022.", False),
        ("Repayments were 900 million in 2022.", True),
        ("Total repayments were 950 million in 2022.", True),
        ("Repayments were 950 million in 2022.", False),
        ("Total repayments were 900 million in 2022.", False),
        ("Segment operating income was 450 million in 2022.", True),
        ("Operating income was 300 million in 2022.", True),
        ("The operating income of the segment was 300 million in 2022.", False),
    ],
)
def test_of_two_rows_that_could_be_meant_none_is_told(sentence: str, released: bool) -> None:
    """Unless they differ by *total*, and the sentence says so; the longer name that it has in full is meant."""
    assert told(sentence, DOUBLED) is released


NAMED = """| in millions | 2022 | 2021 |
| --- | --- | --- |
| Income before taxes | 120 | 110 |
| Taxes | 30 | 25 |
| Other current assets | 47 | 45 |
| Level 2 securities | 61 | 64 |
| Level 3 securities | 12 | 14 |
| Change in inventories | 7 | 9 |
| Number of plants | 16 | 15 |
"""


@pytest.mark.parametrize(
    ("sentence", "released"),
    [
        ("Income before taxes was 120 million in 2022.", True),
        ("Income taxes were 120 million in 2022.", False),
        ("Income after taxes was 120 million in 2022.", False),
        ("Other current assets were 47 million in 2022.", True),
        ("Current assets were 47 million in 2022.", False),
        ("Level 2 securities were 61 million in 2022.", True),
        ("Level 2 securities were 12 million in 2022.", False),
        ("Securities were 61 million in 2022.", False),
        ("Level 2 taxes were 30 million in 2022.", False),
        ("The change in inventories was 7 million in 2022.", True),
        ("Inventories were 7 million in 2022.", False),
        ("Plants were 16 million in 2022.", False),
    ],
)
def test_a_row_is_named_with_its_numbers_and_small_words(sentence: str, released: bool) -> None:
    """*Before taxes* is not *taxes*."""
    assert told(sentence, NAMED) is released


@pytest.mark.parametrize(
    ("question", "before", "released"),
    [
        ("What was the gross profit in FY2022?", (), True),
        ("What was the gross profit in FY2021?", (), False),
        ("How did gross profit develop from 2021 to 2022?", (), False),
        ("What was the gross profit?", ("In 2022, net sales were $14,544 million.",), True),
        ("What was the gross profit in 2022?", ("In 2021, net sales were $12,861 million.",), False),
    ],
)
def test_without_a_year_a_figure_is_of_that_before_it_or_asked_for(
    question: str, before: tuple[str, ...], released: bool
) -> None:
    """If there is one alone."""
    pool = EvidenceFinder().pool(hits_of(STATEMENT))
    pool.question = question
    sentence = "Gross profit was $2,820 million."
    support = EvidenceFinder().support(sentence, pool)
    assert bool(stated_rows(sentence, support.claim, support.chosen, pool, before=before)) is released


LABELS = ["net sales", "gross profit", "interest expense", "inventories", "goodwill", "deferred revenue"]


@given(
    labels=st.lists(st.sampled_from(LABELS), min_size=2, max_size=5, unique=True),
    figures=st.lists(st.integers(1100, 99_999), min_size=10, max_size=10, unique=True),
    data=st.data(),
)
def test_of_all_figures_only_the_own_one_is_told(labels: list[str], figures: list[int], data: st.DataObject) -> None:
    """Whatever the table holds: neither another row's nor another column's."""
    cells = {(label, year): figures[2 * at + (year == "2020")] for at, label in enumerate(labels) for year in YEARS}
    lines = [f"| {label} | {cells[label, '2021']:,} | {cells[label, '2020']:,} |" for label in labels]
    text = "\n".join(["| in thousands | 2021 | 2020 |", "| --- | --- | --- |", *lines, ""])
    label, year = data.draw(st.sampled_from(sorted(cells)))
    shown = data.draw(st.sampled_from(sorted(cells)))
    sentence = f"The {label} in {year} amounted to {cells[shown]:,} thousand."
    assert told(sentence, text) is (shown == (label, year))


YEARS = ("2021", "2020")


def test_only_english_is_told() -> None:
    """The words in which figures are reported are English."""
    pool = EvidencePool(hits_of(STATEMENT), language="de")
    support = EvidenceFinder(language="de").support("Net sales were $14,544 million in 2022.", pool)
    assert stated_rows("Net sales were $14,544 million in 2022.", support.claim, support.chosen, pool) == ()


QUARTERS = """# Report 2023 Q3 of Harbour Foods, third quarter of 2023

| in millions | Three Months Ended September 30, 2023 | Three Months Ended September 30, 2022 | Nine Months Ended September 30, 2023 | Nine Months Ended September 30, 2022 |
| --- | --- | --- | --- | --- |
| Net sales | $ 14,544 | $ 12,861 | $ 41,902 | $ 38,450 |
| Purchases of property and equipment | (1,200) | (1,350) | (3,100) | (3,900) |
| Accounts receivable, net of allowances of $12 and $15 | 5,301 | 4,888 | 5,301 | 4,888 |
| Gross margin percentage | 44.5% | 43.3% | 44.1% | 43.9% |
"""  # noqa: E501


@pytest.mark.parametrize(
    ("sentence", "released"),
    [
        ("Net sales were $14,544 million in the third quarter of 2023.", True),
        ("Net sales were $14.5 billion in Q3 2023.", True),
        ("Net sales were $41,902 million for the nine months ended September 30, 2023.", True),
        ("Net sales were $41,902 million in the third quarter of 2023.", False),
        ("Net sales were $12,861 million in Q3 2023.", False),
        ("Net sales were $14.6 billion in Q3 2023.", False),
        ("Revenue was $14,544 million in Q3 2023, up from $12,861 million in the year-earlier quarter.", True),
        ("Revenue was $14,544 million in Q3 2023, down from $12,861 million in the year-earlier quarter.", False),
        ("Revenue was $12,861 million in Q3 2023, down from $14,544 million in the year-earlier quarter.", False),
        ("Capital expenditures were $1,200 million in Q3 2023.", True),
        ("CapEx was $1.35 billion in Q3 2023.", False),
        ("Accounts receivable were $5,301 million in Q3 2023.", True),
        ("The gross margin percentage improved to 44.5% in Q3 2023 from 43.3% in Q3 2022.", True),
        ("The gross margin percentage fell to 44.5% in Q3 2023 from 43.3% in Q3 2022.", False),
        ("The gross margin percentage improved to 43.3% in Q3 2023 from 44.5% in Q3 2022.", False),
    ],
)
def test_a_column_is_named_by_its_period_and_a_row_by_its_line_item(sentence: str, released: bool) -> None:
    """Rounded, under another name of the line, with the year before told as such."""
    assert told(sentence, QUARTERS) is released


def test_a_bare_amount_is_of_what_the_question_names() -> None:
    """Row and period are the question's; another row's amount is not."""
    pool = EvidenceFinder().pool(hits_of(QUARTERS))
    pool.question = "What were the capital expenditures in Q3 2023?"

    def is_told(sentence: str) -> bool:
        support = EvidenceFinder().support(sentence, pool)
        return bool(stated_rows(sentence, support.claim, support.chosen, pool))

    assert is_told("$1,200 million.")
    assert not is_told("$1,350 million.")
    assert not is_told("$14,544 million.")


def test_a_section_tells_two_rows_of_one_name_apart() -> None:
    """Also where the name of one section has all words of the other's."""
    table = """(in millions)

| | 2022 | 2021 |
| --- | --- | --- |
| Current assets: | | |
| Marketable securities | $ 207 | $ 277 |
| Total current assets | 1,298 | 1,348 |
| Non-current assets: | | |
| Marketable securities | 1,310 | 1,279 |
"""
    assert told("The marketable securities of the current assets were $207 million in 2022.", table)
    assert told("The marketable securities of the non-current assets were $1,310 million in 2022.", table)
    assert not told("The marketable securities of the current assets were $1,310 million in 2022.", table)
    assert not told("The marketable securities of the non-current assets were $207 million in 2022.", table)
    assert not told("Marketable securities were $207 million in 2022.", table)


CATEGORIES = """# Net sales by category of Harbour Foods (in millions)

| | 2022 | 2021 | Change |
| --- | --- | --- | --- |
| Bread | $ 9,396 | $ 7,248 | 30% |
| Soups | 7,735 | 10,852 | (29)% |
| Income before income taxes | 410 | 400 | 3% |
| Provision for income taxes | 82 | 85 | (4)% |
| Other current assets | 47 | 45 | 4% |
| Total current assets | 960 | 910 | 5% |
"""


@pytest.mark.parametrize(
    ("sentence", "released"),
    [
        ("Bread grew 30% to $9,396 million in 2022.", True),
        ("Soups fell 29% in 2022.", True),
        ("Soups grew 29% in 2022.", False),
        ("Bread fell 30% to $9,396 million in 2022.", False),
        ("Bread was 30% in 2022.", False),
        ("Soups fell significantly from $10,852 million in 2021 to $7,735 million in 2022.", True),
        ("Soups fell slightly from $10,852 million in 2021 to $7,735 million in 2022.", False),
        ("Soups grew 30% and Bread fell 29% in 2022.", False),
        ("Soups fell 29% in 2021.", False),
        ("Current assets were $960 million in 2022.", True),
        ("Current assets were $47 million in 2022.", False),
    ],
)
def test_a_column_of_changes_is_named_by_a_rise_or_fall(sentence: str, released: bool) -> None:
    """A row whose name begins with *other* is none that could be meant without it, nor one of another operand."""
    assert told(sentence, CATEGORIES) is released


@pytest.mark.parametrize(
    ("question", "released"),
    [
        ("What is the FY2022 turn? Turn is (FY2022 gross profit) / (average net sales of FY2021 and FY2022).", True),
        ("What is the FY2022 turn? Turn is (FY2021 gross profit) / (average net sales of FY2021 and FY2022).", False),
    ],
)
def test_a_definition_dates_the_lines_that_it_names(question: str, released: bool) -> None:
    """Where the question has two years."""
    pool = EvidenceFinder().pool(hits_of(STATEMENT))
    pool.question = question
    sentence = "Gross profit = $2,820 million"
    support = EvidenceFinder().support(sentence, pool)
    assert bool(stated_rows(sentence, support.claim, support.chosen, pool)) is released
