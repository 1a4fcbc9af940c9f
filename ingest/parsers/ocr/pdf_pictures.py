"""Images of PDF pages, by pdfium."""

from __future__ import annotations

import math

import numpy as np
import pypdfium2 as pdfium

from ingest.parsers.ocr.engine import PagePicture
from ingest.parsers.pdf import ONE_AT_A_TIME, opened
from rag.errors import ParseError

_POINTS_PER_INCH = 72


def picture_of_pdf(data: bytes, filename: str, number: int, *, dpi: float, most_pixels: int) -> PagePicture:
    """Page `number` (from 1) as it is seen, turned and cropped; drawn smaller where it would pass `most_pixels`.

    Raises:
        ParseError: the file or the page is damaged, or there is no such page.
    """
    with ONE_AT_A_TIME, opened(data, filename) as pdf:
        if not 1 <= number <= len(pdf):
            raise ParseError(f"{filename}: there is no page {number}; the PDF has {len(pdf)}")
        try:
            page = pdf[number - 1]
            width, height = page.get_size()
            scale = min(dpi / _POINTS_PER_INCH, math.sqrt(most_pixels / max(width * height, 1)))
            bitmap = page.render(scale=scale, rev_byteorder=True)
            pixels = np.array(bitmap.to_numpy())
            bitmap.close()
            page.close()
        except (pdfium.PdfiumError, ValueError, MemoryError) as exc:
            raise ParseError(f"{filename}: page {number} cannot be drawn ({exc}). Open and save the PDF again") from exc
    return PagePicture(pixels, width, height)
