"""Whether the glyphs of a PDF's fonts have the shape of their characters, by pdfium.

A font's ToUnicode map is all that says which character a glyph is, and a wrong map reads as clean text. The number of
closed outlines tells many characters apart: two in a `6`, three in an `8`, one in a `7`. Their shapes tell the others.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.parsers.pdf.shapes import KINDS, Picture, Shapes, known_shapes, odd_among, picture_of

_EM = 10.0
_NO_CHARACTER = 0xFDD0
_NAME_BYTES = 128
_INVISIBLE = raw.FPDF_TEXTRENDERMODE_INVISIBLE
_OUTLINES = {
    **dict.fromkeys("12357CEFGHIJKLMNSTUVWXYZcfhklmnrstuvwxyz", (1,)),
    **dict.fromkeys("69ADOPRabdeopqij", (2,)),
    **dict.fromkeys("8B", (3,)),
    "4": (1, 2),
    **dict.fromkeys("0gQ", (2, 3)),
}
_FEW_LETTERS, _MANY_LETTERS = 3, 8  # a font of a few letters is one of signs
_NOTABLE = 0.25
_CERTAIN_DIGITS = 2
_STANDARD_FONTS = (b"Helvetica", b"Helvetica-Bold", b"Times-Roman", b"Times-Italic", b"Courier")
_OF_CURVE, _STEPS = 3, 4


def _address(pointer: Any) -> int:
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


# By plain addresses, calls take half the time of ones with pointer objects.
_text_object = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(_address(raw.FPDFText_GetTextObject))
_font_of = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(_address(raw.FPDFTextObj_GetFont))
_mode_of = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(_address(raw.FPDFTextObj_GetTextRenderMode))
_path_of = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_float)(
    _address(raw.FPDFFont_GetGlyphPath)
)
_segments_of = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(_address(raw.FPDFGlyphPath_CountGlyphSegments))
_segment = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    _address(raw.FPDFGlyphPath_GetGlyphPathSegment)
)
_type_of = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(_address(raw.FPDFPathSegment_GetType))
_point_of = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(
    _address(raw.FPDFPathSegment_GetPoint)
)
_embedded = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(_address(raw.FPDFFont_GetIsEmbedded))


@dataclass(slots=True)
class _Font:
    name: str
    embedded: bool
    seen: set[str] = field(default_factory=set)
    odd: set[str] = field(default_factory=set)
    changed: frozenset[str] = frozenset()
    drawn: int = 0


@dataclass(frozen=True, slots=True)
class OddFont:
    """A font of a page whose glyphs do not look like their characters; `certain` where hardly anything else explains
    it, `drawn` where there are no outlines to look at."""

    name: str
    odd: frozenset[str]
    lines: tuple[int, ...]
    certain: bool = False
    drawn: bool = False


class Outlines:
    """How many closed outlines the glyphs of a file's fonts have, and their shapes; each glyph is looked at once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, int], int] = {}
        self._pictures: dict[tuple[str, str, int], Picture | None] = {}
        self._changed: dict[tuple[str, int], tuple[frozenset[str], frozenset[str]]] = {}

    def changed(self, font: int, characters: set[str]) -> frozenset[str]:
        """Those of a font's characters that look like others."""
        key = _full_name(font), _size_of(font)
        known, changed = self._changed.get(key, (frozenset(), frozenset()))
        if not characters <= known:
            known |= characters
            found = {one: picture for one in known if (picture := self._picture(font, one)) is not None}
            changed = odd_among(found, _known_fonts()) if found else frozenset()
            self._changed[key] = known, changed
        return changed & characters

    def _picture(self, font: int, character: str) -> Picture | None:
        path = _path_of(font, ord(character), _EM)
        segments = _segments_of(path) if path else 0
        if not path or segments <= 0 or segments == self._of_none(font):
            return None
        key = _full_name(font), character, segments
        if key not in self._pictures:
            self._pictures[key] = picture_of(_polygons(path, segments))
        return self._pictures[key]

    def of(self, font: int, name: str, character: str) -> int | None:
        """Those of the glyph for a character; 0 where the font lacks it, None where there is none to see."""
        path = _path_of(font, ord(character), _EM)
        segments = _segments_of(path) if path else 0
        if not path or segments <= 0:
            return None
        if segments == self._of_none(font):
            return 0
        key = name, character, segments
        if key not in self._known:
            self._known[key] = _count(path, segments)
        return self._known[key]

    @staticmethod
    def _of_none(font: int) -> int:
        """Segments of the glyph that a font shows for what it lacks."""
        path = _path_of(font, _NO_CHARACTER, _EM)
        return _segments_of(path) if path else 0


@cache
def _known_fonts() -> Shapes:
    """The shapes of digits and letters in fonts that pdfium has by itself."""
    document = pdfium.PdfDocument.new()
    handles = [_address(raw.FPDFText_LoadStandardFont(document, name)) for name in _STANDARD_FONTS]
    fonts: list[dict[str, Picture | None]] = []
    for handle in handles:
        paths = {one: _path_of(handle, ord(one), _EM) for kind in KINDS for one in kind}
        fonts.append({one: picture_of(_polygons(path, _segments_of(path))) for one, path in paths.items()})
    return known_shapes(fonts)


def _polygons(path: int, segments: int) -> list[list[tuple[float, float]]]:
    """The closed outlines of a glyph, curves as some straight lines."""
    polygons: list[list[tuple[float, float]]] = []
    curve: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(segments):
        segment = _segment(path, index)
        _point_of(segment, ctypes.addressof(x), ctypes.addressof(y))
        kind, point = _type_of(segment), (x.value, y.value)
        if kind == raw.FPDF_SEGMENT_MOVETO or not polygons:
            polygons.append([point])
        elif kind != raw.FPDF_SEGMENT_BEZIERTO:
            polygons[-1].append(point)
        else:
            curve.append(point)
            if len(curve) == _OF_CURVE:
                polygons[-1].extend(_along(polygons[-1][-1], *curve))
                curve.clear()
    return polygons


