"""Gutters: strips without words that rows below each other on a page have in common. Pure.

    The ferry to Norholm leaves | The new lighthouse was      a wide gutter: at least one em in some row,
    at six in the morning and   | painted in May by a         and something of it in each
    returns at nine.            | crew of eleven.

    The ferry to Norholm leaves:The new lighthouse was        a narrow one, no wider than a gap between words: only
    at six in the morning  and:painted in May by a  crew      that words of most rows begin right behind it tells it
    returns  at  nine  in  the:of eleven.  The work took      from a river of white in running text

A row has all lines of one height, whichever order the content writes them in.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from statistics import median
from typing import NamedTuple

from ingest.parsers.layout.cells import BULLET, Span
from ingest.parsers.layout.printed import Line, Print, is_stretched

_OVERLAPPING = 0.8  # of the size of the smaller letters
_SAME_ROW, _BESIDE, _FAR_ROW = 0.4, 1.2, 5.0  # distances of rows, in sizes of their letters
_WIDE_EM, _LEAST_WIDE_EM, _LEAST_EM = 1.0, 0.6, 0.22
_RAGGED_EM, _MOST_MARKS = 2.5, 0.2
_LARGER = 1.1
PITCH = 1.6
"""The distance of two lines of a paragraph, in sizes of their letters, at most."""
_ALIGNED_PT, _FEWEST_ALIGNED, _ALIGNED = 0.6, 5, 0.6
_NEAR_ROWS = 8  # that these are among
_A_WORD = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True)
class Row:
    """Lines on one height, each with its number in the order of the content."""

    lines: tuple[tuple[int, Line], ...]

    @property
    def bottom(self) -> float:
        return self.lines[0][1].bottom

    @property
    def size(self) -> float:
        return self.lines[0][1].size

    @cached_property
    def words(self) -> list[Print]:
        """The words of all lines, from the left."""
        return sorted((word for _, line in self.lines for word in line.words), key=lambda word: word.left)

    @cached_property
    def free(self) -> list[Span]:
        """The strips without words, with those at both ends."""
        first, *others = self.words
        edges, right = [(-inf, first.left)], first.right
        for word in others:
            edges.append((right, word.left))
            right = max(right, word.right)
        return [*edges, (right, inf)]


class Run(NamedTuple):
    """Rows below each other, by their indexes, and the gutter that they have in common."""

    start: int
    end: int
    gutter: Span


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """Lines of one height together, from the top."""
    rows: list[list[tuple[int, Line]]] = []
    for number, line in sorted(enumerate(lines), key=lambda one: -one[1].bottom):
        if not line.words:
            continue
        if rows and _stands_in(rows[-1], line):
            rows[-1].append((number, line))
        else:
            rows.append([(number, line)])
    return [Row(tuple(row)) for row in rows]


def _stands_in(row: Sequence[tuple[int, Line]], line: Line) -> bool:
    """Whether a line is of a row: on its height, or beside all of its lines and overlapping it in height."""
    below = row[0][1].bottom - line.bottom
    if below <= _SAME_ROW * line.size:
        return True
    near = below <= _OVERLAPPING * min(line.size, row[0][1].size)
    return near and all(
        max(line.left - one.right, one.left - line.right) >= _LEAST_WIDE_EM * line.size for _, one in row
    )


def wide_runs(rows: Sequence[Row]) -> Iterator[Run]:
    """Rows with a wide gutter in common, as many as there are; each row is in one run at most."""
    at = 0
    while at < len(rows):
        wide = [gap for gap in rows[at].free[1:-1] if _is_wide(gap, rows[at])]
        runs = [_run(rows, at, gap, _LEAST_WIDE_EM) for gap in wide if not _has_bare_side(rows[at], gap)]
        best = max(runs, key=lambda run: (run.end - run.start, run.gutter[1] - run.gutter[0]), default=None)
        if best:
            yield best
        at = max(best.end, at + 1) if best else at + 1


def narrow_runs(rows: Sequence[Row]) -> Iterator[Run]:
    """Rows with a gutter of any width in common right behind which words of most of them begin; each row is in one run
    at most."""
    edges = _left_edges(rows)
    at = 0
    while edges and at < len(rows):
        gaps = [gap for gap in rows[at].free[1:-1] if _is_gap(gap, rows[at]) and _is_among(gap[1], edges)]
        runs = [run for run in (_run(rows, at, gap, _LEAST_EM) for gap in gaps) if _is_aligned(rows, run)]
        best = max(runs, key=lambda run: run.end - run.start, default=None)
        if best:
            yield _with_indented_above(rows, best)
        at = max(best.end, at + 1) if best else at + 1


def _is_wide(gap: Span, row: Row) -> bool:
    """Whether a gap is a wide one, and not one of those of a line that was stretched to the width of its column."""
    stretched = any(line.left < gap[0] and gap[1] < line.right and is_stretched(line) for _, line in row.lines)
    return gap[1] - gap[0] >= _WIDE_EM * row.size and not stretched


def _is_gap(gap: Span, row: Row) -> bool:
    return gap[1] - gap[0] >= _LEAST_EM * row.size


def _left_edges(rows: Sequence[Row]) -> list[float]:
    """Where words of several rows near each other begin behind a gap, in order: the leftmost of each."""
    begins = sorted((gap[1], at) for at, row in enumerate(rows) for gap in row.free[1:-1] if _is_gap(gap, row))
    edges: list[float] = []
    last = 0
    for first, (x, _) in enumerate(begins):
        while last < len(begins) and begins[last][0] - x <= 2 * _ALIGNED_PT:
            last += 1
        found = sorted({at for _, at in begins[first:last]}) if last - first >= _FEWEST_ALIGNED else []
        if any(b - a <= _NEAR_ROWS for a, b in zip(found, found[_FEWEST_ALIGNED - 1 :], strict=False)):
            edges.append(x)
    return edges


def _is_among(x: float, edges: Sequence[float]) -> bool:
    at = bisect_left(edges, x - 2 * _ALIGNED_PT)
    return at < len(edges) and edges[at] <= x


def _is_aligned(rows: Sequence[Row], run: Run) -> bool:
    """Whether the gutter is a narrow one of columns: what stands behind it begins right at it in most rows.

    Of the rows that have words on both sides; most are one line. Marks of items stand as near to their words, and items
    that begin with the same words are no column of their own. Where most gaps are wide, the gutter is none.
    """
    beside = [row for row in rows[run.start : run.end] if _both_sides(row, run.gutter)]
    cuts = [_around(row, run.gutter) for row in beside]
    aligned = sum(begin.left - run.gutter[1] <= _ALIGNED_PT for _, begin in cuts)
    if aligned < max(_FEWEST_ALIGNED, _ALIGNED * len(cuts)):
        return False
    befores = {" ".join(word.text for word in row.words if word.left < run.gutter[1] - 1) for row in beside}
    marks = sum(BULLET.fullmatch(end.text) is not None for end, _ in cuts)
    if len(befores) < _FEWEST_ALIGNED or marks > _MOST_MARKS * len(cuts):
        return False
    gap = median((begin.left - end.right) / row.size for row, (end, begin) in zip(beside, cuts, strict=True))
    one_line = sum(any(_is_across(line, run.gutter) for _, line in row.lines) for row in beside)
    return gap < _RAGGED_EM and one_line >= _ALIGNED * len(beside)


def _is_across(line: Line, gutter: Span) -> bool:
    return line.words[0].left < gutter[0] and line.words[-1].left >= gutter[1] - 1


def _around(row: Row, gutter: Span) -> tuple[Print, Print]:
    """The last word before a gutter and the first behind it."""
    before = [word for word in row.words if word.left < gutter[1] - 1]
    behind = [word for word in row.words if word.left >= gutter[1] - 1]
    return max(before, key=lambda word: word.right), behind[0]


def _with_indented_above(rows: Sequence[Row], run: Run) -> Run:
    """With the rows above that leave the gutter free: the first line of a paragraph may be indented."""
    start, width = run.start, run.gutter[1] - run.gutter[0]
    while start > 0 and is_close(rows[start - 1], rows[start]):
        shared = _shared(run.gutter, rows[start - 1], 0)
        if shared is None or shared[1] - shared[0] < width - _ALIGNED_PT:
            break
        start -= 1
    return run._replace(start=start)


def _run(rows: Sequence[Row], first: int, gap: Span, least_em: float) -> Run:
    """The rows around one that have its gap in common."""
    gutter, end = gap, first + 1
    while end < len(rows) and _is_near(rows[end - 1], rows[end]) and not _is_heading_across(rows, end, gutter):
        shared = _shared(gutter, rows[end], least_em)
        if shared is None or all(_has_bare_side(row, gutter) for row in rows[end : end + 2]):
            break
        gutter, end = shared, end + 1
    start = first
    while start > 0 and _is_near(rows[start - 1], rows[start]) and _is_one_sided_text(rows, start - 1, gutter):
        start -= 1
    while end - 1 > first and not _both_sides(rows[end - 1], gutter) and not is_close(rows[end - 2], rows[end - 1]):
        end -= 1
    return Run(start, end, gutter)


def _is_near(above: Row, below: Row) -> bool:
    return above.bottom - below.bottom <= _FAR_ROW * max(above.size, below.size)


def is_close(above: Row, below: Row) -> bool:
    """Whether two rows are as near as lines of a paragraph, and set alike."""
    alike = max(above.size, below.size) < _LARGER * min(above.size, below.size)
    return alike and above.bottom - below.bottom <= PITCH * below.size


def _shared(gutter: Span, row: Row, least_em: float) -> Span | None:
    """What a row leaves free of a gutter; None where too little."""
    best = max(((max(gutter[0], a), min(gutter[1], b)) for a, b in row.free), key=lambda span: span[1] - span[0])
    return best if best[1] - best[0] >= least_em * row.size else None


def _both_sides(row: Row, gutter: Span) -> bool:
    lefts = [word.left for word in row.words]
    return min(lefts) < gutter[0] and max(lefts) >= gutter[1] - 1


def _has_bare_side(row: Row, gutter: Span) -> bool:
    """Whether words stand beside something that holds none, as figures beside their label."""
    sides = sides_of([line for _, line in row.lines], gutter)
    return all(sides) and not all(any(_A_WORD.search(line.text) for line in side) for side in sides)


def _is_one_sided_text(rows: Sequence[Row], index: int, gutter: Span) -> bool:
    """Whether a row above a run is a line of one of its columns, set like the row below it."""
    row = rows[index]
    return gutter == _shared(gutter, row, 0) and not _both_sides(row, gutter) and is_close(row, rows[index + 1])


def _is_heading_across(rows: Sequence[Row], index: int, gutter: Span) -> bool:
    """Whether a row stands out, alone on its height: it is over both columns, whichever it begins in."""
    row = rows[index]
    line, above = row.lines[0][1], rows[index - 1]
    stands_out = line.size >= _LARGER * above.size or (line.bold and not above.lines[0][1].bold)
    if not stands_out or _both_sides(row, gutter):
        return False
    beside = [one for one in rows[max(0, index - 2) : index + 3] if abs(one.bottom - row.bottom) <= _BESIDE * row.size]
    return len(beside) == 1


def sides_of(lines: Sequence[Line], gutter: Span) -> tuple[list[Line], list[Line]]:
    """What stands on either side of a gutter; lines across it are cut there."""
    left: list[Line] = []
    right: list[Line] = []
    for line in lines:
        cut = next((index for index, word in enumerate(line.words) if word.left >= gutter[1] - 1), len(line.words))
        if 0 < cut < len(line.words):
            left.append(part_of(line, 0, cut))
            right.append(part_of(line, cut, len(line.words)))
        else:
            (left if cut else right).append(line)
    return left, right


def part_of(line: Line, start: int, end: int) -> Line:
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
