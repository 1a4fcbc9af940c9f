"""Tables with merged cells as grids in which every position has its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_COLUMNS, MOST_ROWS = 200, 1000
_NUMBER = re.compile(r"[-+−$€£]?[\d.,]*\d\s?[%€$£]?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_REPEATED = 20_000  # characters that one cell may come to when it is repeated


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as it is written once: its words, and over how many columns and rows it reaches."""

    text: str
    columns: int = 1
    rows: int = 1


def grid_of(rows: Sequence[Sequence[GridCell]]) -> list[list[str]]:
    """Rows of equal length in which a cell that reaches over several columns or rows stands in all of them.

    A cell over the whole width is a title of what follows: it is written once. Rows without a cell of their own are
    left out.
    """
    grid: list[list[str]] = []
    reaching: dict[int, tuple[str, int]] = {}  # words, and rows that they still reach, by column
    for cells in rows:
        if not cells and not reaching:
            continue
        row, below = _row(cells, reaching)
        if cells:
            grid.append(row)
        reaching = below
    width = max(map(len, grid), default=0)
    return [_once(row, cells, width) for row, cells in zip(grid, filter(None, rows), strict=True)]


def header_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """The names of the columns under several rows of headings: `2024` over `Q1` is `2024 Q1`."""
    columns = zip(*rows, strict=True)
    return [" ".join(dict.fromkeys(part for part in column if part)) for column in columns]


def _row(
    cells: Sequence[GridCell], reaching: dict[int, tuple[str, int]]
) -> tuple[list[str], dict[int, tuple[str, int]]]:
    """The words of a row, and what of it and of those above reaches further down."""
    row: list[str] = []
    below = {column: (text, rows - 1) for column, (text, rows) in reaching.items() if rows > 1}
    waiting = list(reversed(cells))
    while waiting or len(row) in reaching:
        if len(row) in reaching:
            row.append(reaching[len(row)][0])
            continue
        cell = waiting.pop()
        columns, rows = min(cell.columns, MOST_COLUMNS), min(cell.rows, MOST_ROWS)
        again = cell.text if len(cell.text) * columns * rows <= _MOST_REPEATED else ""
        for column in range(columns):
            if rows > 1:
                below[len(row)] = (again, rows - 1)
            row.append(again if column else cell.text)
    return row, below


def _once(row: list[str], cells: Sequence[GridCell], width: int) -> list[str]:
    if len(cells) == 1 and width > 1 and min(cells[0].columns, MOST_COLUMNS) >= width:
        return [cells[0].text, *[""] * (width - 1)]
    return [*row, *[""] * (width - len(row))]


def count_of_heads(rows: Sequence[Sequence[GridCell]]) -> int:
    """How many of the first rows name the columns, told by how their cells reach: over rows, down to the last one that
    a cell of the first row reaches; over columns, to the row below. A row that holds an amount names none."""
    if not rows or any(is_amount(cell.text) for cell in rows[0]):
        return 0
    depth = max((cell.rows for cell in rows[0]), default=1)
    if depth == 1 and any(cell.columns > 1 for cell in rows[0]):
        depth += 1
    heads = 1
    while heads < min(depth, len(rows) - 1) and not any(is_amount(cell.text) for cell in rows[heads]):
        heads += 1
    return heads


def is_amount(text: str) -> bool:
    """Whether a cell holds a number that is not a year."""
    return _NUMBER.fullmatch(text) is not None and _YEAR.fullmatch(text) is None
