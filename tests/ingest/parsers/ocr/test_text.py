"""Words on a page to text: paragraphs, rows, columns, and where each word stands."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.common.geometry import Box
from ingest.parsers.ocr.engine import OcrLine, OcrWord
from ingest.parsers.ocr.text import lay_out

LETTER_PX, HEIGHT_PX, LEADING_PX = 9.0, 20.0, 26.0


def line(text: str, left: float, top: float, lean: float = 0.0) -> OcrLine:
    """Words set one letter apart, on a line that goes down by `lean` for each pixel to the right."""
    words, at = [], left
    for word in text.split():
        end = at + LETTER_PX * len(word)
        drop = lean * (at + end) / 2
        words.append(OcrWord(word, Box(at, top + drop, end, top + HEIGHT_PX + drop)))
        at = end + LETTER_PX
    return OcrLine(tuple(words), 0.9)


def column(*texts: str, left: float = 50, top: float = 50, lean: float = 0.0) -> list[OcrLine]:
    return [line(text, left, top + row * LEADING_PX, lean) for row, text in enumerate(texts)]


def row(*cells: str, top: float, lean: float = 0.0, apart: float = 250) -> list[OcrLine]:
    return [line(cell, 50 + apart * index, top, lean) for index, cell in enumerate(cells)]


PROSE = (
    "The Skerry radar sensor hangs above the water and",
    "measures the distance to the surface without ever",
    "touching it, so that drifting wood cannot break it",
    "off. Small waves are averaged out, and a vented ca-",
    "ble brings the air pressure.",
)
JOINED = (
    "The Skerry radar sensor hangs above the water and measures the distance to the surface without ever touching "
    "it, so that drifting wood cannot break it off. Small waves are averaged out, and a vented cable brings the air "
    "pressure."
)


def text_of(lines: list[OcrLine]) -> str:
    return lay_out(lines)[0].replace("ca-ble", "cable")


def test_nothing_written_is_no_text():
    assert lay_out([]) == ("", ())


def test_lines_become_a_paragraph_in_any_order():
    """Engines give lines in an order of their own."""
    assert text_of(column(*PROSE)[::-1]) == JOINED


def test_cells_of_a_row_stand_on_one_line():
    """A table is read row by row, as are rows whose first cell is long."""
    table = [
        *row("Net sales", "82,959", "81,434", top=50),
        *row("Cost of sales and of all else", "47,074", "46,179", top=76),
        *row("Margin", "35,885", "35,255", top=102),
    ]
    expected = "Net sales | 82,959 | 81,434\nCost of sales and of all else 47,074 | 46,179\nMargin | 35,885 | 35,255"
    assert text_of(table) == expected


def test_columns_of_prose_are_read_one_after_the_other():
    """A headline across both comes first, and a paragraph goes on at the top of the next column."""
    headline = line("How the level of a river is measured from above in all weathers and at night", 80, 10)
    left, right = column(*PROSE[:4]), column("ble brings the air", *PROSE[:4], left=540)
    text = text_of([headline, *right, *left])
    assert text.startswith("How the level of a river is measured from above in all weathers and at night\n\nThe Skerry")
    assert "a vented cable brings the air" in text


def test_lines_that_an_engine_read_over_a_narrow_gutter_are_cut():
    """Where other lines of the page show the gutter."""
    left, right = column(*PROSE[:4], *PROSE[:4]), column(*PROSE[:4], *PROSE[:4], left=524)
    over = [OcrLine((*a.words, *b.words), 0.9) for a, b in zip(left[4:], right[4:], strict=True)]
    apart = text_of([*left, *right])
    assert text_of([*left[:4], *right[:4], *over]) == apart
    assert apart.startswith("The Skerry radar sensor hangs above the water and measures the distance")


def test_a_crooked_scan_reads_like_a_straight_one():
    """Four degrees move the end of a row down by more than a line; its cells still stand together."""

    def page(lean: float) -> list[OcrLine]:
        sales = row("Net sales", "82,959", "81,434", "80,100", top=50, lean=lean, apart=125)
        margin = row("Margin", "35,885", "35", "34", top=76, lean=lean, apart=125)
        return [*sales, *margin, *column(*PROSE, top=300, lean=lean)]

    expected = f"Net sales | 82,959 | 81,434 | 80,100\nMargin | 35,885 | 35 | 34\n\n{JOINED}"
    assert text_of(page(0)) == text_of(page(math.tan(math.radians(4)))) == expected


@st.composite
def pages(draw: st.DrawFn) -> list[OcrLine]:
    word = st.text(st.sampled_from("aB7-.,•é"), min_size=1, max_size=8)
    texts = st.lists(word, min_size=1, max_size=5).map(" ".join)
    place = st.tuples(st.integers(0, 900), st.integers(0, 300))
    return [line(text, *at) for text, at in draw(st.lists(st.tuples(texts, place), max_size=12))]


@given(pages())
def test_every_word_stands_where_its_place_says(lines: list[OcrLine]):
    """In order, not overlapping; between them is white space and bars of cells; hyphens aside, no letter is lost."""
    text, placed = lay_out(lines)
    end = 0
    for one in placed:
        assert not text[end : one.start].strip(" \n|")
        assert text[one.start : one.end].split() == [text[one.start : one.end]]
        end = one.end
    assert not text[end:].strip()
    letters = sorted("".join(word.text for line in lines for word in line.words).replace("-", ""))
    assert sorted("".join(text.replace(" | ", " ").split()).replace("-", "")) == letters
