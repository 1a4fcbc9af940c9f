"""PDF files: text and its geometry by pdfium, structure and a second reading by `pdf_structure`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium

from ingest.parsers import ParsedFile
from ingest.parsers.cleaning import clean_text, one_line, receipt_of, title_of
from ingest.parsers.pdf_structure import Structure, agreement, read_structure, second_reading
from ingest.parsers.reflow import Line, Words, drop_running, printed_title, reflow, running_lines
from rag.errors import ParseError
from rag.types import Page

MEDIA_TYPE = "application/pdf"

ONE_AT_A_TIME = threading.Lock()  # pdfium keeps global state and is not thread-safe
_CELL_GAP_EM = 1.0
_JUSTIFIED_GAPS = 3
_BELOW_SURROGATES = range(1, 0xD800)
_ABOVE_SURROGATES = range(0xE000, 0x110000)
_AGREEMENT = 0.6
_NO_TITLES = ("untitled", "unknown", "anonymous", "document", "none")
_MOST_NAMED = 6


class PdfParser:
    """Reads PDF files that have a text layer."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The pages in reading order, without running headers and footers (the receipt names them)."""
        with ONE_AT_A_TIME, opened(data, filename) as pdf:
            printed = [_lines_of(pdf, index) for index in range(len(pdf))]
            pdfium_title = pdf.get_metadata_value("Title")
        structure = read_structure(data)
        notes = list(structure.notes)
        running = running_lines(printed)
        if running:
            notes.append("running headers and footers left out: " + "; ".join(sorted(running)[:_MOST_NAMED]))
        texts = _texts(printed, running)
        texts = _fill_empty(texts, data, structure, notes)
        if not any(text.strip() for text in texts):
            raise ParseError(
                f"{filename}: the PDF has {len(texts)} page(s) and no text layer; it is a scan or a drawing. "
                "Reading text from images is not available yet: run it through OCR first (for example ocrmypdf)"
            )
        _check(["\n".join(line.text for line in lines) for lines in printed], data, structure, notes)
        pages = tuple(Page(number, text, structure.labels.get(number)) for number, text in enumerate(texts, start=1))
        title = _usable(structure.title) or _usable(pdfium_title) or _from_print(printed, filename)
        return ParsedFile(title, MEDIA_TYPE, pages, receipt_of("pypdfium2", pages, notes))


def _from_print(printed: list[list[Line]], filename: str) -> str:
    """A title for a file without one: what its first page prints largest, and its name."""
    large = _usable(printed_title(printed[0])) if printed else ""
    return f"{large} ({title_of(filename)})" if large else title_of(filename)


def _usable(title: str | None) -> str:
    """A title for people; programs also write serial numbers and `untitled` there."""
    text = one_line(title or "")
    return text if sum(map(str.isalpha, text)) > 1 and text.lower() not in _NO_TITLES else ""


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
        yield pdf
    finally:
        pdf.close()


def _lines_of(pdf: pdfium.PdfDocument, index: int) -> list[Line]:
    """The printed lines of a page in the order of its content; none when pdfium cannot load the page."""
    try:
        page = pdf[index]
    except pdfium.PdfiumError:
        return []
    textpage = page.get_textpage()
    try:
        characters = _characters(textpage)
        rotation = page.get_rotation()
        lines = (_line(textpage, characters, start, end, rotation) for start, end in _spans(characters))
        return [line for line in lines if line is not None]
    finally:
        textpage.close()
        page.close()


def _characters(textpage: pdfium.PdfTextPage) -> str:
    """The page's text with exactly one character for each of pdfium's character indexes."""
    count: int = textpage.count_chars()
    text: str = textpage.get_text_range() if count else ""
    if len(text) == count:
        return text
    codes = (pdfium.raw.FPDFText_GetUnicode(textpage, index) for index in range(count))
    return "".join(_character(code) for code in codes)


def _character(code: int) -> str:
    """The character of a code point; U+FFFD for what is none, which text may not hold."""
    return chr(code) if code in _BELOW_SURROGATES or code in _ABOVE_SURROGATES else "\ufffd"


