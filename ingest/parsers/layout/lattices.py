"""Ruling lines of a page to the cells of ruled tables, with merged cells as one. Pure.

Coordinates are points from the top left corner of the page as it is seen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from ingest.parsers.common import Box
from ingest.parsers.layout.cells import Span

_SAME_PT, _TOUCHING_PT, _SAME_COLUMN_PT = 2.5, 3.5, 3.0
_COVERED = 0.6
_FEWEST_EDGES = 3  # of two rows or columns
_MOST_EDGES = 150


class _Rule(NamedTuple):
    """Where a rule stands across its direction, and where it begins and ends along it."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Lattice:
    """Rows between `ys`, columns between `xs`; `cells[row][column]` is the row and column at which its cell begins."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[tuple[int, int], ...], ...]

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """The row and column at which the cell around a point begins; None outside."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        inside = 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1
        return self.cells[row][column] if inside else None


def lattices_of(rules: Sequence[Box], known: Sequence[Span] = ()) -> list[Lattice]:
    """The lattices that these rules draw, of at least two rows and two columns each, from the top.

    One of the columns that are `known` may have a single row: the last of a table that goes on from the page before.
    """
    level = _joined(_Rule((one.top + one.bottom) / 2, one.left, one.right) for one in rules if _is_level(one))
    upright = _joined(_Rule((one.left + one.right) / 2, one.top, one.bottom) for one in rules if not _is_level(one))
    found = (_lattice(rows, columns, known) for rows, columns in _connected(level, upright))
    return sorted((lattice for lattice in found if lattice), key=lambda lattice: (lattice.ys[0], lattice.xs[0]))


def _is_level(rule: Box) -> bool:
    return rule.right - rule.left >= rule.bottom - rule.top


def _joined(rules: Iterable[_Rule]) -> list[_Rule]:
    """The rules, those in one place that touch as one."""
    joined: list[_Rule] = []
    for rule in sorted(rules):
        near = (index for index, other in enumerate(joined) if rule.at - other.at <= _SAME_PT and _touch(rule, other))
        index = next(near, None)
        if index is None:
            joined.append(rule)
        else:
            other = joined[index]
            joined[index] = _Rule(other.at, min(other.start, rule.start), max(other.end, rule.end))
    return joined


def _touch(a: _Rule, b: _Rule) -> bool:
    return a.start <= b.end + _TOUCHING_PT and b.start <= a.end + _TOUCHING_PT


def _cross(level: _Rule, upright: _Rule) -> bool:
    across = level.start - _TOUCHING_PT <= upright.at <= level.end + _TOUCHING_PT
    return across and upright.start - _TOUCHING_PT <= level.at <= upright.end + _TOUCHING_PT


def _connected(level: Sequence[_Rule], upright: Sequence[_Rule]) -> list[tuple[list[_Rule], list[_Rule]]]:
    """Rules that cross each other, directly or over others, together."""
    groups: list[tuple[list[_Rule], list[_Rule]]] = []
    for row in level:
        columns = [column for column in upright if _cross(row, column)]
        mine = [group for group in groups if any(column in group[1] for column in columns)]
        rows = [row, *(one for group in mine for one in group[0])]
        joined = [*columns, *(one for group in mine for one in group[1] if one not in columns)]
        groups = [group for group in groups if group not in mine]
        groups.append((rows, joined))
    return groups


def same_places(spans: Sequence[Span], others: Sequence[Span]) -> bool:
    """Whether these are as many columns in the same places between their rules."""
    return len(spans) == len(others) and all(
        max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= _SAME_COLUMN_PT for a, b in zip(spans, others, strict=True)
    )


def _lattice(level: Sequence[_Rule], upright: Sequence[_Rule], known: Sequence[Span]) -> Lattice | None:
    if not upright:
        return None
    ys = _edges([rule.at for rule in level], min(rule.start for rule in upright), max(rule.end for rule in upright))
    xs = _edges([rule.at for rule in upright], min(rule.start for rule in level), max(rule.end for rule in level))
    fewest = _FEWEST_EDGES - 1 if known and same_places([*pairwise(xs)], known) else _FEWEST_EDGES
    if not _FEWEST_EDGES <= len(xs) <= _MOST_EDGES or not fewest <= len(ys) <= _MOST_EDGES:
        return None
    cells: list[list[tuple[int, int]]] = []
    for row in range(len(ys) - 1):
        cells.append([])
        for column in range(len(xs) - 1):
            left = column > 0 and not _drawn(upright, xs[column], ys[row], ys[row + 1])
            above = row > 0 and not _drawn(level, ys[row], xs[column], xs[column + 1])
            begins = cells[row][column - 1] if left else cells[row - 1][column] if above else (row, column)
            cells[row].append(begins)
    return Lattice(tuple(xs), tuple(ys), tuple(map(tuple, cells)))


def _edges(places: Sequence[float], first: float, last: float) -> list[float]:
    """Where rules stand, each place once, and the ends of those that cross them where no rule closes the table."""
    edges: list[float] = []
    for place in sorted((*places, first, last)):
        if not edges or place - edges[-1] > _TOUCHING_PT:
            edges.append(place)
    return edges


def _drawn(rules: Sequence[_Rule], at: float, start: float, end: float) -> bool:
    """Whether rules cover most of an edge of a cell."""
    parts = (min(rule.end, end) - max(rule.start, start) for rule in rules if abs(rule.at - at) <= _TOUCHING_PT)
    return sum(part for part in parts if part > 0) >= _COVERED * (end - start)
