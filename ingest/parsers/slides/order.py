"""Shapes of a slide in reading order, by their positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

_OVERLAP = 0.15  # share of a shape's size by which it may reach into its neighbour
_COLUMNS_FIRST = 1.5  # how much wider a gap between columns is than the gaps between the rows within them
_WIDEST = 0.6  # of the widest gap: at narrower ones, parts are cut later
_DEEPEST = 50
_TWO, _SEVERAL = 2, 3

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Box:
    """Where a shape lies, in any unit."""

    left: float
    top: float
    width: float
    height: float


def in_reading_order(
    items: Sequence[Item], box_of: Callable[[Item], Box | None], is_text: Callable[[Item], bool] = lambda _: False
) -> list[Item]:
    """The items from top to bottom and left to right, columns one after the other where they are set apart, and where
    there are two of several items that are all texts.

    Items without a box come last. Equal places keep the given order.
    """
    placed = [(item, box) for item in items if (box := box_of(item)) is not None]
    rest = [item for item in items if box_of(item) is None]
    return [*(item for item, _ in _ordered(placed, 0, is_text)), *rest]


def _ordered(placed: Sequence[tuple[Item, Box]], depth: int, is_text: Callable[[Item], bool]) -> list[tuple[Item, Box]]:
    if len(placed) < len(("one", "other")) or depth > _DEEPEST:
        return list(placed)
    rows, row_gap = _cut(placed, lambda box: (box.top, box.height))
    columns, column_gap = _cut(placed, lambda box: (box.left, box.width))
    texts = _are_two_texts(columns) and all(is_text(item) for item, _ in placed)
    if len(columns) > 1 and (len(rows) == 1 or texts or column_gap > _COLUMNS_FIRST * row_gap):
        groups = columns
    elif len(rows) > 1:
        groups = rows
    else:
        return sorted(placed, key=lambda one: (one[1].top, one[1].left))
    return [one for group in groups for one in _ordered(group, depth + 1, is_text)]


def _are_two_texts(columns: Sequence[Sequence[object]]) -> bool:
    return len(columns) == _TWO and min(map(len, columns)) >= _SEVERAL


def _cut(
    placed: Sequence[tuple[Item, Box]], side_of: Callable[[Box], tuple[float, float]]
) -> tuple[list[list[tuple[Item, Box]]], float]:
    """Groups that lie one after the other in one direction, at the widest gaps between them, and the widest one."""
    groups: list[list[tuple[Item, Box]]] = []
    gaps: list[float] = []
    reached = float("-inf")
    for one in sorted(placed, key=lambda one: side_of(one[1])[0]):
        start, length = side_of(one[1])
        if groups and start + _OVERLAP * length < reached:
            groups[-1].append(one)
        else:
            gaps += [start - reached] if groups else []
            groups.append([one])
        reached = max(reached, start + length * (1 - _OVERLAP))
    widest = max(gaps, default=0.0)
    joined = groups[:1]
    for gap, group in zip(gaps, groups[1:], strict=True):
        if gap < _WIDEST * widest:
            joined[-1].extend(group)
        else:
            joined.append(group)
    return joined, widest


def overlap(a: Box, b: Box) -> bool:
    """Whether two shapes reach into each other by more than their edges."""
    across = min(a.left + a.width, b.left + b.width) - max(a.left, b.left)
    down = min(a.top + a.height, b.top + b.height) - max(a.top, b.top)
    return across > _OVERLAP * min(a.width, b.width) and down > _OVERLAP * min(a.height, b.height)
