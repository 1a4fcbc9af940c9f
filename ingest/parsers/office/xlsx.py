"""Excel workbooks (.xlsx, .xlsm): openpyxl streams the values, each sheet becomes a page of Markdown tables."""

from __future__ import annotations

import datetime
import io
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from math import isfinite
from typing import Any

import openpyxl
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.worksheet._reader import WorkSheetParser  # openpyxl has no public name for what reads rows one by one

from ingest.parsers.common import ParsedFile, one_line, quoted, receipt_of, require_text, shortened, title_of
from ingest.parsers.ooxml import (
    DAMAGE,
    Package,
    Place,
    Run,
    attribute,
    descendants,
    format_number,
    in_usual_form,
    plain_ticks,
    stream,
    written,
)
from ingest.parsers.sheets import (
    Beside,
    SheetScan,
    SheetWriter,
    beside_of,
    chart_lines,
    is_zero,
    people_of,
    scan,
    shown_moment,
    simplified,
)
from rag.errors import ParseError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_LAST_ROW = 1_048_576  # of Excel; a file may claim more
_MOST_CHARACTERS = 100_000_000
_CELLS_NAMED = 5
_WORKBOOK = "xl/workbook.xml"
_PLACES: Mapping[str, Place] = {"superscript": "raised", "subscript": "lowered"}
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!")
_FAILURES = (*DAMAGE, AttributeError, TypeError, ArithmeticError, RecursionError)


