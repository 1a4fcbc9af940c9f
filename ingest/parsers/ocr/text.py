"""OCR words of a page to text in reading order, each with its position in the text. Pure.

Lines that lean with a crooked scan are set level first. Columns of prose are read one after the other, rows of a table
each on one line, and lines become paragraphs as those of a PDF do.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median

from ingest.parsers.common import Box, Word
from ingest.parsers.layout import Line, Print, Words, reflow
from ingest.parsers.ocr.engine import OcrLine, OcrWord

_LETTER_PT = 10.0  # what reflow is told of the height of the usual letter: pictures have no points
_ONE_SIZE = 1.3  # heights of boxes vary with their letters: what is nearer than this to the usual letter is one size
_CUT_GAP, _CELL_GAP, _GUTTER = 1.5, 1.0, 0.2  # in heights of the usual letter
_WIDEST_GUTTER = 4.0
_WIDE_SPACE = 1.3  # times the line's usual space
_SAME_ROW = 0.5
_PROSE_LINES, _PROSE_WORDS, _PROSE_WIDTH, _PROSE_LETTERS = 4, 3, 0.6, 0.6


@dataclass(frozen=True, slots=True)
class Placed:
    """`text[start:end]` is the word that stands in `box`."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words side by side with no wide gap; edges in heights of the usual letter, level, origin at the top left."""

    words: tuple[OcrWord, ...]
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


_Row = list[_Piece]


def lay_out(lines: Sequence[OcrLine]) -> tuple[str, tuple[Placed, ...]]:
    """The text of a page and the words in it, in order; a hyphen that ended a line may be gone."""
    if not lines:
        return "", ()
    lean = _lean(lines)
    unit = median(_height(word.box) for line in lines for word in line.words)
    pieces = [piece for line in lines for piece in _pieces(line, lean, unit)]
    gutters = _gutters(_rows(pieces))
    parts = [_piece(words, lean, unit) for piece in pieces for words in _cut(piece.words, gutters, unit)]
    blocks = _in_order(_rows(parts))
    return _joined([[_printed(row, unit) for row in block] for block in blocks], _LETTER_PT / unit)


def _joined(blocks: Sequence[Sequence[Line]], scale: float) -> tuple[str, tuple[Placed, ...]]:
    """Blocks as one text; a paragraph may go on from one to the next."""
    words = Words.of(line for block in blocks for line in block)
    text = ""
    placed: list[Placed] = []
    for block in blocks:
        page = reflow(block, words)
        goes_on = page.text[:1].islower() and not text.endswith((".", ":", "?", "!")) and not block[0].row
        if text and not goes_on:
            text += "\n\n" + page.text
        elif text.endswith("-") and not text.endswith(" -"):
            text = words.join(text, page.text)
        else:
            text = f"{text} {page.text}" if text else page.text
        start = len(text) - len(page.text)
        if placed and placed[-1].end > start:  # its hyphen is gone
            placed[-1] = replace(placed[-1], end=start)
        placed.extend(_placed(word, start, scale) for word in page.words)
    return text, tuple(placed)


def _lean(lines: Sequence[OcrLine]) -> float:
    """How far lines go down for each pixel to the right."""
    slopes = []
    for line in lines:
        first, last = line.words[0].box, line.words[-1].box
        across = (last.left + last.right - first.left - first.right) / 2
        if across > 4 * _height(first):
            slopes.append((last.top + last.bottom - first.top - first.bottom) / 2 / across)
    return median(slopes) if slopes else 0.0


def _height(box: Box) -> float:
    return box.bottom - box.top


def _pieces(line: OcrLine, lean: float, unit: float) -> list[_Piece]:
    """The line cut at its wide gaps."""
    groups: list[list[OcrWord]] = [[line.words[0]]]
    for word in line.words[1:]:
        if word.box.left - groups[-1][-1].box.right > _CUT_GAP * unit:
            groups.append([])
        groups[-1].append(word)
    return [_piece(group, lean, unit) for group in groups]


def _piece(words: Sequence[OcrWord], lean: float, unit: float) -> _Piece:
    level = [lean * (word.box.left + word.box.right) / 2 for word in words]
    top = fmean(word.box.top - drop for word, drop in zip(words, level, strict=True))
    bottom = fmean(word.box.bottom - drop for word, drop in zip(words, level, strict=True))
    return _Piece(
        words=tuple(words),
        left=min(word.box.left for word in words) / unit,
        top=top / unit,
        right=max(word.box.right for word in words) / unit,
        bottom=bottom / unit,
    )


