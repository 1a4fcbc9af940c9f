"""Pages without text: read one by one by OCR, and put back into their file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ingest.parsers.common import Box, Geometry, ParsedFile, PlacedText, ScannedPage, Word, pack
from ingest.parsers.ocr.agreement import says_the_same
from ingest.parsers.ocr.engine import Ocr, OcrLine, PagePicture
from ingest.parsers.ocr.images import scaled
from ingest.parsers.ocr.pictures import page_picture
from ingest.parsers.ocr.rapid import RapidOcr
from ingest.parsers.ocr.tesseract import TesseractOcr
from ingest.parsers.ocr.text import Placed, lay_out
from rag.errors import ParseError
from rag.types import OcrPage, Page

DPI = 200
MOST_PIXELS = 12_000_000
LOW_CONFIDENCE = 0.6
NO_OCR = "a scan, not read because FOOTNOTE_OCR=none"

_SMALL_PX = 1000  # letters of smaller pictures are enlarged until the detector sees them
_MOST_ENLARGED = 2.0
_MARGIN = 0.3  # of a line's height, around it


@dataclass(frozen=True, slots=True)
class PictureReader:
    """Reads pages with an OCR engine; PDF pages are drawn at `dpi`."""

    ocr: Ocr
    dpi: float = DPI

    def read_page(self, data: bytes, filename: str, number: int) -> ScannedPage:
        page = page_picture(data, filename, number, dpi=self.dpi, most_pixels=MOST_PIXELS)
        height, width = page.pixels.shape[:2]
        enlarged = scaled(page.pixels, min(max(_SMALL_PX / max(height, width), 1.0), _MOST_ENLARGED))
        reading = self.ocr.read(enlarged)
        text, placed = lay_out(reading.lines)
        if not text:
            return ScannedPage("", 0.0)
        shape = enlarged.shape[0], enlarged.shape[1]
        words = tuple(_word(one, reading.turns, shape, page.width, page.height) for one in placed)
        return ScannedPage(text, _mean_confidence(reading.lines), pack(Geometry(page.width, page.height, words)))

    def confirms(self, data: bytes, filename: str, number: int, lines: Sequence[PlacedText]) -> bool:
        page = page_picture(data, filename, number, dpi=self.dpi, most_pixels=MOST_PIXELS)
        return all(says_the_same(line.text, self._text_in(page, line.box), line.odd) for line in lines)

    def _text_in(self, page: PagePicture, box: Box) -> str:
        """What OCR reads in a box of a page, read as it lies."""
        height, width = page.pixels.shape[:2]
        across, down = width / page.width, height / page.height
        margin = _MARGIN * (box.bottom - box.top)
        top, bottom = (min(max(round(edge * down), 0), height) for edge in (box.top - margin, box.bottom + margin))
        left, right = (min(max(round(edge * across), 0), width) for edge in (box.left - margin, box.right + margin))
        part = page.pixels[top:bottom, left:right]
        return lay_out(self.ocr.read(np.ascontiguousarray(part)).lines)[0] if part.size else ""


def scan_reader(
    ocr: Literal["rapidocr", "tesseract", "none"], *, languages: str = "eng", threads: int = 1
) -> PictureReader | None:
    """The reader that `FOOTNOTE_OCR` asks for; it loads nothing before its first page. None: scans stay unread."""
    if ocr == "none":
        return None
    return PictureReader(RapidOcr(threads) if ocr == "rapidocr" else TesseractOcr(languages))


def with_scans(parsed: ParsedFile, results: Mapping[int, ScannedPage | str], filename: str) -> ParsedFile:
    """The file with what OCR gave for the numbers in `scans`: a page that was read, or the reason why it was not.

    Reasons, and scans that have no result, stand in `receipt.skipped`; pages read with little confidence in its notes.

    Raises:
        ParseError: no page of the file has text now; says what to do.
    """
    read = {number: one for number, one in results.items() if isinstance(one, ScannedPage) and one.text.strip()}
    pages = tuple(_filled(page, read.get(page.number)) for page in parsed.pages)
    skipped = [f"page {number}: {one}" for number, one in _unread(parsed.scans, results)]
    if not any(page.text.strip() for page in pages):
        raise ParseError(_nothing_read(filename, skipped))
    receipt = dataclasses.replace(
        parsed.receipt,
        characters=sum(len(page.text) for page in pages),
        empty_pages=tuple(page.number for page in pages if not page.text.strip()),
        ocr_pages=tuple(OcrPage(number, read[number].confidence) for number in sorted(read)),
        skipped=(*parsed.receipt.skipped, *skipped),
        notes=(*parsed.receipt.notes, *_doubts(read)),
    )
    return dataclasses.replace(parsed, pages=pages, receipt=receipt)


def _filled(page: Page, read: ScannedPage | None) -> Page:
    return page if read is None else dataclasses.replace(page, text=read.text, geometry=read.geometry)


def _unread(scans: Sequence[int], results: Mapping[int, ScannedPage | str]) -> list[tuple[int, str]]:
    found = ((number, results.get(number, NO_OCR)) for number in scans)
    return [(number, one) for number, one in found if isinstance(one, str)]


def _doubts(read: Mapping[int, ScannedPage]) -> list[str]:
    doubtful = [str(number) for number in sorted(read) if read[number].confidence < LOW_CONFIDENCE]
    return [f"OCR is not sure of pages {', '.join(doubtful)}: check the text"] if doubtful else []


def _nothing_read(filename: str, skipped: Sequence[str]) -> str:
    if not skipped:
        return (
            f"{filename}: no text was found on its pictures. Check that they show text, or scan them at 200 dpi or more"
        )
    remedy = "Set FOOTNOTE_OCR=rapidocr, or run the file through OCR first (for example ocrmypdf)"
    unread = all(one.endswith(NO_OCR) for one in skipped)
    return f"{filename}: no text, only pictures. " + (f"{NO_OCR}. {remedy}" if unread else "; ".join(skipped[:3]))


def _mean_confidence(lines: Sequence[OcrLine]) -> float:
    characters = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / characters


def _word(placed: Placed, turns: int, shape: tuple[int, int], page_width: float, page_height: float) -> Word:
    """A word in the page's own units, on the page as it is seen, not as it was turned to be read."""
    height, width = shape
    box = _turned_back(placed.box, turns, width, height)
    across, down = page_width / width, page_height / height
    return Word(placed.start, placed.end, box.left * across, box.top * down, box.right * across, box.bottom * down)


def _turned_back(box: Box, turns: int, width: int, height: int) -> Box:
    """The box on the picture of this size, from the one on the picture turned counter-clockwise."""
    turned = {
        0: box,
        1: Box(width - box.bottom, box.left, width - box.top, box.right),
        2: Box(width - box.right, height - box.bottom, width - box.left, height - box.top),
        3: Box(box.top, height - box.right, box.bottom, height - box.left),
    }
    return turned[turns]
