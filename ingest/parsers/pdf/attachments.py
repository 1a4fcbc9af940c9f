"""Files attached to a PDF or to its pages, by pdfium."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.parsers.common import one_line
from ingest.parsers.layout import Attachment

MOST_BYTES = 50_000_000
_NAMELESS = "without a name"


def listed(pdf: pdfium.PdfDocument) -> Iterator[Attachment]:
    """The files of the document's list."""
    for index in range(pdf.count_attachments()):
        try:
            yield _read(pdf.get_attachment(index))
        except pdfium.PdfiumError:
            yield Attachment(_NAMELESS, None)


def pinned(pdf: pdfium.PdfDocument, page: pdfium.PdfPage) -> Iterator[Attachment]:
    """The files that are pinned to a page."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            handle: Any = None
            if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_FILEATTACHMENT:
                handle = raw.FPDFAnnot_GetFileAttachment(annotation)
            if handle:
                yield _read(pdfium.PdfAttachment(handle, pdf))
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _read(attachment: pdfium.PdfAttachment) -> Attachment:
    name = one_line(attachment.get_name()) or _NAMELESS
    size = ctypes.c_ulong()
    if not raw.FPDFAttachment_GetFile(attachment, None, 0, ctypes.byref(size)) or size.value > MOST_BYTES:
        return Attachment(name, None)
    try:
        return Attachment(name, bytes(attachment.get_data()))
    except pdfium.PdfiumError:
        return Attachment(name, None)
