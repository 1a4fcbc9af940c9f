"""Columns of prose that a program wrote line by line across the page: no sentence runs from one into the next."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.pdf.parser import PdfParser
from tests.files.documents import Draw, both, lines, pdf_of, picture, rows

FERRY = (
    "The ferry to Norholm leaves",
    "at six in the morning and",
    "returns at nine in the evening.",
    "Bicycles travel free on every",
    "crossing of the strait.",
)
LIGHT = (
    "The new lighthouse was painted",
    "in May by a crew of eleven. The",
    "work took nineteen days and cost",
    "84,000 euros in all, which the",
    "harbour paid from its tolls.",
)
KIOSK = (
    "The kiosk on the pier sells",
    "tickets until eight. On Sundays",
    "it opens late and closes when",
    "the last boat has left the pier.",
    "Dogs need a ticket too.",
)


def across(*columns: Sequence[str], starts: Sequence[float] = (50, 230, 410), top: float = 500) -> Draw:
    """The lines of columns side by side, written row by row."""
    drawn: list[Draw] = []
    for row in range(max(map(len, columns))):
        for column, x in zip(columns, starts, strict=False):
            drawn += [lines(column[row], x=x, top=top - 14 * row, size=10)] if row < len(column) else []
    return both(*drawn)


def parse(*draws: Draw) -> ParsedFile:
    return PdfParser().parse(pdf_of(both(*draws)), "a.pdf")


def text_of(*draws: Draw) -> str:
    return " ".join(parse(*draws).pages[0].text.split())


@pytest.mark.parametrize("columns", [(FERRY, LIGHT), (FERRY, LIGHT, KIOSK), (FERRY, LIGHT[:3])])
def test_columns_are_read_one_after_the_other(columns: tuple[tuple[str, ...], ...]):
    """Two, three, and columns of unequal length."""
    assert text_of(across(*columns)) == " ".join(line for column in columns for line in column)


def test_columns_of_unequal_width():
    """The gutter need not be in the middle."""
    wide = [f"{a} {b.lower()}" for a, b in zip(FERRY, KIOSK, strict=True)]
    assert text_of(across(wide, LIGHT, starts=(50, 350))) == " ".join((*wide, *LIGHT))


def test_a_short_run_of_columns_is_read_so_too():
    """Two paragraphs of two lines beside each other, below a gap."""
    left, right = (*FERRY, "", *KIOSK[:2]), (*LIGHT, "", *FERRY[:2])
    text = text_of(across(left, right))
    assert "The kiosk on the pier sells tickets until eight." in text
    assert text.endswith("The ferry to Norholm leaves at six in the morning and")


def test_what_stands_across_divides_the_columns():
    """A heading over both columns and a picture between them: what is above is read before what is below."""
    title = "The harbour and its people in the year of the great flood"
    below = across(KIOSK, FERRY, top=390)
    found = text_of(across(FERRY, LIGHT), lines(title, top=415, size=16), below)
    assert found == " ".join((*FERRY, *LIGHT, title, *KIOSK, *FERRY))
    assert text_of(across(FERRY, LIGHT), picture, across(KIOSK, FERRY, top=330)) == " ".join(
        (*FERRY, *LIGHT, *KIOSK, *FERRY)
    )


def test_a_table_in_a_column_stays_a_table():
    """Its rows are those of the column alone."""
    table = ("Boat", "Seats", "Year"), ("Norholm", "120", "1987"), ("Skerry", "48", "2004"), ("Tarn", "16", "2011")
    cells = [
        lines(cell, x=50 + 50 * n, top=500 - 14 * r, size=10)
        for r, row in enumerate(table)
        for n, cell in enumerate(row)
    ]
    drawn: list[Draw] = []
    for row in range(4):
        drawn += [*cells[3 * row : 3 * row + 3], lines(LIGHT[row], x=230, top=500 - 14 * row, size=10)]
    left = across(KIOSK, KIOSK, top=430)
    text = parse(both(*drawn), left).pages[0].text
    assert "Norholm | 120 | 1987\nSkerry | 48 | 2004" in text
    assert "The new lighthouse was painted in May by a crew of eleven." in text


def test_rows_of_short_cells_are_no_columns():
    """A table of words, and a list of terms, keep their rows."""
    table = rows(("Clause", "Buyer"), ("Payment", "thirty days"), ("Transport", "from the port"), ("Law", "Swedish"))
    assert "Transport | from the port" in parse(table).pages[0].text


def test_sentences_side_by_side_that_may_be_rows_are_named():
    """Where only one side goes on from line to line, rows stay, and the receipt says that the order is in doubt."""
    left = ("Close the inlet valve first.", "Lift the cover by hand.", "Clean the filter in water.")
    right = ("There is danger of hot steam", "inside of the pipes and also", "of sharp edges at the cover.")
    receipt = parse(across(left, right, starts=(50, 260))).receipt
    assert any("page 1: sentences side by side" in note for note in receipt.notes)


def stretched(*rows: str, width: float = 170, top: float = 500, left: float = 50) -> Draw:
    """Lines set to one width: the gaps of each are the same."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for number, text in enumerate(rows):
            words = text.split()
            gap = (width - sum(canvas.stringWidth(word) for word in words)) / (len(words) - 1)
            x = left
            for word in words:
                canvas.drawString(x, top - 14 * number, word)
                x += canvas.stringWidth(word) + gap

    return draw


