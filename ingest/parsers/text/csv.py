"""Tables in text files (CSV, TSV): delimiter, titles and headers are detected, rows become Markdown tables."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from ingest.parsers.common import ParsedFile, TableWriter, receipt_of, require_text, shortened, title_of
from ingest.parsers.text.aligned import drawn_table
from ingest.parsers.text.csv_rows import CsvText
from ingest.parsers.text.encodings import decode
from rag.errors import ParseError

MEDIA_TYPE = "text/csv"

_DELIMITERS = ",;\t|"
_ODD_DELIMITERS = "$^~¦§#!*:"
_SAMPLE_CHARACTERS = 20_000
_LONGEST_CELL = 10_000_000
_MOST_TITLES, _MOST_LINES = 20, 20
_EVEN, _FEWEST_ROWS = 0.9, 2
_NUMBER = re.compile(r"[-+−]?[$€£]?[\d.,]*\d\s?[%€$£]?")
_PERIOD = re.compile(r"(?:19|20)\d\d(?:-\d\d){0,2}|Q[1-4]")
_DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


class CsvParser:
    """Reads comma and tab separated values."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The rows as Markdown tables, each under the lines that stand over it; a long one goes on on further pages, of
        which `tables` knows the header. After an empty line a new header begins a new table."""
        text, notes = decode(data, filename)
        csv.field_size_limit(_LONGEST_CELL)  # the module's own limit is 128 KiB, less than some exported texts
        text = text.replace("\f", " ")
        drawn = None if _is_cut(text) else drawn_table(text, loose=True)
        source = _Source.of(drawn.text if drawn else text, filename)
        blocks = source.blocks()
        notes = (*notes, *source.notes())
        writer, rows = TableWriter(), source.rows()
        for block in blocks:
            for title in block.head.titles:
                writer.text(title)
            writer.begin(_padded(block.head.names, block.width))
            for row in itertools.islice(rows, block.head.taken, block.rows):
                writer.add(_padded(row, block.width))
        for line in drawn.below if drawn else ():
            writer.text(line)
        pages, tables = writer.pages()
        require_text(pages if any(block.width for block in blocks) else (), filename)
        receipt = receipt_of("csv", pages, notes, tables=len(blocks))
        return ParsedFile(title_of(filename), MEDIA_TYPE, pages, receipt, markdown=True, tables=tables)


def _is_cut(text: str) -> bool:
    """Whether a usual delimiter cuts the rows, other than a bar that a drawn table has as well."""
    sample = text[:_SAMPLE_CHARACTERS]
    return any(_evenness(sample, delimiter)[0] > 1 / 2 for delimiter in _DELIMITERS if delimiter != "|")


def looks_like_table(text: str) -> bool:
    """Whether a text of unknown kind is a table: a line that names the columns, and as many cells in each below.

    Commas and bars are in sentences and logs too: after one of these no cell begins with a space.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    if len(text) > len(sample):  # without the line that it cuts
        sample = sample[: sample.rfind("\n") + 1]
    if drawn_table(sample) is not None:
        return True
    return any(_is_table_of(sample, delimiter) for delimiter in _DELIMITERS)


