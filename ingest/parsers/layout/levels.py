"""Small characters above or below the line, such as exponents and marks of footnotes, as text that keeps them apart.

Pure. Plain text has one level: a small `1` beside `25` would read as 251.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median, median_high
from typing import NamedTuple

from ingest.parsers.common import lowered, raised
from ingest.parsers.layout.printed import Print

_SMALL = 0.86  # of the size of the characters beside it
_RAISED, _LOWERED = 0.12, -0.05  # how far its base line is off, in sizes of the characters beside it
_TOUCHING, _NEXT = 0.12, 0.6
_BELOW = 0.25
_FAR, _SOMEWHAT, _APART = 3.0, 0.35, 1.0
_LEVELS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉₊₋ⁿⁱᵃᵇᵏᵐˣʸₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_IN_BRACKETS = re.compile(r"\(\w{1,3}\)")

Span = tuple[int, int]
"""Where a word begins and ends among the characters of its page."""


class Stand(NamedTuple):
    """How a character is set: its base line, in points from the top of the page, and its size."""

    base: float
    size: float


Stands = Callable[[int], Stand]
"""The stand of the character at an index of the page."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one line, each with its span."""

    spans: list[Span]
    words: tuple[Print, ...]


def levelled(characters: str, stands: Sequence[Stand]) -> str:
    """A word with its raised and lowered characters as such; one stand for each character."""
    size = max(stand.size for stand in stands)
    base = median(stand.base for stand in stands if stand.size > _SMALL * size)
    levels = [_level(stand, Stand(base, size)) for stand in stands]
    for found in _IN_BRACKETS.finditer(characters):
        levels[found.start() : found.end()] = [0] * len(found[0])
    text, at = "", 0
    for level, run in groupby(levels):
        end = at + len(list(run))
        text += _written(characters[at:end], level, text, characters[end:])
        at = end
    return text


def apart_at_line_ends(pieces: Sequence[Piece]) -> list[Piece]:
    """The lines, those that readers ran together cut where the next word stands below and further left."""
    apart: list[Piece] = []
    for piece in pieces:
        ends = [at for at, (a, b) in enumerate(pairwise(piece.words), start=1) if _ends_line(a, b)]
        for start, end in pairwise((0, *ends, len(piece.words))):
            apart.append(Piece(piece.spans[start:end], piece.words[start:end]) if ends else piece)
    return apart


def _ends_line(word: Print, after: Print) -> bool:
    """Whether a word stands further left and a line below, or far to the left and somewhat below: in another column."""
    height = word.bottom - word.top
    line_below = after.left < word.left and after.top >= word.bottom - _BELOW * height
    return line_below or (after.left < word.left - _FAR * height and after.bottom >= word.bottom + _SOMEWHAT * height)


def rejoined_at_levels(pieces: Sequence[Piece], stands: Stands) -> list[Piece]:
    """The lines whole: readers begin a new one after a raised or lowered character."""
    joined: list[Piece] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        if before and _beside(before.words[-1], piece.words[0], _NEXT) and _seam(before, piece, stands):
            joined[-1] = _together(before, piece, stands)
        else:
            joined.append(piece)
    return joined


def with_levels(piece: Piece, stands: Stands) -> list[Print]:
    """The words of a line, those that are raised or lowered as a whole as such; words far from each other are none of
    one line."""
    heights = [word.bottom - word.top for word in piece.words]
    if min(heights) > _SMALL * max(heights):
        return list(piece.words)
    far = [at for at, (a, b) in enumerate(pairwise(piece.words), start=1) if b.left - a.right > _APART * max(heights)]
    parts = [Piece(piece.spans[a:b], piece.words[a:b]) for a, b in pairwise((0, *far, len(piece.words)))]
    return [word for part in parts for word in _with_levels(part, stands)]


def _with_levels(piece: Piece, stands: Stands) -> list[Print]:
    own = [stands(start) for start, _ in piece.spans]
    size = median_high([stand.size for stand in own])
    line = Stand(median(stand.base for stand in own if stand.size > _SMALL * size), size)
    placed: list[Print] = []
    for index, (word, stand) in enumerate(zip(piece.words, own, strict=True)):
        before = placed[-1] if placed else None
        touches = before is not None and abs(word.left - before.right) <= _TOUCHING * size
        after = piece.words[index + 1].text if index + 1 < len(piece.words) else ""
        level = _level(stand, line)
        beside = before.text if before and touches else f"{before.text} " if before else ""
        text = _written(word.text, level, beside, f" {after}")
        if before and touches and (level or before.text[-1:] in _LEVELS):
            placed[-1] = _one_word(before, word, text)
        else:
            placed.append(word._replace(text=text))
    return placed


def _one_word(before: Print, after: Print, text: str) -> Print:
    """Two words that touch as one; `text` is how the second is written."""
    top, bottom = min(before.top, after.top), max(before.bottom, after.bottom)
    return Print(before.text + text, before.left, top, after.right, bottom)


def _beside(before: Print, after: Print, most: float) -> bool:
    """Whether a word stands right behind another one on its line; `most` is the gap in heights."""
    height = max(before.bottom - before.top, after.bottom - after.top)
    shared = min(before.bottom, after.bottom) - max(before.top, after.top)
    return -_TOUCHING * height <= after.left - before.right <= most * height and shared > 0


def _seam(before: Piece, after: Piece, stands: Stands) -> bool:
    """Whether one of two words side by side ends or stands above or below the line of the other."""
    last, first = stands(before.spans[-1][1] - 1), stands(after.spans[0][0])
    return before.words[-1].text[-1:] in _LEVELS or _level(last, first) != 0 or _level(first, last) != 0


def _together(before: Piece, after: Piece, stands: Stands) -> Piece:
    """One line of two, the words at the seam one word where they touch and the line goes on."""
    last, first = before.words[-1], after.words[0]
    line, own = stands(before.spans[-1][0]), stands(after.spans[0][0])
    if not _beside(last, first, _TOUCHING) or _level(own, line) or before.words[-1].text[-1:] not in _LEVELS:
        return Piece([*before.spans, *after.spans], (*before.words, *after.words))
    word = _one_word(last, first, first.text)
    spans = [*before.spans[:-1], (before.spans[-1][0], after.spans[0][1]), *after.spans[1:]]
    return Piece(spans, (*before.words[:-1], word, *after.words[1:]))


def _level(stand: Stand, line: Stand) -> int:
    """1 for what is raised, -1 for what is lowered, 0 for what stands on the line or is of full size."""
    if stand.size > _SMALL * line.size:
        return 0
    rise = (line.base - stand.base) / line.size
    return 1 if _RAISED <= rise < 1 else -1 if -1 < rise <= _LOWERED else 0


def _written(part: str, level: int, before: str, after: str) -> str:
    """A run at its level; a mark in brackets stays as it is, apart from a number by them."""
    if level == 0 or _IN_BRACKETS.match(part):
        return part
    return raised(part, before, after) if level > 0 else lowered(part, before)
