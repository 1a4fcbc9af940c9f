"""The positions of the words of a page, packed into one string, and the boxes of a quoted span.

Coordinates are points (1/72 inch; pixels for images) from the top left corner of the page as it is seen, turned and
cropped.
"""

from __future__ import annotations

import base64
import itertools
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

_SAME_LINE = 0.5  # share of the lower box's height that two words of one line have in common
_SCALE = 10  # tenths of a point are finer than any screen


@dataclass(frozen=True, slots=True)
class Word:
    """`page_text[start:end]` is printed in this box, with left < right and top < bottom."""

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Box:
    """One line's part of a quote."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Geometry:
    """The printed words of a page of `width` by `height`, ordered by `start`, not overlapping in the text."""

    width: float
    height: float
    words: tuple[Word, ...]


def pack(geometry: Geometry) -> str:
    """A geometry as a short string; `unpack` is its inverse to a tenth of a point."""
    words = geometry.words
    edges = ([word.left for word in words], [word.top for word in words], [word.right for word in words])
    scaled = [[round(edge * _SCALE) for edge in column] for column in (*edges, [word.bottom for word in words])]
    offsets = [[word.start for word in words], [word.end for word in words]]
    columns = [[b - a for a, b in itertools.pairwise((0, *column))] for column in (*offsets, *scaled) if column]
    size = [round(geometry.width * _SCALE), round(geometry.height * _SCALE)]
    raw = json.dumps([size, columns], separators=(",", ":")).encode()
    return base64.b85encode(zlib.compress(raw, 6)).decode()


def unpack(packed: str) -> Geometry:
    """The geometry of a string made by `pack`."""
    size, columns = json.loads(zlib.decompress(base64.b85decode(packed)))
    rows = zip(*(itertools.accumulate(column) for column in columns), strict=True)
    words = tuple(Word(row[0], row[1], *(edge / _SCALE for edge in row[2:])) for row in rows)
    return Geometry(size[0] / _SCALE, size[1] / _SCALE, words)


def boxes_of(geometry: Geometry, start: int, end: int) -> tuple[Box, ...]:
    """The boxes that cover the words of `page_text[start:end]`, one for each run of words on a line.

    A word of which only a part is quoted is covered whole.
    """
    boxes: list[Box] = []
    for word in geometry.words:
        if word.end <= start or word.start >= end:
            continue
        box = Box(word.left, word.top, word.right, word.bottom)
        if boxes and _on_one_line(boxes[-1], box):
            boxes[-1] = _around((boxes[-1], box))
        else:
            boxes.append(box)
    return tuple(boxes)


def _on_one_line(a: Box, b: Box) -> bool:
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared > _SAME_LINE * min(a.bottom - a.top, b.bottom - b.top)


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
