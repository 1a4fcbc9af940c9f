"""Reasons why the text of a PDF page may not be what the page shows. Pure.

A PDF holds how a page is drawn and, beside it, a map from glyphs to characters. The two may differ where the map lacks
characters, where glyphs do not look like theirs, and where text lies under a picture or is not drawn at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from ingest.parsers.common import Box, Doubt, PlacedText, is_latin
from ingest.parsers.layout import Line, Print
from rag.text import is_word


class Cover(NamedTuple):
    """What was drawn over text: whether nothing can be seen through it, and whether it is more than a filled shape."""

    box: Box
    opaque: bool
    picture: bool


_UNNAMED = "\ufffd"
_SEVERAL = re.compile("\ufffd{2,}[.,;:)]?")
_PRIVATE = "\ue000-\uf8e4"  # those above are pieces of large brackets
_PRIVATE_WORD = re.compile(f"[{_PRIVATE}][^\\W_{_PRIVATE}]|[^\\W_{_PRIVATE}][{_PRIVATE}]|[{_PRIVATE}]{{2}}")
_WORDLIKE = re.compile(f"[^\\W_{_PRIVATE}]{{3,}}|[\ufffd{_PRIVATE}]{{3,}}")
_FEWEST_IN_WORDS = 6
_NOTABLE = 0.05
_RARE_LETTER = re.compile("[\u0180-\u024f\u0250-\u02af\u1d00-\u1dbf\u2c60-\u2c7f\ua640-\ua69f\ua720-\ua7ff]")
_RARE_SHARE, _FEWEST_LETTERS = 0.1, 20
_LATIN_WORD = re.compile("[a-z\u00df-\u00f6\u00f8-\u017f]{4,}")
_VOWEL = re.compile("[aeiouyæøœ]")
_FEWEST_WORDS, _MOST_WORDS = 40, 300
# Real text had 0 to 8% of words without a vowel, text with letters exchanged at random 9 to 53%.
_WITHOUT_VOWEL, _ENGLISH = 0.09, 0.06
_MOSTLY_UNNAMED, _MOSTLY_ONE, _FEWEST_SIGNS = 0.3, 0.8, 30
_TO_BE_FILLED_IN = frozenset("._-–—…·")
_MOST_LINES = 3
_COVERED = 0.8


def unnamed_doubt(lines: Sequence[Line]) -> Doubt | None:
    """Characters that the file does not name, or names by codes of no script."""
    lost = [line for line in lines if _UNNAMED in line.text or _PRIVATE_WORD.search(line.text)]
    signs = "".join("".join(line.text.split()) for line in lines)
    if len(signs) >= _FEWEST_SIGNS and signs.count(_UNNAMED) >= _MOSTLY_UNNAMED * len(signs):
        return doubt("characters without a name in the file's fonts", lost, withhold=True)
    if lost:
        worded = [line for line in lost if _has_words(line)]
        words = [word.text for line in worded for word in line.words]
        garbled = any(_SEVERAL.fullmatch(word) or _PRIVATE_WORD.search(word) for word in words)
        many = sum(word.count(_UNNAMED) for word in words) > _NOTABLE * sum(map(len, words))
        return doubt("characters without a name in the file's fonts", worded, withhold=garbled or many)
    letters = sum(map(str.isalpha, "".join(line.text for line in lines)))
    rare = [line for line in lines if _RARE_LETTER.search(line.text)]
    count = sum(len(_RARE_LETTER.findall(line.text)) for line in rare)
    if letters >= _FEWEST_LETTERS and count >= _RARE_SHARE * letters:
        return doubt("most unusual letters", rare, withhold=False)
    return None


def one_sign_doubt(lines: Sequence[Line]) -> Doubt | None:
    """One character for nearly all that the page shows; dots and lines to be filled in are no text."""
    signs = "".join("".join(line.text.split()) for line in lines)
    if len(signs) < _FEWEST_SIGNS:
        return None
    sign, count = Counter(signs).most_common(1)[0]
    if sign in _TO_BE_FILLED_IN or count < _MOSTLY_ONE * len(signs):
        return None
    return doubt(f"hardly any character but {sign!r}", lines, withhold=False)


def script_doubt(lines: Sequence[Line]) -> Doubt | None:
    """A page in letters of another script than the Latin one: its picture may show Latin words. One line tells."""
    letters = [one for line in lines for one in line.text if one.isalpha()]
    if len(letters) < _FEWEST_LETTERS or 2 * sum(map(is_latin, letters)) > len(letters):
        return None
    others = [line for line in lines if not all(is_latin(one) for one in line.text if one.isalpha())]
    found = doubt("letters of a script that the picture does not show", others, withhold=False)
    return replace(found, lines=found.lines[:1], quiet=True)


def wordless_doubt(lines: Sequence[Line]) -> Doubt | None:
    """Words in Latin letters of which hardly one is English and many lack a vowel: those of no language."""
    found = islice((word for line in lines for word in _LATIN_WORD.findall(line.text.lower())), _MOST_WORDS)
    words = list(found)
    if len(words) < _FEWEST_WORDS:
        return None
    silent = sum(not _VOWEL.search(unicodedata.normalize("NFD", word)) for word in words)
    if silent < _WITHOUT_VOWEL * len(words) or sum(is_word(word, "en") for word in words) > _ENGLISH * len(words):
        return None
    return doubt("words of no language", lines, withhold=False)


def _has_words(line: Line) -> bool:
    """Whether a line is more than a formula or a label of a drawing: OCR can tell what it says."""
    return sum(map(len, _WORDLIKE.findall(line.text))) >= _FEWEST_IN_WORDS


def covered_doubt(lines: Sequence[Line], covers: Sequence[Cover]) -> Doubt | None:
    """Text that something was drawn over."""
    found = [
        (line, cover)
        for cover in covers
        for line in lines
        if _is_covered(line, cover.box) and (cover.picture or _has_words(line))
    ]
    if not found:
        return None
    hidden = any(cover.opaque for _, cover in found)
    return doubt("text under a picture", [line for line, _ in found], withhold=hidden)


def doubt(reason: str, lines: Sequence[Line], *, withhold: bool) -> Doubt:
    """A doubt that the lines richest in figures and letters show."""
    richest = sorted(lines, key=lambda line: (-sum(map(str.isdigit, line.text)), -len(line.text)))
    return Doubt(reason, tuple(_placed(richest[:_MOST_LINES])), withhold)


def glyph_doubt(font: str, lines: Sequence[Line], odd: Collection[str], *, withhold: bool) -> Doubt:
    """A doubt that the lines with most of the odd characters show, which have to be seen in the picture."""
    richest = sorted(lines, key=lambda line: (-sum(one in odd for one in line.text), -len(line.text)))
    shown = tuple(replace(one, odd="".join(sorted(odd))) for one in _placed(richest[:_MOST_LINES]))
    return Doubt(f"glyphs of font {font} do not look like its characters", shown, withhold)


def _placed(lines: Sequence[Line]) -> Iterator[PlacedText]:
    for line in lines:
        yield PlacedText(line.text, box_of(line.words))


def box_of(words: Sequence[Print]) -> Box:
    """The box around some words."""
    return Box(
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
    )


def _is_covered(line: Line, cover: Box) -> bool:
    box = box_of(line.words)
    across = min(box.right, cover.right) - max(box.left, cover.left)
    down = min(box.bottom, cover.bottom) - max(box.top, cover.top)
    area = (box.right - box.left) * (box.bottom - box.top)
    return min(across, down) > 0 and across * down >= _COVERED * area
