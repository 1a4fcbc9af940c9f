"""The table cells of a pool by the size of their figures, so that the cells of a number are found without its words.

A sentence rounds (`$22.4 billion` of `22,352` in millions) and names rows in its own words, so neither digits nor words
find them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from rag.evidence.rows import Row
from rag.text import Quantity, Quarters, told_period
from rag.types import Chunk

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")
_SCALES = (1.0, 1e3, 1e6, 1e9)
_APPROXIMATE = 0.05
_MOST = 24


class CellIndex:
    """The figures of the rows of a pool, each with the row's index and its column.

    `rows` are the candidates of the pool as far as they are rows; `chunks` and `over` are the chunk of each, and
    everything above it.
    """

    def __init__(self, rows: Sequence[Row | None], chunks: Sequence[Chunk], over: Callable[[int], str]) -> None:
        self._rows, self._chunks, self._over = rows, chunks, over
        self._quarters: dict[str, Quarters] = {}
        found = [
            (abs(float(each.replace(",", ""))), index, column)
            for index, row in enumerate(rows)
            if row is not None
            for column, value in enumerate(row.values)
            for each in _DIGITS.findall(value)[:1]
        ]
        found.sort()
        self._sizes = np.array([size for size, _, _ in found])
        self._places = [(index, column) for _, index, column in found]

    def quarters(self, index: int) -> Quarters:
        """The quarters as the document of row `index` names them, as far as the hits tell."""
        document, filename = self._chunks[index].document_id, self._chunks[index].filename
        if document not in self._quarters:
            own = [at for at, each in enumerate(self._chunks) if each.document_id == document]
            columns = (
                told_period(heading, self._over(at))
                for at in own
                if (row := self._rows[at]) is not None
                for heading in dict.fromkeys(row.headings)
            )
            texts = dict.fromkeys(self._chunks[at].text for at in own)
            self._quarters[document] = Quarters.of(filename, texts, columns)
        return self._quarters[document]

    def printing(self, numbers: Iterable[Quantity]) -> tuple[int, ...]:
        """The rows that print one of these numbers with the same digits."""
        return tuple(dict.fromkeys(index for number in numbers for index, _ in self._printed(number)))

    def _printed(self, number: Quantity) -> Iterator[tuple[int, int]]:
        digits = number.text.strip("$€£¥ ").split(" ")[0]
        return (
            (index, column)
            for index, column in self.of(number)
            if (row := self._rows[index]) is not None and digits in row.values[column]
        )

    def of(self, number: Quantity) -> list[tuple[int, int]]:
        """The cells, as row and column, whose figure the number may be: in some scale, and up to its rounding.

        In the order of the rows, and at most as many as can be looked at.
        """
        return sorted(set(self._near(number)))[:_MOST]

    def _near(self, number: Quantity) -> Iterator[tuple[int, int]]:
        for bounds in _sizes_of(number):
            first, last = np.searchsorted(self._sizes, bounds)
            yield from self._places[first:last]


def prints_size(text: str, numbers: Iterable[Quantity]) -> bool:
    """Whether a text prints a number that one of these may be: in some scale, and up to its rounding."""
    printed = [float(each.replace(",", "")) for each in _DIGITS.findall(text)]
    bounds = [each for number in numbers for each in _sizes_of(number)]
    return any(low <= each <= high for low, high in bounds for each in printed)


def _sizes_of(number: Quantity) -> Iterator[tuple[float, float]]:
    """The smallest and the greatest figure that a number may be, in each scale."""
    value, step = float(number.value), float(number.step)
    error = max(step, value * _APPROXIMATE) if number.approximate else step
    for scale in _SCALES:
        yield (value - error / 2) / scale * (1 - 1e-9), (value + error / 2) / scale * (1 + 1e-9)
