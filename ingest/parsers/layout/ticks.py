"""Boxes to be ticked that are drawn beside words, as words: `[x]` and `[ ]`. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.parsers.common import Box
from ingest.parsers.layout.printed import Line, Print, line_of

_TICKED, _EMPTY = "[x]", "[ ]"
_REACH = 2.5  # of the height of a word
_A_WORD = re.compile(r"[^\W\d_]{2}")  # names of axes and points in drawings are none


class DrawnBox(NamedTuple):
    """A box to be ticked and where it is drawn; `ticked` is None where that cannot be told."""

    box: Box
    ticked: bool | None


class Ticked(NamedTuple):
    """The lines with their boxes, and how many boxes may be ticked, which cannot be told."""

    lines: list[Line]
    unclear: int


def filled_in(boxes: Sequence[DrawnBox], ticked: Sequence[Box]) -> list[DrawnBox]:
    """The boxes as a form says that they are: those that it draws its own ticks over are ticked."""
    return [one._replace(ticked=True) if any(_lies_in(tick, one.box) for tick in ticked) else one for one in boxes]


def _lies_in(one: Box, other: Box) -> bool:
    """Whether the middle of a box lies in the other."""
    across, down = (one.left + one.right) / 2, (one.top + one.bottom) / 2
    return other.left < across < other.right and other.top < down < other.bottom


def with_ticks(lines: Sequence[Line], boxes: Sequence[DrawnBox]) -> Ticked:
    """The lines with a word for each box. A box that stands by itself is a line of its own.

    None where no box stands beside words: then small squares are parts of a drawing.
    """
    free = [one for one in boxes if not any(_covers(one.box, word) for line in lines for word in line.words)]
    told = [one for one in free if one.ticked is not None]
    ticked = list(lines)
    beside = 0
    apart: list[DrawnBox] = []
    for one in told:
        at = _line_beside(ticked, one.box)
        if at is None:
            apart.append(one)
        else:
            ticked[at] = _with(ticked[at], one)
            beside += 1
    if not beside:
        return Ticked(list(lines), 0)
    for one in apart:
        height = one.box.bottom - one.box.top
        ticked.insert(_after(ticked, one.box), line_of([_word(one, one.box.top, one.box.bottom)], height))
    return Ticked(ticked, sum(one.ticked is None for one in free))


def _covers(box: Box, word: Print) -> bool:
    """Whether a word stands in a box: then it is no empty one, and not ticked by a drawing."""
    return _lies_in(Box(word.left, word.top, word.right, word.bottom), box)


def _line_beside(lines: Sequence[Line], box: Box) -> int | None:
    """The line with the nearest word on the height of a box, at its right if there is one within reach."""
    middle = (box.top + box.bottom) / 2
    reached: list[tuple[bool, float, int]] = []
    for at, line in enumerate(lines):
        for word in line.words:
            gap = max(word.left - box.right, box.left - word.right)
            if (
                _A_WORD.search(word.text)
                and word.top <= middle <= word.bottom
                and gap <= _REACH * (word.bottom - word.top)
            ):
                reached.append((word.left < box.left, gap, at))
    return min(reached)[2] if reached else None


def _with(line: Line, one: DrawnBox) -> Line:
    """A line with a box among its words, as high as they are."""
    first = line.words[0]
    place = next((at for at, word in enumerate(line.words) if word.left > one.box.left), len(line.words))
    words = (*line.words[:place], _word(one, first.top, first.bottom), *line.words[place:])
    return line_of(words, line.size, line.bold)


def _word(one: DrawnBox, top: float, bottom: float) -> Print:
    return Print(_TICKED if one.ticked else _EMPTY, one.box.left, top, one.box.right, bottom)


def _after(lines: Sequence[Line], box: Box) -> int:
    """Behind which of the lines a box is read that stands by itself: the nearest in height at its left."""
    nearest = min(range(len(lines)), key=lambda at: (abs(-lines[at].bottom - box.bottom), lines[at].left > box.left))
    return nearest + 1
