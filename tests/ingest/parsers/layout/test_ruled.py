"""Ruled tables of PDFs: wrapped and merged cells, headers of several rows, tables that go on over pages."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

from ingest.parsers.common.geometry import Box
from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.layout.cells import text_of
from ingest.parsers.layout.lattices import lattices_of
from ingest.parsers.layout.printed import Print, line_of
from ingest.parsers.layout.ruled import ruled_apart
from ingest.parsers.pdf.parser import PdfParser

BODY = getSampleStyleSheet()["BodyText"]
GRID = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
BOLD = [("FONT", (0, 0), (-1, 0), "Helvetica-Bold")]
FAULTS = (
    ("Fault", "Remedy", "Part no."),
    ("E01", "Check that the inlet valve is open and that the hose is not bent behind the machine.", "V-331"),
    ("E02", "Clean the filter in warm water and let it dry for one hour before use.", "F-209"),
    ("E03", "Call the service desk.", "none"),
)


def parse(*flowables: Flowable) -> ParsedFile:
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build([Paragraph("Service table", BODY), *flowables])
    return PdfParser().parse(out.getvalue(), "a.pdf")


def table(
    rows: Sequence[Sequence[str]], *style: Any, widths: Sequence[float] = (70, 220, 90), wrapped: Sequence[int] = (1,)
) -> Table:
    """A ruled table; cells of the columns `wrapped` are as many lines as they need."""
    cells = [
        [Paragraph(c, BODY) if at in wrapped and n else c for at, c in enumerate(row)] for n, row in enumerate(rows)
    ]
    return Table(cells, colWidths=list(widths), style=[*GRID, *style])


def rows_of(parsed: ParsedFile, page: int = 1) -> list[str]:
    [found] = [one for one in parsed.tables if one.page == page]
    return parsed.pages[page - 1].text[found.start : found.end].split("\n")


@pytest.mark.parametrize("placed", ["TOP", "MIDDLE", "BOTTOM"])
def test_a_wrapped_cell_is_part_of_its_row(placed: str):
    """Wherever the other cells stand in their row."""
    parsed = parse(table(FAULTS, ("VALIGN", (0, 0), (-1, -1), placed)))
    assert rows_of(parsed) == [" | ".join(row) for row in FAULTS]
    assert parsed.tables[0].header.endswith("Fault | Remedy | Part no.")


def test_numbers_in_the_words_of_a_wrapped_cell_are_words():
    """On several lines, too; only lines that are figures alone would be rows of their own."""
    words = "The clause of Lusk counted 603 samples for the third time, which the sail approved at 12.51."
    rows = (("Item", "Remark", "Count"), ("storm", words, "7"), ("gauge", "none", "9"))
    assert rows_of(parse(table(rows)))[2:] == [f"| storm | {words} | 7 |", "| gauge | none | 9 |"]


def test_several_wrapped_cells_are_read_cell_by_cell():
    """No sentence runs from one into the next."""
    terms = (("Clause", "Buyer", "Seller"), ("Payment", f"{FAULTS[1][1]}", f"{FAULTS[2][1]}"))
    assert rows_of(parse(table(terms, widths=(70, 120, 120), wrapped=(1, 2)))) == [" | ".join(row) for row in terms]


def test_a_cell_over_several_rows_stands_in_each():
    """A row can be read by itself."""
    rates = (("Room", "Season", "Price"), ("Single", "Summer", "80"), ("", "Winter", "60"), ("Double", "Summer", "120"))
    found = rows_of(parse(table(rates, ("SPAN", (0, 1), (0, 2)))))
    assert found[2:] == ["| Single | Summer | 80 |", "| Single | Winter | 60 |", "| Double | Summer | 120 |"]


def test_headings_over_headings_name_a_column_together():
    """A cell over several columns is part of the name of each; years are names."""
    rows = (("Region", "Sales", ""), ("", "2023", "2024"), ("North", "130", "140"), ("South", "60", "70"))
    parsed = parse(table(rows, ("SPAN", (1, 0), (2, 0)), ("SPAN", (0, 0), (0, 1)), wrapped=()))
    [found] = parsed.tables
    assert found.header.endswith("Region | Sales 2023 | Sales 2024")
    assert parsed.pages[0].text[found.body : found.end] == "North | 130 | 140\nSouth | 60 | 70"


@pytest.mark.parametrize("columns", [2, 3])
def test_a_heading_over_several_columns_stands_over_each(columns: int):
    """So that the names below it keep their columns; a cell of the body that covers several stands once."""
    years = [str(2021 + at) for at in range(columns)]
    rows = [
        ["Quay", "Ships"] + [""] * (columns - 1) + ["Cranes"],
        ["", *years, ""],
        ["North", *["40"] * columns, "3"],
        ["South", "closed", *[""] * (columns - 1), "5"],
    ]
    over = [("SPAN", (1, row), (columns, row)) for row in (0, 3)]
    beside = [("SPAN", (at, 0), (at, 1)) for at in (0, columns + 1)]
    shown = rows_of(parse(table(rows, *over, *beside, widths=[70] * (columns + 2), wrapped=())))
    assert shown[:2] == [" | ".join(["Quay", *["Ships"] * columns, "Cranes"]), " | ".join(["Quay", *years, "Cranes"])]
    assert shown[-1] == "South | closed | 5"


def test_a_row_over_the_whole_table_is_its_title():
    """It names no column."""
    rows = (("Losses of the year", "", ""), ("Kind", "Share", "Sum"), ("Fire", "12", "130"), ("Water", "8", "60"))
    parsed = parse(table(rows, ("SPAN", (0, 0), (2, 0)), wrapped=()))
    assert parsed.tables[0].header.endswith("Losses of the year | Kind | Share | Sum")
    assert rows_of(parsed)[2:] == ["Fire | 12 | 130", "Water | 8 | 60"]


@pytest.mark.parametrize("style", [(), BOLD])
def test_a_table_that_goes_on_keeps_its_header(style: Sequence[Any]):
    """On the next page its first row is none."""
    rows = [("Name", "Place", "Boats"), *((f"Harbour {n}", f"Bay {n}", str(n)) for n in range(60))]
    parsed = parse(table(rows, *style, wrapped=()))
    first, second = parsed.tables
    assert second.header == first.header
    assert second.body == second.start
    assert "Name | Place | Boats" in second.header


@pytest.mark.parametrize("placed", ["TOP", "MIDDLE"])
def test_level_rules_alone_part_rows_too(placed: str):
    """Wrapped cells are whole, and the header above the first rule names the columns."""
    below = [("LINEBELOW", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), placed)]
    cells = [[Paragraph(c, BODY) if at == 1 and n else c for at, c in enumerate(row)] for n, row in enumerate(FAULTS)]
    parsed = parse(Table(cells, colWidths=[70, 220, 90], style=below))
    assert rows_of(parsed) == [" | ".join(row) for row in FAULTS]
    assert parsed.tables[0].header.endswith("Fault | Remedy | Part no.")


def test_rules_between_groups_of_rows_are_none_between_rows():
    """Cells of a group have as many lines as each other."""
    rows = [("Name", "Place"), *((f"Harbour {n}", f"Bay {n}") for n in range(8))]
    groups = [("LINEBELOW", (0, n), (-1, n), 0.5, "black") for n in (0, 4, 8)]
    assert rows_of(parse(Table(rows, colWidths=[100, 100], style=groups)))[1:] == [" | ".join(row) for row in rows[1:]]


def test_rules_between_groups_of_rows_with_figures_are_none_between_rows():
    """A label and its figure may stand in one cell: lines of it that end with figures are rows of their own."""
    rows = (
        ("Revenues", "44,538", "37,403"),
        ("Costs", "24,576", "21,162"),
        ("Profit", "19,962", "16,241"),
        ("Tax", "934", "348"),
    )
    prints = [
        [Print(text, x, 52 + 14 * at, x + 40, 64 + 14 * at) for x, text in zip((50, 140, 210), row, strict=True)]
        for at, row in enumerate(rows)
    ]
    rules = [Box(40, 50 + 28 * n, 300, 51 + 28 * n) for n in range(3)] + [
        Box(x, 50, x + 1, 107) for x in (40, 200, 300)
    ]
    lines = [line_of(words, 12) for words in prints]
    assert ruled_apart(lines, rules) == (lines, {})


def test_a_list_of_names_and_values_has_no_header():
    """The first row of two columns of words is a row."""
    rows = (("Owner", "Harbour board"), ("Keeper", "Ann Lind"), ("Telephone", "by the pier"))
    parsed = parse(table(rows, widths=(90, 150), wrapped=()))
    assert parsed.tables[0].header == "Service table"


def test_an_empty_cell_keeps_its_place():
    """The figure after it stays in its own column."""
    rows = (("Part", "Old", "New"), ("Pump", "", "7"), ("Seal", "3", ""), ("Hose", "1", "2"))
    assert rows_of(parse(table(rows, wrapped=())))[1:] == ["Pump |  | 7", "Seal | 3", "Hose | 1 | 2"]


def test_a_frame_around_text_is_no_table():
    """Lines in a box are paragraphs."""
    text = " ".join([FAULTS[1][1]] * 20)
    parsed = parse(Table([[Paragraph(text, BODY)], [Paragraph(text, BODY)]], style=GRID))
    assert parsed.tables == ()
    assert parsed.pages[0].text.count(text) == 2


def test_a_table_of_closed_cells_is_written_as_a_ruled_one():
    """Then its rows are known to be whole: below one row of names that are bold, or over a column of figures."""
    rows = (("Town", "Mayor", "Bridges"), ("Sarn", "A. Holt", "3"), ("Orlo", "B. Lind", "5"))
    assert rows_of(parse(table(rows, wrapped=())))[1:3] == ["| --- | --- | --- |", "| Sarn | A. Holt | 3 |"]
    words = tuple(row[:2] for row in rows)
    assert rows_of(parse(table(words, *BOLD, widths=(70, 90), wrapped=())))[0] == "| Town | Mayor |"
    assert rows_of(parse(table(words, widths=(70, 90), wrapped=())))[0] == "Town | Mayor"


def test_a_broken_word_in_a_cell_is_whole():
    """As in running text."""
    rows = (("Plant", "Kind", "Year"), ("Oldbridge", "water treat-\nment", "1987"), ("Norholm", "power", "1990"))
    assert rows_of(parse(table(rows, wrapped=())))[2] == "| Oldbridge | water treatment | 1987 |"


EDGES = st.lists(st.integers(1, 12), min_size=2, max_size=6)


@given(EDGES, EDGES)
def test_every_cell_of_a_full_lattice_is_found(widths: list[int], heights: list[int]):
    """Drawn line by line: the middle of each cell is placed in it, and points outside in none."""
    xs = [0.0, *(10.0 * sum(widths[: n + 1]) for n in range(len(widths)))]
    ys = [0.0, *(10.0 * sum(heights[: n + 1]) for n in range(len(heights)))]
    level, upright = [Box(xs[0], y, xs[-1], y + 0.5) for y in ys], [Box(x, ys[0], x + 0.5, ys[-1]) for x in xs]
    [lattice] = lattices_of([*level, *upright])
    for row in range(len(heights)):
        for column in range(len(widths)):
            middle = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
            assert lattice.place(*middle) == (row, column)
    assert lattice.place(-5, -5) is None


def test_the_first_column_of_a_table_in_hebrew_is_at_the_right():
    """Where most words are of a script that is read from there."""
    cells = (("מקומות", "סירה"), ("120", "נורהולם"), ("48", "סארן"))
    prints = [
        [Print(text, 60 + 100 * c, 52 + 20 * r, 110 + 100 * c, 64 + 20 * r) for c, text in enumerate(row)]
        for r, row in enumerate(cells)
    ]
    rules = [Box(50, 48 + 20 * n, 250, 49 + 20 * n) for n in range(4)]
    rules += [Box(x, 48, x + 1, 109) for x in (50, 150, 250)]
    _, grids = ruled_apart([line_of(words, 12) for words in prints], rules)
    [grid] = grids.values()
    assert [[text_of(cell) for cell in row] for row in grid.rows] == [
        ["סירה", "מקומות"],
        ["נורהולם", "120"],
        ["סארן", "48"],
    ]
