"""Page pictures with a quote marked."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from ingest.parsers.common.geometry import Box
from ingest.reading.highlighting import marked_page
from rag.errors import ParseError
from tests.files.documents import SIDE_PT, lines, pdf_of, rotated, turned
from tests.files.pictures import bytes_of, page_of


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def is_yellow(pixel: object) -> bool:
    red, green, blue = np.asarray(pixel, dtype=int)
    return red > 200 and green > 200 and blue < 200


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_quote_in_a_pdf_is_marked_where_it_is_seen(degrees: int):
    """Points from the top left corner of the page as it is turned; the letters below stay dark."""
    draw = lines("Humidity 60 percent", x=100, top=500, size=20)
    data = rotated(pdf_of(turned(draw, degrees)), degrees) if degrees else pdf_of(draw)
    image = opened(marked_page(data, "a.pdf", 1, [Box(100, 80, 280, 106)]))
    points = image.width / SIDE_PT
    marked = np.asarray(image)[round(80 * points) : round(106 * points), round(100 * points) : round(280 * points)]
    assert is_yellow(marked[2, 2])
    assert marked.min(axis=2).min() < 120
    assert not is_yellow(np.asarray(image)[round(50 * points), round(150 * points)])
    dark = np.flatnonzero((np.asarray(image).max(axis=2) < 140).any(axis=1)) / points
    assert dark.min() > 80
    assert dark.max() < 106


def test_boxes_that_overlap_are_marked_once():
    """Two lines that touch look like one stroke."""
    data = bytes_of(page_of(size=(200, 100)))
    image = opened(marked_page(data, "a.png", 1, [Box(10, 10, 90, 40), Box(10, 30, 90, 60)]))
    assert len({image.getpixel((50, top)) for top in (20, 35, 50)}) == 1
    assert image.size == (200, 100)


def test_a_large_image_is_shown_smaller():
    """Its boxes, in its own pixels, still hit."""
    image = opened(marked_page(bytes_of(page_of(size=(4000, 3000))), "a.png", 1, [Box(2000, 1500, 2400, 1600)]))
    assert image.width * image.height <= 4_010_000
    assert is_yellow(image.getpixel((round(2200 / 4000 * image.width), round(1550 / 3000 * image.height))))


def test_a_page_that_is_not_there_says_so():
    with pytest.raises(ParseError, match=r"a\.pdf: there is no page 2; the PDF has 1"):
        marked_page(pdf_of(lines("Words")), "a.pdf", 2, [])
