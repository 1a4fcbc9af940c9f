"""Tables in text files (CSV, TSV): delimiter, titles and header are found, the rows become a Markdown table."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from ingest.parsers.common import ParsedFile, TableWriter, receipt_of, require_text, title_of
from ingest.parsers.text.encodings import decode
from rag.errors import ParseError

MEDIA_TYPE = "text/csv"

_DELIMITERS = ",;\t|"
_ODD_DELIMITERS = "^~¦§#!*:"
_SAMPLE_CHARACTERS = 20_000
_LONGEST_CELL = 10_000_000
_MOST_TITLES = 20
_EVEN, _FEWEST_ROWS = 0.9, 2
_NUMBER = re.compile(r"[-+−]?[$€£]?[\d.,]*\d\s?[%€$£]?")
_PERIOD = re.compile(r"(?:19|20)\d\d(?:-\d\d){0,2}|Q[1-4]")
_DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


class CsvParser:
    """Reads comma and tab separated values."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The rows as one Markdown table, under the lines that stand over it; a long one goes on on further pages, of
        which `tables` knows the header."""
        text, notes = decode(data, filename)
        csv.field_size_limit(_LONGEST_CELL)  # the module's own limit is 128 KiB, less than some exported texts
        source = _Source.of(text.replace("\f", " "), filename)
        columns = source.width(filename)
        head = source.head()
        writer = TableWriter()
        for title in head.titles:
            writer.text(title)
        rows = itertools.islice(source.rows(), head.taken, None)
        writer.begin(_padded(head.names, columns))
        for row in rows:
            writer.add(_padded(row, columns))
        pages, tables = writer.pages()
        require_text(pages if columns else (), filename)
        receipt = receipt_of("csv", pages, notes, tables=1)
        return ParsedFile(title_of(filename), MEDIA_TYPE, pages, receipt, markdown=True, tables=tables)


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the rows: lines over the table, the names of its columns if it has any, and how many rows that
    takes."""

    titles: tuple[str, ...]
    names: tuple[str, ...]
    taken: int


@dataclass(frozen=True, slots=True)
class _Source:
    """The text of a table and how its cells are set apart."""

    text: str
    delimiter: str

    @classmethod
    def of(cls, text: str, filename: str) -> _Source:
        """The delimiter is the one that the first line declares (`sep=;`), else the one that cuts rows most evenly."""
        declared = _DECLARED.match(text)
        if declared:
            return cls(text[declared.end() :], declared[1])
        sample = text[:_SAMPLE_CHARACTERS]
        if len(text) > len(sample):  # without the row that it cuts
            sample = sample[: sample.rfind("\n") + 1] or sample
        return cls(text, _delimiter_of(sample, PurePath(filename).suffix.lower()))

    def width(self, filename: str) -> int:
        """How many cells the longest row has."""
        try:
            return max(map(len, self.rows()), default=0)
        except csv.Error as exc:
            raise ParseError(
                f"{filename}: the table is malformed ({exc}). Look for a quote that is never closed"
            ) from exc

    def rows(self) -> Iterator[list[str]]:
        """Rows that hold anything, cells without the space around them."""
        return (cells for cells in self._lines() if any(cells))

    def head(self) -> _Head:
        """Short rows over the first full one are titles; the first full row names the columns, unless it holds data."""
        lines = list(itertools.islice(self._lines(), 2 * _MOST_TITLES))
        widths = [len(cells) for cells in lines if any(cells)]
        common = _commonest(widths)
        titles: list[str] = []
        for place, cells in enumerate(lines):
            if not any(cells):
                continue
            apart = place + 1 < len(lines) and not any(lines[place + 1])
            if len(titles) == _MOST_TITLES or not self._is_title(cells, common, apart=apart):
                break
            titles.append(f"{self.delimiter} ".join(filter(None, cells)))
        full = [cells for cells in lines if any(cells)][len(titles) :]
        if not full:  # nothing but titles
            return _Head((), (), 0)
        named = _names_columns(full[0], full[1] if len(full) > 1 else [])
        return _Head(tuple(titles), tuple(full[0]) if named else (), len(titles) + named)

    @staticmethod
    def _is_title(cells: Sequence[str], common: int, *, apart: bool) -> bool:
        filled = sum(map(bool, cells))
        return bool(cells[0]) and (2 * filled <= common or (apart and filled < common))

    def _lines(self) -> Iterator[list[str]]:
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter, skipinitialspace=True)
        return ([cell.strip() for cell in row] for row in reader)


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
    rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
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
