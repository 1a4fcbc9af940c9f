"""Coordinates of a PDF page, converted to those of the page as displayed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium

Edges = tuple[float, float, float, float]
"""Left, top, right and bottom, in points from the top left corner of the page as it is seen."""


def as_seen(flat: Sequence[float], page: pdfium.PdfPage) -> Iterator[Edges]:
    """Boxes from the top left corner of the turned and cropped page: left, top, right, bottom."""
    left, bottom, right, top = page.get_bbox()
    boxes = zip(flat[::4], flat[1::4], flat[2::4], flat[3::4], strict=True)
    match page.get_rotation():
        case 90:
            return ((b - bottom, x0 - left, t - bottom, x1 - left) for x0, t, x1, b in boxes)
        case 180:
            return ((right - x1, b - bottom, right - x0, t - bottom) for x0, t, x1, b in boxes)
        case 270:
            return ((top - t, right - x1, top - b, right - x0) for x0, t, x1, b in boxes)
    return ((x0 - left, top - t, x1 - left, top - b) for x0, t, x1, b in boxes)
