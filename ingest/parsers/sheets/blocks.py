"""Rows of a sheet as paragraphs and tables, with merged cells repeated."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ingest.parsers.common import GridCell, TableWriter, count_of_heads, header_of, is_amount
from ingest.parsers.sheets.scan import Area

_MOST_REPEATED = 20_000  # characters that one cell may come to when it is repeated
_LABEL = 100  # characters that any row may repeat
_MOST_COLUMNS = 200
_TIME = re.compile(r"(?:19|20)\d\d|\d{4}-\d\d(?:-\d\d)?(?: \d\d:\d\d(?::\d\d)?)?|\d+:\d\d(?::\d\d)?")


@dataclass(frozen=True, slots=True)
class _Row:
    """The words of a row by column, those of merged cells in every column; `own` are the cells as they were written,
    with what they reach over."""

    words: Mapping[int, str]
    own: Mapping[int, GridCell] = field(default_factory=dict)


class SheetWriter:
    """Writes the rows of one sheet after the other: rows apart from an empty one are a table."""

    def __init__(self) -> None:
        self.writer = TableWriter()
        self.tables = 0
        self._columns: list[int] = []
        self._block: list[_Row] = []
        self._merges = _Merges(())

    def begin(self, title: str, merged: Sequence[Area]) -> None:
        """A new page for a sheet."""
        self.writer.start_page(label=title)
        self._columns, self._block, self._merges = [], [], _Merges(merged)

    def text(self, text: str) -> None:
        """A paragraph, after the rows so far."""
        self.end()
        self.writer.text(text)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """A table of its own, its first row the header."""
        self.end()
        self._columns = []
        self.tables += 1
        self.writer.begin(rows[0])
        for row in rows[1:]:
            self.writer.add(row)

    def add(self, number: int, cells: Mapping[int, str]) -> None:
        """A row by its number, from 1, with the words of its cells by column."""
        row = self._merges.filled(number, cells)
        if row.words:
            self._block.append(row)
        else:
            self.end()

    def end(self) -> None:
        """Write the rows since the last empty one: those of one cell as paragraphs, the others as a table."""
        block, self._block = self._block, []
        if not block:
            return
        columns = sorted({column for row in block for column in row.words})
        lines = list(itertools.takewhile(lambda row: len(row.words) == 1, block))
        apart = _side_by_side(block[len(lines) :], columns)
        if len(apart) > 1:
            for row in lines:
                self.writer.text(next(iter(row.words.values())))
            for group in apart:
                self._write(_part_of(block[len(lines) :], group), group)
        else:
            self._write(block, columns)

    def _write(self, block: list[_Row], columns: list[int]) -> None:
        if self._columns and set(columns) <= set(self._columns) and not _names(block):
            rows, columns = block, self._columns  # the table before goes on after an empty row
        else:
            rows = self._begun(block, columns)
        for row in rows:
            self.writer.add([row.words.get(column, "") for column in columns])

    def _begun(self, block: list[_Row], columns: Sequence[int]) -> list[_Row]:
        """The rows of a new table, after its header and the lines above it are written."""
        rows = block
        while rows and (len(columns) == 1 or (len(rows[0].words) == 1 and len(rows) > 1)):
            self.writer.text(next(iter(rows[0].words.values())))
            rows = rows[1:]
        self._columns = list(columns) if rows else []
        if not rows:
            return []
        self.tables += 1
        heads = max(1, count_of_heads([list(row.own.values()) for row in rows])) if _names(rows) else 0
        shown = [[row.words.get(column, "") for column in columns] for row in rows[:heads]]
        self.writer.begin(header_of(shown) if shown else [""] * len(columns))
        return rows[heads:]


def _side_by_side(block: Sequence[_Row], columns: Sequence[int]) -> list[list[int]]:
    """The columns of tables that stand beside each other: apart by an empty column, and each with names of its own.

    Otherwise all columns: an empty one may be there for looks alone.
    """
    groups: list[list[int]] = []
    for column in columns:
        if groups and column == groups[-1][-1] + 1:
            groups[-1].append(column)
        else:
            groups.append([column])
    named = (
        bool(block) and _names(block) and all(len(group) > 1 and set(group) <= set(block[0].words) for group in groups)
    )
    return groups if named else [list(columns)]


def _part_of(block: Sequence[_Row], columns: Sequence[int]) -> list[_Row]:
    """The rows that have something in these columns, cut to them."""
    cut = (
        _Row(
            {column: text for column, text in row.words.items() if column in columns},
            {column: cell for column, cell in row.own.items() if column in columns},
        )
        for row in block
    )
    return [row for row in cut if row.words]


def _names(rows: Sequence[_Row]) -> bool:
    """Whether the first of these rows can be a header: no cell of it is an amount, and what is below its dates and
    years is of another kind."""
    below = rows[1].words if len(rows) > 1 else {}
    return not any(
        is_amount(text) or (_is_time(text) and (not below.get(column) or _is_time(below[column])))
        for column, text in rows[0].words.items()
    )


def _is_time(text: str) -> bool:
    return _TIME.fullmatch(text) is not None


class _Merges:
    """The merged cells of a sheet, met row by row."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._waiting = list(reversed(areas))
        self._open: list[tuple[Area, str]] = []

    def filled(self, number: int, cells: Mapping[int, str]) -> _Row:
        """A row in which merged cells stand in every column that they cover.

        A merged cell that has a row to itself is written once; rows that merged cells reach into, and that have
        nothing else, stay empty.
        """
        self._open = [(area, text) for area, text in self._open if area.last_row >= number]
        words = dict(cells)
        while self._waiting and self._waiting[-1].first_row <= number:
            area = self._waiting.pop()
            if area.last_row >= number:
                self._open.append((area, words.get(area.first_column, "") if area.first_row == number else ""))
        own = {column: GridCell(text) for column, text in cells.items()}
        for area, text in self._open:
            columns = range(area.first_column, min(area.last_column, area.first_column + _MOST_COLUMNS - 1) + 1)
            repeated = len(text) * len(columns) * (area.last_row - area.first_row + 1)
            again = text if len(text) <= _LABEL or repeated <= _MOST_REPEATED else ""
            for column in columns:
                own.pop(column, None)
                words.pop(column, None)
                if again:
                    words[column] = again
            if text and area.first_row == number:
                words[area.first_column] = text
                own[area.first_column] = GridCell(text, len(columns), area.last_row - area.first_row + 1)
        from_above = any(text and area.first_row < number for area, text in self._open)
        if not own or (len(own) == 1 and not from_above):
            return _Row({column: cell.text for column, cell in own.items()}, own)
        return _Row(dict(sorted(words.items())), dict(sorted(own.items())))
