"""Pages of PDFs whose text may not be what they show: found, compared with the picture, or withheld."""

from __future__ import annotations

import string
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ingest.parsers.common.doubts import without_doubted
from ingest.parsers.common.parsed import Doubt, ParsedFile
from ingest.parsers.pdf.parser import PdfParser
from ingest.parsers.pdf.symbols import in_unicode
from rag.errors import ParseError
from tests.files.documents import both, lines, pdf_of
from tests.files.pdf import embedded, mapped

TEXT = (
    "The cable car carries 28 passengers in each cabin.",
    "Its rope of 44 millimetres was replaced in 2019, after 35,670 rides.",
)
ROTATED = dict(zip(string.ascii_lowercase, string.ascii_lowercase[7:] + string.ascii_lowercase[:7], strict=True))


def parse(data: bytes) -> ParsedFile:
    return PdfParser().parse(data, "a.pdf")


def doubt_of(characters: Callable[[str], str]) -> Doubt:
    return parse(mapped(pdf_of(embedded(*TEXT)), characters)).doubts[1]


def shifted(character: str) -> str:
    return str((int(character) + 3) % 10) if character.isdigit() else character


def test_a_page_with_a_right_map_is_not_doubted():
    """Neither an embedded font nor one that every reader knows gives a reason."""
    parsed = parse(pdf_of(both(embedded(*TEXT), lines("Read in 1987 and 2006.", top=300))))
    assert parsed.doubts == {}
    assert "28 passengers" in parsed.pages[0].text


@pytest.mark.parametrize(
    "characters",
    [
        pytest.param(shifted, id="digits are others"),
        pytest.param(lambda one: ROTATED.get(one, one), id="letters are others"),
        pytest.param(lambda one: chr(0xE000 + ord(one)), id="private use"),
        pytest.param(lambda one: chr(0x10 + int(one)) if one.isdigit() else one, id="digits are controls"),
    ],
)
def test_a_wrong_map_is_a_doubt_that_withholds(characters: Callable[[str], str]):
    """Digits or letters that do not look like themselves, and characters that are none, are found without OCR."""
    doubt = doubt_of(characters)
    assert doubt.withhold
    assert doubt.lines


def exchanged(a: str, b: str) -> Callable[[str], str]:
    return lambda one: {a: b, b: a}.get(one, one)


@given(st.permutations(string.digits))
@settings(max_examples=12, deadline=None)
def test_two_digits_that_are_exchanged_are_a_doubt(digits: list[str]):
    """Whichever they are, and whether the page shows one of them or both: their shapes tell."""
    a, b, *_ = digits
    for text in (f"Berth {a} has {b} rings of {a}{a}{b} pounds.", f"The lamp post has the number {a} on it."):
        [line] = parse(mapped(pdf_of(embedded(text)), exchanged(a, b))).doubts[1].lines
        assert set(line.odd) <= {a, b}


@pytest.mark.parametrize(("a", "b"), [("e", "o"), ("n", "u"), ("T", "F"), ("a", "s")])
def test_two_letters_that_are_exchanged_are_a_doubt(a: str, b: str):
    """Each looks like the other: two of many are enough."""
    text = "The ferry From Tessin runs as soon as the sun is up, and no one waits."
    assert parse(mapped(pdf_of(embedded(text)), exchanged(a, b))).doubts[1].lines[0].odd


def test_a_page_of_which_most_has_no_name_is_a_doubt_that_withholds():
    """Also where what is left has no word in it: all letters are doubted, not formulas and labels alone."""
    for kept in ("", "aeiou"):
        doubt = doubt_of(lambda one, kept=kept: "\x15" if one.isalnum() and one not in kept else one)
        assert doubt.withhold
        assert doubt.lines
    few = parse(
        mapped(
            pdf_of(embedded("The force on it is F = m·a~, or a little more.")),
            lambda one: "\x15" if one == "~" else one,
        )
    )
    assert not few.doubts[1].withhold


def test_a_page_of_one_character_is_doubted():
    """As of question marks for what a program could not convert; dots to be filled in are no text."""
    doubt = doubt_of(lambda one: "?" if one.isalnum() else one)
    assert doubt.reason == "hardly any character but '?'"
    assert doubt.lines
    assert parse(pdf_of(lines("Name:", "." * 60, "_" * 60))).doubts == {}


@pytest.mark.parametrize("blank", ["\u200b", "\u2060", "\ufeff"])
def test_glyphs_whose_text_is_not_shown_are_characters_without_a_name(blank: str):
    """A digit that the file maps to one is not gone."""
    data = mapped(pdf_of(embedded(*TEXT)), lambda one: blank if one.isdigit() else one)
    parsed = parse(data)
    assert "carries \ufffd\ufffd passengers" in parsed.pages[0].text
    assert parsed.doubts[1].withhold


