"""Doubted pages held against their pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.parsers.common.cleaning import receipt_of
from ingest.parsers.common.geometry import Box
from ingest.parsers.common.parsed import Doubt, Heading, ParsedFile, PlacedText, ScannedPage
from ingest.parsers.ocr.agreement import says_the_same
from ingest.parsers.ocr.doubts import settled
from ingest.parsers.ocr.rapid import RapidOcr
from ingest.parsers.ocr.scans import PictureReader
from ingest.parsers.pdf.parser import PdfParser
from rag.errors import ParseError
from rag.types import Page
from tests.files.documents import lines, pdf_of
from tests.files.pdf import embedded, mapped
from tests.files.pictures import page_of

LINE = PlacedText("The gauge reads 90 centimetres.", Box(50, 50, 300, 62))


class Eye:
    """Sees the text of some pages as it is stored, and something else on the others."""

    def __init__(self, *confirmed: int) -> None:
        self._confirmed = confirmed
        self.asked: list[int] = []

    def read_page(self, data: bytes, filename: str, number: int) -> ScannedPage:
        return ScannedPage("The gauge reads 25 centimetres.", 0.9)

    def confirms(self, data: bytes, filename: str, number: int, lines: Sequence[PlacedText]) -> bool:
        self.asked.append(number)
        return number in self._confirmed


class Blind(Eye):
    """An engine that is not installed."""

    def confirms(self, data: bytes, filename: str, number: int, lines: Sequence[PlacedText]) -> bool:
        raise ParseError("install tesseract")


def doubted(*numbers: int, pages: int = 3, withhold: bool = True) -> ParsedFile:
    texts = tuple(Page(number, LINE.text) for number in range(1, pages + 1))
    doubts = {number: Doubt("text under a picture", (LINE,), withhold) for number in numbers}
    headings = tuple(Heading(number, 0, 1, "The gauge") for number in range(1, pages + 1))
    return ParsedFile("a", "application/pdf", texts, receipt_of("x", texts), headings=headings, doubts=doubts)


def test_a_page_that_shows_something_else_is_a_scan():
    """Its text and headings are gone, it is left to OCR, and the receipt says why."""
    result = settled(doubted(2), b"", "a.pdf", Eye())
    assert result.scans == (2,)
    assert [page.text == "" for page in result.pages] == [False, True, False]
    assert [heading.page for heading in result.headings] == [1, 3]
    assert result.receipt.notes == ("page 2: text under a picture, and the picture shows something else; read by OCR",)


def test_a_page_that_its_picture_confirms_keeps_its_text():
    """The receipt says that it was compared."""
    result = settled(doubted(2), b"", "a.pdf", Eye(2))
    assert result.scans == ()
    assert all(page.text for page in result.pages)
    assert "agrees" in result.receipt.notes[0]


def test_of_many_pages_a_sample_is_compared():
    """A grave doubt that one page of the sample bears out holds for the pages left out; a mild one needs most of it."""
    numbers = range(1, 31)
    eye = Eye(*range(2, 31))
    assert len(settled(doubted(*numbers, pages=30), b"", "a.pdf", eye).scans) == 30 - len(eye.asked) + 1
    assert len(eye.asked) < len(numbers)
    assert settled(doubted(*numbers, pages=30, withhold=False), b"", "a.pdf", Eye(*range(2, 31))).scans == (1,)
    assert len(settled(doubted(*numbers, pages=30, withhold=False), b"", "a.pdf", Eye()).scans) == len(numbers)


@pytest.mark.parametrize("reader", [None, Blind()])
def test_where_no_ocr_can_tell_the_text_is_withheld(reader: Eye | None):
    """A grave doubt costs the page its text, a mild one is noted."""
    result = settled(doubted(2), b"", "a.pdf", reader)
    assert [page.text == "" for page in result.pages] == [False, True, False]
    assert "page 2: text withheld" in result.receipt.skipped[-1]
    mild = settled(doubted(2, withhold=False), b"", "a.pdf", reader)
    assert all(page.text for page in mild.pages)
    assert "check the text" in mild.receipt.notes[-1]


def test_words_seen_in_place_of_another_script_are_something_else():
    """Letters that are no words tell nothing: OCR may not know those of the script."""
    assert not says_the_same("ΜΖΣΧΚΔΖΙΟΠΥΖΤΙΠΗΙΥΙΖ", "Service notes of the lake steamer")
    assert not says_the_same("乓乥乲乶乩乣乥丠乮乯乴乥乳", "Service notes of the lake steamer")
    assert says_the_same("Το ατμόπλοιο μεταφέρει επιβάτες", "To atpotdolo petapépet emifates")
    assert says_the_same("Пароход перевозит пассажиров", "Iapoxo nepeBo3uT naccaxupoB")


def test_a_quiet_doubt_is_told_only_where_the_picture_shows_something_else():
    """Of pages that are mostly right."""
    parsed = doubted(2)
    quiet = replace(parsed, doubts={2: replace(parsed.doubts[2], withhold=False, quiet=True)})
    assert settled(quiet, b"", "a.pdf", Eye(2)).receipt.notes == ()
    assert settled(quiet, b"", "a.pdf", Eye()).scans == (2,)


def test_readings_of_a_line_are_compared_by_letters_and_by_digits():
    """An error of OCR is no difference, another number is; scripts that OCR may not know are believed."""
    assert says_the_same("The cable car carries 28 passengers.", "The cab1e car carries 28 passenqers")
    assert not says_the_same("The cable car carries 51 passengers.", "The cable car carries 28 passengers.")
    assert not says_the_same("The cable car carries \ufffd passengers.", "The cable car carries 8 passengers.")
    assert not says_the_same("dxc oahzc oap", "The cable car")
    assert not says_the_same("\ue054\ue068\ue065", "The")
    assert says_the_same("Канатная дорога", "KaHaTHaR goPora")


def test_an_odd_character_has_to_be_seen_where_it_is_printed():
    """However much of the line is the same: one digit of many is another number."""
    printed, seen = "Invoice 35,470 of 2019 in 14 parts", "Invoice 85,470 of 2019 in 14 parts"
    assert says_the_same(printed, seen)
    assert not says_the_same(printed, seen, "38")
    assert says_the_same(printed, printed, "38")
    assert not says_the_same("It costs 1830567 euros.", "It costs 1380567 euros.", "38")
    assert not says_the_same("The gueat plan of the harbour", "The great plan of the harboru", "ru")
    assert says_the_same(printed, "Invoice 35,470 of 2019 in l4 parts", "38")


@given(st.text())
def test_a_line_says_the_same_as_itself(text: str):
    """Whatever its characters are."""
    assert says_the_same(text.replace("\ufffd", ""), text.replace("\ufffd", ""))


@pytest.mark.slow
def test_the_picture_tells_a_wrong_map_from_a_right_one():
    """RapidOCR reads the lines in their boxes."""
    data = pdf_of(embedded("The cable car carries 28 passengers in each cabin."))
    wrong = mapped(data, lambda one: str(9 - int(one)) if one.isdigit() else one)
    eye = PictureReader(RapidOcr())
    [box] = [line.box for line in PdfParser().parse(wrong, "a.pdf").doubts[1].lines]
    assert eye.confirms(data, "a.pdf", 1, [PlacedText("The cable car carries 28 passengers in each cabin.", box)])
    assert settled(PdfParser().parse(wrong, "a.pdf"), wrong, "a.pdf", eye).scans == (1,)
    pair = mapped(data, lambda one: {"2": "5", "5": "2"}.get(one, one))
    assert settled(PdfParser().parse(pair, "a.pdf"), pair, "a.pdf", eye).scans == (1,)


@pytest.mark.slow
def test_what_a_picture_hides_is_read_as_it_is_seen():
    """The number that stands under the picture is not stored, the one on it is."""
    hidden = "The speed limit on the bridge is 90 km/h by day."
    shown = page_of((4, 4, hidden.replace("90", "25")), size=(800, 44), letters_px=28)

    def draw(canvas: Canvas) -> None:
        lines("The works of the bridge began in 1987.", hidden, "Lorries keep to the right.")(canvas)
        canvas.drawImage(ImageReader(shown), 45, 482, 300, 16)

    data, eye = pdf_of(draw), PictureReader(RapidOcr(), dpi=110)
    result = settled(PdfParser().parse(data, "a.pdf"), data, "a.pdf", eye)
    assert result.scans == (1,)
    assert "is 25 km/h" in eye.read_page(data, "a.pdf", 1).text
