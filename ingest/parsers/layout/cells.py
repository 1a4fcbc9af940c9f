"""Cells of the rows of printed tables. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.parsers.layout.printed import Line, Print, line_of

Cell = tuple[Print, ...]
Row = tuple[Cell, ...]
Span = tuple[float, float]

BULLET = re.compile(r"(?:\[[x ]\]|[•▪◦‣●○■□➢►❖*–—-]|\(?\d{1,2}[.)]|\(?[a-z][.)]|\([ivx]{1,4}\))(?:\s|$)")
ENTRY = re.compile(r"(?:item|note|part|section|chapter|appendix)\s+\w{1,5}[.:]?", re.IGNORECASE)
_CURRENCY = re.compile(r"[$€£¥]\s?\(?$")
_IN_SUMS = re.compile(r"[$€£¥]?\s?\(?|\(?[-–−+]?[$€£¥]?\d[\d,.]*\)?|[)%]{1,2}|[-—–]{1,2}")
_SUM = re.compile(r"[$€£¥]|\(?\d{1,3}(?:,\d{3})+\)?")
_SEVERAL = 2
_LEVEL_PT = 0.5
_CLOSER = re.compile(r"[)%]{1,2}$")
_NUMBER = re.compile(r"[$€£¥]?\s?\(?\s?[-–−+]?[$€£¥]?\s?\d[\d,.]*\s?\)?\s?(?:%|x|pts?|bps)?\)?(?:\s?\(\w\))?")
_BETWEEN = re.compile(r"\s+(?:/|and|to|–)\s+")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s?\(\w{1,2}\)|[*†‡¹²³⁴⁵])?")
_NOTHING = re.compile(r"[$€£¥]?\s?(?:[-—–]{1,2}|N/?[AM]|\*)\s?%?")


def text_of(cell: Sequence[Print]) -> str:
    """The words of a cell."""
    return " ".join(word.text for word in cell)


def span_of(cell: Cell) -> Span:
    """The left and the right edge of a cell, in points."""
    return cell[0].left, cell[-1].right


def overlap(a: Span, b: Span) -> float:
    """How many points two spans have in common; their distance, below zero, when they have none."""
    return min(a[1], b[1]) - max(a[0], b[0])


def is_number(text: str) -> bool:
    """Whether a cell holds a figure, two such as `6.4% / 6.7%`, or the sign for none."""
    return _NOTHING.fullmatch(text) is not None or all(map(_NUMBER.fullmatch, _BETWEEN.split(text)))


def is_currency(text: str) -> bool:
    """Whether a cell holds no more than the sign of a currency."""
    return _CURRENCY.fullmatch(text) is not None


def is_sum(word: str) -> bool:
    """Whether a word is the sign of a currency, or a figure of thousands."""
    return _SUM.fullmatch(word) is not None


def is_year(text: str) -> bool:
    """Whether a cell holds a year, perhaps with the mark of a footnote."""
    return _YEAR.fullmatch(text) is not None


def with_figures_in_rows(lines: Sequence[Line]) -> list[Line]:
    """The lines, a figure that stands by itself at the right of the line before it as a cell of that line."""
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        alone = len(line.words) == 1 and is_number(line.text) and before is not None
        if alone and before and _is_right_of(line, before):
            line = line_of((*before.words, *line.words), before.size, before.bold)  # noqa: PLW2901
            joined.pop()
        joined.append(line)
    return joined


def _is_right_of(line: Line, before: Line) -> bool:
    level = abs(line.bottom - before.bottom) <= _LEVEL_PT and abs(line.size - before.size) <= _LEVEL_PT
    return level and bool(before.words) and line.left - before.right > line.size


def cells_of(line: Line) -> Row:
    """The cells of a line; signs of currency and per cent stay with their figure, a bullet with its item."""
    edges = (0, *line.cells, len(line.words))
    return tidied([line.words[a:b] for a, b in pairwise(edges)])


def tidied(cells: Sequence[Cell]) -> Row:
    """The cells, joined where a part of one stands apart: a currency, a per cent sign, a bullet."""
    tidy: list[Cell] = []
    strayed: Cell = ()
    behind = _has_euros_behind([word for cell in cells for word in cell])
    for words in (part for cell in cells for part in _sums_apart(cell)):
        cell = (*strayed, *words)
        strayed = cell[-1:] if not behind and len(cell) > 1 and _CURRENCY.fullmatch(cell[-1].text) else ()
        cell = cell[:-1] if strayed else cell
        text = text_of(cell)
        before = text_of(tidy[-1]) if tidy else ""
        first = len(tidy) == 1
        joins = _CURRENCY.fullmatch(before) or _CLOSER.fullmatch(text)
        if tidy and (joins or (first and (BULLET.fullmatch(before) or ENTRY.fullmatch(before)))):
            tidy[-1] = (*tidy[-1], *cell)
        else:
            tidy.append(cell)
    return (*tidy, strayed) if strayed else tuple(tidy)


def _has_euros_behind(words: Sequence[Print]) -> bool:
    """Whether a row has its euros behind the figures: `87.50 €`, to its end. Dollars stand before theirs."""
    first = next((at for at, word in enumerate(words) if _CURRENCY.fullmatch(word.text)), 0)
    return first > 0 and words[-1].text == words[first].text == "€" and is_number(words[first - 1].text)


def _sums_apart(cell: Cell) -> list[Cell]:
    """The sums of a cell that is nothing else, each with its currency: columns may stand near each other."""
    starts = [index for index, word in enumerate(cell) if _CURRENCY.fullmatch(word.text)]
    if len(starts) < _SEVERAL or starts[0] > 0 or not all(_IN_SUMS.fullmatch(word.text) for word in cell):
        return [cell]
    return [cell[a:b] for a, b in pairwise((*starts, len(cell)))]


def is_unit(text: str) -> bool:
    """Whether a cell is a remark in brackets, such as `(in millions)`."""
    return text.startswith("(") and text.endswith(")") and not is_number(text)
