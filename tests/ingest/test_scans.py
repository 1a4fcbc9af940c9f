"""Scanned pages: what OCR reads, where its words stand, and how a page goes back into its file."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ingest.marking import marked_page
from ingest.parsers import ParsedFile, ScannedPage
from ingest.parsers.ocr import OcrLine, OcrWord
from ingest.parsers.ocr_layout import lay_out
from ingest.parsers.registry import default_registry
from ingest.parsers.scans import PictureReader, scan_reader, with_scans
from rag.errors import ParseError
from rag.geometry import Box, boxes_of, unpack
from rag.types import OcrPage
from tests.ingest.files import lines, pdf_of
from tests.ingest.pictures import bytes_of, column, page_of, scanned

SENTENCE = "The pump moved 4,718 litres in 26 minutes."
WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def rapid() -> PictureReader:
    reader = scan_reader("rapidocr")
    assert reader is not None
    return reader


def line(left: float, top: float, *texts: str, letter: float = 10) -> OcrLine:
    """Words of equal letters, side by side."""
    words, at = [], left
    for text in texts:
        words.append(OcrWord(text, Box(at, top, at + letter * len(text), top + 2 * letter)))
        at += letter * (len(text) + 1)
    return OcrLine(tuple(words), 0.9)


def test_a_sentence_with_its_numbers_is_read(rapid: PictureReader):
    """From an image, with the place of every word in the picture's pixels."""
    image = page_of(*column(SENTENCE, "A second line says no more than this."))
    page = rapid.read_page(bytes_of(image), "photo.png", 1)
    assert SENTENCE in page.text
    assert 0.8 < page.confidence <= 1
    assert page.geometry is not None
    geometry = unpack(page.geometry)
    assert (geometry.width, geometry.height) == image.size
    assert [page.text[word.start : word.end] for word in geometry.words] == page.text.split()
    start = page.text.index("4,718")
    [box] = boxes_of(geometry, start, start + 5)
    assert 250 < box.left < box.right < 420
    assert 50 < box.top < box.bottom < 110


def test_a_scanned_page_of_a_pdf_is_read_with_places_in_points(rapid: PictureReader):
    """Between pages that have text, which stay as they are."""
    data = pdf_of(lines("Printed words stand here."), scanned(page_of(*column(SENTENCE))))
    parsed = default_registry().parse(data, "mixed.pdf")
    assert parsed.scans == (2,)
    whole = with_scans(parsed, {2: rapid.read_page(data, "mixed.pdf", 2)}, "mixed.pdf")
    assert [page.text for page in whole.pages] == ["Printed words stand here.", SENTENCE]
    assert whole.receipt.empty_pages == ()
    assert [page.number for page in whole.receipt.ocr_pages] == [2]
    assert whole.receipt.characters == sum(len(page.text) for page in whole.pages)
    packed = whole.pages[1].geometry
    assert packed is not None
    geometry = unpack(packed)
    assert all(word.right <= geometry.width and word.bottom <= geometry.height for word in geometry.words)


def test_a_quote_can_be_marked_on_its_page(rapid: PictureReader):
    """The picture of the page has a yellow ground where the quote is, and nowhere else."""
    image = page_of(*column(SENTENCE, "Nothing of this is quoted."))
    page = rapid.read_page(bytes_of(image), "photo.png", 1)
    assert page.geometry is not None
    boxes = boxes_of(unpack(page.geometry), 0, len(SENTENCE))
    marked = marked_page(bytes_of(image), "photo.png", 1, boxes)
    before, after = (np.asarray(each.convert("RGB")).astype(int) for each in (image, _opened(marked)))
    changed = np.argwhere(np.abs(before - after).sum(axis=2) > 0)
    top, bottom = changed[:, 0].min(), changed[:, 0].max()
    assert 40 < top < bottom < 110


def _opened(png: bytes) -> Image.Image:
    import io

    return Image.open(io.BytesIO(png))


