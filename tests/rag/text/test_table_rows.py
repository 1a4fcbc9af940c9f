"""Which rows of a table in text are its header, and which of its cells state figures."""

from __future__ import annotations

import pytest

from rag.text import cells_in, declared_scale, goes_on_with_header, has_values, is_value

SPANNED = "| | Three months ended | |"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (SPANNED, "| | 2022 | 2021 |"),
        (SPANNED, "| (in millions) | 2022 (restated) | 2021 |"),
        (SPANNED, "| | H1 2022 | H1 2021 |"),
        ("| | Year to July | Year to July |", "| | 2022 | 2021 |"),
        (SPANNED, "| | 2022/23 | 2021/22 |"),
        (SPANNED, "| | 31.12.2022 | 31.12.2021 |"),
        (SPANNED, "| | 12 months | 9 months |"),
        ("| Item | 2022 | 2021 |", "| (in millions) | audited | unaudited |"),
        ("| Item | $ | % |", "| (in thousands) | 2022 | 2021 |"),
    ],
)
def test_a_second_row_of_headings_belongs_to_the_header(first: str, second: str) -> None:
    """Below headings that stand over several columns, or with a scale in brackets."""
    assert goes_on_with_header(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (SPANNED, "| Net sales | 14,544 | 12,861 |"),
        (SPANNED, "| Net sales | $ 14 | $ 12 |"),
        ("| Store | Opened | |", "| North | 31.12.2021 | 30.06.2022 |"),
        ("| Mill | Built | |", "| North | 1850 | 1851 |"),
        ("| Item | 2022 | 2021 |", "| Net sales | 14,544 | 12,861 |"),
        ("| Item | 2022 | 2021 |", "| Colour | red | blue |"),
        (SPANNED, "| | 2022 |"),
    ],
)
def test_a_row_of_the_table_is_no_header(first: str, second: str) -> None:
    """It states figures, has a name below a name, or has other columns."""
    assert not goes_on_with_header(first, second)


def test_signs_and_brackets_of_their_own_cells_belong_to_the_figure() -> None:
    """As converters of web pages cut them off; with their cells left empty where these count."""
    assert cells_in("| Net sales | $ | 144 | (29 | ) |") == ["Net sales", "$ 144", "(29)", ""]
    assert cells_in("| Net sales | $ | 144 |", apart=True) == ["Net sales", "", "$ 144"]


@pytest.mark.parametrize("cell", ["144", "$ 1,240", "(29)%", "12.5 GWh", "EUR 5"])
def test_a_number_with_its_unit_is_a_figure(cell: str) -> None:
    assert is_value(cell)


@pytest.mark.parametrize("cell", ["2022", "FY22", "Q3 2022", "31 December 2022", "Net sales", ""])
def test_a_period_or_a_word_is_none(cell: str) -> None:
    assert not is_value(cell)
    assert not has_values(["Row", cell])


@pytest.mark.parametrize(
    ("caption", "scale"),
    [("000 hectolitres", "thousand"), ("Water supply, in 1,000 m³", "thousand"), ("Cases per 100 000 inhabitants", "")],
)
def test_zeros_declare_a_scale_where_they_are_no_part_of_a_number(caption: str, scale: str) -> None:
    assert declared_scale(caption) == scale
