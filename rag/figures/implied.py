"""Numbers that follow from a cell that a sentence names and one that it implies: the earlier value, or the whole.

`Sales rose by 12% to $113 million` implies the sales of a year before, and `$28 million, or 2.8% of sales`, sales.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from rag.arithmetic import Token
from rag.evidence import EvidencePool, Row
from rag.figures.cell_naming import Cell, name_of, row_of, without_fiscal
from rag.text import Quantity, asked_periods, fits, told_period, word_of_scale

_FIGURE = re.compile(r"(?P<open>\()?[$€£¥]?\s?(?P<digits>\d[\d,]*(?:\.\d+)?)\s?%?\)?")
_SCALES = tuple(Decimal(10) ** power for power in (0, 3, 6, 9))

Numbered = tuple[re.Match[str], Token]
"""A number of a text with its place."""
Named = tuple[Quantity, Cell]
"""A number of a text with the cell that it is named as."""


@dataclass(frozen=True, slots=True)
class Implied:
    """A number at `start` to `end` of a text that follows from the implied `operand` by `formula`.

    `told` are sentences that say what the operands are of, in the order of time; `changed` are the words for a rise or
    fall.
    """

    start: int
    end: int
    operand: str
    formula: str
    told: tuple[str, ...]
    changed: frozenset[str] = frozenset()


def figure_of(row: Row, column: int, *, is_spent: bool = False) -> str:
    """The digits of a cell; empty where there are none, and for what stands in brackets unless it `is_spent`."""
    figure = _FIGURE.fullmatch(row.values[column].strip())
    return figure["digits"] if figure and (is_spent or figure["open"] is None) else ""


def value_of(row: Row, column: int, *, is_spent: bool = False) -> Decimal | None:
    """The figure of a cell without its scale, as `figure_of`; None without digits."""
    digits = figure_of(row, column, is_spent=is_spent)
    return Decimal(digits.replace(",", "")) if digits else None


def scale_of(number: Quantity, figure: Decimal) -> Decimal | None:
    """What a figure of a table is multiplied by to be a number, to its digits; None if nothing makes it so."""
    return next((scale for scale in _SCALES if abs(figure * scale - number.value) <= number.step / 2), None)


def names_no_other_period(text: str, index: int, columns: Collection[int], pool: EvidencePool) -> bool:
    """Whether each period that a text names is that of one of these columns of a row."""
    row, over, quarters = row_of(index, pool), pool.over(index), pool.cells.quarters(index)
    told = [told_period(row.headings[each], over) for each in columns]
    return all(any(fits(named, each, quarters) for each in told) for named in asked_periods(without_fiscal(text))[0])


def said_of(row: Row, column: int, amount: str) -> str:
    """A sentence that names the cell of an amount."""
    return f"{name_of(row)} was {amount} in {row.headings[column]}."


def written_as(number: Quantity, digits: str, scale: Decimal) -> str:
    """Digits of a table as a sentence would write them that writes `number`: `$94.4 million`."""
    mark = number.text[0] if number.text[0] in "$€£¥" else ""
    percent = "%" if number.unit == "%" else ""
    return " ".join(filter(None, (f"{mark}{digits}{percent}", word_of_scale(int(scale)))))