def test_a_blank_picture_gives_no_text(rapid: PictureReader):
    assert rapid.read_page(bytes_of(page_of()), "blank.png", 1).text == ""


def test_a_page_upside_down_is_read(rapid: PictureReader):
    """The words come in order, and their places are those of the page as it is."""
    image = page_of(*column(SENTENCE, "A second line says no more than this.")).rotate(180)
    page = rapid.read_page(bytes_of(image), "turned.png", 1)
    assert SENTENCE in page.text
    assert page.geometry is not None
    first = unpack(page.geometry).words[0]
    assert first.left > image.width / 2
    assert first.top > image.height / 2


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="needs tesseract: apt-get install tesseract-ocr")
def test_tesseract_reads_the_same():
    reader = scan_reader("tesseract")
    assert reader is not None
    page = reader.read_page(bytes_of(page_of(*column(SENTENCE))), "photo.png", 1)
    assert SENTENCE in page.text


@pytest.mark.skipif(shutil.which("tesseract") is not None, reason="tesseract is installed here")
def test_a_missing_tesseract_says_what_to_do():
    reader = scan_reader("tesseract")
    assert reader is not None
    with pytest.raises(ParseError, match=r"photo\.png.*FOOTNOTE_OCR"):
        reader.read_page(bytes_of(page_of()), "photo.png", 1)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=6), max_size=8))
def test_every_word_stands_where_its_place_says(rows: Sequence[Sequence[str]]):
    """In the order of the lines, each with the box it was found in."""
    found = [line(10, 40 * number, *words) for number, words in enumerate(rows)]
    text, placed = lay_out(found)
    assert [text[one.start : one.end] for one in placed] == [word for words in rows for word in words]
    boxes = [word.box for one in found for word in one.words]
    for one, box in zip(placed, boxes, strict=True):
        assert one.box.left == pytest.approx(box.left)
        assert one.box.bottom == pytest.approx(box.bottom)


def test_rows_keep_their_cells_apart():
    """Cells far apart are one row of a table; lines one below the other are a paragraph."""
    table = [line(10, 40 * row, name) for row, name in enumerate(("Station", "Upper", "Lower"))]
    table += [line(400, 40 * row, value) for row, value in enumerate(("Depth", "1.25", "3.50"))]
    assert lay_out(table)[0] == "Station | Depth\nUpper | 1.25\nLower | 3.50"


@dataclass(frozen=True)
class Case:
    results: dict[int, ScannedPage | str]
    words: str


@pytest.mark.parametrize(
    "case",
    [
        Case({1: ScannedPage("", 0.0), 2: ScannedPage("", 0.0)}, "no text was found on its pictures"),
        Case({1: "a.tif, page 1: the picture is damaged", 2: ScannedPage("", 0.0)}, "page 1: .*the picture is damaged"),
        Case({}, "FOOTNOTE_OCR=rapidocr"),
    ],
)
def test_a_file_of_which_nothing_was_read_fails(case: Case):
    """And says why: nothing is written there, its pages are damaged, or OCR is switched off."""
    with pytest.raises(ParseError, match=rf"^a\.tif: .*{case.words}"):
        with_scans(fax(), case.results, "a.tif")


def test_what_could_not_be_read_of_a_scan_is_in_the_receipt():
    """A page that failed, with its reason; a page of which OCR is not sure, with a warning."""
    whole = with_scans(fax(), {1: ScannedPage("Some words.", 0.41), 2: "page 2 cannot be drawn"}, "a.tif")
    assert whole.receipt.ocr_pages == (OcrPage(1, 0.41),)
    assert whole.receipt.skipped == ("page 2: page 2 cannot be drawn",)
    assert whole.receipt.empty_pages == (2,)
    assert any("not sure of pages 1" in note for note in whole.receipt.notes)


def fax() -> ParsedFile:
    page = Image.new("L", (30, 30), 255)
    return default_registry().parse(bytes_of(page, "TIFF", [page]), "a.tif")
