"""Running headers and footers are read once and named, numbers of pages not at all; rows are not taken for them."""

from __future__ import annotations

import io

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table

from ingest.parsers.common.geometry import unpack
from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.pdf.parser import PdfParser
from tests.files.documents import Draw, both, lines, pdf_of

GRID = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
HEADER = ("Payee", "City", "Sum")


def register(count: int, *, repeated: bool, ruled: bool, footer: bool) -> ParsedFile:
    """A table of so many rows that differ in their numbers alone, over as many pages as it needs."""

    def foot(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.drawString(72, 30, f"Page {document.page} of 9" if footer else "")

    cells = [HEADER, *((f"Payee {n % 7}", f"City {n}", str(100 + n)) for n in range(count))]
    table = Table(cells, colWidths=[120, 120, 90], style=GRID if ruled else [], repeatRows=int(repeated))
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build([table], onFirstPage=foot, onLaterPages=foot)
    return PdfParser().parse(out.getvalue(), "a.pdf")


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("repeated", [True, False])
@pytest.mark.parametrize(("count", "footer"), [(60, True), (200, False), (200, True)])
def test_no_row_of_a_table_is_a_running_line(count: int, footer: bool, repeated: bool, ruled: bool):
    """However alike rows are, all of them and the header are read; the footer is not, on two pages and on more."""
    parsed = register(count, repeated=repeated, ruled=ruled, footer=footer)
    text = "\n".join(page.text for page in parsed.pages)
    assert all(f"Payee {n % 7} | City {n} | {100 + n}" in text for n in range(count))
    assert "Payee | City | Sum" in parsed.pages[0].text
    assert "Page" not in text
    assert any("Page # of #" in note for note in parsed.receipt.notes) == footer


def pages(*edges: str, body: str = "The gauge was read at the weir {}.") -> ParsedFile:
    """A page for each text at its top."""
    drawn: list[Draw] = [both(lines(top, top=570), lines(body.format("abcdefgh"[n]))) for n, top in enumerate(edges)]
    return PdfParser().parse(pdf_of(*drawn), "a.pdf")


def test_numbers_that_count_no_pages_are_text():
    """A first line with a number of its own on each page is not a running header, one with the page's number is."""
    own = pages("Limit 250", "Limit 310", "Limit 75", "Limit 118")
    assert own.pages[2].text.startswith("Limit 75")
    assert own.receipt.notes == ()
    counted = pages("Manual 7, sheet 11", "Manual 7, sheet 12", "Manual 7, sheet 13", "Manual 7, sheet 14")
    assert counted.pages[2].text == "The gauge was read at the weir c."
    assert counted.receipt.notes == ("running headers and footers left out: Manual #, sheet #",)


def test_what_a_running_line_says_is_read_once():
    """On its first page, where its words stand; a number of the page in it may change."""
    told = "Deed of lease HB-4471, sheet {}"
    parsed = pages(*(told.format(number) for number in (1, 2, 3)))
    first, *others = parsed.pages
    assert first.text.endswith("weir a.\n\nDeed of lease HB-4471, sheet 1")
    assert all("lease" not in page.text for page in others)
    assert first.geometry is not None
    placed = unpack(first.geometry).words[-1]
    assert first.text[placed.start : placed.end] == "1"
    assert parsed.receipt.notes == ("running headers and footers read once: Deed of lease HB-#, sheet #",)


def test_of_two_pages_only_their_numbers_are_left_out():
    """What else both say at their edges may be text."""
    parsed = pages("Sheet 1 of 2", "Sheet 2 of 2")
    assert [page.text for page in parsed.pages] == [f"The gauge was read at the weir {one}." for one in "ab"]
    assert pages("River gauge", "River gauge").pages[1].text.startswith("River gauge")


def test_a_number_of_thousands_of_digits_is_a_number():
    """It is not read as one."""
    assert len(pages(*["9" * 5000] * 4).pages) == 4