def test_a_line_that_was_stretched_has_no_cells():
    """However wide its gaps are, it is a line of its paragraph; a figure at the end of a row stays a cell."""
    prose = ("the harbour carried 35,670", "passengers and nine boats in the", "year before. Wasseraufbereitung blieb")
    assert text_of(stretched(*prose)) == " ".join(prose)
    table = ("Boats 120", "Lighthouses 48", "Piers 16")
    assert "Boats | 120" in text_of(stretched(*table), lines("Name", top=520))


def test_blocks_beside_each_other_that_are_written_one_by_one_stay_so():
    """As cards on a page: each is a text of its own, in the order in which it was written."""
    drawn: list[Draw] = []
    for row in range(2):
        for column, card in enumerate((FERRY, LIGHT, KIOSK)):
            drawn.append(lines(*card, x=(50, 230, 410)[column], top=500 - 100 * row, size=10))
    parsed = parse(*drawn)
    assert " ".join(parsed.pages[0].text.split()) == " ".join(
        line for _ in "ab" for card in (FERRY, LIGHT, KIOSK) for line in card
    )
    assert parsed.receipt.notes == ()


WORDS = (
    "the harbour of Norholm was built by a crew that came from Sarn and paid in salted fish or silver each winter"
).split()


def set_to(width: float, words: Sequence[str], indent: float = 0) -> list[list[tuple[float, str]]]:
    """Words as the lines of a justified paragraph: each with how far it is from the left, the last line unstretched."""
    broken: list[list[str]] = [[]]
    for word in words:
        room = width - (indent if len(broken) == 1 else 0)
        if broken[-1] and stringWidth(" ".join([*broken[-1], word]), "Helvetica", 10) > room:
            broken.append([])
        broken[-1].append(word)
    placed: list[list[tuple[float, str]]] = []
    for number, line in enumerate(broken):
        x = indent if number == 0 else 0.0
        gap = (width - x - sum(stringWidth(word, "Helvetica", 10) for word in line)) / max(1, len(line) - 1)
        placed.append([])
        for word in line:
            placed[-1].append((x, word))
            x += stringWidth(word, "Helvetica", 10) + (gap if line is not broken[-1] else 2.78)
    return placed


