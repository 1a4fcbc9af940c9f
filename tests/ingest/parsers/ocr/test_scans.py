"""Scanned pages: what OCR reads, where it stands, and what the receipt says of it."""

from __future__ import annotations

import pickle
import shutil
import sys

import numpy as np
import pytest
from PIL import Image

from ingest.parsers.common.cleaning import receipt_of
from ingest.parsers.common.geometry import Box, Geometry, boxes_of, unpack
from ingest.parsers.common.parsed import ParsedFile, ScannedPage
from ingest.parsers.ocr.engine import Ocr, OcrLine, OcrResult, OcrWord, Picture
from ingest.parsers.ocr.images import ImageParser
from ingest.parsers.ocr.rapid import RapidOcr
from ingest.parsers.ocr.scans import NO_OCR, PictureReader, scan_reader, with_scans
from ingest.parsers.ocr.tesseract import TesseractOcr
from rag.errors import ParseError
from rag.types import OcrPage, Page
from tests.files.documents import SIDE_PT, blank, pdf_of, rotated
from tests.files.pictures import Text, bytes_of, column, page_of, scanned

pytestmark = pytest.mark.slow

TABLE: list[Text] = [
    (60, 60, "Net sales"), (600, 60, "82,959"), (60, 110, "Operating income"), (600, 110, "23,076"),
]  # fmt: skip
PROSE = column(
    "The stilling well at Skerry Bridge was cleaned on 14 March",
    "2023 and the float was replaced after a flood of 3.27 metres.",
)
SENTENCE = " ".join(text for _, _, text in PROSE)

ENGINES = [
    pytest.param(RapidOcr(), id="rapidocr"),
    pytest.param(
        TesseractOcr(),
        id="tesseract",
        marks=pytest.mark.skipif(
            shutil.which("tesseract") is None, reason="tesseract is not installed: apt-get install tesseract-ocr"
        ),
    ),
]


class WrittenOcr:
    """An engine that sees the same words on every picture, turned by so many quarter turns."""

    def __init__(self, *lines: OcrLine, turns: int = 0) -> None:
        self._reading = OcrResult(turns, lines)

    def read(self, picture: Picture) -> OcrResult:
        return self._reading


def read(ocr: Ocr, image: Image.Image) -> ScannedPage:
    return PictureReader(ocr).read_page(bytes_of(image), "a.png", 1)


def geometry_of(page: ScannedPage) -> Geometry:
    assert page.geometry is not None
    geometry = unpack(page.geometry)
    assert [page.text[word.start : word.end] for word in geometry.words] == page.text.split()
    assert all(word.left < word.right and word.top < word.bottom for word in geometry.words)
    return geometry


def box_of(page: ScannedPage, quote: str) -> Box:
    start = page.text.index(quote)
    [box] = boxes_of(geometry_of(page), start, start + len(quote))
    return box


@pytest.mark.parametrize("ocr", ENGINES)
def test_a_sentence_with_numbers_is_read(ocr: Ocr):
    """Exactly, as one paragraph, with a confidence near 1."""
    page = read(ocr, page_of(*PROSE))
    assert page.text == SENTENCE
    assert 0.8 < page.confidence <= 1


@pytest.mark.parametrize("ocr", ENGINES)
def test_a_row_of_a_table_is_one_line(ocr: Ocr):
    assert read(ocr, page_of(*TABLE)).text == "Net sales | 82,959\nOperating income | 23,076"


@pytest.mark.parametrize("ocr", ENGINES)
def test_nothing_written_is_no_text(ocr: Ocr):
    assert read(ocr, page_of()) == ScannedPage("", 0.0)


