"""Marks a quote on the image of its page."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from ingest.parsers.common import Box
from ingest.parsers.ocr import marked_png, page_picture, scaled

_DPI = 120
_MOST_PIXELS = 4_000_000
_MARGIN = 0.08  # of a box's height: a marker is a little wider than the letters


def marked_page(data: bytes, filename: str, number: int, boxes: Sequence[Box]) -> bytes:
    """A PNG of page `number` (from 1) of a PDF or an image, the boxes marked; their units are those of `Box`.

    Raises:
        ParseError: the file or the page is damaged, or there is no such page.
    """
    page = page_picture(data, filename, number, dpi=_DPI, most_pixels=_MOST_PIXELS)
    height, width = page.pixels.shape[:2]
    picture = scaled(page.pixels, min(1.0, sqrt(_MOST_PIXELS / (width * height))))
    across, down = picture.shape[1] / page.width, picture.shape[0] / page.height
    return marked_png(picture, [_in_pixels(box, across, down) for box in boxes])


def _in_pixels(box: Box, across: float, down: float) -> Box:
    margin = _MARGIN * (box.bottom - box.top)
    return Box(
        left=(box.left - margin) * across,
        top=(box.top - margin) * down,
        right=(box.right + margin) * across,
        bottom=(box.bottom + margin) * down,
    )