def beside(columns: Sequence[Sequence[Sequence[tuple[float, str]]]], starts: Sequence[float]) -> Draw:
    """Lines of placed words side by side, written row by row."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for row in range(max(map(len, columns))):
            for column, start in zip(columns, starts, strict=True):
                for x, word in column[row] if row < len(column) else ():
                    canvas.drawString(start + x, 560 - 13 * row, word)

    return draw


@given(
    seed=st.integers(0, 2**32),
    gutter=st.floats(3.5, 11),
    indent=st.sampled_from([0, 10]),
    count=st.integers(2, 3),
)
@settings(max_examples=25, deadline=None)
def test_justified_columns_with_a_narrow_gutter_are_columns(seed: int, gutter: float, indent: float, count: int):
    """However near they stand to each other: no line of one goes on in the next."""
    width = 150.0
    texts = [[*Random(seed + number).choices(WORDS, k=80), "end."] for number in range(count)]
    starts = [40 + number * (width + gutter) for number in range(count)]
    found = text_of(beside([set_to(width, text, indent) for text in texts], starts))
    assert found == " ".join(" ".join(text) for text in texts)


@given(seed=st.integers(0, 2**32), width=st.floats(120, 500))
@settings(max_examples=25, deadline=None)
def test_a_river_of_white_is_no_gutter(seed: int, width: float):
    """Gaps between words that happen to stand below each other part no paragraph."""
    text = [*Random(seed).choices(WORDS, k=200), "end."]
    parsed = parse(beside([set_to(width, text)], [40]))
    assert " ".join(parsed.pages[0].text.split()) == " ".join(text)
    assert parsed.receipt.notes == ()


def test_lines_with_many_gaps_are_stretched_if_these_are_nearly_the_same():
    """Words that OCR lays under a picture are narrower than they are, and not in place to the point."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for number, text in enumerate(
            ("the harbour of Norholm was", "built by a crew that came", "from Sarn and paid in fish")
        ):
            words = text.split()
            gap = (200 - sum(map(canvas.stringWidth, words))) / (len(words) - 1)
            x = 50.0
            for at, word in enumerate(words):
                canvas.drawString(x, 500 - 14 * number, word)
                off = 0 if at + 2 == len(words) else gap * (0.1 if at % 2 else -0.1)
                x += canvas.stringWidth(word) + gap + off

    assert "|" not in text_of(draw)


def test_two_rows_that_may_be_columns_are_named_and_set_apart():
    """Too few to tell; no sentence runs from one side into the other."""
    parsed = parse(
        across(("The ferry to Norholm leaves", "at six in the morning."), ("The kiosk on the pier sells", "it."))
    )
    assert parsed.pages[0].text == (
        "The ferry to Norholm leaves | The kiosk on the pier sells\nat six in the morning. | it."
    )
    assert any("page 1: sentences side by side" in note for note in parsed.receipt.notes)


def test_a_side_column_of_smaller_letters_is_a_column():
    """Its lines are nearer to each other and stand between those of the text beside them."""
    prose = [f"{a} {b.lower()}" for a, b in zip((*FERRY, *LIGHT), (*LIGHT, *FERRY), strict=True)]
    heights = [(500 - 13 * n, 50, 10, text) for n, text in enumerate(prose)]
    heights += [(491 - 10 * n, 400, 8, text) for n, text in enumerate(KIOSK)]
    drawn = [lines(text, x=x, top=top, size=size) for top, x, size, text in sorted(heights, reverse=True)]
    assert text_of(both(*drawn)) == " ".join((*prose, *KIOSK))


def test_columns_of_stretched_lines_that_are_not_on_one_height_are_columns():
    """Word by word, row by row: readers run the whole page together."""
    drawn: list[Draw] = []
    for number, (left, right) in enumerate(zip(FERRY, LIGHT, strict=True)):
        drawn += [stretched(left, top=500 - 14 * number), stretched(right, top=494 - 14 * number, left=234)]
    assert text_of(both(*drawn)) == " ".join((*FERRY, *LIGHT))


@pytest.mark.parametrize(
    "printed",
    [
        ("2026-01-02 10:00:00 INFO start of the service", "2026-01-02 10:00:01 ERROR the disk is full"),
        ("10:00:01 ERROR the disk of the host is full", "at com.boats.Store(Store.java:10)"),
        ("def level(gauge):", "if gauge.height > 3:", "return gauge.height"),
        ("port=8080", "host=norholm.example"),
    ],
)
def test_records_of_logs_and_lines_of_code_are_not_joined(printed: tuple[str, ...]):
    """However wide they are: a page makes no paragraph of them."""
    assert parse(lines(*printed)).pages[0].text.split("\n") == [*printed]