class XlsxParser:
    """Reads Excel workbooks."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """Each sheet as a page under its name: rows apart from an empty row are a table, values as Excel shows them,
        then what lies over the cells. A damaged sheet is read as far as it goes, and the receipt says so."""
        try:
            return _parsed(in_usual_form(data), filename)
        except _FAILURES as exc:
            raise ParseError(
                f"{filename}: the workbook is damaged ({type(exc).__name__}). Open and save it again"
            ) from exc


def _parsed(data: bytes, filename: str) -> ParsedFile:
    with warnings.catch_warnings(), Package(data) as package:
        warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions that hold no text
        workbook, lost = _loaded(data)
        with closing(workbook):
            title = one_line(str(workbook.properties.title or "")) or title_of(filename)
            sheets = _Sheets(workbook, package)
            sheets.skipped.extend((*lost, *_missing(workbook, package)))
            for sheet in workbook.worksheets:
                sheets.read(sheet)
            for sheet in workbook.chartsheets:
                sheets.read_chart(sheet)
    pages, tables = sheets.out.writer.pages()
    require_text(pages if sheets.words else (), filename, sheets.skipped)
    receipt = receipt_of("openpyxl", pages, sheets.notes, tables=sheets.out.tables, skipped=sheets.skipped)
    return ParsedFile(title, MEDIA_TYPE, pages, receipt, markdown=True, tables=tables)


def _loaded(data: bytes) -> tuple[Any, tuple[str, ...]]:
    """The workbook, and what of it could not be kept: openpyxl refuses whole files for one colour it does not know."""
    try:
        return _opened(data), ()
    except _FAILURES:
        simple, lost = simplified(data)
        return _opened(simple), lost


def _opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False, rich_text=True)


def _missing(workbook: Any, package: Package) -> Iterator[str]:
    """The sheets that the workbook lists and does not hold."""
    part = next(iter(package.related("", "officeDocument")), _WORKBOOK)
    for sheet in descendants(package.root(part), "s:sheet"):
        if attribute(sheet, "name") not in workbook.sheetnames:
            yield f"sheet {attribute(sheet, 'name')}: missing from the file"


class _Sheets:
    """Sheets read so far."""

    def __init__(self, workbook: Any, package: Package) -> None:
        self.out = SheetWriter()
        self.words = False
        self.notes: list[str] = []
        self.skipped: list[str] = []
        self._package = package
        self._shows = _Shows(workbook)
        self._people = people_of(package, next(iter(package.related("", "officeDocument")), _WORKBOOK))
        self._characters = 0

    def read(self, sheet: Any) -> None:
        """Write a sheet as a page."""
        # openpyxl has no public name for where a sheet lies
        path = sheet._worksheet_path
        seen = self._scanned(sheet.title, path)
        beside = beside_of(self._package, path, self._people)
        self.out.begin(sheet.title, seen.merged)
        self.out.text(f"# {one_line(sheet.title)}")
        for text in seen.printed:
            self.out.text(text)
        shown, columns = self._rows(sheet, {comment.place[0] for comment in beside.comments})
        self._note(sheet, seen, columns)
        self._write(beside, shown)
        self.skipped.extend(f"sheet {sheet.title}: {count} {what}" for what, count in beside.unread.items() if count)

    def read_chart(self, sheet: Any) -> None:
        """Write a sheet that is a chart as a page: its numbers are those of cells."""
        path = self._package.related(_WORKBOOK, "chartsheet")
        self.out.begin(sheet.title, ())
        self.out.text(f"# {one_line(sheet.title)}")
        part = path[min(sheet.parent.chartsheets.index(sheet), len(path) - 1)] if path else ""
        for chart in chart_lines(self._package, part):
            self.words |= bool(chart.title or chart.tables)
            if chart.title:
                self.out.text(chart.title)
            for rows in chart.tables:
                self.out.table(rows)

    def _scanned(self, title: str, path: str) -> SheetScan:
        try:
            with self._package.open(path) as part:
                return scan(part, to_calculate=self._shows.to_calculate)
        except DAMAGE as exc:
            self.skipped.append(
                f"sheet {title}: damaged ({type(exc).__name__}), read as far as it goes; open the workbook and save it"
            )
            return SheetScan()

    def _rows(self, sheet: Any, watched: set[int]) -> tuple[dict[tuple[int, int], str], int]:
        """Write the rows of a sheet; what the cells of the watched rows show, and how many columns are used."""
        shown: dict[tuple[int, int], str] = {}
        last, columns = 0, 0
        self._shows.begin()
        try:
            for number, row in self._shows.rows(sheet):
                if number > last + 1:
                    self.out.end()
                last = number
                self.out.add(number, row)
                self.words |= bool(row)
                columns = max(columns, *row) if row else columns
                if number in watched:
                    shown.update({(number, column): text for column, text in row.items()})
                self._characters += sum(map(len, row.values()))
                if self._characters > _MOST_CHARACTERS:
                    self.skipped.append(f"sheet {sheet.title}: rows from {number} on, the workbook holds too much text")
                    break
        except _FAILURES as exc:
            self.skipped.append(f"sheet {sheet.title}: rows after {last}, damaged ({type(exc).__name__})")
        self.out.end()
        return shown, columns

    def _note(self, sheet: Any, seen: SheetScan, columns: int) -> None:
        """What there is to say of a sheet's cells."""
        name = f"sheet {sheet.title}"
        if sheet.sheet_state != "visible":
            self.notes.append(f"{name} is hidden")
        if hidden := seen.hidden(columns):
            self.notes.append(f"{name}: hidden {hidden}, read too")
        if self._shows.errors:
            counts = ", ".join(f"{error} {count} time(s)" for error, count in self._shows.errors.items())
            self.notes.append(f"{name}: cells show errors ({counts})")
        if self._shows.odd:
            self.notes.append(f"{name}: values that are no numbers are shown as written ({_named(self._shows.odd)})")
        if self._shows.struck:
            self.skipped.append(f"{name}: {len(self._shows.struck)} struck passage(s): {quoted(self._shows.struck)}")
        if self._shows.to_calculate and seen.formulas > len(seen.uncalculated):
            self.notes.append(f"{name}: its formulas are to be calculated when it is opened; stored values may be old")
        if seen.uncalculated:
            self.skipped.append(
                f"{name}: {len(seen.uncalculated)} formula(s) without a stored value "
                f"({_named(seen.uncalculated)}); open the workbook in Excel and save it"
            )

    def _write(self, beside: Beside, shown: Mapping[tuple[int, int], str]) -> None:
        self.words |= bool(beside.texts or beside.comments or beside.tables)
        for text in (*beside.texts, *(comment.told(shown) for comment in beside.comments)):
            self.out.text(text)
        for rows in beside.tables:
            self.out.table(rows)


