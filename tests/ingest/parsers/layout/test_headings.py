"""Headings of PDFs: quoted from the page, in levels, by outline, numbering and print."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.pdf.parser import PdfParser
from tests.files.documents import Draw, both, lines, pdf_of, rows
from tests.files.pdf import outlined

BODY = "The company measures the level of rivers and sells the readings to towns."


def bold(text: str, *, top: float, size: float = 11, x: float = 50) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", size)
        canvas.drawString(x, top, text)

    return draw


def body(top: float) -> Draw:
    return lines(*[BODY] * 3, top=top)


def parse(data: bytes) -> ParsedFile:
    return PdfParser().parse(data, "a.pdf")


def outline_of(parsed: ParsedFile) -> list[tuple[int, int, str]]:
    for heading in parsed.headings:
        assert parsed.pages[heading.page - 1].text.startswith(heading.title, heading.start)
    return [(heading.page, heading.level, heading.title) for heading in parsed.headings]


def test_parts_items_and_notes_of_a_report_are_headings():
    """Their own words give the level; other lines in bold stand under them."""
    first = both(
        bold("PART I. FINANCIAL INFORMATION", top=560),
        bold("Item 1. Financial Statements", top=530),
        bold("CONSOLIDATED BALANCE SHEETS (Unaudited)", top=500),
        body(470),
        bold("Note 4 – Leases", top=400),
        body(370),
        bold("Terms of Lease", top=300),
        body(270),
    )
    second = both(bold("Item 2. Management's Discussion", top=560), body(530))
    assert outline_of(parse(pdf_of(first, second))) == [
        (1, 1, "PART I. FINANCIAL INFORMATION"),
        (1, 2, "Item 1. Financial Statements"),
        (1, 3, "CONSOLIDATED BALANCE SHEETS (Unaudited)"),
        (1, 3, "Note 4 – Leases"),
        (1, 4, "Terms of Lease"),
        (2, 2, "Item 2. Management's Discussion"),
    ]


def test_larger_print_is_the_higher_heading():
    """Without such words, size decides, then the depth of the number in front."""
    page = both(
        lines("Field guide", top=560, size=24),
        lines("1 Measuring", top=520, size=16),
        body(490),
        lines("1.1 By radar", top=420, size=14),
        body(390),
    )
    assert outline_of(parse(pdf_of(page))) == [(1, 1, "Field guide"), (1, 2, "1 Measuring"), (1, 3, "1.1 By radar")]


def test_bookmarks_give_the_levels_where_a_file_has_them():
    """An entry of the outline whose words stand on its page is a heading of its level; numbers in front may be left
    out. Bold lines that no entry names stand below."""
    page = both(bold("1 Measuring", top=560), body(530), bold("1.1 By radar", top=470), body(440), bold("Tip", top=380))
    data = pdf_of(both(page, body(350)), both(bold("2 Sending", top=560), body(530)))
    marked = outlined(data, ("Measuring", 1), (" By radar", 1), ("Sending", 2), ("Not printed", 2))
    assert outline_of(parse(marked)) == [
        (1, 1, "1 Measuring"),
        (1, 2, "1.1 By radar"),
        (1, 3, "Tip"),
        (2, 1, "2 Sending"),
    ]


def test_what_only_looks_like_a_heading_is_none():
    """Rows of tables, list items, sentences and remarks in brackets are not headings, even in bold."""
    page = both(
        bold("Guide", top=570, size=20),
        rows(("Item 1.", "Sales", "4"), ("Item 2.", "Cost", "9"), top=540),
        bold("(In millions)", top=480),
        bold("The company sold everything it had.", top=450),
        bold("• in bold", top=420),
        body(380),
    )
    assert outline_of(parse(pdf_of(page))) == [(1, 1, "Guide")]
