"""Tables of PDFs without rules: every cell stays in its row and in its column."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.pdf.parser import PdfParser
from tests.files.documents import Draw, both, lines, pdf_of

CREW = (
    ("Boat", "Skipper", "Engine", "Home"),
    ("Tern", "Aud Solberg", "diesel", "Norholm"),
    ("Gannet", "Wim Kroes", "petrol", "Skerry Bay"),
    ("Plover", "Rosa Dell", "electric", "Tarn"),
)
TASKS = (
    ("Task", "What is done", "By whom"),
    ("Hull", "Scrape the planks below the water line and paint them twice with red lead", "two hands of the yard"),
    ("Sails", "Wash in fresh water, dry on the lawn", "the sailmaker, who also mends the seams"),
    ("Rigging", "Look at each splice and replace what is worn before the first trip", "Aud Solberg"),
)
FONT, SIZE, LEADING = "Helvetica", 10, 12


def table(
    rows: Sequence[Sequence[str]],
    starts: Sequence[float] = (50, 150, 270, 380),
    *,
    width: float = 130,
    padding: float = 0,
    placed: str = "top",
    by_column: bool = False,
    top: float = 500,
) -> Draw:
    """Cells that break into lines where they are wider than `width`, at the top or in the middle of their rows."""
    pieces: list[tuple[int, float, float, str]] = []
    y = top
    for row in rows:
        cells = [simpleSplit(cell, FONT, SIZE, width) for cell in row]
        most = max(map(len, cells))
        for column, (cell, x) in enumerate(zip(cells, starts, strict=False)):
            down = LEADING * (most - len(cell)) / 2 if placed == "middle" else 0
            pieces += [(column, x, y - down - LEADING * number, text) for number, text in enumerate(cell)]
        y -= LEADING * most + padding
    if by_column:
        pieces.sort(key=lambda piece: piece[0])

    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, SIZE)
        for _, x, at, text in pieces:
            canvas.drawString(x, at, text)

    return draw


def parse(*draws: Draw) -> ParsedFile:
    return PdfParser().parse(pdf_of(both(*draws)), "a.pdf")


def as_rows(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(" | ".join(row).rstrip(" |") for row in rows)


@pytest.mark.parametrize("by_column", [False, True])
def test_rows_are_rows_in_whichever_order_their_cells_are_written(by_column: bool):
    """Row by row, or one column after the other; the first one names the columns."""
    parsed = parse(lines("The boats of the club.", top=540), table(CREW, by_column=by_column))
    assert parsed.pages[0].text == f"The boats of the club.\n\n{as_rows(CREW)}"
    assert parsed.tables[0].header == " | ".join(CREW[0])


@pytest.mark.parametrize("placed", ["top", "middle"])
@pytest.mark.parametrize("padding", [6, 10])
def test_a_wrapped_cell_is_part_of_its_row_without_rules(placed: str, padding: float):
    """Where rows are further from each other than the lines of a cell."""
    drawn = table(TASKS, (50, 120, 300), padding=padding, placed=placed)
    assert parse(drawn).pages[0].text == as_rows(TASKS)


def test_a_wrapped_cell_goes_on_where_rows_are_as_near_as_lines():
    """Its first word had no room in the line above, and other columns are empty beside it."""
    assert parse(table(TASKS, (50, 120, 300))).pages[0].text == as_rows(TASKS)


def test_an_empty_cell_leaves_the_others_in_their_columns():
    """However short the words of the rows are: none joins the row above it."""
    week = (
        ("Hall", "Monday", "Tuesday", "Friday"),
        ("Oak", "Choir", "", "Chess"),
        ("Elm", "", "Yoga", ""),
        ("Ash", "", "", "Band"),
    )
    assert parse(table(week)).pages[0].text == as_rows(week)


def test_an_empty_cell_among_figures_leaves_the_others_in_their_columns():
    """A figure is never read under the name of the column before its own."""
    born = (
        ("Parish", "Births", "Deaths", "Moved"),
        ("Sarn", "12", "", "4"),
        ("Lusk", "", "7", "31"),
        ("Orlo", "9", "3", "8"),
    )
    assert parse(table(born)).pages[0].text == as_rows(born)


def test_columns_that_stand_near_each_other_are_columns():
    """No wider apart than words, where those of all rows begin in one place."""
    near = table(CREW, (50, 89, 150, 194))
    assert parse(near).pages[0].text == as_rows(CREW)


def test_two_rows_of_cells_that_stand_apart_are_a_table():
    """As the head of an invoice."""
    head = ("Invoice", "Date", "Customer"), ("R-2231", "3 May 2024", "Hollis Timber")
    assert parse(table(head)).pages[0].text == as_rows(head)


def test_tables_below_each_other_have_their_own_columns():
    """However much white theirs have in common."""
    fees = ("Member", "Fee", "Since"), ("Ada Brenner", "waived", "spring"), ("Jon Okoye", "paid in full", "autumn")
    text = parse(table(CREW), table(fees, (50, 130, 250), top=420)).pages[0].text
    assert text == f"{as_rows(CREW)}\n\n{as_rows(fees)}"


def test_texts_beside_each_other_that_are_written_one_by_one_are_no_rows():
    """Cards: what one of them says goes on from line to line."""
    cards = (
        ("Lower demand in", "Higher costs of", "Fewer ships were"),
        ("the north and", "freight since the", "laid up in spring"),
        ("the islands.", "second quarter.", "than before."),
    )
    text = parse(table(cards, by_column=True)).pages[0].text
    assert "|" not in text
    assert " ".join(text.split()).startswith("Lower demand in the north and the islands. Higher costs of freight")


def test_rows_beside_prose_set_no_margin_of_its_column():
    """A paragraph above a table that is wider than it goes on from line to line; short lines of a list do not."""
    prose = (
        "The yard of the club lies at the river",
        "and is open to all of its members from",
        "May on. Boats are kept in the old hall.",
    )
    text = (
        parse(lines(*prose, top=560, size=10), table(CREW, top=480), lines("Rope", "Paint", top=400, size=10))
        .pages[0]
        .text
    )
    assert text.startswith(" ".join(prose))
    assert text.endswith("Rope\n\nPaint")


WORDS = "Amber Birch Cedar Delta Ember Fjord Grove Heath Islet Jetty Knoll Larch Marsh Nook Orchard Pine Quay".split()


@given(
    seed=st.integers(0, 2**32), columns=st.integers(3, 6), count=st.integers(3, 9), padding=st.sampled_from([0, 4, 9])
)
@settings(max_examples=40, deadline=None)
def test_every_cell_of_a_table_of_words_is_in_its_row_and_column(seed: int, columns: int, count: int, padding: float):
    """Whatever the words are, and however far the rows are from each other; some cells are empty."""
    random = Random(seed)
    rows = [[" ".join(random.choices(WORDS, k=random.randint(1, 2))) for _ in range(columns)] for _ in range(count)]
    for row in rows[1:-1]:
        row[random.randrange(1, columns)] = random.choice(["", "Reef"])
    starts = [20 + 95 * column for column in range(columns)]
    assert parse(table(rows, starts, padding=padding)).pages[0].text == as_rows(rows)
