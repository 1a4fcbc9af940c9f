"""The lines of a PDF page, and reasons to doubt them, by pdfium."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from statistics import median
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.parsers.common import Box, Doubt, clean_text
from ingest.parsers.layout import (
    Line,
    Piece,
    Print,
    Span,
    Stands,
    apart_at_line_ends,
    is_right_to_left,
    levelled,
    line_of,
    rejoined_at_levels,
    unspaced,
    with_levels,
)
from ingest.parsers.pdf import broken_words
from ingest.parsers.pdf.baselines import CharacterStands
from ingest.parsers.pdf.blanks import inked_blanks, inked_gaps
from ingest.parsers.pdf.doubts import (
    covered_doubt,
    doubt,
    glyph_doubt,
    one_sign_doubt,
    script_doubt,
    unnamed_doubt,
    wordless_doubt,
)
from ingest.parsers.pdf.glyphs import FontNames, Outlines, PageFonts
from ingest.parsers.pdf.page_space import Edges, as_seen
from ingest.parsers.pdf.part_struck import apart_at_strikes
from ingest.parsers.pdf.pictures import covers_of
from ingest.parsers.pdf.symbols import CODED, in_unicode
from ingest.parsers.pdf.tex_maths import maths_of, put_together

_CODE_POINTS = 0x110000
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_PRINTED_LINE = re.compile("[^\r\n\ufffe\x02]+[\ufffe\x02]?")
_WORD = re.compile(r"\S+")
# Digits behind a letter, or before a mark: `H2O`, `106.`.
_MAY_HAVE_LEVELS = re.compile(r"[^\W\d_)]\d+[^\d\s]|\d[.,;:)\]]+$")
_BOLD = re.compile(r"bold|black|heavy|demi|CMBX|SFBX|-Bd\b", re.IGNORECASE)
_FORCE_BOLD = 1 << 18
_FONT_NAME_BYTES = 128
_UNEVEN = 0.25
_CODED_SPACE = "\uf020"
_CONTROL = re.compile("[^\x02\t\n\f\r\x20-\x7e\x85\xa0-\U0010ffff]")  # \x02 is pdfium's hyphen at a line's end
_UNNAMED = {code: "\ufffd" for code in range(0xA0) if _CONTROL.match(chr(code))}


def lines_of(page: pdfium.PdfPage, outlines: Outlines, rules: Sequence[Box] = ()) -> tuple[list[Line], Doubt | None]:
    """The printed lines of a page in the order of its content, and why they are not to be believed.

    A character that the file does not name is U+FFFD. A word that one of the `rules` strikes in part is two.
    """
    try:
        textpage = page.get_textpage()
    except pdfium.PdfiumError:
        return [], None
    try:

        def boxes(indexes: Sequence[int]) -> Sequence[Edges]:
            return list(as_seen(_boxes(textpage, indexes), page))

        characters = broken_words.put_together(_named(_characters(textpage), textpage), boxes)
        spans = [_word_spans(characters, found.start(), found.end()) for found in _PRINTED_LINE.finditer(characters)]
        spans = [apart_at_strikes(words, rules, boxes) for words in spans if words]
        stands = CharacterStands(textpage, page)
        words = _words(characters, [span for line in spans for span in line], textpage, page, stands)
        pieces = [Piece(line, tuple(islice(words, len(line)))) for line in spans]
        rejoined = rejoined_at_levels(apart_at_line_ends(pieces), stands)
        bold = _BoldFonts(textpage)
        lines = [_line(characters, piece, bold, stands) for piece in rejoined]
        spans = [piece.spans for piece in rejoined]
        fonts = _fonts(PageFonts(textpage, outlines), characters, spans)
        inked = inked_gaps(page, textpage, characters, boxes, [word for line in lines for word in line.words])
        blank = [line for line, words in zip(lines, spans, strict=True) if inked & {*range(words[0][0], words[-1][1])}]
        return _evenly_set(lines, fonts), _doubt(page, lines, fonts, blank)
    finally:
        textpage.close()


def _named(characters: str, textpage: pdfium.PdfTextPage) -> str:
    """One character for each, those of fonts of symbols as they are in Unicode, those without a name as U+FFFD."""
    characters = inked_blanks(characters, textpage)
    fonts = FontNames(textpage)
    if any(maths_of(fonts.at(at)) for at in _ends_of_words(characters)):
        characters = "".join(_in_maths(one, fonts.at(at)) for at, one in enumerate(characters))
    if _CONTROL.search(characters):
        characters = characters.translate(_UNNAMED)
    if CODED.search(characters):
        named = (in_unicode(one, fonts.at(at)) if CODED.match(one) else one for at, one in enumerate(characters))
        characters = "".join(named).replace(_CODED_SPACE, " ")
    return characters


def _ends_of_words(characters: str) -> Iterator[int]:
    for found in _WORD.finditer(characters):
        yield found.start()
        yield found.end() - 1


def _in_maths(character: str, font: str) -> str:
    """A character as it is shown: fonts of mathematics may name one by its place alone."""
    places = maths_of(font) if character < "\x80" else None
    return places.get(ord(character), character) if places else character


def _fonts(fonts: PageFonts, characters: str, lines: Sequence[Sequence[Span]]) -> PageFonts:
    for number, spans in enumerate(lines):
        fonts.see(number, characters, spans)
    return fonts


def _evenly_set(lines: list[Line], fonts: PageFonts) -> list[Line]:
    """The lines; those that OCR laid under a picture, as high as each line's letters are, of one size."""
    if 2 * len(fonts.invisible) < len(lines) or not lines:
        return lines
    usual = round(median(line.size for line in lines), 1)
    return [replace(one, size=usual) if abs(one.size - usual) <= _UNEVEN * usual else one for one in lines]


