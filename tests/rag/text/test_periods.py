"""Which period a question asks about, and of which one a column tells."""

from __future__ import annotations

import pytest

from rag.text import Period, Quarters, asked_periods, fits, told_period

JUNE_QUARTER = Quarters(frozenset({(3, 2022)}), Period(months=3, year=2022, month=6, day=25))


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("in the third quarter of 2022", Period(3, 3, 2022)),
        ("in Q1 2023", Period(3, 1, 2023)),
        ("in the first quarter of fiscal year 2023", Period(3, 1, 2023)),
        ("in the three months ended June 30, 2023", Period(3, None, 2023, 6, 30)),
        ("in the first nine months of 2022", Period(9, None, 2022)),
        ("for the year ended May 31, 2020", Period(12, None, 2020, 5, 31)),
        ("on December 31, 2022", Period(None, None, 2022, 12, 31)),
        ("in fiscal 2022", Period(year=2022)),
        ("in March", Period(month=3)),
    ],
)
def test_a_period_is_read_however_it_is_said(words: str, period: Period) -> None:
    """And nothing of it is left in the question."""
    found, rest = asked_periods(f"What was net income {words}?")
    assert found == (period,)
    assert rest.split()[:4] == ["What", "was", "net", "income"]
    assert not any(sign.isdigit() for sign in rest)


def test_a_question_without_a_period_has_none() -> None:
    assert asked_periods("What are total assets?") == ((), "What are total assets?")


def test_a_column_has_the_span_that_stands_over_its_table() -> None:
    """`2022` under `Three Months Ended September 30,` is a quarter, no year."""
    assert told_period("2022", "Three Months Ended September 30,") == Period(3, None, 2022, 9, 30)


@pytest.mark.parametrize(
    ("asked", "told", "is_it"),
    [
        (Period(3, 3, 2022), Period(3, None, 2022, 6, 25), True),
        (Period(3, 3, 2021), Period(3, None, 2021, 6, 26), True),
        (Period(3, 2, 2022), Period(3, None, 2022, 6, 25), False),
        (Period(3, 3, 2022), Period(9, None, 2022, 6, 25), False),
        (Period(3, 3, 2022), Period(3, None, 2021, 6, 26), False),
        (Period(3, 4, 2021), Period(None, None, 2021, 9, 25), False),
        (Period(year=2022), Period(3, None, 2022, 6, 25), False),
        (Period(year=2022), Period(year=2022), True),
        (Period(year=2022), Period(), False),
    ],
)
def test_a_quarter_is_the_one_that_the_document_calls_so(asked: Period, told: Period, is_it: bool) -> None:
    """Its third ends in June; another quarter, a longer span and the year before are not it."""
    assert fits(asked, told, JUNE_QUARTER) == is_it


def test_a_document_that_names_no_quarter_keeps_the_calendar() -> None:
    """Also where its weeks end on the first of April."""
    assert fits(Period(3, 1, 2023), Period(3, None, 2023, 4, 1), Quarters())
    assert not fits(Period(3, 2, 2023), Period(3, None, 2023, 4, 1), Quarters())


@pytest.mark.parametrize(
    ("ends", "months", "quarter"),
    [
        ((2023, 3, 31), 9, (3, 2023)),
        ((2022, 12, 31), 6, (2, 2023)),
        ((2023, 9, 30), 9, (3, 2023)),
        ((2023, 7, 1), 6, (2, 2023)),
        ((2022, 12, 31), 9, None),
        ((2023, 3, 31), 12, None),
    ],
)
def test_a_quarter_is_counted_by_the_longer_span_that_ends_with_it(
    ends: tuple[int, int, int], months: int, quarter: tuple[int, int] | None
) -> None:
    """Its year is that in which the year closes; years that close in the first months are called this or that."""
    columns = [Period(3, None, *ends), Period(months, None, *ends), Period(9, None, ends[0] - 1, *ends[1:])]
    assert Quarters.of("report.pdf", [], columns).named == (frozenset({quarter} if quarter else ()))


def test_a_documents_quarter_is_the_one_it_speaks_of_most() -> None:
    """Of two years of it the later; or the one that its file is named by."""
    texts = ["Q1 2023 vs. Q1 2022. In Q1 2023 we sold less than in Q1 2022.", "We expect Q2 2023 to be better."]
    columns = [Period(3, None, 2023, 4, 1), Period(3, None, 2022, 4, 2)]
    assert Quarters.of("report.pdf", texts, columns) == Quarters(frozenset({(1, 2023)}), columns[0])
    assert Quarters.of("2023_Q1_report.pdf", [], columns).named == {(1, 2023)}


@pytest.mark.parametrize(
    ("heading", "period"),
    [
        ("Mar", Period(month=3)),
        ("Sept.", Period(month=9)),
        ("Mar-24", Period(year=2024, month=3)),
        ("Q1/24", Period(3, 1, 2024)),
        ("Q3-2023", Period(3, 3, 2023)),
        ("H1", Period(part=("half", 1))),
        ("2H 2023", Period(year=2023, part=("half", 2))),
        ("H2/23", Period(year=2023, part=("half", 2))),
        ("Week 12", Period(part=("week", 12))),
        ("CW 7", Period(part=("week", 7))),
        ("2024-W05", Period(year=2024, part=("week", 5))),
    ],
)
def test_short_names_of_periods(heading: str, period: Period) -> None:
    """As they stand over columns and in cells."""
    assert told_period(heading) == period


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("How many lamps were sold in the first half of 2024?", Period(year=2024, part=("half", 1))),
        ("How many lamps were sold in week 12 of 2024?", Period(year=2024, part=("week", 12))),
        ("What were the sales in Mar?", Period(month=3)),
    ],
)
def test_periods_of_questions(question: str, period: Period) -> None:
    """As people ask for them."""
    assert asked_periods(question)[0] == (period,)


@pytest.mark.parametrize("text", ["What is the height of Del Mar?", "Is the W3 form new?", "How old is H. Dec?"])
def test_names_that_look_like_periods(text: str) -> None:
    """A month's short name counts after a preposition or alone."""
    assert not any(period.month for period in asked_periods(text)[0])


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Period(month=4), Period(3, 1)),
        (Period(year=2024, month=4), Period(year=2024)),
        (Period(year=2024), Period(year=2024, part=("week", 12))),
        (Period(year=2024, part=("half", 1)), Period(year=2024)),
        (Period(part=("week", 12)), Period(part=("week", 13))),
    ],
)
def test_a_part_of_a_year_is_neither_another_nor_the_whole(asked: Period, told: Period) -> None:
    """And the other way round."""
    assert not fits(asked, told, Quarters())
    assert fits(asked, asked, Quarters())