def _is_table_of(sample: str, delimiter: str) -> bool:
    if delimiter not in sample or f"{delimiter} " in sample:
        return False
    rows = [cells for cells in csv.reader(sample.splitlines(), delimiter=delimiter) if any(cells)]
    common = _commonest([len(cells) for cells in rows])
    table = list(itertools.dropwhile(lambda cells: len(cells) != common, rows))
    even = len(table) > _FEWEST_ROWS and common > 1 and all(len(cells) == common for cells in table)
    return even and len(rows) - len(table) <= _FEWEST_ROWS and all(table[0]) and _is_table(table[:_MOST_TITLES])


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the rows: lines over the table, the names of its columns if it has any, and how many rows that
    takes."""

    titles: tuple[str, ...]
    names: tuple[str, ...]
    taken: int


@dataclass(frozen=True, slots=True)
class _Block:
    """A table: its head, how many rows it has with that, and how many cells the longest of them has."""

    head: _Head
    rows: int
    width: int


@dataclass(slots=True)
class _Run:
    """Rows between empty lines: the first of them, how many there are, and the number of cells of the longest."""

    first: list[list[str]]
    rows: int = 0
    width: int = 0

    def add(self, cells: list[str]) -> None:
        if len(self.first) < _MOST_TITLES:
            self.first.append(cells)
        self.rows += 1
        self.width = max(self.width, len(cells))


@dataclass(frozen=True, slots=True)
class _Source:
    """The rows of a file; `first_line` is where they begin in it."""

    rows_of: CsvText
    first_line: int = 1

    @classmethod
    def of(cls, text: str, filename: str) -> _Source:
        """The delimiter is the one that the first line declares (`sep=;`), else the one that cuts rows most evenly.

        Raises:
            ParseError: a cell is too long to be one.
        """
        declared = _DECLARED.match(text)
        try:
            if declared:
                return cls(CsvText.of(text[declared.end() :], declared[1]), first_line=2)
            sample = text[:_SAMPLE_CHARACTERS]
            if len(text) > len(sample):  # without the row that it cuts
                sample = sample[: sample.rfind("\n") + 1] or sample
            return cls(CsvText.of(text, _delimiter_of(sample, PurePath(filename).suffix.lower())))
        except csv.Error as exc:
            raise ParseError(
                f"{filename}: the table is malformed ({exc}). Look for a quote that is never closed"
            ) from exc

    def notes(self) -> Iterator[str]:
        """The lines on which a quote is never closed."""
        lines = [str(line + self.first_line - 1) for line in self.rows_of.unclosed]
        if lines:
            shown = ", ".join(shortened(lines, _MOST_LINES))
            named = f"line {shown}" if len(lines) == 1 else f"lines {shown}"
            yield f"{named}: a quote opens a cell and is not closed in its row; read as it stands, row by row"

    def blocks(self) -> list[_Block]:
        """The tables one after another; a file without rows is one empty table."""
        runs = list(self._runs())
        heads = [self.head(runs[0].first if runs and _is_table(runs[0].first) else None)]
        found = [_Run([])]
        for place, run in enumerate(runs):
            if found[-1].rows > heads[-1].taken:
                over, table = _titles_over(run, runs[place + 1] if place + 1 < len(runs) else None)
                if _is_headed(table, found[-1], titled=bool(over)):
                    titles = tuple(f"{self.rows_of.delimiter} ".join(filter(None, cells)) for cells in over)
                    heads.append(_Head(titles, tuple(table[0]), len(over) + 1))
                    found.append(_Run([]))
            found[-1].first = found[-1].first or run.first
            found[-1].rows += run.rows
            found[-1].width = max(found[-1].width, run.width)
        return [_Block(head, run.rows, run.width) for head, run in zip(heads, found, strict=True)]

    def _runs(self) -> Iterator[_Run]:
        for is_filled, lines in itertools.groupby(self.rows_of.rows(), any):
            if is_filled:
                run = _Run([])
                for cells in lines:
                    run.add(cells)
                yield run

    def rows(self) -> Iterator[list[str]]:
        """Rows that hold anything, cells without the space around them."""
        return (cells for cells in self.rows_of.rows() if any(cells))

    def head(self, lines: Sequence[list[str]] | None = None) -> _Head:
        """Short rows over the first full one are titles; the first full row names the columns, unless it holds data.

        Looked for in these lines, else in the first of the file.
        """
        lines = lines or list(itertools.islice(self.rows_of.rows(), 2 * _MOST_TITLES))
        widths = [len(cells) for cells in lines if any(cells)]
        common = _commonest(widths)
        titles: list[str] = []
        for place, cells in enumerate(lines):
            if not any(cells):
                continue
            apart = place + 1 < len(lines) and not any(lines[place + 1])
            if len(titles) == _MOST_TITLES or not self._is_title(cells, common, apart=apart):
                break
            titles.append(f"{self.rows_of.delimiter} ".join(filter(None, cells)))
        full = [cells for cells in lines if any(cells)][len(titles) :]
        if not full:  # nothing but titles
            return _Head((), (), 0)
        named = _names_columns(full[0], full[1] if len(full) > 1 else [])
        return _Head(tuple(titles), tuple(full[0]) if named else (), len(titles) + named)

    @staticmethod
    def _is_title(cells: Sequence[str], common: int, *, apart: bool) -> bool:
        filled = sum(map(bool, cells))
        return bool(cells[0]) and (2 * filled <= common or (apart and filled < common))


def _titles_over(run: _Run, after: _Run | None) -> tuple[list[list[str]], list[list[str]]]:
    """The single cells with which a run begins, and what comes then: in it, or after it where it holds nothing else."""
    over = list(itertools.takewhile(lambda cells: sum(map(bool, cells)) == 1, run.first))
    if len(over) < run.rows:
        return over, run.first[len(over) :]
    return over, after.first if after is not None else []


def _is_headed(rows: Sequence[Sequence[str]], before: _Run, *, titled: bool) -> bool:
    """Whether rows after an empty line are a table of their own: their first names columns that have cells below.

    A name for each cell below; and a title over them, the header of the table before again, more columns than it has,
    or a number below a name.
    """
    if len(rows) < _FEWEST_ROWS or not _names_columns(rows[0], rows[1]):
        return False
    names, *below = rows
    named = sum(map(bool, names))
    over_all = all(at < len(names) and names[at] for cells in below for at, cell in enumerate(cells) if cell)
    if named < _FEWEST_ROWS or not over_all:
        return False
    again = any(names == cells for cells in before.first)
    wider = named > max(sum(map(bool, cells)) for cells in before.first)
    numbered = any(_NUMBER.fullmatch(cell) and not _NUMBER.fullmatch(names[at]) for at, cell in enumerate(below[0]))
    return titled or again or wider or numbered


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first rows of a file are a whole table: as many cells in each, named, and a column of numbers."""
    filled = {sum(map(bool, cells)) for cells in rows}
    if len(rows) <= _FEWEST_ROWS or len(filled) > 1 or filled == {1} or not _names_columns(rows[0], rows[1]):
        return False
    columns = itertools.zip_longest(*rows[1:], fillvalue="")
    return any(all(_NUMBER.fullmatch(cell) for cell in column) for column in columns)


