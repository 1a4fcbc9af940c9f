"""Boxes that are drawn and ticked by drawings, as browsers print forms, are told as boxes of other forms are."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.pdf.parser import PdfParser
from tests.files.documents import Draw, both, lines, pdf_of
from tests.files.pdf import ticked as field_ticked

SIDE = 10.0


def parse(*draws: Draw) -> ParsedFile:
    return PdfParser().parse(pdf_of(both(*draws)), "a.pdf")


def text_of(*draws: Draw) -> str:
    return parse(*draws).pages[0].text


def square(x: float, y: float, mark: str = "", *, fill: str = "", edge: bool = True, side: float = SIDE) -> Draw:
    """A square with its lower left corner there; `mark` is a tick, a cross, or none."""

    def draw(canvas: Canvas) -> None:
        if fill:
            canvas.setFillColor(fill)
        canvas.roundRect(x, y, side, side, 1.5, stroke=int(edge), fill=int(bool(fill)))
        path = canvas.beginPath()
        if mark == "tick":
            path.moveTo(x + 2, y + 5)
            path.lineTo(x + 4, y + 2)
            path.lineTo(x + 8, y + 8)
        elif mark == "cross":
            path.moveTo(x + 2, y + 2)
            path.lineTo(x + 8, y + 8)
            path.moveTo(x + 8, y + 2)
            path.lineTo(x + 2, y + 8)
        if mark:
            canvas.setStrokeColor("white" if fill else "black")
            canvas.drawPath(path, stroke=1, fill=0)
        canvas.setFillColor("black")
        canvas.setStrokeColor("black")

    return draw


def ring(x: float, y: float, *, dotted: bool) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.circle(x, y, 5, stroke=1, fill=0)
        if dotted:
            canvas.circle(x, y, 2.5, stroke=0, fill=1)

    return draw


@pytest.mark.parametrize(
    "ticked", [square(50, 499, "tick"), square(50, 499, "cross"), square(50, 499, "tick", fill="blue")]
)
def test_a_box_says_whether_it_is_ticked(ticked: Draw):
    """Before the words at its right, whether there is a line of them or more on one height."""
    found = text_of(ticked, lines("Parking", x=65), square(130, 499), lines("Dinner", x=145), lines("At six.", top=450))
    assert found == "[x] Parking [ ] Dinner\n\nAt six."


def test_a_small_ring_is_a_bullet():
    """As browsers draw those of lists within lists."""

    def bullet(canvas: Canvas) -> None:
        canvas.circle(55, 504, 2.2, stroke=1, fill=0)

    assert "[" not in text_of(bullet, lines("Towels", x=65))


def test_of_rings_the_one_with_a_dot_is_chosen():
    """As of buttons of which one is chosen."""
    found = text_of(
        ring(55, 504, dotted=False), lines("Single", x=65), ring(135, 504, dotted=True), lines("Double", x=145)
    )
    assert found == "[ ] Single [x] Double"


def test_a_box_behind_its_words_and_one_by_itself():
    """It may stand behind a label, or in a column of its own."""
    found = text_of(lines("Insured", "Parking", top=504), square(95, 501, "tick"), square(250, 487))
    assert found == "Insured [x]\n\nParking\n[ ]"


@pytest.mark.parametrize(
    "drawn",
    [
        both(square(50, 499, fill="red", edge=False), lines("Sales", x=65), square(110, 499, fill="blue", edge=False)),
        both(*(square(60 + SIDE * n, 499) for n in range(6)), lines("Code", x=130)),
        both(*(square(200 + 30 * n, 300) for n in range(4)), lines("A drawing of four tanks")),
        both(square(50, 498, side=12), lines("X", x=52, top=501), lines("Parking", x=70)),
    ],
    ids=["legend", "fields for letters", "drawing", "a letter in it"],
)
def test_other_squares_are_no_boxes(drawn: Draw):
    """Of a chart's legend, of fields for single letters, of a drawing; one with a letter in it says so by that."""
    assert "[" not in text_of(drawn)


def test_a_box_that_is_filled_otherwise_is_told_in_the_receipt():
    """It may be ticked: nothing is said of it on the page."""
    parsed = parse(
        square(50, 499), lines("Parking", x=65), square(50, 469, fill="black"), lines("Dinner", x=65, top=471)
    )
    assert parsed.pages[0].text == "[ ] Parking Dinner"
    assert "page 1: drawn boxes that may be ticked, which is not read" in parsed.receipt.skipped


def test_a_box_that_a_form_ticks_is_ticked():
    """The page draws empty boxes, and the form its own marks over some of them."""
    boxes = both(square(50, 499), lines("Day", x=65), square(50, 469), lines("Night", x=65, top=470))
    marks = both(field_ticked("Day", checked=True, y=497), field_ticked("Night", checked=False, y=467))
    assert text_of(boxes, marks).startswith("[x] Day\n[ ] Night")