def _doubt(page: pdfium.PdfPage, lines: Sequence[Line], fonts: PageFonts, blank: Sequence[Line]) -> Doubt | None:
    """The gravest reason why these lines may not be what the page shows."""
    found = [doubt("ink where the text is blank", blank, withhold=False) if blank else None]
    found += [unnamed_doubt(lines), covered_doubt(lines, covers_of(page)), wordless_doubt(lines), one_sign_doubt(lines)]
    for font in fonts.odd():
        odd = [lines[number] for number in font.lines]
        if font.drawn:
            found.append(doubt(f"font {font.name} has no outlines", odd, withhold=False))
        else:
            found.append(glyph_doubt(font.name, odd, font.odd, withhold=font.certain))
    if fonts.invisible:
        found.append(doubt("text that is not drawn", [lines[at] for at in fonts.invisible], withhold=False))
    found.append(script_doubt(lines))
    return max((one for one in found if one), key=lambda one: one.withhold, default=None)


def _word_spans(characters: str, start: int, end: int) -> list[Span]:
    """Index ranges of the words of a line that show something."""
    spans = [found.span() for found in _WORD.finditer(characters, start, end)]
    named = [(a, b) for a, b in spans if characters[a:b].strip("\ufffe\x02\xad\ufeff") or b - a > 1]
    while named and named[0][1] - named[0][0] == 1 and characters[named[0][0]] == "\ufffd":
        named.pop(0)  # a bullet without a name
    return named


def _last(characters: str, start: int, end: int) -> int:
    """The index of a word's last letter: a hyphen that ends a line has no box of its own."""
    broken = characters[end - 1] in "\ufffe\x02" and end - start > 1
    return end - 2 if broken else end - 1


def _words(
    characters: str, spans: Sequence[Span], textpage: pdfium.PdfTextPage, page: pdfium.PdfPage, stands: Stands
) -> Iterator[Print]:
    """The words of these spans with their boxes, which take in the first and the last letter of each."""
    firsts = as_seen(_boxes(textpage, [start for start, _ in spans]), page)
    lasts = as_seen(_boxes(textpage, [_last(characters, start, end) for start, end in spans]), page)
    plain = characters.isascii()
    for (start, end), first, last in zip(spans, firsts, lasts, strict=True):
        text = characters[start:end]
        level = first[1] == last[1] and first[3] == last[3]
        if end - start > 1 and (not level or _MAY_HAVE_LEVELS.search(text)):
            text = levelled(text, [stands(index) for index in range(start, end)])
        if not plain and not text.isascii():
            text = _clean(text)
            if len(text) > 1 and is_right_to_left(text) and first[0] <= last[0]:
                text = text[::-1]
        elif text[-1] == "\x02":
            text = text[:-1] + "\ufffe"
        if first[0] <= last[0] and level:
            yield Print(text, first[0], first[1], last[2], first[3])
        else:
            yield _around(text, first, last)


def _around(text: str, first: Edges, last: Edges) -> Print:
    left, right = min(first[0], last[0]), max(first[2], last[2])
    return Print(text, left, min(first[1], last[1]), right, max(first[3], last[3]))


def _line(characters: str, piece: Piece, bold: _BoldFonts, stands: Stands) -> Line:
    is_bold = bold.at(piece.spans[0][0]) and bold.at(_last(characters, *piece.spans[-1]))
    words = unspaced(with_levels(piece, stands))
    marked = len(words) > 1 and words[0].text[:1] != piece.words[0].text[:1]  # by a small mark before it
    shown = words[1] if marked else words[0]
    plain = [word.bottom - word.top for word in words if word.text.isalpha() and len(word.text) > 1]
    # Boxes of words with a raised sign are higher, those of signs of mathematics lower.
    return line_of(words, median(plain) if len(plain) > 1 else shown.bottom - shown.top, is_bold)


def _clean(text: str) -> str:
    broken = text[-1] in "\ufffe\x02"
    return clean_text(put_together(text.rstrip("\ufffe\x02"))).replace("\ufffe", "-") + ("\ufffe" if broken else "")


def _characters(textpage: pdfium.PdfTextPage) -> str:
    """The page's text with exactly one character for each of pdfium's character indexes."""
    count: int = textpage.count_chars()
    text: str = textpage.get_text_range() if count else ""
    if len(text) == count:
        return text
    codes = [raw.FPDFText_GetUnicode(textpage, index) for index in range(count)]
    return _PAIR.sub(_paired, "".join(_character(code) for code in codes)).translate(_LONE)


def _character(code: int) -> str:
    """The character of a code point; U+FFFD for what is none, which text may not hold. Halves of a pair stay."""
    return chr(code) if 0 < code < _CODE_POINTS else "\ufffd"


def _paired(found: re.Match[str]) -> str:
    """The character of a surrogate pair, which pdfium counts as two, before one that is not shown."""
    return found[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le") + "\u200b"


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
