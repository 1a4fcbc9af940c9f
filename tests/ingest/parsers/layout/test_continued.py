"""Ruled tables that go on over pages of a PDF are one table; where that is in doubt the receipt says so."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.pdf.parser import PdfParser
from rag.evidence.tables import table_at
from rag.types import Chunk, document_id_of, sha256_of

BODY = getSampleStyleSheet()["BodyText"]
GRID = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
BOLD = [("FONT", (0, 0), (-1, 0), "Helvetica-Bold")]
HEADER = ("Payee", "City", "Sum")
APART = "rows that may go on with the table of the page before are not joined with it"


def payments(count: int) -> list[tuple[str, ...]]:
    return [(f"Payee {n % 7}", f"City {n}", str(100 + n)) for n in range(count)]


def table(rows: Sequence[Sequence[Any]], *style: Any, repeated: bool = False) -> Table:
    return Table(rows, colWidths=[120, 120, 90], style=[*GRID, *style], repeatRows=int(repeated))


def parse(*flowables: Flowable, edges: bool = False) -> ParsedFile:
    def drawn(canvas: Canvas, document: SimpleDocTemplate) -> None:
        if edges:
            canvas.drawString(72, 800, "Harbour of Norholm")
            canvas.drawString(72, 30, f"Page {document.page}")

    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(list(flowables), onFirstPage=drawn, onLaterPages=drawn)
    return PdfParser().parse(out.getvalue(), "a.pdf")


def whole(parsed: ParsedFile, page: int) -> list[str] | None:
    """The first cells of the whole table that the first row on a page is of; None where it is not known to be whole."""
    version = sha256_of(b"")
    chunks = {
        one.number: Chunk(document_id_of("a"), version, "a.pdf", one.number, 0, len(one.text), one.text)
        for one in parsed.pages
    }
    place = next(one for one in parsed.tables if one.page == page).body
    found = table_at(page, place + 2, chunks.get)
    return None if found is None else [row.cells[1] for row in found.rows]


@pytest.mark.parametrize("edges", [False, True])
@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize("style", [[], BOLD])
@pytest.mark.parametrize("count", [60, 150])
def test_all_rows_are_of_one_table(count: int, style: list[Any], repeated: bool, edges: bool):
    """Whichever page it is asked for by; a header that is repeated is no row, and the receipt tells that it is left
    out; heads and feet of pages part nothing."""
    rows = payments(count)
    after = Paragraph("The register is kept by the clerk.", BODY)
    parsed = parse(table([HEADER, *rows], *style, repeated=repeated), after, edges=edges)
    assert len(parsed.pages) > 1
    found = {tuple(whole(parsed, one.page) or ()) for one in parsed.tables}
    assert found == {tuple(city for _, city, _ in rows)}
    assert {one.header.split("\n")[-1] for one in parsed.tables} == {"Payee | City | Sum"}
    told = any(
        "the repeated header of a table that goes on is left out: Payee City Sum" in n for n in parsed.receipt.notes
    )
    assert told == repeated


def test_another_table_is_another():
    """Under a title, with a header that stands out, or with other columns, on a page of its own."""
    first = table([HEADER, *payments(5)], *BOLD)
    titled = [Paragraph("Payments of the next year", BODY), table([HEADER, *payments(4)], *BOLD)]
    headed = [table([("Payee", "Street", "Debt"), *payments(4)], *BOLD)]
    wider = [Table([HEADER, *payments(4)], colWidths=[150, 120, 90], style=[*GRID, *BOLD])]
    for second in (headed, wider):
        parsed = parse(first, PageBreak(), *second)
        assert [len(whole(parsed, page) or ()) for page in (1, 2)] in ([5, 4], [0, 0])
        assert not any("left out" in note for note in parsed.receipt.notes)
    parsed = parse(first, PageBreak(), *titled)
    assert "Payee | City | Sum" in parsed.pages[1].text


def test_a_header_that_nothing_sets_off_is_not_taken_for_a_row():
    """It may be a row or the header of another table: nothing is computed, and the receipt names the page."""
    quarters = [("Quarter", "Profit", "Loss"), *payments(4)]
    parsed = parse(table([HEADER, *payments(5)]), PageBreak(), table(quarters))
    assert f"page 2: {APART}" in parsed.receipt.notes
    assert whole(parsed, 1) is None


def test_a_row_that_breaks_over_pages_is_not_counted_as_two():
    """The rest of its cells is read above the table of the next page."""
    rest = [("", "and its harbour", ""), *payments(4)]
    parsed = parse(table([HEADER, *payments(5)], *BOLD), PageBreak(), table(rest))
    assert parsed.pages[1].text.startswith("and its harbour\n\n| Payee 0 |")
    assert parsed.receipt.notes == ("page 2: the rest of the last row of the page before is read above the table",)
    assert whole(parsed, 2) == [f"City {n}" for n in (*range(5), *range(4))]


@pytest.mark.parametrize("row", [("", "City 77", "12"), ("", "", "12"), ("", "", "")])
def test_a_row_without_its_name_may_be_a_row(row: tuple[str, ...]):
    """Of the same payee as the one before: nothing is computed."""
    parsed = parse(table([HEADER, *payments(5)], *BOLD), PageBreak(), table([row, *payments(4)]))
    if any(row):
        assert f"page 2: {APART}" in parsed.receipt.notes
        assert whole(parsed, 1) is None
    else:
        assert len(whole(parsed, 1) or ()) == 9


def test_a_bold_row_of_figures_is_a_row():
    """A total at the top of the next page names no column."""
    bold = [("Payee 9", "Norholm", "9,100"), *payments(4)]
    parsed = parse(table([HEADER, *payments(5)], *BOLD), PageBreak(), table(bold, *BOLD))
    assert len(whole(parsed, 1) or ()) == 10


def test_rows_without_rules_take_over_the_header_and_are_named():
    """Below the head of a page, too."""
    rows = Table([HEADER, *payments(60)], colWidths=[120, 120, 90], style=BOLD)
    parsed = parse(rows, edges=True)
    first, second = parsed.tables
    assert second.header == first.header
    assert f"page 2: {APART}" in parsed.receipt.notes
