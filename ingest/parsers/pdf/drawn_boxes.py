"""Boxes to be ticked that are drawn on a PDF's page, as browsers print forms, by pdfium."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.parsers.common import Box
from ingest.parsers.layout import DrawnBox
from ingest.parsers.pdf.page_space import as_seen

_SMALLEST_PT, _LARGEST_PT, _SQUARE = 5.5, 18.0, 0.15
_SMALLEST_RING_PT = 7.0  # smaller ones are bullets
_MARK_SEGMENTS, _DOT = 6, 0.8
_SAME_CENTRE, _NEXT_PT = 0.2, 4.0  # of the size of a box; between two that are one field of letters
_MOST_PATHS = 3000
_PALE = 230


class _Path(NamedTuple):
    """A small path: where it is, in the page's own coordinates, and how it is drawn."""

    left: float
    bottom: float
    right: float
    top: float
    stroked: bool
    coloured: bool
    segments: int
    round: bool

    @property
    def size(self) -> float:
        return max(self.right - self.left, self.top - self.bottom)

    @property
    def is_mark(self) -> bool:
        """Whether it is drawn with a few strokes, as a tick or a cross."""
        return self.stroked and not self.coloured and self.segments < _MARK_SEGMENTS - 1

    @property
    def is_square(self) -> bool:
        width, height = self.right - self.left, self.top - self.bottom
        smallest = _SMALLEST_RING_PT if self.round and self.stroked else _SMALLEST_PT
        return abs(width - height) <= _SQUARE * self.size and smallest <= self.size <= _LARGEST_PT

    def is_around(self, other: _Path) -> bool:
        """Whether both have one middle, nearly."""
        x = self.left + self.right - other.left - other.right
        y = self.top + self.bottom - other.top - other.bottom
        return max(abs(x), abs(y)) / 2 <= _SAME_CENTRE * self.size


def drawn_boxes(page: pdfium.PdfPage) -> list[DrawnBox]:
    """Small squares and rings that stand by themselves, as the page is seen.

    One is ticked where a tick, a cross or a dot is drawn in it, and empty where only its edge is. What is filled
    otherwise may be ticked in another way, or be no box: None.
    """
    groups: list[list[_Path]] = []
    paths = list(_small_paths(page))
    for path in sorted((one for one in paths if one.is_square and not one.is_mark), key=lambda one: -one.size):
        group = next((group for group in groups if group[0].is_around(path)), None)
        if group is None:
            groups.append([path])
        else:
            group.append(path)
    alone = [
        group for group in groups if not any(_is_next(group[0], other[0]) for other in groups if other is not group)
    ]
    edged = [group for group in alone if any(path.stroked for path in group) or len(group) > 1]
    found = [(group[0], _is_ticked(group, [path for path in paths if group[0].is_around(path)])) for group in edged]
    flat = [edge for box, _ in found for edge in (box.left, box.top, box.right, box.bottom)]
    return [DrawnBox(Box(*seen), ticked) for seen, (_, ticked) in zip(as_seen(flat, page), found, strict=True)]


def _is_ticked(group: Sequence[_Path], drawn: Sequence[_Path]) -> bool | None:
    """Whether a box is ticked, by its edges from the largest, and all that is drawn around its middle."""
    if any(path.is_mark or (path.coloured and path.size <= _DOT * group[0].size) for path in drawn):
        return True
    return None if any(path.coloured for path in group) else False


def _is_next(box: _Path, other: _Path) -> bool:
    """Whether two boxes touch, nearly: fields for single letters, cells of a table."""
    across = max(box.left, other.left) - min(box.right, other.right)
    down = max(box.bottom, other.bottom) - min(box.top, other.top)
    return max(across, down) < _NEXT_PT


def _small_paths(page: pdfium.PdfPage) -> Iterator[_Path]:
    paths = 0
    for index in range(raw.FPDFPage_CountObjects(page)):
        handle = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(handle) != raw.FPDF_PAGEOBJ_PATH:
            continue
        paths += 1
        if paths > _MOST_PATHS:  # a drawing
            return
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        found = raw.FPDFPageObj_GetBounds(handle, *map(ctypes.byref, (left, bottom, right, top)))
        sizes = right.value - left.value, top.value - bottom.value
        if found and min(sizes) >= _SMALLEST_PT / 2 and max(sizes) <= _LARGEST_PT:
            yield _Path(left.value, bottom.value, right.value, top.value, *_looks(handle))


def _looks(handle: Any) -> tuple[bool, bool, int, bool]:
    """Whether a path is stroked, whether it is filled with more than a pale colour, its number of segments, and whether
    it is a ring of curves."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(handle, ctypes.byref(mode), ctypes.byref(stroke))
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    raw.FPDFPageObj_GetFillColor(handle, *map(ctypes.byref, (red, green, blue, opacity)))
    dark = min(red.value, green.value, blue.value) < _PALE and opacity.value > 0
    filled = mode.value != raw.FPDF_FILLMODE_NONE
    count = raw.FPDFPath_CountSegments(handle)
    kinds = (raw.FPDFPathSegment_GetType(raw.FPDFPath_GetPathSegment(handle, index)) for index in range(1, count))
    straight = sum(kind != raw.FPDF_SEGMENT_BEZIERTO for kind in kinds)  # one may close the ring
    return bool(stroke.value), filled and dark, count, straight <= 1 < count
