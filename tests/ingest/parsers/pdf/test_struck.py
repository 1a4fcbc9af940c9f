"""Words of PDFs that a line is drawn through are not told as what the page says."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import MarkupAnnotation
from pypdf.generic import ArrayObject, FloatObject, NameObject, RectangleObject
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from ingest.parsers.pdf import PdfParser
from tests.files.documents import both, lines, pdf_of

BODY = getSampleStyleSheet()["BodyText"]


def read(*story: object) -> tuple[str, tuple[str, ...]]:
    out = io.BytesIO()
    SimpleDocTemplate(out).build(list(story))
    parsed = PdfParser().parse(out.getvalue(), "a.pdf")
    return parsed.pages[0].text, parsed.receipt.skipped


@pytest.mark.parametrize(
    ("marked", "text", "struck"),
    [
        ("The fee is <strike>90</strike> 70 euros a day.", "The fee is 70 euros a day.", "“90”"),
        ("<strike>Closed in winter.</strike> Open all year.", "Open all year.", "“Closed in winter.”"),
        ("The fee is <strike>90</strike>110 euros.", "The fee is 110 euros.", "“90”"),
        ("It opens in May<strike>June</strike> at last.", "It opens in May at last.", "“June”"),
        ("Room <strike>4 or 5</strike> 6 on <strike>Monday</strike> Tuesday", "Room 6 on Tuesday", "“4 or 5 Monday”"),
    ],
)
def test_struck_words_are_left_out_and_quoted_in_the_receipt(marked: str, text: str, struck: str):
    """As in every other format."""
    found, skipped = read(Paragraph(marked, BODY))
    assert found == text
    assert skipped == (f"1 struck passage(s): {struck}",)


def test_words_with_two_lines_through_them_are_struck():
    """As by a double line, also where the new figure follows at once."""

    def twice(canvas):
        for height in (502.5, 504):
            canvas.line(50, height, 50 + canvas.stringWidth("90", "Helvetica", 12), height)

    for shown, left in (("90 boats", "boats"), ("90110 boats", "110 boats")):
        parsed = PdfParser().parse(pdf_of(both(lines(shown), twice)), "a.pdf")
        assert parsed.pages[0].text == left
        assert parsed.receipt.skipped == ("1 struck passage(s): “90”",)


def test_readers_are_compared_before_words_are_left_out():
    """A page of which most is struck is no page on which two readers disagree."""
    out = io.BytesIO()
    SimpleDocTemplate(out).build([Paragraph(f"It is open. <strike>{'It is closed in winter. ' * 20}</strike>", BODY)])
    receipt = PdfParser().parse(out.getvalue(), "a.pdf").receipt
    assert receipt.disagreements == ()
    assert not receipt.notes


def test_lines_under_words_and_of_tables_strike_nothing():
    """Underlined words, rows between rules, and a rule that goes on beyond the words that it crosses."""
    assert read(Paragraph("The fee is <u>70 euros</u> a day.", BODY)) == ("The fee is 70 euros a day.", ())
    table = Table([["Room", "Price"], ["Single", "80"]], style=[("GRID", (0, 0), (-1, -1), 0.5, "black")])
    assert read(table)[0].split("\n") == ["| Room | Price |", "| --- | --- |", "| Single | 80 |"]

    def grid(canvas):
        canvas.line(20, 503, 400, 503)

    assert text_of(pdf_of(both(lines("90 boats"), grid))) == "90 boats"

    def axis(canvas):
        canvas.line(57, 503, 400, 503)

    assert text_of(pdf_of(both(lines("boats"), axis))) == "boats"


def test_words_that_a_reader_struck_out_are_struck():
    """By a mark of a program for reviewing, which draws no line of its own."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of(lines("The fee is 90 euros.")))))
    mark = MarkupAnnotation()
    left, right = 50 + 52, 50 + 65
    mark[NameObject("/Subtype")] = NameObject("/StrikeOut")
    mark[NameObject("/Rect")] = RectangleObject((left, 498, right, 510))
    points = (left, 510, right, 510, left, 498, right, 498)
    mark[NameObject("/QuadPoints")] = ArrayObject([FloatObject(point) for point in points])
    writer.add_annotation(0, mark)
    out = io.BytesIO()
    writer.write(out)
    assert text_of(out.getvalue()) == "The fee is euros."


def text_of(data: bytes) -> str:
    return PdfParser().parse(data, "a.pdf").pages[0].text
