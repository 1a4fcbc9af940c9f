"""Column headers of financial tables."""

import pytest

from benchmarks.retrieval.headers import header_above, is_row, states_header

PAGE = """Net sales rose in 2023.
Three Months Ended Nine Months Ended
July 1, 2023 June 25, 2022 July 1, 2023 June 25, 2022

(In millions) Net sales:
Products $ 60,584 $ 63,355 $ 230,901 $ 245,241
Gross margin 36,413 35,885 128,721 132,687
"""


def test_the_header_of_a_row_is_the_nearest_line_of_periods_above_it():
    """Rows, labels and blank lines between them do not count, nor does prose that names a year."""
    assert set(header_above(PAGE, PAGE.index("Gross"))) == {"jul", "jun", "2023", "2022"}


def test_a_row_without_periods_above_it_has_no_header():
    page = "Level 1 Level 2\nCash 1,502 1,777\n"
    assert header_above(page, page.index("Cash")) == ()


@pytest.mark.parametrize("line", ["Gross margin 36,413 35,885", "All other (2,253) (1,732)", "Rate 12.5 % 15.7 %"])
def test_a_line_that_ends_in_amounts_is_a_row(line):
    assert is_row(line)


@pytest.mark.parametrize(
    "line", ["Revenue increased $3.9 billion or 19%.", "The rate was 18% and 19% for the year.", ""]
)
def test_prose_is_no_row(line):
    assert not is_row(line)


def test_a_header_is_stated_when_every_period_is_named():
    """However they are separated."""
    header = ("jul", "2023", "jun", "2022")
    assert states_header(header, "July 1, 2023 | June 25, 2022")
    assert not states_header(header, "June 25, 2022")