@pytest.mark.parametrize("ocr", ENGINES)
def test_a_word_is_found_where_it_is_printed(ocr: Ocr):
    """Each word has a box within about a letter of its ink; an image's are in its own pixels, small ones too."""
    image = page_of((20, 20, "Humidity 60 percent"), size=(440, 80), letters_px=20)
    box = box_of(read(ocr, image), "60")
    ink = Image.new("L", image.size, 0)
    ink.paste(255, tuple(round(edge) for edge in (box.left, box.top, box.right, box.bottom)))
    dark = np.asarray(image.convert("L")) < 128
    columns = np.flatnonzero(dark.any(axis=0))
    gaps = np.flatnonzero(np.diff(columns) > 4)
    expected_left, expected_right = columns[gaps[0] + 1], columns[gaps[1]]
    assert abs(box.left - expected_left) < 12
    assert abs(box.right - expected_right) < 12
    rows = np.flatnonzero(dark.any(axis=1))
    assert box.top - 2 <= rows[0] + 8
    assert box.bottom + 2 >= rows[-1] - 8


@pytest.mark.parametrize("ocr", ENGINES)
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_on_its_side_or_head_is_read(ocr: Ocr, turns: int):
    """The words are those of the upright page; the boxes are where they stand on the page as it is seen."""
    lines = column(*(text for _, _, text in PROSE), "Please keep the gate of the gauging station locked at night.")
    upright = page_of(*lines, size=(1000, 800))
    page = read(ocr, Image.fromarray(np.rot90(np.asarray(upright), turns)))
    assert page.text.startswith(SENTENCE)
    geometry = geometry_of(page)
    assert (geometry.width, geometry.height) == ((800, 1000) if turns % 2 else (1000, 800))
    first = geometry.words[0]  # it stands at the top left of the upright page
    corner = {1: (first.left < 150 and first.bottom > 850), 2: (first.right > 850 and first.bottom > 650)}
    assert corner.get(turns, first.right > 650 and first.top < 150)


def test_a_lone_digit_in_a_cell_is_read_upright():
    """RapidOCR lays down whatever is higher than wide."""
    table: list[Text] = [(60, 60, "Valves"), (400, 60, "1"), (60, 110, "Floats"), (400, 110, "7")]
    assert read(RapidOcr(), page_of(*table)).text == "Valves | 1\nFloats | 7"


