"""Form fields and comments of a PDF page, by pdfium."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.parsers.common import Box, one_line
from ingest.parsers.layout import Extra, Line, Unfilled, beside
from ingest.parsers.pdf.page_space import Edges, as_seen

_TERMINATOR_BYTES = 2
_WITHOUT_VALUE = (raw.FPDF_FORMFIELD_UNKNOWN, raw.FPDF_FORMFIELD_PUSHBUTTON, raw.FPDF_FORMFIELD_SIGNATURE)
_TICKED = ("yes", "on", "1", "true", "x")
_SAID_BY_LINKS = (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)


class Extras(NamedTuple):
    """Values of form fields and words of comments, the fields that hold none, and where a field is ticked."""

    told: list[Extra]
    unfilled: Unfilled
    ticked: list[Box]


def extras_of(page: pdfium.PdfPage, formenv: Any, lines: Sequence[Line]) -> Extras:
    """What the form and the comments of a page say.

    A field is called by its description, else by the words printed beside it, else by its name.
    """
    extras: list[Extra] = []
    ticked: list[Box] = []
    empty = unticked = 0
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            if kind in _SAID_BY_LINKS:
                continue
            box = _rectangle(page, annotation)
            if kind == raw.FPDF_ANNOT_WIDGET:
                field = _field(formenv, annotation)
                empty += field is not None and not field.value and not field.box
                unticked += field is not None and not field.value and field.box
                if field and field.value:
                    label = field.described or beside(lines, Box(*box), field.box) or field.name
                    extras.append(Extra(label, field.value, *box))
                    ticked.extend([Box(*box)] if field.box else [])
            elif text := _string(raw.FPDFAnnot_GetStringValue, annotation, b"Contents"):
                extras.append(Extra("", text, *box))
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return Extras(extras, Unfilled(empty, unticked), ticked)


class _Field(NamedTuple):
    """A form field; `box` says that it is one to be ticked."""

    name: str
    described: str
    value: str
    box: bool


def _field(formenv: Any, annotation: Any) -> _Field | None:
    """A form field and its value; None for buttons and signatures, which have none."""
    if formenv is None:
        return None
    kind = raw.FPDFAnnot_GetFormFieldType(formenv, annotation)
    if kind in _WITHOUT_VALUE:
        return None
    name = _string(raw.FPDFAnnot_GetFormFieldName, formenv, annotation)
    described = _string(raw.FPDFAnnot_GetFormFieldAlternateName, formenv, annotation)
    value = _string(raw.FPDFAnnot_GetFormFieldValue, formenv, annotation)
    box = kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)
    if box:
        value = (value or "yes") if raw.FPDFAnnot_IsChecked(formenv, annotation) else ""
        value = "yes" if value.lower() in _TICKED else value
    elif kind in (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        value = ", ".join(_chosen(formenv, annotation)) or value
    return _Field(_last_part(name) or "field", described, value, box)


def _chosen(formenv: Any, annotation: Any) -> Iterator[str]:
    """What the chosen options of a list are called on the page."""
    for index in range(raw.FPDFAnnot_GetOptionCount(formenv, annotation)):
        if raw.FPDFAnnot_IsOptionSelected(formenv, annotation, index):
            yield _string(raw.FPDFAnnot_GetOptionLabel, formenv, annotation, index)


def _last_part(name: str) -> str:
    """The name of a field within its form: `form1[0].Page1[0].Owner[0]` is `Owner`."""
    return re.sub(r"\[\d+\]$", "", name.rpartition(".")[2])


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
