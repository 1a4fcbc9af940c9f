"""Columns of prose that a file stores line by line across the page, put in reading order. Pure.

    1 The ferry to Norholm leaves | 2 The new lighthouse was       written 1 2 3 4 5 6, read 1 3 5 2 4 6:
    3 at six in the morning and   | 4 painted in May by a crew     both sides are prose
    5 returns at nine.            | 6 of eleven.

    1 Close the inlet valve.      | 2 There is danger of hot       in doubt: one side is prose, and the other may be a
    3 Lift the cover.             | 4 steam in the pipes and       list beside it or the first cells of rows. They stay
    5 Clean the filter.           | 6 of sharp edges.              rows, their sides set apart by a bar

    1 Payment                     | 2 thirty days                  cells of a table: left as they are
    3 Transport                   | 4 from the port

What stands beside a gutter is prose where lines fill their columns and go on from one to the next. Where gutters are is
told by `gutters`; columns of scanned pages are put in order where their words are: `ingest.parsers.ocr.text`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ingest.parsers.layout.cells import Span
from ingest.parsers.layout.gutters import PITCH, Row, narrow_runs, rows_of, sides_of, wide_runs
from ingest.parsers.layout.printed import Line, Print
from ingest.parsers.layout.tables import Grid, with_tables

_FEWEST_ACROSS, _FEWEST_LINES, _MOST_SWITCHES, _LINES_OF_A_BLOCK = 2, 3, 4, 3
_WORDS, _LETTERS, _FULL, _GOES_ON, _BLOCKS = 3, 0.6, 0.55, 0.3, 0.3
_NARROW_EM = 0.6
_DEEPEST = 4
_ENDS = (".", ":", "?", "!")
_STANDS_FOR_ROWS = "\ufffcrows "  # the character of Unicode for an object in a text


class Apart(NamedTuple):
    """The lines of a page in the order they are read. Where some may be columns or rows they are rows of `grids`, by
    the text of the line that stands for each; `doubtful` says that there are such lines."""

    lines: list[Line]
    doubtful: bool
    grids: dict[str, Grid]


def columns_apart(lines: Sequence[Line], depth: int = 0) -> Apart:
    """Columns one after the other, and rows in doubt with their sides set apart: no sentence runs across.

    Columns beside each other are told from the outside in: what stands on one side of a gutter may be columns again.
    """
    page = _Page(lines, depth)
    rows = rows_of(lines) if depth < _DEEPEST else []
    for run in narrow_runs(rows):
        width = run.gutter[1] - run.gutter[0]
        page.put(rows[run.start : run.end], run.gutter, doubt=width < _NARROW_EM * rows[run.start].size)
    rows = [row for row in rows if not page.taken.issuperset(number for number, _ in row.lines)]
    for run in wide_runs(rows):
        page.put(rows[run.start : run.end], run.gutter, doubt=True)
    return page.apart()


@dataclass(slots=True)
class _Page:
    """The lines of a page, and by the number of a line what is read in its place; `taken` lines are read elsewhere."""

    lines: Sequence[Line]
    depth: int
    taken: set[int] = field(default_factory=set)
    _moved: dict[int, list[Line]] = field(default_factory=dict)
    _grids: dict[str, Grid] = field(default_factory=dict)
    _doubtful: bool = False

    def put(self, rows: Sequence[Row], gutter: Span, *, doubt: bool) -> None:
        """Rows beside a gutter as columns, where they are; what may be columns as rows in `doubt`, if that is asked."""
        numbers = sorted(number for row in rows for number, _ in row.lines if number not in self.taken)
        across = [self.lines[number] for number in numbers]
        left, right = sides_of(across, gutter)
        if not _is_written_across(across, gutter):
            return
        if is_prose(left) and is_prose(right):
            self._columns(numbers, left, right)
        elif doubt and _may_be_columns(left, right):
            self._rows_in_doubt(numbers, across, gutter)

    def _columns(self, numbers: Sequence[int], *sides: Sequence[Line]) -> None:
        """One side after the other, each with its own columns apart."""
        columns = [columns_apart(side, self.depth + 1) for side in sides]
        self._doubtful = self._doubtful or any(side.doubtful for side in columns)
        self._moved[numbers[0]] = [line for side in columns for line in side.lines]
        for side in columns:
            self._grids.update(side.grids)
        self.taken.update(numbers)

    def _rows_in_doubt(self, numbers: Sequence[int], across: Sequence[Line], gutter: Span) -> None:
        """The lines as rows of two cells, unless they have the cells of a table."""
        self._doubtful = True
        if any(isinstance(item, Grid) for item in with_tables(across)):
            return
        text = f"{_STANDS_FOR_ROWS}{self.depth}.{numbers[0]}.{across[0].left:g}.{across[0].bottom:g}"
        self._grids[text] = Grid(tuple(_cells_beside(line, gutter) for line in across), 0)
        self._moved[numbers[0]] = [replace(across[0], text=text, words=(), cells=(), bold=False)]
        self.taken.update(numbers)

    def apart(self) -> Apart:
        """The page in the order it is read."""
        read: list[Line] = []
        for number, line in enumerate(self.lines):
            read.extend(self._moved.get(number, [] if number in self.taken else [line]))
        return Apart(read, self._doubtful, self._grids)


def _cells_beside(line: Line, gutter: Span) -> tuple[tuple[Print, ...], ...]:
    """The words of a line on either side of a gutter; those of a side without any are none."""
    left, right = sides_of([line], gutter)
    return tuple(side[0].words if side else () for side in (left, right))


def _is_written_across(lines: Sequence[Line], gutter: Span) -> bool:
    """Whether the lines come side by side, not one column after the other, or block by block."""
    cut = sum(line.words[0].left < gutter[0] and line.words[-1].left >= gutter[1] - 1 for line in lines)
    sides = [line.words[0].left < gutter[0] for line in lines]
    return cut >= _FEWEST_ACROSS or sum(a != b for a, b in pairwise(sides)) >= max(
        _MOST_SWITCHES, len(lines) / _LINES_OF_A_BLOCK
    )


def _may_be_columns(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether sentences stand side by side, those of one side as in a column; of two rows, each goes on on one side."""
    if min(len(left), len(right)) < _FEWEST_LINES:
        return (
            len(left) == len(right) == _FEWEST_ACROSS
            and _wordy(left)
            and _wordy(right)
            and any(side[1].text[:1].islower() and not side[0].text.endswith(_ENDS) for side in (left, right))
        )
    return _has_sentences(left) and _has_sentences(right) and (is_prose(left) or is_prose(right))


def _has_sentences(side: Sequence[Line]) -> bool:
    """Whether most lines of a column are words."""
    return len(side) >= _FEWEST_LINES and _wordy(side)


def _wordy(side: Sequence[Line]) -> bool:
    text = "".join(line.text for line in side)
    return median(len(line.words) for line in side) >= _WORDS and sum(map(str.isalpha, text)) >= _LETTERS * len(text)


def is_prose(side: Sequence[Line]) -> bool:
    """Whether the lines of a column fill it and go on from one to the next."""
    if not _has_sentences(side):
        return False
    width = max(line.right for line in side) - min(line.left for line in side)
    if median(line.right - line.left for line in side) < _FULL * width:
        return False
    pitches = [above.bottom - below.bottom for above, below in pairwise(side)]
    usual = sorted(pitches)[len(pitches) // 4]
    if sum(pitch > PITCH * usual for pitch in pitches) > _BLOCKS * len(side):
        return False  # each block stands beside one of the other side, as in a list of terms
    letters = [text[0] for text in (line.text for line in side[1:]) if text[0].isalpha()]
    cased = [letter for letter in letters if letter.isupper() or letter.islower()]
    return sum(map(str.islower, cased)) >= _GOES_ON * len(cased)
