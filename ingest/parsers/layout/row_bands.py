"""Lines of a table without rules to its rows: those of a wrapped cell are one row. Pure.

Where rows are further from each other than the lines of a cell, the distance tells. Where they are not, a line goes on
with the row above it if each cell in it goes on with one that fills its column, and another column is empty there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.parsers.layout.cells import Cell, is_number, text_of

_FURTHER = 1.18
_FEWEST_APART, _FEWEST_ROWS = 2, 3
_SPACE_EM = 0.3
_ENDS, _GO_ON = (".", ":", "?", "!"), (",", "-", "\ufffe", "&", "/")
_LONG = 25  # characters of a line of words


@dataclass(frozen=True, slots=True)
class Level:
    """The cells of one line, empty ones too, the number of each in the order of the content (-1: empty), and how far
    down the page they stand."""

    cells: tuple[Cell, ...]
    order: tuple[int, ...]
    at: float
    size: float
    bold: bool


Band = tuple[Level, ...]
"""The lines of one row."""


def bands_of(levels: Sequence[Level]) -> list[Band]:
    """The rows, from the top."""
    apart = _by_distance(levels)
    if len(apart) >= _FEWEST_ROWS and any(map(_is_wrapped, apart)):
        return [row for band in apart for row in ([band] if _is_one_row(band, levels) else _by_filling(band, levels))]
    return _by_filling(levels, levels)


def _by_distance(levels: Sequence[Level]) -> list[Band]:
    """Lines in one column that are as near to each other as can be are one cell; cells beside each other one row."""
    pitch = min((distance for _, _, distance in _steps(levels)), default=0.0)
    last = {above: below for above, below, distance in _steps(levels) if distance <= _FURTHER * pitch}
    bands: list[list[Level]] = []
    reached = -1
    for at, level in enumerate(levels):
        if at > reached:
            bands.append([])
        bands[-1].append(level)
        reached = max(reached, last.get(at, at))
    return [tuple(band) for band in bands]


def _steps(levels: Sequence[Level]) -> list[tuple[int, int, float]]:
    """For each cell that another one stands below in its column: both lines, by their indexes, and their distance."""
    steps: list[tuple[int, int, float]] = []
    for column in range(len(levels[0].cells)):
        held = [at for at, level in enumerate(levels) if level.cells[column]]
        steps.extend((a, b, levels[b].at - levels[a].at) for a, b in pairwise(held))
    return sorted(steps, key=lambda step: step[1])


def _is_wrapped(band: Band) -> bool:
    """Whether some cells have more lines than others, or stand between them."""
    counts = {sum(bool(level.cells[column]) for level in band) for column in range(len(band[0].cells))} - {0}
    return len(counts) > 1 or (len(band) > 1 and counts == {1})


def _is_one_row(band: Band, levels: Sequence[Level]) -> bool:
    """Whether lines that stand together are one row: each cell of several lines fills its column but for the last."""
    if len(band) == 1:
        return True
    columns = range(len(band[0].cells))
    chains = [[level.cells[column] for level in band if level.cells[column]] for column in columns]
    goes_on = all(fills(a, b, levels, at) for at, cells in enumerate(chains) for a, b in pairwise(cells))
    return goes_on and _is_wrapped(band)


def _by_filling(levels: Sequence[Level], table: Sequence[Level]) -> list[Band]:
    bands: list[list[Level]] = []
    for level in levels:
        if bands and _goes_on(bands[-1], level, table):
            bands[-1].append(level)
        else:
            bands.append([level])
    return [tuple(band) for band in bands]


def _goes_on(band: Sequence[Level], level: Level, table: Sequence[Level]) -> bool:
    """Whether each cell of a line goes on with one above it, the first one surely, and others have ended there."""
    above = [next((one.cells[at] for one in reversed(band) if one.cells[at]), ()) for at in range(len(level.cells))]
    filled = [at for at, cell in enumerate(level.cells) if cell]
    if band[-1].bold != level.bold or not all(band[-1].cells[at] for at in filled):
        return False
    if not all(fills(above[at], level.cells[at], table, at) for at in filled):
        return False
    sure = [is_within_words(above[at], level.cells[at]) for at in filled]
    ended = sum(map(bool, above)) - len(filled)
    return ended > 0 and (sure[0] if filled[0] == 0 else any(sure))


def fills(above: Cell, below: Cell, table: Sequence[Level], column: int) -> bool:
    """Whether a cell may go on in the one below it: the first word there had no room behind it, or is a small one."""
    if not above or not below or is_number(text_of(above)) or is_number(text_of(below)):
        return False
    edge = max(level.cells[column][-1].right for level in table if level.cells[column])
    word = below[0]
    room = edge - above[-1].right
    return room < word.right - word.left + _SPACE_EM * (word.bottom - word.top) or is_within_words(above, below)


def is_within_words(above: Cell, below: Cell) -> bool:
    """Whether a phrase goes on from a line into the next, by its letters and length alone."""
    text = text_of(above)
    if not text or text.endswith(_ENDS):
        return False
    return below[0].text[:1].islower() or text.endswith(_GO_ON) or len(text) >= _LONG
