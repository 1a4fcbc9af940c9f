"""Paragraphs end where a line stops short of its own column, however wide the rest of the page is set."""

from __future__ import annotations

import textwrap

import pytest
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from ingest.parsers.pdf.parser import PdfParser
from tests.files.documents import Draw, both, lines, pdf_of

MILL = (
    "The mill on the northern bank was built by two brothers who had come from the coast with nothing but a saw. "
    "For thirty years it cut the oak of the valley, until a flood took the wheel and the lower floor with it."
)
INTRODUCTION = (
    "This leaflet tells what there is to see along the river, and where the path is closed in the winter months."
)


def texts_of(*draws: Draw) -> list[str]:
    page = PdfParser().parse(pdf_of(both(*draws)), "a.pdf").pages[0]
    return [" ".join(part.split()) for part in page.text.split("\n\n")]


def set_in(width: float, text: str, x: float = 50, top: float = 500) -> Draw:
    """A text broken into lines no wider than that, flush left."""
    return lines(*simpleSplit(text, "Helvetica", 11, width), x=x, top=top)


@pytest.mark.parametrize("width", [110, 150, 190, 230])
def test_a_narrow_paragraph_below_a_wide_one_is_whole(width: float):
    """A column beside a figure, with the left edge of the text across the page."""
    wide = set_in(450, f"{INTRODUCTION} {INTRODUCTION}")
    assert texts_of(wide, set_in(width, MILL, top=440))[-1] == MILL


@pytest.mark.parametrize("characters", [24, 32, 40])
def test_a_ragged_column_is_whole(characters: int):
    """Lines that leave more room at the right than the next word takes, as editors leave it."""
    assert texts_of(lines(*textwrap.wrap(MILL, characters))) == [MILL]


def test_a_paragraph_that_flows_around_a_figure_is_whole():
    """Its first lines are narrow, and those below the figure wide."""
    narrow = simpleSplit(MILL, "Helvetica", 11, 180)[:5]
    rest = MILL.removeprefix(" ".join(narrow)).strip() + " " + INTRODUCTION
    wide = simpleSplit(rest, "Helvetica", 11, 420)
    shown = both(lines(*narrow, top=500), lines(*wide, top=500 - 14 * len(narrow)), _figure)
    assert texts_of(shown)[0] == f"{MILL} {INTRODUCTION}"


def test_short_lines_below_prose_stay_their_own():
    """What an address or a list of names is, no margin makes a paragraph of."""
    address = ("Mill House", "River Lane 4", "North Bank", "Tel. 555 0100")
    shown = texts_of(set_in(450, f"{INTRODUCTION} {INTRODUCTION}"), lines(*address, top=440))
    assert not any("Mill House River" in part or "Lane 4 North" in part for part in shown)


def test_an_indented_line_after_a_sentence_begins_a_paragraph():
    """Also where the line before it has no room for its first word."""
    before = ("The ferry leaves at six from the", "quay below the old customs yard.")
    after = ("Extraordinary sailings are", "announced on the board.")
    shown = both(lines(*before, top=500), lines(after[0], x=66, top=472), lines(after[1], top=458))
    assert texts_of(shown) == [" ".join(before), " ".join(after)]


def _figure(canvas: Canvas) -> None:
    canvas.rect(250, 440, 180, 70)
