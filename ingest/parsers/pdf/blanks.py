"""Glyphs with ink whose text is a blank, or a character that is not shown: what they say is lost. By pdfium."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from ingest.parsers.layout import Print
from ingest.parsers.pdf.page_space import Edges

_UNSEEN = re.compile("[ \xa0\u034f\u180e\u2000-\u200b\u202f\u205f-\u2064\u3000\ufeff]")
_BLANK = re.compile(r"(?<=\S) (?=\S)")
_INK_PT = 0.5
# Of the height of a line.
_WIDEST, _INK, _MARGIN, _LEVEL = 0.4, 0.15, 0.35, 0.3
_SCALE, _CONTRAST = 2, 96


def inked_blanks(characters: str, textpage: pdfium.PdfTextPage) -> str:
    """The characters, U+FFFD for those that say nothing and have ink of their own."""
    unseen = [found.start() for found in _UNSEEN.finditer(characters)]
    inked = {at for at in unseen if _has_ink(at, characters[at], textpage)}
    return "".join("\ufffd" if at in inked else one for at, one in enumerate(characters)) if inked else characters


def _has_ink(index: int, character: str, textpage: pdfium.PdfTextPage) -> bool:
    if raw.FPDFText_GetUnicode(textpage, index) != ord(character) or raw.FPDFText_IsGenerated(textpage, index):
        return False
    box = textpage.get_charbox(index)
    if box[2] - box[0] < _INK_PT or box[3] - box[1] < _INK_PT:
        return False
    # A glyph of several characters gives each its own box.
    return not (index and textpage.get_charbox(index - 1) == box)


def inked_gaps(
    page: pdfium.PdfPage,
    textpage: pdfium.PdfTextPage,
    characters: str,
    boxes: Callable[[Sequence[int]], Sequence[Edges]],
    words: Sequence[Print],
) -> frozenset[int]:
    """The indexes of blanks after which the page shows something before the next word that is none of its `words`.

    pdfium makes one blank of several, so that glyphs without a text of their own are gaps in its text.
    """
    blanks = [found.start() for found in _BLANK.finditer(characters)]
    blanks = [at for at in blanks if not raw.FPDFText_IsGenerated(textpage, at)]
    gaps = zip(blanks, boxes(blanks), boxes([at + 1 for at in blanks]), strict=True)
    wide = {at: (before[2], after[1], after[0], after[3]) for at, before, after in gaps if _is_wide(before, after)}
    if not wide:
        return frozenset()
    shown = page.render(scale=_SCALE, grayscale=True).to_numpy()
    return frozenset(at for at, gap in wide.items() if _shows_ink(shown.squeeze(), gap) and not _holds_word(gap, words))


def _holds_word(gap: Edges, words: Sequence[Print]) -> bool:
    """Whether a word stands in a gap, as the mark of a note, which is a line of its own."""
    left, top, right, bottom = gap
    return any(
        left < (one.left + one.right) / 2 < right and one.top < bottom and one.bottom > top for one in words if one.text
    )


def _is_wide(blank: Edges, after: Edges) -> bool:
    height = after[3] - after[1]
    return abs(blank[3] - after[3]) <= _LEVEL * height and after[0] - blank[2] >= _WIDEST * height > 0


def _shows_ink(picture: NDArray[np.uint8], gap: Edges) -> bool:
    """Whether letters, and not a thin rule, are drawn in a gap at the middle of the line."""
    height = gap[3] - gap[1]
    left, right = (max(round(edge * _SCALE), 0) for edge in (gap[0], gap[2]))
    top, bottom = (max(round(edge * _SCALE), 0) for edge in (gap[1] + _MARGIN * height, gap[3] - _MARGIN * height))
    part = picture[top:bottom, left:right].astype(np.int16)
    if not part.size or abs(np.median(part[:, 0]) - np.median(part[:, -1])) > _CONTRAST:  # where a coloured box ends
        return False
    inked = (abs(part - np.median(part)) > _CONTRAST).any(axis=0)
    return int(inked.sum()) >= _INK * height * _SCALE
