"""The contents of a PDF by pdfium: words with boxes, form fields, comments, outline, attachments."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.parsers.common import one_line
from ingest.parsers.layout import Attachment, OutlineEntry, PrintedFile, PrintedPage, filled_in, with_ticks
from ingest.parsers.pdf.attachments import listed, pinned
from ingest.parsers.pdf.drawn_boxes import drawn_boxes
from ingest.parsers.pdf.forms import extras_of
from ingest.parsers.pdf.glyphs import Outlines
from ingest.parsers.pdf.lines import lines_of
from ingest.parsers.pdf.pictures import has_picture, is_scan
from ingest.parsers.pdf.quiet import quiet
from ingest.parsers.pdf.rules import rules_of
from rag.errors import ParseError

VERSION = str(pdfium.PYPDFIUM_INFO)

ONE_AT_A_TIME = threading.Lock()  # pdfium keeps global state and is not thread-safe


def read_printed(data: bytes, filename: str, max_pages: int) -> PrintedFile:
    """The whole file as it is printed; a page that cannot be loaded is empty and `loaded=False`.

    Raises:
        ParseError: the file is damaged, asks for a password or has more than `max_pages` pages.
    """
    with ONE_AT_A_TIME, opened(data, filename) as pdf:
        count = len(pdf)
        if count > max_pages:
            raise ParseError(
                f"{filename}: the PDF has {count} pages, more than FOOTNOTE_MAX_PAGES={max_pages}. "
                "Split it, or raise the limit"
            )
        outlines = Outlines()
        attachments = list(listed(pdf))
        return PrintedFile(
            pages=tuple(_page(pdf, index, outlines, attachments) for index in range(count)),
            title=pdf.get_metadata_value("Title"),
            labels=tuple(one_line(pdf.get_page_label(index)) for index in range(count)),
            outline=tuple(_outline(pdf)),
            attachments=tuple(dict.fromkeys(attachments)),
            encrypted=raw.FPDF_GetSecurityHandlerRevision(pdf) >= 0,
            xfa=pdf.get_formtype() == raw.FORMTYPE_XFA_FULL,
        )


def pages_alone(data: bytes, filename: str, numbers: Sequence[int]) -> bytes:
    """These pages as a PDF of their own, in the order of their numbers.

    Raises:
        ParseError: pdfium cannot copy them.
    """
    with ONE_AT_A_TIME, opened(data, filename) as pdf:
        copy = pdfium.PdfDocument.new()
        try:
            copy.import_pages(pdf, [number - 1 for number in numbers])
            out = io.BytesIO()
            copy.save(out)
            return out.getvalue()
        except pdfium.PdfiumError as exc:
            raise ParseError(f"{filename}: the pages cannot be copied ({exc})") from exc
        finally:
            copy.close()


@contextmanager
def opened(data: bytes, filename: str) -> Iterator[pdfium.PdfDocument]:
    """A PDF with at least one page, while `ONE_AT_A_TIME` is held."""
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as exc:
        if "password" in str(exc).lower():
            raise ParseError(
                f"{filename}: the PDF is protected by a password. Save a copy without one and ingest that"
            ) from exc
        raise ParseError(f"{filename}: the PDF is damaged ({exc}). Open and save it again, or repair it") from exc
    try:
        if not len(pdf):
            raise ParseError(f"{filename}: the PDF is damaged (it has no pages). Open and save it again")
        if pdf.get_formtype() != raw.FORMTYPE_NONE:
            with quiet("pypdfium2"):  # it logs that it shows no XFA forms, which the receipt says
                pdf.init_forms()
        yield pdf
    finally:
        pdf.close()


def _outline(pdf: pdfium.PdfDocument) -> Iterator[OutlineEntry]:
    for bookmark in pdf.get_toc():
        dest = bookmark.get_dest()
        index = dest.get_index() if dest else None
        title = one_line(bookmark.get_title())
        if index is not None and title:
            yield OutlineEntry(title, index + 1, bookmark.level + 1)


def _page(pdf: pdfium.PdfDocument, index: int, outlines: Outlines, attachments: list[Attachment]) -> PrintedPage:
    """A page; files that are pinned to it are added to `attachments`."""
    try:
        page = pdf[index]
    except pdfium.PdfiumError:
        return PrintedPage(0, 0, loaded=False)
    try:
        width, height = page.get_size()
        rules = rules_of(page)
        lines, doubt = lines_of(page, outlines, rules)
        extras = extras_of(page, pdf.formenv, lines)
        scan = is_scan(page, lines)
        pictured = not scan and has_picture(page)
        shown = with_ticks(lines, filled_in(drawn_boxes(page), extras.ticked))
        attachments.extend(pinned(pdf, page))
        return PrintedPage(
            width,
            height,
            tuple(shown.lines),
            tuple(extras.told),
            extras.unfilled,
            scan,
            pictured,
            doubt=doubt,
            rules=tuple(rules),
            unclear_boxes=shown.unclear,
        )
    finally:
        page.close()
