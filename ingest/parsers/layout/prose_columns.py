"""Columns of prose that a program wrote line by line across the page, put one after the other. Pure.

A gutter is a strip without words that rows below each other have in common. What stands beside it is prose where lines
fill their columns and go on from one to the next; rows of tables, whose cells are short, stay as they are. Columns of
scanned pages are put in order where their words are: `ingest.parsers.ocr.text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from statistics import median
from typing import NamedTuple

from ingest.parsers.layout.cells import Span
from ingest.parsers.layout.printed import Line, Print
from ingest.parsers.layout.tables import Grid, with_tables

_OVERLAPPING = 0.8  # of the size of the smaller letters
_SAME_ROW, _BESIDE, _FAR_ROW = 0.4, 1.2, 5.0  # distances of rows, in sizes of their letters
_GUTTER_EM, _LEAST_GUTTER_EM = 1.0, 0.6
_FEWEST_ACROSS, _FEWEST_LINES, _MOST_SWITCHES = 2, 3, 4
_WORDS, _LETTERS, _FULL, _GOES_ON, _BLOCKS = 3, 0.6, 0.55, 0.3, 0.3
_A_WORD = re.compile(r"[^\W\d_]{2}")
_LARGER = 1.1
_PITCH = 1.6
_DEEPEST = 4
_ENDS = (".", ":", "?", "!")
_STANDS_FOR_ROWS = "\ufffcrows "  # the character of Unicode for an object in a text


@dataclass(frozen=True, slots=True)
class _Row:
    """Lines on one height, each with its number in the order of the content."""

    lines: tuple[tuple[int, Line], ...]

    @property
    def bottom(self) -> float:
        return self.lines[0][1].bottom

    @property
    def size(self) -> float:
        return self.lines[0][1].size

    def free(self) -> list[Span]:
        """The strips without words, with those at both ends."""
        words = sorted((word.left, word.right) for _, line in self.lines for word in line.words)
        edges = [(-inf, words[0][0])]
        right = words[0][1]
        for start, end in words[1:]:
            edges.append((right, start))
            right = max(right, end)
        return [*edges, (right, inf)]


class Apart(NamedTuple):
    """The lines of a page in the order they are read. Where some may be columns or rows they are rows of `grids`, by
    the text of the line that stands for each; `doubtful` says that there are such lines."""

    lines: list[Line]
    doubtful: bool
    grids: dict[str, Grid]


def columns_apart(lines: Sequence[Line], depth: int = 0) -> Apart:
    """Columns one after the other, and rows in doubt with their sides set apart: no sentence runs across."""
    taken: set[int] = set()
    moved: dict[int, list[Line]] = {}
    grids: dict[str, Grid] = {}
    doubtful = False
    for run, gutter in _runs(_rows(lines)) if depth < _DEEPEST else ():
        numbers = sorted(number for row in run for number, _ in row.lines if number not in taken)
        across = [lines[number] for number in numbers]
        left, right = _sides(across, gutter)
        if not _is_written_across(across, gutter):
            continue
        if _is_prose(left) and _is_prose(right):
            columns = [columns_apart(side, depth + 1) for side in (left, right)]
            doubtful = doubtful or any(side.doubtful for side in columns)
            moved[numbers[0]] = [line for side in columns for line in side.lines]
            for side in columns:
                grids.update(side.grids)
            taken.update(numbers)
        elif _may_be_columns(left, right):
            doubtful = True
            if not any(isinstance(item, Grid) for item in with_tables(across)):
                text = f"{_STANDS_FOR_ROWS}{depth}.{numbers[0]}.{across[0].left:g}.{across[0].bottom:g}"
                grids[text] = Grid(tuple(_sides_of(line, gutter) for line in across), 0)
                moved[numbers[0]] = [replace(across[0], text=text, words=(), cells=(), bold=False)]
                taken.update(numbers)
    apart: list[Line] = []
    for number, line in enumerate(lines):
        apart.extend(moved.get(number, [] if number in taken else [line]))
    return Apart(apart, doubtful, grids)


def _sides_of(line: Line, gutter: Span) -> tuple[tuple[Print, ...], ...]:
    """The words of a line on either side of a gutter; those of a side without any are none."""
    left, right = _sides([line], gutter)
    return tuple(side[0].words if side else () for side in (left, right))


def _rows(lines: Sequence[Line]) -> list[_Row]:
    """Lines of one height together, from the top."""
    rows: list[list[tuple[int, Line]]] = []
    for number, line in sorted(enumerate(lines), key=lambda one: -one[1].bottom):
        if not line.words:
            continue
        if rows and _stands_in(rows[-1], line):
            rows[-1].append((number, line))
        else:
            rows.append([(number, line)])
    return [_Row(tuple(row)) for row in rows]


def _stands_in(row: Sequence[tuple[int, Line]], line: Line) -> bool:
    """Whether a line is of a row: on its height, or beside all of its lines and overlapping it in height."""
    below = row[0][1].bottom - line.bottom
    if below <= _SAME_ROW * line.size:
        return True
    near = below <= _OVERLAPPING * min(line.size, row[0][1].size)
    return near and all(
        max(line.left - one.right, one.left - line.right) >= _LEAST_GUTTER_EM * line.size for _, one in row
    )


def _runs(rows: Sequence[_Row]) -> Iterator[tuple[Sequence[_Row], Span]]:
    """Rows below each other with a gutter in common, as many as there are; each row is in one run at most."""
    at = 0
    while at < len(rows):
        wide = [gap for gap in rows[at].free()[1:-1] if gap[1] - gap[0] >= _GUTTER_EM * rows[at].size]
        found = [_run(rows, at, gap) for gap in wide if not _has_bare_side(rows[at], gap)]
        if not found:
            at += 1
            continue
        start, end, gutter = max(found, key=lambda run: (run[1] - run[0], run[2][1] - run[2][0]))
        yield rows[start:end], gutter
        at = max(end, at + 1)


def _run(rows: Sequence[_Row], first: int, gap: Span) -> tuple[int, int, Span]:
    """The rows around one that have its gap in common."""
    gutter, end = gap, first + 1
    while end < len(rows) and _is_near(rows[end - 1], rows[end]) and not _is_heading_across(rows, end, gutter):
        shared = _shared(gutter, rows[end])
        if shared is None or all(_has_bare_side(row, gutter) for row in rows[end : end + 2]):
            break
        gutter, end = shared, end + 1
    start = first
    while start > 0 and _is_near(rows[start - 1], rows[start]) and _is_one_sided_text(rows, start - 1, gutter):
        start -= 1
    while end - 1 > first and not _both_sides(rows[end - 1], gutter) and not _is_close(rows[end - 2], rows[end - 1]):
        end -= 1
    return start, end, gutter


def _is_near(above: _Row, below: _Row) -> bool:
    return above.bottom - below.bottom <= _FAR_ROW * max(above.size, below.size)


def _is_close(above: _Row, below: _Row) -> bool:
    """Whether two rows are as near as lines of a paragraph, and set alike."""
    alike = max(above.size, below.size) < _LARGER * min(above.size, below.size)
    return alike and above.bottom - below.bottom <= _PITCH * below.size


def _shared(gutter: Span, row: _Row) -> Span | None:
    """What a row leaves free of a gutter; None where too little."""
    best = max(((max(gutter[0], a), min(gutter[1], b)) for a, b in row.free()), key=lambda span: span[1] - span[0])
    return best if best[1] - best[0] >= _LEAST_GUTTER_EM * row.size else None


def _both_sides(row: _Row, gutter: Span) -> bool:
    lefts = [word.left for _, line in row.lines for word in line.words]
    return min(lefts) < gutter[0] and max(lefts) >= gutter[1] - 1


def _has_bare_side(row: _Row, gutter: Span) -> bool:
    """Whether words stand beside something that holds none, as figures beside their label."""
    sides = _sides([line for _, line in row.lines], gutter)
    return all(sides) and not all(any(_A_WORD.search(line.text) for line in side) for side in sides)


def _is_one_sided_text(rows: Sequence[_Row], index: int, gutter: Span) -> bool:
    """Whether a row above a run is a line of one of its columns, set like the row below it."""
    row = rows[index]
    return _shared(gutter, row) == gutter and not _both_sides(row, gutter) and _is_close(row, rows[index + 1])


def _is_heading_across(rows: Sequence[_Row], index: int, gutter: Span) -> bool:
    """Whether a row stands out, alone on its height: it is over both columns, whichever it begins in."""
    row = rows[index]
    line, above = row.lines[0][1], rows[index - 1]
    stands_out = line.size >= _LARGER * above.size or (line.bold and not above.lines[0][1].bold)
    if not stands_out or _both_sides(row, gutter):
        return False
    beside = [one for one in rows[max(0, index - 2) : index + 3] if abs(one.bottom - row.bottom) <= _BESIDE * row.size]
    return len(beside) == 1


def _sides(lines: Sequence[Line], gutter: Span) -> tuple[list[Line], list[Line]]:
    left: list[Line] = []
    right: list[Line] = []
    for line in lines:
        cut = next((index for index, word in enumerate(line.words) if word.left >= gutter[1] - 1), len(line.words))
        if 0 < cut < len(line.words):
            left.append(_part(line, 0, cut))
            right.append(_part(line, cut, len(line.words)))
        else:
            (left if cut else right).append(line)
    return left, right


def _part(line: Line, start: int, end: int) -> Line:
    """Some words of a line, where they stand: those of another column may be smaller, and a little higher."""
    words: tuple[Print, ...] = line.words[start:end]
    first, own = line.words[0], words[0]
    height = first.bottom - first.top
    return replace(
        line,
        text=" ".join(word.text for word in words),
        bottom=line.bottom + first.bottom - own.bottom if start else line.bottom,
        size=line.size * (own.bottom - own.top) / height if start and height > 0 else line.size,
        left=round(words[0].left, 1),
        right=round(words[-1].right, 1),
        words=words,
        cells=tuple(cell - start for cell in line.cells if start < cell < end),
    )


def _is_written_across(lines: Sequence[Line], gutter: Span) -> bool:
    """Whether the lines come side by side, not one column after the other."""
    cut = sum(line.words[0].left < gutter[0] and line.words[-1].left >= gutter[1] - 1 for line in lines)
    sides = [line.words[0].left < gutter[0] for line in lines]
    return cut >= _FEWEST_ACROSS or sum(a != b for a, b in pairwise(sides)) >= _MOST_SWITCHES


def _may_be_columns(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether sentences stand side by side, those of one side as in a column; of two rows, each goes on on one side."""
    if min(len(left), len(right)) < _FEWEST_LINES:
        return (
            len(left) == len(right) == _FEWEST_ACROSS
            and _wordy(left)
            and _wordy(right)
            and any(side[1].text[:1].islower() and not side[0].text.endswith(_ENDS) for side in (left, right))
        )
    return _has_sentences(left) and _has_sentences(right) and (_is_prose(left) or _is_prose(right))


def _has_sentences(side: Sequence[Line]) -> bool:
    """Whether most lines of a column are words."""
    return len(side) >= _FEWEST_LINES and _wordy(side)


def _wordy(side: Sequence[Line]) -> bool:
    text = "".join(line.text for line in side)
    return median(len(line.words) for line in side) >= _WORDS and sum(map(str.isalpha, text)) >= _LETTERS * len(text)


def _is_prose(side: Sequence[Line]) -> bool:
    """Whether the lines of a column fill it and go on from one to the next."""
    if not _has_sentences(side):
        return False
    width = max(line.right for line in side) - min(line.left for line in side)
    if median(line.right - line.left for line in side) < _FULL * width:
        return False
    pitches = [above.bottom - below.bottom for above, below in pairwise(side)]
    usual = sorted(pitches)[len(pitches) // 4]
    if sum(pitch > _PITCH * usual for pitch in pitches) > _BLOCKS * len(side):
        return False  # each block stands beside one of the other side, as in a list of terms
    letters = [text[0] for text in (line.text for line in side[1:]) if text[0].isalpha()]
    cased = [letter for letter in letters if letter.isupper() or letter.islower()]
    return sum(map(str.islower, cased)) >= _GOES_ON * len(cased)