def _along(
    start: tuple[float, float], a: tuple[float, float], b: tuple[float, float], end: tuple[float, float]
) -> Iterator[tuple[float, float]]:
    """Some points of a curve, its end among them."""
    for step in range(1, _STEPS + 1):
        t = step / _STEPS
        weights = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
        places = zip(*(start, a, b, end), strict=True)
        x, y = (sum(weight * one for weight, one in zip(weights, place, strict=True)) for place in places)
        yield x, y


class PageFonts:
    """The fonts of one page, looked at character by character as its lines are read."""

    def __init__(self, textpage: pdfium.PdfTextPage, outlines: Outlines) -> None:
        self._handle = _address(textpage.raw)
        self._outlines = outlines
        self._fonts: dict[int, _Font] = {}
        self._lines: dict[int, list[tuple[int, str]]] = {}
        self.invisible: list[int] = []

    def see(self, line: int, characters: str, spans: Sequence[tuple[int, int]]) -> None:
        """Look at the glyphs of the words of a line."""
        start, end = spans[0][0], spans[-1][1]
        first = _text_object(self._handle, start)
        if not first:
            return
        if _mode_of(first) == _INVISIBLE:
            self.invisible.append(line)
        font = _font_of(first)
        middle = spans[len(spans) // 2][0]
        if font == self._font_at(end - 1) == self._font_at(middle):
            self._look(font, line, characters[start:end])
            return
        for start, end in spans:
            font = self._font_at(start)
            if font == self._font_at(end - 1):
                self._look(font, line, characters[start:end])

    def _font_at(self, index: int) -> int | None:
        found = _text_object(self._handle, index)
        return _font_of(found) if found else None

    def _look(self, handle: int | None, line: int, text: str) -> None:
        if not handle:
            return
        font = self._fonts.get(handle)
        if font is None:
            font = self._fonts[handle] = _Font(_name(handle), embedded=_embedded(handle) == 1)
        if not font.embedded:
            return
        self._lines.setdefault(handle, []).append((line, text))
        for character in set(text) - font.seen:
            font.seen.add(character)
            wanted = _OUTLINES.get(character)
            outlines = self._outlines.of(handle, font.name, character) if wanted else None
            font.drawn += outlines is not None
            if wanted and outlines and outlines not in wanted:
                font.odd.add(character)

    def odd(self) -> list[OddFont]:
        """The fonts whose map is to be doubted, each with the lines that show it best."""
        return [found for handle, font in self._fonts.items() if (found := self._doubted(handle, font))]

    def _doubted(self, handle: int, font: _Font) -> OddFont | None:
        checked = [one for one in font.seen if one in _OUTLINES]
        if not checked:
            return None
        font.changed = self._outlines.changed(handle, font.seen) if font.drawn else frozenset()
        font.odd |= font.changed
        if font.embedded and not font.drawn and len(checked) >= _MANY_LETTERS:
            return OddFont(font.name, frozenset(), self._richest(handle, checked), drawn=True)
        digits, odd_digits = sum(map(str.isdigit, checked)), sum(map(str.isdigit, font.odd))
        letters, odd_letters = len(checked) - digits, len(font.odd) - odd_digits
        garbled = odd_letters >= _FEW_LETTERS and odd_letters >= _NOTABLE * letters and letters >= _MANY_LETTERS
        shifted = odd_digits > 0 and odd_digits >= _NOTABLE * digits
        if not garbled and not shifted and not font.changed:
            return None
        certain = garbled or odd_digits >= _CERTAIN_DIGITS
        return OddFont(font.name, frozenset(font.odd), self._richest(handle, font.odd), certain=certain)

    def _richest(self, handle: int, characters: Sequence[str] | set[str]) -> tuple[int, ...]:
        """The lines with most of these characters first."""
        wanted = set(characters)
        counts: dict[int, int] = {}
        for line, text in self._lines.get(handle, ()):
            counts[line] = counts.get(line, 0) + sum(one in wanted for one in text)
        return tuple(sorted((line for line in counts if counts[line]), key=lambda line: (-counts[line], line)))


def _count(path: int, segments: int) -> int:
    return sum(_type_of(_segment(path, index)) == raw.FPDF_SEGMENT_MOVETO for index in range(segments))


class FontNames:
    """The names of the fonts in which the characters of a page are set."""

    def __init__(self, textpage: pdfium.PdfTextPage) -> None:
        self._handle = _address(textpage.raw)
        self._known: dict[int, str] = {}

    def at(self, index: int) -> str:
        """The name of one character's font; empty where nothing is drawn for it."""
        found = _text_object(self._handle, index)
        font = _font_of(found) if found else None
        if not font:
            return ""
        if font not in self._known:
            self._known[font] = _name(font)
        return self._known[font]


def _name(font: int) -> str:
    """The name of a font without the letters that mark a part of it."""
    name = _full_name(font)
    return name.partition("+")[2] or name


def _size_of(font: int) -> int:
    """How many bytes of the file hold a font: two of one name are seldom as large."""
    size = ctypes.c_size_t()
    raw.FPDFFont_GetFontData(ctypes.cast(font, raw.FPDF_FONT), None, 0, ctypes.byref(size))
    return size.value


def _full_name(font: int) -> str:
    buffer = ctypes.create_string_buffer(_NAME_BYTES)
    raw.FPDFFont_GetBaseFontName(ctypes.cast(font, raw.FPDF_FONT), buffer, _NAME_BYTES)
    return buffer.value.decode("latin-1")