def _rows(pieces: Iterable[_Piece]) -> list[_Row]:
    """Pieces of one height side by side, rows from the top, pieces from the left."""
    rows: list[_Row] = []
    for piece in sorted(pieces, key=lambda piece: (piece.top + piece.bottom, piece.left)):
        row = next((row for row in reversed(rows[-3:]) if all(_side_by_side(other, piece) for other in row)), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _side_by_side(a: _Piece, b: _Piece) -> bool:
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared > _SAME_ROW * min(a.height, b.height) and (a.right <= b.left + 1 or b.right <= a.left + 1)


def _gutters(rows: Sequence[_Row]) -> list[tuple[float, float]]:
    """Left and right edges of the narrow gaps between pieces of prose."""
    pairs = [pair for row in rows for pair in itertools.pairwise(row)]
    wordy = [(a, b) for a, b in pairs if min(len(a.words), len(b.words)) >= _PROSE_WORDS]
    return [(a.right, b.left) for a, b in wordy if _GUTTER < b.left - a.right < _WIDEST_GUTTER]


def _cut(words: Sequence[OcrWord], gutters: Sequence[tuple[float, float]], unit: float) -> list[Sequence[OcrWord]]:
    """The words cut where a wide space stands in the gutter of other lines: engines read over narrow gutters."""
    spaces = [(a.box.right / unit, b.box.left / unit) for a, b in itertools.pairwise(words)]
    usual = median(right - left for left, right in spaces) if spaces else 0.0
    for index, (left, right) in enumerate(spaces, start=1):
        shared = sum(min(right, end) - max(left, start) > _GUTTER for start, end in gutters)
        if right - left > _WIDE_SPACE * usual and shared >= _PROSE_LINES:
            return [words[:index], *_cut(words[index:], gutters, unit)]
    return [words]


def _in_order(rows: Sequence[_Row]) -> list[list[_Row]]:
    """Blocks of rows in reading order: each column of prose is one, and what stands between columns."""
    blocks: list[list[_Row]] = []
    for band, columns in _bands(rows):
        pieces = [[p for row in band for p in row if left <= p.left and p.right <= right] for left, right in columns]
        if len(columns) > 1 and all(map(_is_prose, pieces)):
            blocks.extend(block for column in pieces for block in _in_order(_rows(column)))
        else:
            blocks.append(band)
    return blocks


def _bands(rows: Sequence[_Row]) -> list[tuple[list[_Row], list[tuple[float, float]]]]:
    """Rows from the top in bands that share their gutters, each with the columns between them."""
    bands: list[tuple[list[_Row], list[tuple[float, float]]]] = []
    for row in rows:
        own = _columns((piece.left, piece.right) for piece in row)
        if bands:
            band, columns = bands[-1]
            both = _columns([*columns, *own])
            if len(own) == len(columns) == 1 or min(len(columns), len(both)) > 1:
                bands[-1] = ([*band, row], both)
                continue
        bands.append(([row], own))
    return bands


def _columns(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans joined where no gutter is between them."""
    joined: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if joined and left - joined[-1][1] < _GUTTER:
            joined[-1] = (joined[-1][0], max(joined[-1][1], right))
        else:
            joined.append((left, right))
    return joined


def _is_prose(column: Sequence[_Piece]) -> bool:
    """Whether a column holds lines of sentences, most of them about as long as it is wide."""
    if len(column) < _PROSE_LINES:
        return False
    text = "".join(piece.text for piece in column)
    width = max(piece.right for piece in column) - min(piece.left for piece in column)
    return (
        median(len(piece.words) for piece in column) >= _PROSE_WORDS
        and median(piece.right - piece.left for piece in column) >= _PROSE_WIDTH * width
        and sum(map(str.isalpha, text)) >= _PROSE_LETTERS * len(text)
    )


def _printed(row: _Row, unit: float) -> Line:
    """The row as reflow knows lines; the boxes of its words keep the picture's coordinates, made larger or smaller."""
    height = median(piece.height for piece in row)
    usual = 1 / _ONE_SIZE < height < _ONE_SIZE
    starts = [0, *itertools.accumulate(len(piece.words) for piece in row)]
    gaps = [after.left - before.right for before, after in itertools.pairwise(row)]
    return Line(
        text=" ".join(piece.text for piece in row),
        left=round(row[0].left * _LETTER_PT, 1),
        right=round(row[-1].right * _LETTER_PT, 1),
        bottom=round(-median(piece.bottom for piece in row) * _LETTER_PT, 1),
        size=_LETTER_PT if usual else round(_LETTER_PT * height, 1),
        words=tuple(_print(word, _LETTER_PT / unit) for piece in row for word in piece.words),
        cells=tuple(start for start, gap in zip(starts[1:], gaps, strict=False) if gap > _CELL_GAP),
    )


def _print(word: OcrWord, scale: float) -> Print:
    box = word.box
    return Print(word.text, box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)


def _placed(word: Word, start: int, scale: float) -> Placed:
    box = Box(word.left / scale, word.top / scale, word.right / scale, word.bottom / scale)
    return Placed(start + word.start, start + word.end, box)
