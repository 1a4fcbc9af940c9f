"""What pdfium sees in a PDF: printed words with their boxes, form fields, comments, outline, attachments."""

from __future__ import annotations

import ctypes
import io
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.parsers.common import clean_text, one_line
from ingest.parsers.layout import (
    Extra,
    Line,
    OutlineEntry,
    Print,
    PrintedFile,
    PrintedPage,
    is_right_to_left,
    line_of,
)
from rag.errors import ParseError

VERSION = str(pdfium.PYPDFIUM_INFO)

ONE_AT_A_TIME = threading.Lock()  # pdfium keeps global state and is not thread-safe
_BELOW_SURROGATES = range(1, 0xD800)
_ABOVE_SURROGATES = range(0xE000, 0x110000)
_PRINTED_LINE = re.compile("[^\r\n\ufffe\x02]+[\ufffe\x02]?")
_WORD = re.compile(r"\S+")
_BOLD = re.compile(r"bold|black|heavy|demi|CMBX|SFBX|-Bd\b", re.IGNORECASE)
_FORCE_BOLD = 1 << 18
_FONT_NAME_BYTES = 128
_TERMINATOR_BYTES = 2
_FEW_CHARACTERS, _MOST_OF_PAGE, _NOTABLE = 40, 0.5, 0.05
_DRAWN = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING)
_SAID_BY_LINKS = (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)

