"""Baselines and sizes of the characters of a PDF, by pdfium."""

from __future__ import annotations

import ctypes
import math

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.parsers.layout import Stand
from ingest.parsers.pdf.page_space import as_seen


class CharacterStands:
    """The stand of each character of a page, by its index."""

    def __init__(self, textpage: pdfium.PdfTextPage, page: pdfium.PdfPage) -> None:
        self._text = textpage.raw
        self._page = page
        self._known: dict[int, Stand] = {}

    def __call__(self, index: int) -> Stand:
        if index not in self._known:
            self._known[index] = self._stand(index)
        return self._known[index]

    def _stand(self, index: int) -> Stand:
        x, y, matrix = ctypes.c_double(), ctypes.c_double(), raw.FS_MATRIX()
        raw.FPDFText_GetCharOrigin(self._text, index, ctypes.byref(x), ctypes.byref(y))
        found = raw.FPDFText_GetMatrix(self._text, index, ctypes.byref(matrix))
        scale = math.hypot(matrix.c, matrix.d) if found else 1.0
        _, base, _, _ = next(as_seen([x.value, y.value, x.value, y.value], self._page))
        return Stand(base, scale * raw.FPDFText_GetFontSize(self._text, index))
