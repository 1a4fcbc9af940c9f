"""Raised and lowered characters of PDFs: an exponent or the mark of a footnote never becomes part of a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from ingest.parsers.layout.levels import Stand, levelled
from ingest.parsers.pdf.parser import PdfParser
from tests.files.documents import Draw, both, lines, pdf_of, rotated, turned

RAISED, LOWERED = 4.0, -2.0
Run = tuple[str, float]


def set_in_runs(*runs: Run, top: float = 500) -> Draw:
    """One line; runs off the base line are set smaller."""

    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(50, top)
        for run, rise in runs:
            text.setFont("Helvetica", 7 if rise else 11)
            text.setRise(rise)
            text.textOut(run)
        canvas.drawText(text)

    return draw


def text_of(*draws: Draw) -> str:
    return PdfParser().parse(pdf_of(both(*draws)), "a.pdf").pages[0].text


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((("Rent is 25", 0), ("1", RAISED), (" euros a day.", 0)), "Rent is 25¹ euros a day."),
        ((("It bears 4 × 10", 0), ("6", RAISED), (".", 0)), "It bears 4 × 10⁶."),
        ((("10", 0), ("-3", RAISED), (" bar of H", 0), ("2", LOWERED), ("O in it", 0)), "10⁻³ bar of H₂O in it"),
        ((("a tank of 12 m", 0), ("3", RAISED), (" and 7 m", 0), ("2", RAISED), (".", 0)), "a tank of 12 m³ and 7 m²."),
        ((("Revenue was 512", 0), (" 3", RAISED), (" million in all", 0)), "Revenue was 512 ³ million in all"),
        ((("On the 1", 0), ("st", RAISED), (" of May, 512", 0), ("(1)", RAISED)), "On the 1st of May, 512(1)"),
        ((("2", RAISED), (" Without the antenna.", 0)), "² Without the antenna."),
    ],
)
def test_raised_and_lowered_runs_are_written_as_such(runs: tuple[Run, ...], expected: str):
    """By size and base line; what follows stays on the line, and marks in brackets stay as they are."""
    assert text_of(set_in_runs(*runs)) == expected


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_levels_are_those_of_the_page_as_it_is_seen(degrees: int):
    """On a turned page too."""
    draw = set_in_runs(("It bears 4 × 10", 0), ("6", RAISED), (" rides of 25", 0), ("1", RAISED), (" kg.", 0))
    data = rotated(pdf_of(turned(draw, degrees)), degrees)
    text = PdfParser().parse(data, "a.pdf").pages[0].text
    assert "".join(text.split()) == "Itbears4×10⁶ridesof25¹kg."


def test_small_print_on_the_line_is_not_raised():
    """A word set smaller, and a line of small print, stand on their base lines."""

    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(50, 500)
        for run, size in (("Chapter ", 11), ("12", 7), (" of the guide", 11)):
            text.setFont("Helvetica", size)
            text.textOut(run)
        canvas.drawText(text)

    assert text_of(draw, lines("Printed in 2024.", top=480, size=7)).startswith("Chapter 12 of the guide")


def test_the_mark_of_a_footnote_begins_a_paragraph():
    """A line that begins with a raised digit does not go on with the line before it."""
    note = set_in_runs(("1", RAISED), (" Without fuel.", 0), top=486)
    assert text_of(lines("The crane costs 251 euros in the", top=500), note) == (
        "The crane costs 251 euros in the\n\n¹ Without fuel."
    )


@given(st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=12), st.data())
def test_what_is_not_raised_or_lowered_stays(word: str, data: st.DataObject):
    """Characters of one size, and smaller ones on the same base line, are the word itself."""
    sizes = data.draw(st.lists(st.sampled_from([11.0, 7.0]), min_size=len(word), max_size=len(word)))
    assert levelled(word, [Stand(500.0, size) for size in sizes]) == word