def _names_columns(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether a row holds names: no amounts, and no years and days where the row below holds some too."""
    below = itertools.chain(second, itertools.repeat(""))
    return not any(
        (_NUMBER.fullmatch(cell) and not _PERIOD.fullmatch(cell))
        or (_PERIOD.fullmatch(cell) and _PERIOD.fullmatch(under))
        for cell, under in zip(first, below, strict=False)
    )


def _delimiter_of(sample: str, extension: str) -> str:
    """The delimiter that cuts the most rows into equally many cells; the extension's own when none does. Characters
    that words hold as well are asked only where the usual ones cut nothing."""
    usual = "\t" if extension in (".tsv", ".tab") else ","
    scores = {delimiter: (*_evenness(sample, delimiter), delimiter == usual) for delimiter in _DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    if scores[best][0] > 1 / 2:
        return best
    odd = {delimiter: _evenness(sample, delimiter) for delimiter in _ODD_DELIMITERS if _may_delimit(sample, delimiter)}
    likeliest = max(odd, key=lambda delimiter: odd[delimiter], default=usual)
    if odd and odd[likeliest][0] >= _EVEN:
        return likeliest
    return best if scores[best][0] else usual


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    """The share of rows with the commonest number of cells, less where other delimiters are left in them, and that
    number; no share when it is one."""
    rows = [row for row in CsvText.of(sample, delimiter).rows() if row]
    widths = [len(row) for row in rows]
    common = _commonest(widths)
    if common <= 1:
        return 0.0, 1
    cells = [cell for row in rows for cell in row]
    others = re.compile(rf"\S[{''.join(other for other in _DELIMITERS if other not in (delimiter, ','))}]\S")
    clean = sum(others.search(cell) is None for cell in cells) / len(cells)
    return widths.count(common) / len(rows) * clean, common


def _commonest(widths: Sequence[int]) -> int:
    """The number of cells that most rows have; lines of one cell may stand over a table of two rows and more."""
    wide = [width for width in widths if width > 1]
    counted = wide if len(wide) >= _FEWEST_ROWS else widths
    return max(set(counted), key=lambda width: (counted.count(width), width), default=1)


def _may_delimit(sample: str, delimiter: str) -> bool:
    """Whether an odd delimiter stands between names in the first row, and in a row below."""
    lines = [line for line in sample.split("\n") if line.strip()]
    first = lines[0].split(delimiter) if lines else []
    names = len(first) > 1 and all(cell.strip() and not _NUMBER.fullmatch(cell.strip()) for cell in first)
    return names and len(lines) >= _FEWEST_ROWS


def _padded(row: Sequence[str], columns: int) -> list[str]:
    return [*row, *[""] * (columns - len(row))]
