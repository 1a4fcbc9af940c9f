"""Spreadsheets (.ods): each sheet becomes a page of Markdown tables, by what its cells show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ingest.parsers.common import ParsedFile, one_line, quoted, receipt_of, require_text, shortened, title_of
from ingest.parsers.ooxml import Element, Run, attribute, descendants, full, plain_ticks, short, written
from ingest.parsers.opendocument.document import OpenDocument, comment_of, open_document
from ingest.parsers.opendocument.forms import Forms
from ingest.parsers.opendocument.styles import Styles, running_parts
from ingest.parsers.sheets import Area, SheetWriter, letters_of
from rag.errors import ParseError

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"

_MOST_CHARACTERS, _MOST_REPEATED = 100_000_000, 10_000
_CELLS_NAMED = 5
_GROUPS = ("table:table-rows", "table:table-header-rows", "table:table-row-group", "table:table-columns",
           "table:table-header-columns", "table:table-column-group")  # fmt: skip
_HIDDEN = ("collapse", "filter")
_MIDNIGHT = "T00:00:00"


class OdsParser:
    """Reads spreadsheets of LibreOffice and others (.ods, .ots, .fods)."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """Each sheet as a page under its name: rows apart from an empty row are a table, values as they are shown,
        dates as 2026-03-01, then what lies over the cells and comments. What is hidden is read, and noted."""
        document = open_document(data, filename)
        book = _Book(document)
        try:
            for sheet in document.body.iterchildren():
                if short(sheet) == "table:table":
                    book.read(sheet)
        except (ValueError, RecursionError) as exc:
            raise ParseError(f"{filename}: the spreadsheet is damaged ({exc}). Open and save it again") from exc
        pages, tables = book.out.writer.pages()
        require_text(pages if book.words else (), filename, book.skipped)
        notes = [*document.notes, *book.notes]
        receipt = receipt_of("lxml", pages, notes, tables=book.out.tables, skipped=book.skipped)
        title = document.title or title_of(filename)
        return ParsedFile(title, MEDIA_TYPE, pages, receipt, markdown=True, tables=tables)


@dataclass(slots=True)
class _Sheet:
    """What was seen of a sheet beside the values of its cells."""

    comments: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    uncalculated: list[str] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    hidden_rows: int = 0


class _Book:
    """Sheets read so far."""

    def __init__(self, document: OpenDocument) -> None:
        self.out = SheetWriter()
        self.words = False
        self.notes: list[str] = []
        self.skipped: list[str] = []
        self._document = document
        self._styles = Styles(document.roots)
        self._forms = Forms.of(document.body)
        self._headers = [one_line(" ".join(part.itertext())) for part in running_parts(self._styles)]
        self._characters = 0

    def read(self, table: Element) -> None:
        """Write a sheet as a page."""
        name, seen = attribute(table, "table:name"), _Sheet()
        self.out.begin(name, list(_merged(table)))
        self.out.text(f"# {one_line(name)}")
        for text in self._headers:
            self.out.text(text)
        self._headers = []  # every sheet has the same
        columns = self._rows(table, seen)
        for shapes in table.iterchildren():
            if short(shapes) in ("table:shapes", "office:forms"):
                self._over(shapes, seen)
        for text in (*seen.texts, *seen.comments):
            self.words = True
            self.out.text(text)
        self._note(f"sheet {name}", table, seen, columns)

    def _rows(self, table: Element, seen: _Sheet) -> int:
        """Write the rows; how many columns are used."""
        number = columns = 0
        for row in _inner(table, "table:table-row"):
            times = _times(row, "table:number-rows-repeated")
            cells = self._cells(row, number + 1, seen)
            self.words |= bool(cells)
            columns = max(columns, *cells) if cells else columns
            seen.hidden_rows += bool(cells) and attribute(row, "table:visibility") in _HIDDEN
            if not cells:
                self.out.end()
            for offset in range(min(times, _MOST_REPEATED) if cells else 0):
                self.out.add(number + 1 + offset, cells)
                self._characters += sum(map(len, cells.values()))
            if cells and times > _MOST_REPEATED:
                seen.unread[f"repeated row(s) like row {number + 1}"] += times - _MOST_REPEATED
            number += times
            if self._characters > _MOST_CHARACTERS:
                self.skipped.append(
                    f"sheet {attribute(table, 'table:name')}: rows after {number}, it holds too much text"
                )
                break
        self.out.end()
        return columns

    def _cells(self, row: Element, number: int, seen: _Sheet) -> dict[int, str]:
        """The words of the cells of a row, by column."""
        cells: dict[int, str] = {}
        column = 1
        for cell in row.iterchildren():
            if short(cell) not in ("table:table-cell", "table:covered-table-cell"):
                continue
            times = _times(cell, "table:number-columns-repeated")
            text = self._cell(cell, f"{letters_of(column)}{number}", seen) if short(cell) == "table:table-cell" else ""
            if text:
                cells.update(dict.fromkeys(range(column, column + min(times, _MOST_REPEATED)), text))
            column += times
        return cells

    def _cell(self, cell: Element, reference: str, seen: _Sheet) -> str:
        self._over(cell, seen)
        for annotation in cell.findall(full("office:annotation")):
            if comment := comment_of(annotation):
                seen.comments.append(comment.replace("Comment", f"Comment on {reference}", 1))
        kind = attribute(cell, "office:value-type")
        if attribute(cell, "table:formula") and not (kind and (_value(cell) or len(cell))):
            seen.uncalculated.append(reference)
            return ""
        style = attribute(cell, "table:style-name")
        lines = [self._line(part, style, seen) for part in cell.iterchildren() if short(part) == "text:p"]
        shown = plain_ticks(" ".join(filter(None, lines)))
        if shown.startswith(("#", "Err:")) and attribute(cell, "table:formula"):
            seen.errors[shown] += 1
        return _moment(cell) or shown or _value(cell)

    def _line(self, paragraph: Element, cell_style: str, seen: _Sheet) -> str:
        struck = self._styles.is_struck("table-cell", cell_style)
        place = self._styles.place("table-cell", cell_style)
        text, passages = written(list(self._runs(paragraph, Run("", place, struck))))
        seen.struck.extend(passages)
        return one_line(text)

    def _runs(self, element: Element, like: Run) -> Iterator[Run]:
        """The words of a paragraph, each with the looks of the nearest part that says some."""
        yield Run(element.text or "", like.place, like.struck)
        for part in element.iterchildren():
            name = short(part)
            if name in ("text:s", "text:line-break", "text:tab"):
                yield Run(" ", like.place, like.struck)
            elif name != "office:annotation":
                style = attribute(part, "text:style-name")
                place = self._styles.place("text", style) or like.place
                yield from self._runs(part, Run("", place, like.struck or self._styles.is_struck("text", style)))
            yield Run(part.tail or "", like.place, like.struck)

    def _over(self, parent: Element, seen: _Sheet) -> None:
        """What lies over the cells: boxes to be ticked, text boxes, titles of charts, pictures."""
        for shape in parent.iterchildren():
            if short(shape) == "draw:control":
                if told := self._forms.told(attribute(shape, "draw:control"), seen.unread):
                    seen.texts.append(told)
            elif short(shape).startswith("draw:"):
                self._shape(shape, seen)

    def _shape(self, shape: Element, seen: _Sheet) -> None:
        found = next((self._document.object_of(one) for one in descendants(shape, "draw:object")), None)
        titles = descendants(found, "chart:title") if found is not None else []
        words = [one_line("".join(part.itertext())) for part in descendants(shape, "text:p")]
        described = [one_line(one.text or "") for one in descendants(shape, "svg:desc", "svg:title")]
        if found is not None:
            seen.texts.extend(f"Chart: {text}" for title in titles if (text := one_line(" ".join(title.itertext()))))
        elif any(words) or any(described):
            seen.texts.extend(filter(None, words or described))
        elif descendants(shape, "draw:image"):
            seen.unread["picture(s)"] += 1

    def _note(self, name: str, table: Element, seen: _Sheet, columns: int) -> None:
        """What there is to say of a sheet."""
        if (
            self._styles.says("table", attribute(table, "table:style-name"), "style:table-properties", "table:display")
            == "false"
        ):
            self.notes.append(f"{name} is hidden")
        hidden = " and ".join(
            filter(None, (f"{seen.hidden_rows} row(s)" if seen.hidden_rows else "", _hidden_columns(table, columns)))
        )
        if hidden:
            self.notes.append(f"{name}: hidden {hidden}, read too")
        if seen.errors:
            counts = ", ".join(f"{error} {count} time(s)" for error, count in seen.errors.items())
            self.notes.append(f"{name}: cells show errors ({counts})")
        if seen.struck:
            self.skipped.append(f"{name}: {len(seen.struck)} struck passage(s): {quoted(seen.struck)}")
        if seen.uncalculated:
            cells = ", ".join(shortened(seen.uncalculated, _CELLS_NAMED))
            self.skipped.append(
                f"{name}: {len(seen.uncalculated)} formula(s) without a stored value ({cells}); "
                "open the file in LibreOffice and save it"
            )
        self.skipped.extend(f"{name}: {count} {what}" for what, count in seen.unread.items() if count)


def _inner(table: Element, name: str) -> Iterator[Element]:
    """The rows or columns of a sheet, those in groups too."""
    for element in table.iterchildren():
        if short(element) == name:
            yield element
        elif short(element) in _GROUPS:
            yield from _inner(element, name)


def _times(element: Element, name: str) -> int:
    return max(1, int(attribute(element, name, "1")))


def _merged(table: Element) -> Iterator[Area]:
    """The cells that reach over others, in their order."""
    number = 1
    for row in _inner(table, "table:table-row"):
        column = 1
        for cell in row.iterchildren():
            if short(cell) not in ("table:table-cell", "table:covered-table-cell"):
                continue
            wide, high = _times(cell, "table:number-columns-spanned"), _times(cell, "table:number-rows-spanned")
            if wide > 1 or high > 1:
                yield Area(number, column, number + high - 1, column + wide - 1)
            column += _times(cell, "table:number-columns-repeated")
        number += _times(row, "table:number-rows-repeated")


def _hidden_columns(table: Element, used: int) -> str:
    names, column = [], 1
    for element in _inner(table, "table:table-column"):
        times = _times(element, "table:number-columns-repeated")
        if attribute(element, "table:visibility") in _HIDDEN and column <= used:
            last = min(column + times - 1, used)
            names.append(letters_of(column) if last == column else f"{letters_of(column)} to {letters_of(last)}")
        column += times
    return f"column(s) {', '.join(names)}" if names else ""


def _value(cell: Element) -> str:
    """The stored value of a cell that shows no words."""
    stored: Mapping[str, str] = {
        "boolean": attribute(cell, "office:boolean-value").upper(),
        "string": attribute(cell, "office:string-value"),
        "time": attribute(cell, "office:time-value"),
    }
    kind = attribute(cell, "office:value-type")
    return stored.get(kind, attribute(cell, "office:value") or attribute(cell, "office:date-value"))


def _moment(cell: Element) -> str:
    """A date in the order 2026-03-01, with its time where it has one."""
    moment = attribute(cell, "office:date-value") if attribute(cell, "office:value-type") == "date" else ""
    return moment.removesuffix(_MIDNIGHT).replace("T", " ")
