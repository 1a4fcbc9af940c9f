"""The image of one page of a PDF or of an image file."""

from __future__ import annotations

from ingest.parsers.ocr.engine import PagePicture
from ingest.parsers.ocr.images import is_image, picture_of_image
from ingest.parsers.ocr.pdf_pictures import picture_of_pdf

_HEAD_BYTES = 16


def page_picture(data: bytes, filename: str, number: int, *, dpi: float, most_pixels: int) -> PagePicture:
    """Page `number` (from 1) as it is seen; a PDF's at this resolution with at most so many pixels.

    Raises:
        ParseError: the file or the page is damaged or too large, or there is no such page.
    """
    if is_image(data[:_HEAD_BYTES]):
        return picture_of_image(data, filename, number)
    return picture_of_pdf(data, filename, number, dpi=dpi, most_pixels=most_pixels)
