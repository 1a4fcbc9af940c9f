"""Pictures on a PDF page: in place of its text, beside it or over it, by pdfium."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.parsers.common import Box
from ingest.parsers.layout import Line
from ingest.parsers.pdf.doubts import Cover
from ingest.parsers.pdf.page_space import Edges, as_seen

_FEW_CHARACTERS, _MOST_OF_PAGE, _NOTABLE = 40, 0.5, 0.05
_DRAWN = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING)
_TEXT = raw.FPDF_PAGEOBJ_TEXT
_HIDING = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_PATH)
_MOST_COVERS = 200
_DOT_PT, _COVERED = 2.0, 0.8


def is_scan(page: pdfium.PdfPage, lines: Sequence[Line]) -> bool:
    """Whether a page shows something and has no text, or has a few letters beside a picture of most of the page."""
    if not lines:
        return any(kind.type in _DRAWN for kind in page.get_objects(max_depth=4))
    if sum(len(line.text) for line in lines) >= _FEW_CHARACTERS:
        return False
    width, height = page.get_size()
    return any(_area(image) >= _MOST_OF_PAGE * width * height for image in page.get_objects((_DRAWN[0],), max_depth=4))


def has_picture(page: pdfium.PdfPage) -> bool:
    """Whether a page shows a picture that is large enough to hold words."""
    width, height = page.get_size()
    handles = (raw.FPDFPage_GetObject(page, index) for index in range(raw.FPDFPage_CountObjects(page)))
    boxes = (_bounds(handle) for handle in handles if raw.FPDFPageObj_GetType(handle) == raw.FPDF_PAGEOBJ_IMAGE)
    return any((box[2] - box[0]) * (box[1] - box[3]) >= _NOTABLE * width * height for box in boxes if box)


def _area(image: pdfium.PdfObject) -> float:
    try:
        left, bottom, right, top = image.get_bounds()
    except pdfium.PdfiumError:
        return 0.0
    return float((right - left) * (top - bottom))


def covers_of(page: pdfium.PdfPage) -> list[Cover]:
    """The boxes of pictures drawn after some of the page's text that lies below them, and whether they are opaque."""
    handles = [raw.FPDFPage_GetObject(page, index) for index in range(raw.FPDFPage_CountObjects(page))]
    kinds = [raw.FPDFPageObj_GetType(handle) for handle in handles]
    if _TEXT not in kinds:
        return []
    hiding = [index for index, kind in enumerate(kinds) if kind in _HIDING and index > kinds.index(_TEXT)]
    hiding = [index for index in hiding[:_MOST_COVERS] if _hides(handles[index], kinds[index])]
    if not hiding:
        return []
    placed = [(at, _bounds(handle)) for at, handle in enumerate(handles[: hiding[-1]]) if kinds[at] == _TEXT]
    texts = np.array([(at, *box) for at, box in placed if box]).reshape(-1, 5)
    covers: list[Cover] = []
    for index in hiding:
        box = _bounds(handles[index])
        if box and _covers_some(box, texts[texts[:, 0] < index, 1:]):
            opaque = not raw.FPDFPageObj_HasTransparency(handles[index])
            picture = kinds[index] != raw.FPDF_PAGEOBJ_PATH
            covers.append(Cover(Box(*next(as_seen(box, page))), opaque, picture))
    return covers


def _hides(handle: Any, kind: int) -> bool:
    """Whether an object can hide what is below it: a picture, a form with one, a filled shape."""
    if kind == raw.FPDF_PAGEOBJ_IMAGE:
        return True
    if kind == raw.FPDF_PAGEOBJ_FORM:
        inner = (raw.FPDFFormObj_GetObject(handle, index) for index in range(raw.FPDFFormObj_CountObjects(handle)))
        return any(raw.FPDFPageObj_GetType(one) == raw.FPDF_PAGEOBJ_IMAGE for one in inner)
    if kind == raw.FPDF_PAGEOBJ_PATH:
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(handle, ctypes.byref(mode), ctypes.byref(stroke))
        return bool(mode.value != raw.FPDF_FILLMODE_NONE)
    return False


def _bounds(handle: Any) -> Edges | None:
    """Left, top, right and bottom of an object in the page's own coordinates; None where it is no larger than a dot."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    found = raw.FPDFPageObj_GetBounds(handle, *map(ctypes.byref, (left, bottom, right, top)))
    large = right.value - left.value > _DOT_PT and top.value - bottom.value > _DOT_PT
    return (left.value, top.value, right.value, bottom.value) if found and large else None


def _covers_some(box: Edges, texts: npt.NDArray[np.float64]) -> bool:
    """Whether most of some text lies in a box; edges in the page's own coordinates, where the top is above."""
    left, top, right, bottom = texts.T
    across = np.minimum(right, box[2]) - np.maximum(left, box[0])
    down = np.minimum(top, box[1]) - np.maximum(bottom, box[3])
    shared = np.maximum(across, 0) * np.maximum(down, 0)
    return bool((shared >= _COVERED * (right - left) * (top - bottom)).any())
