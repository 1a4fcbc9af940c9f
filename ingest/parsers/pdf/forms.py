"""Form fields and comments on a PDF's page, by pdfium."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.parsers.common import one_line
from ingest.parsers.layout import Extra
from ingest.parsers.pdf.page_space import Edges, as_seen

_TERMINATOR_BYTES = 2
_SAID_BY_LINKS = (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)


def extras_of(page: pdfium.PdfPage, formenv: Any) -> tuple[list[Extra], int]:
    """Values of form fields and words of comments, and how many fields are empty."""
    extras: list[Extra] = []
    empty = 0
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            if kind in _SAID_BY_LINKS:
                continue
            if kind == raw.FPDF_ANNOT_WIDGET:
                label, text = _field(formenv, annotation)
                empty += bool(label) and not text
            else:
                label, text = "", _string(raw.FPDFAnnot_GetStringValue, annotation, b"Contents")
            if text:
                extras.append(Extra(label, text, *_rectangle(page, annotation)))
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return extras, empty


def _field(formenv: Any, annotation: Any) -> tuple[str, str]:
    """A form field's name and value; buttons have neither."""
    if formenv is None:
        return "", ""
    kind = raw.FPDFAnnot_GetFormFieldType(formenv, annotation)
    if kind in (raw.FPDF_FORMFIELD_UNKNOWN, raw.FPDF_FORMFIELD_PUSHBUTTON):
        return "", ""
    name = _string(raw.FPDFAnnot_GetFormFieldName, formenv, annotation)
    value = _string(raw.FPDFAnnot_GetFormFieldValue, formenv, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        value = (value or "yes") if raw.FPDFAnnot_IsChecked(formenv, annotation) else ""
    return name or "field", value


def _string(getter: Any, *args: Any) -> str:
    """A text that pdfium writes into a buffer of UTF-16."""
    size = getter(*args, None, 0)
    if size <= _TERMINATOR_BYTES:
        return ""
    buffer = ctypes.create_string_buffer(size)
    getter(*args, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return one_line(buffer.raw[: size - _TERMINATOR_BYTES].decode("utf-16-le", errors="replace"))


def _rectangle(page: pdfium.PdfPage, annotation: Any) -> Edges:
    rect = raw.FS_RECTF()
    if not raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
        return (0.0, 0.0, 0.0, 0.0)
    low, high = sorted((rect.bottom, rect.top))
    left, right = sorted((rect.left, rect.right))
    return next(as_seen([left, high, right, low], page))
