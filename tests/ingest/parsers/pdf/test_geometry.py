"""Where the words of a PDF's page are printed: every quote can be marked."""

from __future__ import annotations

import io
import random
import re
from collections import Counter

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.common.geometry import Box, boxes_of, unpack
from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.layout.hyphens import Words
from ingest.parsers.layout.printed import Line, Print, line_of
from ingest.parsers.layout.reflow import reflow
from ingest.parsers.pdf.parser import PdfParser
from tests.files.documents import SIDE_PT, both, lines, pdf_of, rotated, rows, turned
from tests.files.pdf import cropped

PROSE = (
    "The Skerry radar sensor hangs above the water and measures the dis-",
    "tance to the surface without ever touching it. Small waves are",
    "averaged out by the well-known method of the station keepers.",
)
PAGE = both(
    lines(*PROSE, top=540),
    rows(("State", "Current", "Unit"), ("Asleep", "0.09", "mA"), ("Sending", "$ 210", "mA")),
    lines("• Do not open the lid during heavy rain unless a tent", "covers the mast.", top=300),
)


def parse(data: bytes) -> ParsedFile:
    return PdfParser().parse(data, "a.pdf")


def check_words(parsed: ParsedFile) -> None:
    """Words are ordered, apart, within their page, and hold all of its text but the marks between cells."""
    for page in parsed.pages:
        geometry = unpack(page.geometry or "")
        at = 0
        for word in geometry.words:
            assert not page.text[at : word.start].strip(" \n|")
            assert at <= word.start < word.end <= len(page.text)
            assert 0 <= word.left < word.right <= geometry.width
            assert 0 <= word.top < word.bottom <= geometry.height
            at = word.end
        assert not page.text[at:].strip()


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_every_word_has_a_box_on_the_page_as_it_is_seen(degrees: int):
    """A page drawn sideways and turned upright has the same words at the same places as the upright one."""
    upright = parse(pdf_of(PAGE))
    check_words(upright)
    if degrees:
        parsed = parse(rotated(pdf_of(turned(PAGE, degrees)), degrees))
        check_words(parsed)
        expected, found = unpack(upright.pages[0].geometry or ""), unpack(parsed.pages[0].geometry or "")
        for a, b in zip(expected.words, found.words, strict=True):
            assert (a.start, a.end) == (b.start, b.end)
            assert (a.left, a.top, a.right, a.bottom) == pytest.approx((b.left, b.top, b.right, b.bottom), abs=0.2)


def test_boxes_are_measured_from_the_corner_of_the_cropped_page():
    """What is cropped away moves the words, and words outside are not marked."""
    data = pdf_of(lines("Sarn Ford", x=150, top=400))
    whole, cut = parse(data), parse(cropped(data, 100, 100, SIDE_PT, SIDE_PT - 50))
    before, after = (unpack(parsed.pages[0].geometry or "").words[0] for parsed in (whole, cut))
    assert (after.left, after.top) == pytest.approx((before.left - 100, before.top - 50), abs=0.2)
    outside = parse(cropped(data, 0, 0, 200, 200))
    assert outside.pages[0].geometry is None


@pytest.mark.parametrize("seed", range(20))
def test_the_boxes_of_a_quote_hold_the_words_of_the_quote(seed: int):
    """pdfium reads the quoted words inside the boxes of any span."""
    data = pdf_of(PAGE)
    page = parse(data).pages[0]
    geometry = unpack(page.geometry or "")
    chance = random.Random(seed)
    first = chance.randrange(len(geometry.words))
    last = min(len(geometry.words) - 1, first + chance.randrange(8))
    start, end = geometry.words[first].start, geometry.words[last].end
    inside = text_inside(data, boxes_of(geometry, start, end))
    assert plain(page.text[start:end]) in plain(inside)


def text_inside(data: bytes, boxes: tuple[Box, ...]) -> str:
    pdf = pypdfium2.PdfDocument(io.BytesIO(data))
    try:
        textpage = pdf[0].get_textpage()
        return "".join(textpage.get_text_bounded(b.left, SIDE_PT - b.bottom, b.right, SIDE_PT - b.top) for b in boxes)
    finally:
        pdf.close()


def plain(text: str) -> str:
    """Text without what reflow changes: white space, hyphens at line ends, marks between cells."""
    return re.sub(r"[\s|\ufffe\x02-]", "", text)


def test_a_word_broken_at_a_hyphen_is_marked_on_both_lines():
    """The hyphen is no part of the text; each half has its own box."""
    parsed = parse(pdf_of(both(lines("A long distance is measured."), lines(*PROSE, top=400))))
    page = parsed.pages[0]
    start = page.text.index("distance", 20)
    boxes = boxes_of(unpack(page.geometry or ""), start, start + len("distance"))
    assert len(boxes) == 2
    assert boxes[0].bottom <= boxes[1].bottom


TEXTS = st.lists(
    st.lists(st.text("abcdXYZ019.,-()$%", min_size=1, max_size=8), min_size=1, max_size=9), min_size=1, max_size=12
)


@given(
    texts=TEXTS,
    broken=st.lists(st.booleans(), min_size=12, max_size=12),
    gaps=st.lists(st.sampled_from([3, 3, 3, 40]), min_size=12, max_size=12),
    drops=st.lists(st.sampled_from([12, 12, 13, 30, -200]), min_size=12, max_size=12),
)
def test_no_word_is_lost_whatever_is_made_of_the_lines(
    texts: list[list[str]], broken: list[bool], gaps: list[int], drops: list[int]
):
    """Every printed letter is in the text once, in the span of a word: halves of one may be one word in a cell."""
    printed: list[Line] = []
    top = 0.0
    for number, words in enumerate(texts):
        top += drops[number]
        printed.append(line_of(list(placed(words, top, gaps, broken[number])), 10))
    page = reflow(printed, Words.of(printed))
    spans = [page.text[word.start : word.end] for word in page.words]
    expected = [word.text for line in printed for word in line.words]
    assert len(spans) <= len(expected)
    assert Counter(plain("".join(spans))) == Counter(plain("".join(expected)))
    ends = [0, *(word.end for word in page.words)]
    assert all(before <= word.start for before, word in zip(ends, page.words, strict=False))
    assert not set("".join(page.text[a:b] for a, b in gaps_of(page.words, len(page.text)))) - set(" \n|")


def placed(words: list[str], top: float, gaps: list[int], broken: bool):
    left = 50.0
    for index, word in enumerate(words):
        text = word + "\ufffe" if broken and index == len(words) - 1 and word[-1].isalpha() else word
        yield Print(text, left, top, left + 5 * len(word), top + 10)
        left += 5 * len(word) + gaps[index]


def gaps_of(words, length: int):
    edges = [0, *(edge for word in words for edge in (word.start, word.end)), length]
    return zip(edges[::2], edges[1::2], strict=True)