def _spans(characters: str) -> Iterator[tuple[int, int]]:
    """Index ranges of the lines, without the spaces around them. pdfium runs on over a hyphen that ends a line."""
    start = 0
    for end, character in enumerate(characters + "\n"):
        if character in "\r\n\ufffe\x02":
            stop = end + 1 if character in "\ufffe\x02" else end
            piece = characters[start:stop]
            if piece.strip(" \t\xa0\x00\ufffd"):
                yield start + len(piece) - len(piece.lstrip()), stop - len(piece) + len(piece.rstrip())
            start = end + 1


def _line(textpage: pdfium.PdfTextPage, characters: str, start: int, end: int, rotation: int) -> Line | None:
    raw = characters[start:end].replace("\x02", "\ufffe")
    text = " ".join(clean_text(raw).split())
    if not text.strip("\ufffe"):
        return None
    last = end - 1 if raw[-1] != "\ufffe" or end - start == 1 else end - 2
    first_box, last_box = _box(textpage, start, rotation), _box(textpage, last, rotation)
    size = first_box[3] - first_box[1]
    spaces = [i for i in range(start + 1, last) if characters[i] == " " and characters[i - 1] != " "]
    return Line(
        text=text,
        left=round(min(first_box[0], last_box[0]), 1),
        right=round(max(first_box[2], last_box[2]), 1),
        bottom=round(first_box[1], 1),
        size=round(size, 1),
        row=_has_cells(textpage, characters, spaces, size, rotation),
    )


def _box(textpage: pdfium.PdfTextPage, index: int, rotation: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top as seen on the turned page; the zero point is arbitrary."""
    left, bottom, right, top = textpage.get_charbox(index, loose=True)
    turned = {
        0: (left, bottom, right, top),
        90: (bottom, -right, top, -left),
        180: (-right, -top, -left, -bottom),
        270: (-top, left, -bottom, right),
    }
    return turned[rotation]


def _has_cells(textpage: pdfium.PdfTextPage, characters: str, spaces: list[int], size: float, rotation: int) -> bool:
    """Whether a gap between two words is wider than a letter is high, and far wider than the narrowest gap."""
    gaps = []
    for space in spaces:
        after = space + 1
        while after < len(characters) - 1 and characters[after] == " ":
            after += 1
        left, right = _box(textpage, space - 1, rotation), _box(textpage, after, rotation)
        gaps.append(max(right[0] - left[2], left[0] - right[2]))
    if not gaps or max(gaps) <= _CELL_GAP_EM * size:
        return False
    justified = len(gaps) >= _JUSTIFIED_GAPS and min(gaps) > 0.4 * max(gaps) and min(gaps) < 0.8 * size
    return not justified


def _texts(printed: list[list[Line]], running: frozenset[str]) -> list[str]:
    bodies = [drop_running(lines, running) for lines in printed]
    words = Words.of(line for lines in bodies for line in lines)
    return [reflow(lines, words) for lines in bodies]


def _fill_empty(texts: list[str], data: bytes, structure: Structure, notes: list[str]) -> list[str]:
    """Texts with the second reader's words on pages where pdfium saw none."""
    empty = [number for number, text in enumerate(texts, start=1) if not text.strip()]
    if not empty or not structure.readable:
        return texts
    second = second_reading(data, empty)
    found = sorted(number for number, text in second.items() if text.strip())
    if found:
        notes.append(f"read by the second reader only: pages {', '.join(map(str, found))}")
    return [second.get(number, "") if number in found else text for number, text in enumerate(texts, start=1)]


def _check(printed: list[str], data: bytes, structure: Structure, notes: list[str]) -> None:
    """Note the sampled pages on which the two readers do not see the same words."""
    with_text = [number for number, text in enumerate(printed, start=1) if text]
    if not structure.readable or not with_text:
        return
    sample = sorted({with_text[0], with_text[len(with_text) // 2], with_text[-1]})
    second = second_reading(data, sample)
    apart = [number for number in second if agreement(printed[number - 1], second[number]) < _AGREEMENT]
    if apart:
        notes.append(f"the two readers disagree on pages {', '.join(map(str, apart))}: check the text")