def _named(cells: list[str]) -> str:
    return ", ".join(shortened(cells, _CELLS_NAMED))


class _Reader(WorkSheetParser):
    """Reads rows; a value that cannot be what its cell says it is comes as it is written."""

    odd: list[str]
    to_calculate: bool

    def parse_cell(self, element: Any) -> dict[str, Any]:
        column = self.col_counter
        try:
            read = dict(super().parse_cell(element))
            if self.to_calculate and read["value"] == 0 and _is_formula(element) and is_zero(element):
                return {**read, "value": None}
            if not isinstance(read["value"], float) or isfinite(read["value"]):
                return read
        except (LookupError, ValueError, ArithmeticError):
            self.col_counter = max(self.col_counter, column + 1)
        self.odd.append(str(element.get("r", "")))
        text = next((part.text for part in element if str(part.tag).endswith("}v")), None)
        return {"row": self.row_counter, "column": self.col_counter, "value": text, "data_type": "s", "style_id": 0}


def _is_formula(element: Any) -> bool:
    return any(str(part.tag).endswith("}f") for part in element)


class _Shows:
    """What the cells of a workbook show; `errors`, `odd` values and `struck` passages are those since `begin`."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._styles: dict[int, tuple[str, bool, Place]] = {}
        self.to_calculate = bool(getattr(workbook.calculation, "fullCalcOnLoad", False))
        self.begin()

    def begin(self) -> None:
        """Forget what the last sheet had."""
        self.errors: Counter[str] = Counter()
        self.odd: list[str] = []
        self.struck: list[str] = []

    def rows(self, sheet: Any) -> Iterator[tuple[int, dict[int, str]]]:
        """The rows that hold something by their number, with the text of their cells by column."""
        workbook = self._workbook
        with sheet._get_source() as source:
            reader = _Reader(
                source,
                sheet._shared_strings,
                data_only=True,
                epoch=workbook.epoch,
                date_formats=workbook._date_formats,
                timedelta_formats=workbook._timedelta_formats,
                rich_text=True,
            )
            reader.odd, reader.to_calculate = self.odd, self.to_calculate
            for element in stream(source, "s:row"):
                number, cells = reader.parse_row(element)
                if number > _LAST_ROW:
                    break
                shown = ((cell["column"], self._shown(sheet, cell)) for cell in cells if cell["value"] is not None)
                row = {column: text for column, text in shown if text}
                if row:
                    yield number, row

    def _shown(self, sheet: Any, cell: dict[str, Any]) -> str:
        """A cell's value as Excel shows it."""
        value = cell["value"]
        code, struck, place = self._style(sheet, cell)
        if isinstance(value, CellRichText):
            text = self._written([_run(part, struck, place) for part in value])
        elif struck or (place and isinstance(value, str)):
            text = self._written([Run(_plain(value, code), place, struck)])
        else:
            text = _plain(value, code)
        if text in _ERRORS:
            self.errors[text] += 1
        return text

    def _written(self, runs: list[Run]) -> str:
        text, struck = written(runs)
        self.struck.extend(struck)
        return one_line(text)

    def _style(self, sheet: Any, cell: dict[str, Any]) -> tuple[str, bool, Place]:
        """The number format of a cell, whether its words are struck, and where they are raised."""
        identity = cell["style_id"]
        if identity not in self._styles and identity >= len(self._workbook._cell_styles):
            self._styles[identity] = ("General", False, "")
        elif identity not in self._styles:
            read = ReadOnlyCell(sheet, cell["row"], cell["column"], cell["value"], "n", identity)
            font = read.font
            place = _PLACES.get(font.vertAlign or "", "")
            self._styles[identity] = (str(read.number_format or "General"), bool(font.strike), place)
        return self._styles[identity]


def _run(part: Any, struck: bool, place: Place) -> Run:
    """A part of a cell with several formats; without one of its own it has the cell's."""
    font = getattr(part, "font", None)
    if font is None:
        return Run(str(part), place, struck)
    return Run(part.text, _PLACES.get(font.vertAlign or "", ""), bool(font.strike))


def _plain(value: Any, code: str) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return format_number(value, code)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
        return shown_moment(value, code)
    return plain_ticks(one_line(str(value)))
