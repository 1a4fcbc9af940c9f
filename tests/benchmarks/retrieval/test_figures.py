"""Which figures of an answer count, and where a text states them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.retrieval.figures import Token, figures_of, tokens_of


def stated(answer, text):
    """The figures of an answer that a text states, as the answer writes them."""
    tokens = frozenset(tokens_of(text))
    return [figure.text for figure in figures_of(answer) if figure.stands_in(tokens)]


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        ("It was $36,413 million.", "Gross margin 36,413 35,885"),
        ("It was $23.198 billion.", "Net cash from operations 23,198 24,540"),
        ("It was $0.530 billion.", "Mobileye 530 450 1,442"),
        ("It was $18.0 billion.", "repurchased $18.0 billion of its stock"),
        ("It was $7.7 billion.", "$7.7B $(7.1)B"),
        ("It bought 102,673,000 shares.", "Total 102,673 $ 94,569"),
        ("The rate was 12.5%.", "Effective tax rate 12.5 % 15.7 %"),
        ("The rate was 18 percent.", "Our effective tax rate was 18% and 19%"),
        ("It lost $(2,253) million.", "All other (2,253) (1,732)"),
        ("A share earned $1.26.", "Diluted $ 1.26 $ 1.20"),
    ],
)
def test_a_figure_is_found_however_a_table_writes_it(answer, row):
    """With or without currency, percent sign after a space, scaled to thousands, millions or billions."""
    assert len(stated(answer, row)) == 1


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        ("It was $18.0 billion.", "Total 18,000 17,998"),
        ("It was $36,413 million.", "Total 136,413 36,4131 36,413,000.5"),
        ("The rate was 18%.", "Note 18 of 18 pages"),
        ("It was $413 million.", "36,413 413,000"),
        ("It was $2,000 million.", "(408) 486-2000"),
        ("It was $1.7 billion.", "1.7 million 1,700"),
    ],
)
def test_a_part_of_a_number_or_a_rounded_one_is_no_match(answer, row):
    """Digits that the answer does not state are never made up."""
    assert stated(answer, row) == []


def test_years_days_terms_and_small_numbers_do_not_count():
    """They stand everywhere in a report and tell no row apart."""
    answer = "On July 1, 2023 the 10-Q for 2022, Note 12, named a 364-day facility, 5 segments and $86 million."
    assert figures_of(answer) == []


def test_a_figure_that_is_said_twice_counts_once():
    """Also when the second time leaves out the unit."""
    assert [figure.text for figure in figures_of("$21,213 million, that is (21,213 / 81,797).")] == [
        "$21,213 million",
        "81,797)",
    ]


@given(st.integers(1_000, 10**12))
def test_any_amount_is_found_where_it_is_written_with_separators(amount):
    written = f"{amount:,}"
    assert Token(str(amount)) in set(tokens_of(f"Total {written} $ {written})"))
    assert stated(f"It was ${written}.", f"Net sales {written} 1")
