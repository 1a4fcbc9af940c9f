"""How many rows of ten made tables are read as they were written, beside pdfplumber.

    python -m benchmarks pdf-tables

draws ten pages with ReportLab, each a table of another kind, and counts the rows whose cells are found in order, each
whole. A cell over several rows or columns counts once or in each, as a reader likes; empty cells do not count.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.styles import getSampleStyleSheet  # type: ignore[import-untyped]
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table  # type: ignore[import-untyped]

from benchmarks.harness import Result, row, table
from ingest.parsers.pdf import PdfParser

COLUMNS = ("kind of table", "rows", "Footnote", "pdfplumber")
Rows = Sequence[Sequence[str]]

_GRID = ("GRID", (0, 0), (-1, -1), 0.5, "black")
_BELOW = ("LINEBELOW", (0, 0), (-1, -1), 0.5, "black")
_FAULTS = (
    ("Fault", "Remedy", "Part no."),
    ("E01", "Check that the inlet valve is open and that the hose is not bent behind the machine.", "V-331"),
    ("E02", "Clean the filter in warm water and let it dry for one hour before use.", "F-209"),
    ("E03", "Call the service desk.", "none"),
)
_TERMS = (
    ("Clause", "Buyer", "Seller"),
    ("Payment", "The buyer pays within thirty days of the date of the invoice, in euros.", "Grants two percent."),
    ("Transport", "Bears the cost from the port onward.", "The seller bears the cost of transport to the port."),
)
_SALES = (("Region", "2023", "2024"), ("North", "1,130", "1,240"), ("South", "60", "(70)"), ("Total", "1,190", "1,170"))
_RATES = (("Room", "Season", "Price"), ("Single", "Summer", "80"), ("", "Winter", "60"), ("Double", "Summer", "120"))
_GROUPED = (("Region", "Sales", ""), ("", "2023", "2024"), ("North", "130", "140"), ("South", "60", "70"))
_GAPS = (("Part", "Old", "New"), ("Pump", "", "7"), ("Seal", "3", ""), ("Hose", "1", "2"))
_LONG = (("Name", "Place", "Boats"), *((f"Harbour {n}", f"Bay {n}", str(n)) for n in range(60)))
_TITLED = (("Losses of the year", "", ""), ("Kind", "Share", "Sum"), ("Fire", "12", "130"), ("Water", "8", "60"))

TABLES: Mapping[str, tuple[Rows, Sequence[Any]]] = {
    "all rules": (_SALES, [_GRID]),
    "wrapped cells, set at the top": (_FAULTS, [_GRID, ("VALIGN", (0, 0), (-1, -1), "TOP")]),
    "wrapped cells, set in the middle": (_FAULTS, [_GRID, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]),
    "several wrapped cells in a row": (_TERMS, [_GRID]),
    "a cell over two rows": (_RATES, [_GRID, ("SPAN", (0, 1), (0, 2))]),
    "headings over headings": (_GROUPED, [_GRID, ("SPAN", (1, 0), (2, 0)), ("SPAN", (0, 0), (0, 1))]),
    "a title over all columns, empty cells": ((*_TITLED, *_GAPS), [_GRID, ("SPAN", (0, 0), (2, 0))]),
    "level rules alone": (_FAULTS, [_BELOW]),
    "no rules": (_SALES, []),
    "over two pages": (_LONG, [_GRID]),
}


def benchmark() -> Result:
    readers: Mapping[str, Callable[[bytes], Rows]] = {"footnote": rows_of_footnote, "pdfplumber": rows_of_pdfplumber}
    found: dict[str, dict[str, int]] = {}
    print(table(COLUMNS))
    for kind, (rows, style) in TABLES.items():
        data = drawn(rows, style)
        counts = {name: rows_found(read(data), rows) for name, read in readers.items()}
        found[kind] = {"rows": len(rows), **counts}
        print(row([kind, *found[kind].values()]))
    totals = {name: sum(counts[name] for counts in found.values()) for name in ("rows", *readers)}
    print(row(["all", *totals.values()]))
    return Result({"tables": found, "all": totals})


def drawn(rows: Rows, style: Sequence[Any]) -> bytes:
    body = getSampleStyleSheet()["BodyText"]
    cells = [[Paragraph(cell, body) if " " in cell else cell for cell in cells] for cells in rows]
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build([Table(cells, colWidths=[90, 180, 90], style=list(style))])
    return out.getvalue()


def rows_of_footnote(data: bytes) -> Rows:
    parsed = PdfParser().parse(data, "made.pdf")
    texts = (parsed.pages[one.page - 1].text[one.start : one.end] for one in parsed.tables)
    return [line.removeprefix("| ").removesuffix(" |").split(" | ") for text in texts for line in text.split("\n")]


def rows_of_pdfplumber(data: bytes) -> Rows:
    import pdfplumber  # noqa: PLC0415 - the extra `bench` brings it

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return [[cell or "" for cell in cells] for page in pdf.pages for one in page.extract_tables() for cells in one]


def rows_found(read: Rows, written: Rows) -> int:
    """How many of the rows that were written are among those that were read."""
    wanted = [set(forms(cells, written[max(0, at - 1)])) for at, cells in enumerate(written)]
    seen = {plain(cells) for cells in read}
    return sum(bool(one & seen) for one in wanted)


def forms(cells: Sequence[str], above: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """A row as it may be read: an empty cell may repeat the one above it or before it."""
    yield plain(cells)
    yield plain([cell or other for cell, other in zip(cells, above, strict=True)])
    yield plain([next((one for one in reversed(cells[: at + 1]) if one), "") for at in range(len(cells))])


def plain(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells that hold something, white space made one space, repeated neighbours once."""
    filled = (" ".join(cell.split()) for cell in cells)
    return tuple(key for key, _ in groupby(cell for cell in filled if cell))
