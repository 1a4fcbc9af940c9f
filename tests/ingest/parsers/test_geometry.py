"""Packed geometry and the boxes of quotes."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.common.geometry import Box, Geometry, Word, boxes_of, pack, unpack

TENTHS = st.integers(0, 20_000).map(lambda n: n / 10)


@st.composite
def geometries(draw):
    words, cursor = [], 0
    for _ in range(draw(st.integers(0, 8))):
        start = cursor + draw(st.integers(0, 5))
        cursor = start + draw(st.integers(1, 12))
        words.append(Word(start, cursor, *(draw(TENTHS) for _ in range(4))))
    return Geometry(draw(TENTHS), draw(TENTHS), tuple(words))


@given(geometries())
def test_unpacking_gives_back_what_was_packed(geometry):
    assert unpack(pack(geometry)) == geometry


LINES = Geometry(100, 100, (Word(0, 3, 10, 10, 20, 20), Word(4, 7, 24, 10, 40, 21), Word(8, 12, 10, 30, 30, 40)))


def test_words_of_one_line_make_one_box():
    assert boxes_of(LINES, 0, 7) == (Box(10, 10, 40, 21),)


def test_a_quote_over_two_lines_has_two_boxes():
    assert boxes_of(LINES, 4, 12) == (Box(24, 10, 40, 21), Box(10, 30, 30, 40))


def test_a_word_quoted_in_part_is_covered_whole():
    assert boxes_of(LINES, 5, 6) == (Box(24, 10, 40, 21),)


def test_a_span_without_printed_words_has_no_boxes():
    assert boxes_of(LINES, 3, 4) == ()