_Box = tuple[float, float, float, float]


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
        return PrintedFile(
            pages=tuple(_page(pdf, index) for index in range(count)),
            title=pdf.get_metadata_value("Title"),
            labels=tuple(one_line(pdf.get_page_label(index)) for index in range(count)),
            outline=tuple(_outline(pdf)),
            attachments=tuple(_attachments(pdf)),
            encrypted=raw.FPDF_GetSecurityHandlerRevision(pdf) >= 0,
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


def _attachments(pdf: pdfium.PdfDocument) -> Iterator[str]:
    for index in range(pdf.count_attachments()):
        try:
            yield one_line(pdf.get_attachment(index).get_name())
        except pdfium.PdfiumError:
            yield "without a name"


def _page(pdf: pdfium.PdfDocument, index: int) -> PrintedPage:
    try:
        page = pdf[index]
    except pdfium.PdfiumError:
        return PrintedPage(0, 0, loaded=False)
    try:
        width, height = page.get_size()
        lines = _lines_of(page)
        extras, empty = _extras(page, pdf.formenv)
        scan = _is_scan(page, lines)
        pictured = not scan and _has_picture(page)
        return PrintedPage(width, height, tuple(lines), tuple(extras), empty, scan, pictured)
    finally:
        page.close()


def _lines_of(page: pdfium.PdfPage) -> list[Line]:
    """The printed lines of a page in the order of its content."""
    try:
        textpage = page.get_textpage()
    except pdfium.PdfiumError:
        return []
    try:
        characters = _characters(textpage)
        lines = [_word_spans(characters, found.start(), found.end()) for found in _PRINTED_LINE.finditer(characters)]
        lines = [spans for spans in lines if spans]
        words = _words(characters, [span for spans in lines for span in spans], textpage, page)
        bold = _BoldFonts(textpage)
        return [_line(characters, spans, words, bold) for spans in lines]
    finally:
        textpage.close()


def _word_spans(characters: str, start: int, end: int) -> list[tuple[int, int]]:
    """Index ranges of the words of a line that show something."""
    spans = [found.span() for found in _WORD.finditer(characters, start, end)]
    return [(a, b) for a, b in spans if characters[a:b].strip("\x00\ufffd\ufffe\x02\xad\ufeff") or b - a > 1]


def _last(characters: str, start: int, end: int) -> int:
    """The index of a word's last letter: a hyphen that ends a line has no box of its own."""
    broken = characters[end - 1] in "\ufffe\x02" and end - start > 1
    return end - 2 if broken else end - 1


def _words(
    characters: str, spans: Sequence[tuple[int, int]], textpage: pdfium.PdfTextPage, page: pdfium.PdfPage
) -> Iterator[Print]:
    """The words of these spans with their boxes, which take in the first and the last letter of each."""
    firsts = _as_seen(_boxes(textpage, [start for start, _ in spans]), page)
    lasts = _as_seen(_boxes(textpage, [_last(characters, start, end) for start, end in spans]), page)
    plain = characters.isascii()
    for (start, end), first, last in zip(spans, firsts, lasts, strict=True):
        text = characters[start:end]
        if not plain and not text.isascii():
            text = _clean(text)
            if len(text) > 1 and is_right_to_left(text) and first[0] <= last[0]:
                text = text[::-1]
        elif text[-1] == "\x02":
            text = text[:-1] + "\ufffe"
        if first[0] <= last[0] and first[1] == last[1] and first[3] == last[3]:
            yield Print(text, first[0], first[1], last[2], first[3])
        else:
            yield _around(text, first, last)


def _around(text: str, first: _Box, last: _Box) -> Print:
    left, right = min(first[0], last[0]), max(first[2], last[2])
    return Print(text, left, min(first[1], last[1]), right, max(first[3], last[3]))


def _line(characters: str, spans: Sequence[tuple[int, int]], words: Iterator[Print], bold: _BoldFonts) -> Line:
    printed = list(islice(words, len(spans)))
    is_bold = bold.at(spans[0][0]) and bold.at(_last(characters, *spans[-1]))
    return line_of(printed, printed[0].bottom - printed[0].top, is_bold)


def _clean(text: str) -> str:
    broken = text[-1] in "\ufffe\x02"
    return clean_text(text.rstrip("\ufffe\x02")).replace("\ufffe", "-") + ("\ufffe" if broken else "")


def _characters(textpage: pdfium.PdfTextPage) -> str:
    """The page's text with exactly one character for each of pdfium's character indexes."""
    count: int = textpage.count_chars()
    text: str = textpage.get_text_range() if count else ""
    if len(text) == count:
        return text
    codes = (raw.FPDFText_GetUnicode(textpage, index) for index in range(count))
    return "".join(_character(code) for code in codes)


def _character(code: int) -> str:
    """The character of a code point; U+FFFD for what is none, which text may not hold."""
    return chr(code) if code in _BELOW_SURROGATES or code in _ABOVE_SURROGATES else "\ufffd"


def _boxes(textpage: pdfium.PdfTextPage, indexes: Iterable[int]) -> list[float]:
    """Left, top, right, bottom of each of these characters, one after the other, in the page's own coordinates."""
    wanted = list(indexes)
    rects = (ctypes.c_float * (4 * len(wanted)))()
    handle, start, size = _address(textpage.raw), ctypes.addressof(rects), ctypes.sizeof(raw.FS_RECTF)
    for index, place in zip(wanted, range(start, start + size * len(wanted), size), strict=True):
        _loose_box(handle, index, place)
    return rects[:]


def _address(pointer: Any) -> int:
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


# By plain addresses, a call takes half the time of one with pointer objects, and there are two for each word.
_loose_box = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(
    _address(raw.FPDFText_GetLooseCharBox)
)


def _as_seen(flat: Sequence[float], page: pdfium.PdfPage) -> Iterator[_Box]:
    """Boxes from the top left corner of the turned and cropped page: left, top, right, bottom."""
    left, bottom, right, top = page.get_bbox()
    boxes = zip(flat[::4], flat[1::4], flat[2::4], flat[3::4], strict=True)
    match page.get_rotation():
        case 90:
            return ((b - bottom, x0 - left, t - bottom, x1 - left) for x0, t, x1, b in boxes)
        case 180:
            return ((right - x1, b - bottom, right - x0, t - bottom) for x0, t, x1, b in boxes)
        case 270:
            return ((top - t, right - x1, top - b, right - x0) for x0, t, x1, b in boxes)
    return ((x0 - left, top - t, x1 - left, top - b) for x0, t, x1, b in boxes)


class _BoldFonts:
    """Whether a character is set in bold, by the name and the flags of its font."""

    def __init__(self, textpage: pdfium.PdfTextPage) -> None:
        self._handle = textpage.raw
        self._name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
        self._flags = ctypes.c_int()
        self._known: dict[tuple[bytes, int], bool] = {}

    def at(self, index: int) -> bool:
        raw.FPDFText_GetFontInfo(self._handle, index, self._name, _FONT_NAME_BYTES, ctypes.byref(self._flags))
        key = (self._name.value, self._flags.value)
        if key not in self._known:
            named = _BOLD.search(key[0].decode("latin-1")) is not None
            self._known[key] = named or bool(key[1] & _FORCE_BOLD)
        return self._known[key]


def _is_scan(page: pdfium.PdfPage, lines: Sequence[Line]) -> bool:
    """Whether a page shows something and has no text, or has a few letters beside a picture of most of the page."""
    if not lines:
        return any(kind.type in _DRAWN for kind in page.get_objects(max_depth=4))
    if sum(len(line.text) for line in lines) >= _FEW_CHARACTERS:
        return False
    width, height = page.get_size()
    return any(_area(image) >= _MOST_OF_PAGE * width * height for image in page.get_objects((_DRAWN[0],), max_depth=4))


def _has_picture(page: pdfium.PdfPage) -> bool:
    """Whether a page shows a picture that is large enough to hold words."""
    width, height = page.get_size()
    return any(_area(image) >= _NOTABLE * width * height for image in page.get_objects((_DRAWN[0],), max_depth=1))


def _area(image: pdfium.PdfObject) -> float:
    try:
        left, bottom, right, top = image.get_bounds()
    except pdfium.PdfiumError:
        return 0.0
    return float((right - left) * (top - bottom))


def _extras(page: pdfium.PdfPage, formenv: Any) -> tuple[list[Extra], int]:
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


def _rectangle(page: pdfium.PdfPage, annotation: Any) -> _Box:
    rect = raw.FS_RECTF()
    if not raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
        return (0.0, 0.0, 0.0, 0.0)
    low, high = sorted((rect.bottom, rect.top))
    left, right = sorted((rect.left, rect.right))
    return next(_as_seen([left, high, right, low], page))
