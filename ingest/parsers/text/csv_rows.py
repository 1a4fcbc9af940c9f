"""Text with delimiters to rows of cells: a quote that opens a cell and is never closed joins no rows. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_FEWEST_CELLS = 3


@dataclass(frozen=True, slots=True)
class CsvText:
    """The text of a table, how its cells are set apart, and the lines, from 1, on which a quote opens and is never
    closed: these are rows as they stand, with the quote.
    """

    text: str
    delimiter: str
    unclosed: tuple[int, ...] = ()

    @classmethod
    def of(cls, text: str, delimiter: str) -> CsvText:
        """The text with its unclosed quotes found.

        A cell may have several lines. Where each of these has all cells of a row, its quote is taken for unclosed.

        Raises:
            csv.Error: a cell is longer than the csv module's limit.
        """
        return cls(text, delimiter, () if _is_sound(text, delimiter) else tuple(_unclosed(text, delimiter)))

    def rows(self) -> Iterator[list[str]]:
        """All rows, empty ones too, cells without the space around them.

        Raises:
            csv.Error: as `of`.
        """
        lines = io.StringIO(self.text, newline="")
        rows = _rows_of(list(lines), self.unclosed, self.delimiter) if self.unclosed else _reader(lines, self.delimiter)
        return ([cell.strip() for cell in row] for row in rows)


def _reader(lines: Iterable[str], delimiter: str, *, strict: bool = False) -> Any:
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=strict)


def _is_sound(text: str, delimiter: str) -> bool:
    """Whether each quote is closed where a cell ends, and no cell has lines that look like rows."""
    lines = list(io.StringIO(text, newline="")) if '"' in text else []
    reader = _reader(lines, delimiter, strict=True)
    before = 0
    try:
        for row in reader:
            if reader.line_num > before + 1 and _are_rows(lines[before : reader.line_num], len(row), delimiter):
                return False
            before = reader.line_num
    except csv.Error:
        return False
    return True


def _unclosed(text: str, delimiter: str) -> Iterator[int]:
    """The lines on which a quote opens that is not closed, from 1."""
    lines = list(io.StringIO(text, newline=""))
    at = 0
    while at < len(lines):
        taken = _length_of_record(lines, at, delimiter)
        if taken == 0:
            yield at + 1
        at += max(taken, 1)


def _length_of_record(lines: Sequence[str], at: int, delimiter: str) -> int:
    """How many lines the row has that begins on one; 0 where a quote in it is not closed.

    A row of one line may have anything behind a quote that closes.
    """
    reader = _reader((lines[number] for number in range(at, len(lines))), delimiter)
    row = next(reader)
    record = lines[at : at + reader.line_num]
    if len(record) == 1 and not _runs_on(record[0], delimiter):
        return 1
    closed = _is_closed(record, delimiter) and not _are_rows(record, len(row), delimiter)
    return len(record) if closed else 0


def _runs_on(line: str, delimiter: str) -> bool:
    """Whether a row takes a further line in."""
    reader = _reader([line, "\n"], delimiter)
    next(reader)
    return bool(reader.line_num > 1)


def _is_closed(record: Sequence[str], delimiter: str) -> bool:
    """Whether each quote that opens in a row is closed where a cell ends."""
    try:
        return len(list(_reader(record, delimiter, strict=True))) == 1
    except csv.Error:
        return False


def _are_rows(record: Sequence[str], cells: int, delimiter: str) -> bool:
    """Whether each line of a row has as many delimiters as stand between its cells; one before a space is text."""
    apart = re.compile(rf"{re.escape(delimiter)}(?! )")
    return len(record) > 1 and cells >= _FEWEST_CELLS and all(len(apart.findall(line)) == cells - 1 for line in record)


def _rows_of(lines: Sequence[str], unclosed: Sequence[int], delimiter: str) -> Iterator[list[str]]:
    """The rows between lines with unclosed quotes, and these."""
    start = 0
    for number in unclosed:
        yield from _reader(lines[start : number - 1], delimiter)
        yield from csv.reader([lines[number - 1]], delimiter=delimiter, quoting=csv.QUOTE_NONE)
        start = number
    yield from _reader(lines[start:], delimiter)
