"""A page as positioned words in boxes and lines. Pure.

Coordinates are points from the top left corner of the page as it is seen, turned and cropped.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ingest.parsers.common import Box, Doubt

_CELL_GAP_EM = 1.0
_JUSTIFIED_GAPS = 3
_FEWEST_GAPS, _STRETCHED, _FLUSH_PT = 2, 0.1, 1.5
_MANY_GAPS, _LOOSELY_STRETCHED = 4, 0.3  # words that OCR laid under a picture are not where they are to the point
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_PRESENTATION_FORMS = re.compile(r"[\ufb1d-\ufdff\ufe70-\ufefc]")


class Print(NamedTuple):
    """One printed word and its box; a text that ends in `\\ufffe` was broken at a hyphen."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; `bottom` grows upwards from an arbitrary zero, `size` is the height of a letter's box.

    `cells` holds the indexes of the words that are set apart from the word before them, as in a table.
    A `text` that ends in `\\ufffe` was broken at a hyphen.
    """

    text: str
    left: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    words: tuple[Print, ...] = ()
    cells: tuple[int, ...] = ()

    @property
    def row(self) -> bool:
        """Whether the line has cells set apart, as in a table."""
        return bool(self.cells)


class Extra(NamedTuple):
    """Text that a reader sees on a page beside its content: the value of a form field, a comment."""

    label: str
    text: str
    left: float
    top: float
    right: float
    bottom: float


class Unfilled(NamedTuple):
    """How many form fields hold nothing, and how many boxes are not ticked."""

    empty: int = 0
    unticked: int = 0


_ALL_FILLED = Unfilled()


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page in the order of its content.

    `scan` says that it shows a picture or a drawing in place of text, `pictured` that it shows one beside its text,
    `doubt` why its text may not be what it shows; `rules` are thin boxes, the ruling lines of its tables;
    `unclear_boxes` counts drawn boxes of which it cannot be told whether they are ticked.
    """

    width: float
    height: float
    lines: tuple[Line, ...] = ()
    extras: tuple[Extra, ...] = ()
    unfilled: Unfilled = _ALL_FILLED
    scan: bool = False
    pictured: bool = False
    loaded: bool = True
    doubt: Doubt | None = None
    rules: tuple[Box, ...] = ()
    unclear_boxes: int = 0


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark: level 1 is the highest, `page` counts from 1."""

    title: str
    page: int
    level: int


class Attachment(NamedTuple):
    """A file inside of a PDF; without its bytes where it is too large or damaged."""

    name: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """A PDF as it is printed, and what it says of itself; `xfa` that only an XFA form holds its content."""

    pages: tuple[PrintedPage, ...]
    title: str = ""
    labels: tuple[str, ...] = ()
    outline: tuple[OutlineEntry, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    encrypted: bool = False
    xfa: bool = False


def line_of(words: Sequence[Print], size: float, bold: bool = False) -> Line:
    """The line of these words, which are in the order of the content; text that runs from right to left is put in
    the order it is read."""
    if any(_RIGHT_TO_LEFT.search(word.text) for word in words):
        words = _in_reading_order(words)
    first, last = words[0], words[-1]
    return Line(
        text=" ".join([word.text for word in words]),
        left=round(min(first.left, last.left), 1),
        right=round(max(first.right, last.right), 1),
        bottom=round(-first.bottom, 1),
        size=round(size, 1),
        bold=bold,
        words=tuple(words),
        cells=_cells(words, size),
    )


def _cells(words: Sequence[Print], size: float) -> tuple[int, ...]:
    """Where a gap between two words is wider than a letter is high; none where all gaps of the line are wide."""
    gaps = [max(b.left - a.right, a.left - b.right) for a, b in itertools.pairwise(words)]
    widest = max(gaps, default=0.0)
    if widest <= _CELL_GAP_EM * size:
        return ()
    narrowest = min(gaps)
    if len(gaps) >= _JUSTIFIED_GAPS and narrowest > 0.4 * widest and narrowest < 0.8 * size:
        return ()
    return tuple([index for index, gap in enumerate(gaps, start=1) if gap > _CELL_GAP_EM * size])


def without_justified(lines: Sequence[Line]) -> list[Line]:
    """The lines, those that were only stretched to the width of their paragraph without cells.

    All gaps of such a line are the same, and it begins and ends where the line before or after it does.
    """
    plain = list(lines)
    for at, line in enumerate(lines):
        beside = (*plain[max(0, at - 1) : at], *lines[at + 1 : at + 2])
        if line.cells and is_stretched(line) and any(_is_flush(line, other) for other in beside):
            plain[at] = replace(line, cells=())
    return plain


def is_stretched(line: Line) -> bool:
    """Whether all gaps of a line are the same and no figure stands apart in it."""
    gaps = [b.left - a.right for a, b in itertools.pairwise(line.words)]
    figure = len(gaps) < _FEWEST_GAPS and line.words[-1].text[:1].isdecimal()
    spread = _STRETCHED if len(gaps) < _MANY_GAPS else _LOOSELY_STRETCHED
    return bool(gaps) and max(gaps) - min(gaps) <= spread * max(gaps) and not figure


def _is_flush(line: Line, other: Line) -> bool:
    """Whether a line of running text, or another stretched one, begins and ends where a line does."""
    if abs(line.left - other.left) > _FLUSH_PT or abs(line.right - other.right) > _FLUSH_PT:
        return False
    return not other.cells or (min(len(line.words), len(other.words)) > _FEWEST_GAPS and is_stretched(other))


def _in_reading_order(words: Sequence[Print]) -> list[Print]:
    """Words of a line with right-to-left script: mirrored words turned round, and the line read from the right."""
    turned = [word._replace(text=_letters_in_order(word.text)) for word in words]
    from_right = sum(1 if _RIGHT_TO_LEFT.search(word.text) else -1 for word in turned) > 0
    runs_left = len(turned) > 1 and turned[0].left < turned[-1].left
    if not (from_right and runs_left):
        return turned
    ordered: list[Print] = []
    for rightwards, run in itertools.groupby(reversed(turned), lambda word: not _RIGHT_TO_LEFT.search(word.text)):
        words_of_run = list(run)
        ordered.extend(reversed(words_of_run) if rightwards else words_of_run)
    return ordered


def _letters_in_order(text: str) -> str:
    """Presentation forms of Arabic and Hebrew letters as the letters themselves."""
    return unicodedata.normalize("NFKC", text) if _PRESENTATION_FORMS.search(text) else text


def is_right_to_left(text: str) -> bool:
    """Whether a word has a letter of a script that is read from the right."""
    return _RIGHT_TO_LEFT.search(text) is not None
