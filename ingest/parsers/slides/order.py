"""Shapes of a slide in reading order, by their positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

_OVERLAP = 0.15  # share of a shape's size by which it may reach into its neighbour
_COLUMNS_FIRST = 1.5  # how much wider a gap between columns is than the gaps between the rows within them
_DEEPEST = 50

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Box:
    """Where a shape lies, in any unit."""

    left: float
    top: float
    width: float
    height: float


def in_reading_order(items: Sequence[Item], box_of: Callable[[Item], Box | None]) -> list[Item]:
    """The items from top to bottom and left to right, columns one after the other where they are set apart.

    Items without a box come last. Equal places keep the given order.
    """
    placed = [(item, box) for item in items if (box := box_of(item)) is not None]
    rest = [item for item in items if box_of(item) is None]
    return [*(item for item, _ in _ordered(placed, 0)), *rest]


def _ordered(placed: Sequence[tuple[Item, Box]], depth: int) -> list[tuple[Item, Box]]:
    if len(placed) < len(("one", "other")) or depth > _DEEPEST:
        return list(placed)
    rows, row_gap = _cut(placed, lambda box: (box.top, box.height))
    columns, column_gap = _cut(placed, lambda box: (box.left, box.width))
    if len(columns) > 1 and (len(rows) == 1 or column_gap > _COLUMNS_FIRST * row_gap):
        groups = columns
    elif len(rows) > 1:
        groups = rows
    else:
        return sorted(placed, key=lambda one: (one[1].top, one[1].left))
    return [one for group in groups for one in _ordered(group, depth + 1)]


def _cut(
    placed: Sequence[tuple[Item, Box]], side_of: Callable[[Box], tuple[float, float]]
) -> tuple[list[list[tuple[Item, Box]]], float]:
    """Groups that lie one after the other in one direction, and the widest gap between two of them."""
    groups: list[list[tuple[Item, Box]]] = []
    reached, widest = float("-inf"), 0.0
    for one in sorted(placed, key=lambda one: side_of(one[1])[0]):
        start, length = side_of(one[1])
        if groups and start + _OVERLAP * length < reached:
            groups[-1].append(one)
        else:
            widest = max(widest, start - reached) if groups else widest
            groups.append([one])
        reached = max(reached, start + length * (1 - _OVERLAP))
    return groups, widest
