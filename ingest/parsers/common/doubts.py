"""Pages whose text may not be what they show, and how they are stored without OCR."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ingest.parsers.common.parsed import ParsedFile
from rag.errors import ParseError

REMEDY = "set FOOTNOTE_OCR=rapidocr to read the page by OCR"


def without_text(parsed: ParsedFile, numbers: Collection[int]) -> ParsedFile:
    """The file, these pages empty, with the headings and tables of the others."""
    pages = tuple(replace(page, text="", geometry=None) if page.number in numbers else page for page in parsed.pages)
    receipt = replace(
        parsed.receipt,
        characters=sum(len(page.text) for page in pages),
        empty_pages=tuple(page.number for page in pages if not page.text.strip()),
    )
    return replace(
        parsed,
        pages=pages,
        receipt=receipt,
        headings=tuple(heading for heading in parsed.headings if heading.page not in numbers),
        tables=tuple(table for table in parsed.tables if table.page not in numbers),
        doubts={number: doubt for number, doubt in parsed.doubts.items() if number not in numbers},
    )


def without_doubted(parsed: ParsedFile, filename: str) -> ParsedFile:
    """The file as it is stored where no OCR can hold its doubted pages against their pictures.

    The text of a page that is not to be believed is withheld; the receipt names it, and the doubts about others.

    Raises:
        ParseError: no text and no scan is left; says what to do.
    """
    withheld = {number: doubt for number, doubt in parsed.doubts.items() if doubt.withhold}
    others = {number: doubt for number, doubt in parsed.doubts.items() if not (doubt.withhold or doubt.quiet)}
    left = without_text(parsed, withheld)
    skipped = [f"page {number}: text withheld, {doubt.reason}; {REMEDY}" for number, doubt in withheld.items()]
    if withheld and not left.scans and not any(page.text.strip() for page in left.pages):
        raise ParseError(f"{filename}: " + "; ".join(skipped[:3]))
    notes = [f"page {number}: {doubt.reason}; check the text" for number, doubt in others.items()]
    receipt = replace(left.receipt, skipped=(*left.receipt.skipped, *skipped), notes=(*left.receipt.notes, *notes))
    return replace(left, receipt=receipt, doubts={})
