"""Excel workbooks (.xlsx, .xlsm): openpyxl streams the values, each sheet becomes a page of Markdown tables."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import IO, Any

import openpyxl

from ingest.parsers.common import ParsedFile, TableWriter, one_line, receipt_of, require_text, shortened, title_of
from ingest.parsers.ooxml import format_number
from rag.errors import ParseError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_LAST_ROW = 1_048_576  # of Excel; a file may claim more
_MOST_CHARACTERS = 100_000_000
_CELLS_NAMED = 5
_PART_BYTES = 4_000_000
_NO_VALUE = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
_FAILURES = (
    zipfile.BadZipFile,
    LookupError,
    ValueError,
    AttributeError,
    TypeError,
    OSError,
    ArithmeticError,
    RecursionError,
    SyntaxError,  # lxml's for broken XML
)
_NUMERIC = re.compile(r"[^\w\s]?-?\d[\d.,:\- ]*[^\w\s]?")
_Row = Mapping[int, str]


class XlsxParser:
    """Reads Excel workbooks."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """Each sheet as a page under its name: rows apart from an empty row are a table, values as Excel shows them."""
        try:
            return _parsed(data, filename)
        except _FAILURES as exc:
            raise ParseError(
                f"{filename}: the workbook is damaged ({type(exc).__name__}). Open and save it again"
            ) from exc


def _parsed(data: bytes, filename: str) -> ParsedFile:
    sheets = _Sheets()
    with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions that hold no text
        workbook: Any = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        with closing(workbook):
            title = one_line(str(workbook.properties.title or "")) or title_of(filename)
            for sheet in workbook.worksheets:
                sheets.read(sheet)
                # openpyxl shows either values or formulas, and has no public name for where a sheet lies
                sheets.note_formulas(sheet.title, archive, sheet._worksheet_path)
            charts = [sheet.title for sheet in workbook.chartsheets]
    pages, tables = sheets.writer.pages()
    require_text(pages if sheets.cells else (), filename)
    skipped = [*sheets.skipped, *(f"sheet {name}: a chart" for name in charts)]
    receipt = receipt_of("openpyxl", pages, sheets.notes, tables=sheets.tables, skipped=skipped)
    return ParsedFile(title, MEDIA_TYPE, pages, receipt, markdown=True, tables=tables)


class _Sheets:
    """Sheets read so far."""

    def __init__(self) -> None:
        self.writer = TableWriter()
        self.cells = 0
        self.tables = 0
        self.notes: list[str] = []
        self.skipped: list[str] = []
        self._characters = 0
        self._columns: list[int] = []

    def read(self, sheet: Any) -> None:
        """Write a sheet as a page."""
        self.writer.start_page(label=sheet.title)
        self.writer.text(f"# {one_line(sheet.title)}")
        if sheet.sheet_state != "visible":
            self.notes.append(f"sheet {sheet.title} is hidden")
        self._columns = []
        block: list[_Row] = []
        for number, row in _rows(sheet):
            if not row:
                self._write(block)
                block = []
                continue
            self.cells += len(row)
            self._characters += sum(map(len, row.values()))
            if self._characters > _MOST_CHARACTERS:
                self.skipped.append(f"sheet {sheet.title}: rows from {number} on, the workbook holds too much text")
                break
            block.append(row)
        self._write(block)

    def _write(self, block: Sequence[_Row]) -> None:
        """Rows without an empty one between them: lines of one cell as paragraphs, the others as a table."""
        if not block:
            return
        columns = sorted({column for row in block for column in row})
        if self._columns and set(columns) <= set(self._columns) and not _names(block[0]):
            rows, columns = list(block), self._columns  # the table before goes on after an empty row
        else:
            rows = self._begun(block, columns)
        for row in rows:
            self.writer.add([row.get(column, "") for column in columns])

    def _begun(self, block: Sequence[_Row], columns: Sequence[int]) -> list[_Row]:
        """The rows of a new table, after its header and the lines above it are written."""
        rows = list(block)
        while rows and (len(columns) == 1 or (len(rows[0]) == 1 and len(rows) > 1)):
            self.writer.text(next(iter(rows.pop(0).values())))
        self._columns = list(columns) if rows else []
        if rows:
            self.tables += 1
            named = _names(rows[0])
            self.writer.begin([rows[0].get(column, "") if named else "" for column in columns])
            rows = rows[1:] if named else rows
        return rows

    def note_formulas(self, title: str, archive: zipfile.ZipFile, path: str) -> None:
        """Note formulas whose result was never calculated: a program wrote them, and no spreadsheet opened them."""
        with archive.open(path) as part:
            unknown = list(_uncalculated(part))
        if unknown:
            self.skipped.append(
                f"sheet {title}: {len(unknown)} formula(s) without a stored value "
                f"({', '.join(shortened(unknown, _CELLS_NAMED))}); open the workbook in Excel and save it"
            )


def _uncalculated(part: IO[bytes]) -> Iterator[str]:
    """The addresses of cells that hold a formula and no value, in the XML of a sheet."""
    rest = b""
    while chunk := part.read(_PART_BYTES):
        rest += chunk
        cut = rest.rfind(b"</c>") + len(b"</c>")
        yield from (match[1].decode() for match in _NO_VALUE.finditer(rest, 0, cut))
        rest = rest[cut:][-_PART_BYTES:]


def _names(row: _Row) -> bool:
    """Whether a row can be a header: no cell of it is a number or a date."""
    return not any(_NUMERIC.fullmatch(text) for text in row.values())


def _cells(sheet: Any) -> Iterator[Sequence[Any]]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong by millions
    yield from sheet.iter_rows(max_row=_LAST_ROW)


def _rows(sheet: Any) -> Iterator[tuple[int, _Row]]:
    """Row numbers with the text of their cells by column; of empty rows in a row only the first."""
    empty = True
    for number, cells in enumerate(_cells(sheet), start=1):
        row = {cell.column: text for cell in cells if cell.value is not None and (text := _shown(cell))}
        if row or not empty:
            yield number, row
        empty = not row


def _shown(cell: Any) -> str:
    """A cell's value as Excel shows it."""
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return format_number(value, str(cell.number_format or "General"))
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, datetime.time):
        return value.isoformat("seconds")
    return one_line(str(value))
