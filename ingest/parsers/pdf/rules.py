"""The ruling lines of a PDF page, by pdfium."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.parsers.common import Box
from ingest.parsers.pdf.page_space import Edges, as_seen

_THIN_PT, _SHORTEST_PT = 2.5, 6.0
_MOST_PATHS, _MOST_SEGMENTS = 3000, 2000
_STRAIGHT_PT = 0.5


def rules_of(page: pdfium.PdfPage) -> list[Box]:
    """Thin boxes, upright or level, that are drawn on a page: lines, thin shapes, the edges of rectangles, and what a
    reader of the file struck out."""
    flat: list[float] = [edge for line in _struck_out(page) for edge in line]
    paths = 0
    for index in range(raw.FPDFPage_CountObjects(page)):
        handle = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(handle) == raw.FPDF_PAGEOBJ_PATH:
            paths += 1
            if paths > _MOST_PATHS:  # a drawing
                return []
            for edges in _rules(handle):
                flat.extend(edges)
    return [Box(*edges) for edges in as_seen(flat, page)]


def _struck_out(page: pdfium.PdfPage) -> Iterator[Edges]:
    """Lines through the middle of the words that annotations strike out."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) != raw.FPDF_ANNOT_STRIKEOUT:
                continue
            for number in range(raw.FPDFAnnot_CountAttachmentPoints(annotation)):
                quad = raw.FS_QUADPOINTSF()
                if raw.FPDFAnnot_GetAttachmentPoints(annotation, number, ctypes.byref(quad)):
                    across = (quad.x1, quad.x2, quad.x3, quad.x4)
                    middle = (quad.y1 + quad.y2 + quad.y3 + quad.y4) / 4
                    yield min(across), middle, max(across), middle
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _rules(handle: Any) -> Iterator[Edges]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(handle, *map(ctypes.byref, (left, bottom, right, top))):
        return
    box = (left.value, top.value, right.value, bottom.value)
    if _is_rule(box):
        yield box
    elif right.value - left.value > _THIN_PT and top.value - bottom.value > _THIN_PT and _is_stroked(handle):
        yield from filter(_is_rule, _segments(handle))


def _is_rule(box: Edges) -> bool:
    width, height = box[2] - box[0], box[1] - box[3]
    return min(width, height) <= _THIN_PT and max(width, height) >= _SHORTEST_PT


def _is_stroked(handle: Any) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(handle, ctypes.byref(mode), ctypes.byref(stroke))
    return bool(stroke.value)


def _segments(handle: Any) -> Iterator[Edges]:
    """The straight parts of a path, as boxes without width or height; none of a path with curves."""
    count = raw.FPDFPath_CountSegments(handle)
    if count > _MOST_SEGMENTS:
        return
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(handle, ctypes.byref(matrix))
    points: list[tuple[float, float]] = []
    lines: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(handle, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return
        point = _point(segment, matrix)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            lines.extend(pairwise(points))
            points = []
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    lines.extend(pairwise(points))
    for (x0, y0), (x1, y1) in lines:
        if min(abs(x1 - x0), abs(y1 - y0)) <= _STRAIGHT_PT:
            yield min(x0, x1), max(y0, y1), max(x0, x1), min(y0, y1)


def _point(segment: Any, matrix: Any) -> tuple[float, float]:
    x, y = ctypes.c_float(), ctypes.c_float()
    raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
    across = matrix.a * x.value + matrix.c * y.value + matrix.e
    return across, matrix.b * x.value + matrix.d * y.value + matrix.f