@pytest.mark.parametrize("blank", [" ", "\xa0", "\u2009"])
def test_glyphs_whose_text_is_a_blank_are_doubted(blank: str):
    """Where a text says nothing between two words and the page shows something, digits may be lost."""
    doubt = doubt_of(lambda one: blank if one.isdigit() else one)
    assert any("carries" in line.text for line in doubt.lines)


def test_wide_gaps_without_ink_are_not_doubted():
    """Blanks that are as wide as a word, and a rule between two cells."""

    def rule(canvas):
        canvas.line(130, 480, 130, 520)

    assert parse(pdf_of(both(embedded("Room            Price"), rule))).doubts == {}

    def box(canvas):
        canvas.rect(45, 490, 60, 30, stroke=0, fill=1)

    assert parse(pdf_of(both(box, embedded("Room            Price")))).doubts == {}

    def note(canvas):
        embedded("Room")(canvas)
        canvas.drawString(50 + canvas.stringWidth("Room", "Vera", 12), 500, " ")
        canvas.drawString(300, 500, "Price")
        canvas.setFont("Vera", 7)
        canvas.drawString(95, 503, "(1)")

    assert parse(pdf_of(note)).doubts == {}


@pytest.mark.parametrize("first", ["\u4e00", "\u0391", "\u0410", "\u05d0", "\uac00"])
def test_a_page_in_another_script_is_compared_and_told_only_where_it_is_wrong(first: str):
    """Without OCR it is stored as it is: most such pages are right."""
    letters = {one: chr(ord(first) + place) for place, one in enumerate(string.ascii_lowercase)}
    parsed = parse(mapped(pdf_of(embedded(*TEXT)), lambda one: letters.get(one, one)))
    assert parsed.doubts[1].reason == "letters of a script that the picture does not show"
    assert len(parsed.doubts[1].lines) == 1
    assert without_doubted(parsed, "a.pdf").receipt.notes == parsed.receipt.notes


def test_a_character_without_a_name_is_shown_as_one():
    """A digit that the file maps to a control character is U+FFFD in the text: it is not gone."""
    data = mapped(pdf_of(embedded(*TEXT)), lambda one: "\x15" if one.isdigit() else one)
    text = parse(data).pages[0].text
    assert "carries \ufffd\ufffd passengers" in text
    assert "\x15" not in text


def test_text_under_a_picture_is_doubted():
    """What a picture was drawn over is not seen; a picture below the text, or beside it, hides nothing."""
    picture = Image.new("RGB", (40, 10), "white")
    assert parse(pdf_of(embedded(*TEXT, covered_by=picture))).doubts[1].withhold
    below = both(embedded("", covered_by=picture), embedded(*TEXT))
    assert parse(pdf_of(below)).doubts == {}


def test_without_ocr_the_text_of_a_doubted_page_is_withheld():
    """The receipt names page, reason and remedy; the other pages stay."""
    garbled = mapped(pdf_of(embedded(*TEXT)), shifted)
    with pytest.raises(ParseError, match=r"a\.pdf: page 1: text withheld.*Vera.*FOOTNOTE_OCR=rapidocr"):
        without_doubted(parse(garbled), "a.pdf")
    both_pages = parse(pdf_of(embedded(*TEXT, covered_by=Image.new("RGB", (40, 10))), lines("The other page.")))
    left = without_doubted(both_pages, "a.pdf")
    assert [page.text for page in left.pages] == ["", "The other page."]
    assert left.receipt.empty_pages == (1,)
    assert left.receipt.skipped[-1].startswith("page 1: text withheld, text under a picture")


def test_symbol_fonts_are_read_by_their_codes():
    """Private codes are the characters of the font they are set in; other fonts tell nothing."""
    assert in_unicode("\uf0b7 5 \uf0b1 0.1 \uf06dm", "ABCDEF+SymbolMT") == "• 5 ± 0.1 μm"
    assert in_unicode("Yes \uf052 No \uf0a3", "Wingdings 2") == "Yes ☑ No ☐"
    assert in_unicode("\uf0fc", "Wingdings-Regular") == "✓"
    assert in_unicode("\uf0b7", "F3") == "\uf0b7"


def test_struck_words_of_a_page_in_doubt_are_said_to_be_read_with_its_picture():
    """There nothing tells them from the others."""

    def strike(canvas):
        canvas.line(50, 304, 50 + canvas.stringWidth("90", "Helvetica", 11), 304)

    page = both(embedded(*TEXT), lines("90 boats", top=300), strike)
    parsed = parse(mapped(pdf_of(page), shifted))
    assert parsed.doubts
    assert parsed.receipt.skipped == ("1 struck passage(s): “90”",)
    assert any("its struck words are too" in note for note in parsed.receipt.notes)
    assert not any("struck words" in note for note in parse(pdf_of(page)).receipt.notes)