@pytest.mark.parametrize("degrees", [0, 90])
def test_a_scanned_page_of_a_pdf_is_read_in_points(degrees: int):
    """The page is drawn as it is seen: turned by its rotation; the units are those of the PDF."""
    image = page_of(*PROSE, size=(1200, 1200))
    turned = Image.fromarray(np.rot90(np.asarray(image), degrees // 90))
    data = rotated(pdf_of(blank, scanned(turned)), degrees)
    page = PictureReader(RapidOcr(), dpi=120).read_page(data, "a.pdf", 2)
    assert page.text == SENTENCE
    geometry = geometry_of(page)
    assert (geometry.width, geometry.height) == (SIDE_PT, SIDE_PT)
    assert PictureReader(RapidOcr(), dpi=120).read_page(data, "a.pdf", 1).text == ""


def test_a_huge_page_is_drawn_smaller():
    """A page of 200 inches a side would have 1.6 billion pixels at 200 dpi."""
    seen: list[tuple[int, ...]] = []

    class Measuring(WrittenOcr):
        def read(self, picture: Picture) -> OcrResult:
            seen.append(picture.shape)
            return super().read(picture)

    word = OcrWord("Plan", Box(0, 0, 100, 50))
    data = pdf_of(blank).replace(b"/MediaBox [ 0 0 600 600 ]", b"/MediaBox [ 0 0 14400 14400 ]")
    page = PictureReader(Measuring(OcrLine((word,), 0.9))).read_page(data, "plan.pdf", 1)
    [(height, width, _)] = seen
    assert 10_000_000 < height * width <= 12_100_000
    assert geometry_of(page).width == 14_400


def test_broken_files_say_why():
    """A page that is not there, a damaged PDF, a damaged image."""
    reader = PictureReader(WrittenOcr())
    with pytest.raises(ParseError, match=r"a\.pdf: there is no page 3; the PDF has 1"):
        reader.read_page(pdf_of(blank), "a.pdf", 3)
    with pytest.raises(ParseError, match=r"a\.pdf: the PDF is damaged"):
        reader.read_page(b"%PDF-1.4 rubbish", "a.pdf", 1)
    with pytest.raises(ParseError, match=r"a\.png: the image is damaged"):
        reader.read_page(bytes_of(page_of(*PROSE))[:400], "a.png", 1)


def test_without_its_extra_tesseract_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    """The library is imported with the first page: who does not ask for Tesseract does not need it."""
    monkeypatch.setitem(sys.modules, "pytesseract", None)
    with pytest.raises(ParseError, match=r"install footnote-rag\[tesseract\]"):
        read(TesseractOcr(), page_of())


def test_tesseract_that_is_not_installed_says_what_to_do(monkeypatch: pytest.MonkeyPatch):
    """The error names the setting and the package."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ParseError, match=r"FOOTNOTE_OCR=tesseract.*apt-get install tesseract-ocr.*FOOTNOTE_OCR="):
        read(TesseractOcr(), page_of())


@pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="tesseract is not installed: apt-get install tesseract-ocr"
)
def test_a_language_that_is_not_installed_says_so():
    with pytest.raises(ParseError, match=r"FOOTNOTE_OCR_LANGUAGES='xyz'.*--list-langs"):
        read(TesseractOcr("xyz"), page_of())


def test_the_setting_chooses_the_reader():
    """`none` is no reader; the others can be sent to a child process."""
    assert scan_reader("none") is None
    assert pickle.loads(pickle.dumps(scan_reader("rapidocr", threads=1))) == PictureReader(RapidOcr(1))
    assert scan_reader("tesseract", languages="deu") == PictureReader(TesseractOcr("deu"))


def mixed() -> ParsedFile:
    """A PDF of four pages: one with text, three scans."""
    pages = (Page(1, "Printed."), Page(2, "", "ii"), Page(3, ""), Page(4, ""))
    return ParsedFile("Mixed", "application/pdf", pages, receipt_of("pypdfium2", pages, ["a note"]), scans=(2, 3, 4))


def test_what_was_read_stands_in_the_pages_and_in_the_receipt():
    """Text and geometry, confidence, characters; failures with their reason; doubts as a note."""
    results = {2: ScannedPage("Two", 0.97, "g"), 3: "longer than 60 s", 4: ScannedPage("F0ur", 0.55)}
    merged = with_scans(mixed(), results, "a.pdf")
    assert merged.pages[:2] == (Page(1, "Printed."), Page(2, "Two", "ii", "g"))
    receipt = merged.receipt
    assert receipt.ocr_pages == (OcrPage(2, 0.97), OcrPage(4, 0.55))
    assert receipt.skipped == ("page 3: longer than 60 s",)
    assert receipt.empty_pages == (3,)
    assert receipt.characters == len("Printed." + "Two" + "F0ur")
    assert receipt.notes == ("a note", "OCR is not sure of pages 4: check the text")


def test_without_ocr_scans_are_listed_as_unread():
    """Nothing is lost silently."""
    assert with_scans(mixed(), {}, "a.pdf").receipt.skipped == tuple(f"page {n}: {NO_OCR}" for n in (2, 3, 4))


def test_a_page_on_which_ocr_finds_nothing_is_empty_not_skipped():
    """A photo without words has been read."""
    receipt = with_scans(mixed(), {n: ScannedPage("", 0.0) for n in (2, 3, 4)}, "a.pdf").receipt
    assert (receipt.skipped, receipt.ocr_pages, receipt.empty_pages) == ((), (), (2, 3, 4))


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ({}, r"a\.png: .*FOOTNOTE_OCR=none.*Set FOOTNOTE_OCR=rapidocr.*ocrmypdf"),
        ({1: ScannedPage(" ", 0.0)}, r"a\.png: no text was found on its pictures.*200 dpi"),
        ({1: "tesseract is not installed"}, r"a\.png: .*page 1: tesseract is not installed"),
    ],
)
def test_a_file_without_any_text_fails(results: dict[int, ScannedPage | str], reason: str):
    """With what to do about it."""
    parsed = ImageParser().parse(bytes_of(page_of(size=(40, 20))), "a.png")
    with pytest.raises(ParseError, match=reason):
        with_scans(parsed, results, "a.png")
