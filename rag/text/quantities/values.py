"""A quantity of a text: value, sign, bound, unit, currency, scale, and the thing it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Bound = Literal["", "<", "≤", ">", "≥", "±"]
"""What a number limits: nothing, what may lie below it (`<`, `≤`) or above it (`>`, `≥`), or both sides of another."""
Direction = Literal["", "rise", "fall", "profit", "loss", "outflow"]
"""What the words around a number say of it: `fell by`, `a loss of`."""
_BOUND_WORDS: Mapping[Bound, str] = {
    "": "", "<": "less than ", "≤": "at most ", ">": "more than ", "≥": "at least ", "±": "±",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as stated: `text[start:end]`, with its unit.

    `value` has the magnitude applied and no sign; `sign` is 0 if brackets leave it open. `step` is one unit of the last
    written digit; `coarse_step` also treats trailing zeros of a whole number as not significant. `unit` and `per` are
    names of `rag.text.quantities.units`, a currency code, or empty; `period` is a unit of time that an adjective names
    (`the annual fee`). A `shared` unit was taken from a neighbouring number. A `soft` bound may also be none (`over
    five years`). `versus` is the second number of a ratio. `literal` numbers (a version, a section) are names: they are
    never rounded. A level is what something changed to. `of` are the words that follow.
    """

    text: str
    start: int
    end: int
    value: Decimal
    step: Decimal
    coarse_step: Decimal
    sign: int = 1
    direction: Direction = ""
    bound: Bound = ""
    soft: bool = False
    unit: str = ""
    per: str = ""
    period: str = ""
    shared: bool = False
    magnitude: int = 1
    versus: Decimal | None = None
    approximate: bool = False
    literal: bool = False
    is_level: bool = False
    in_table: bool = False
    of: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The quantity with its sign and bound, in plain words."""
        return f"{_BOUND_WORDS[self.bound]}{'-' if self.sign < 0 else ''}{self.text}"


@dataclass(frozen=True, slots=True)
class Lent:
    """The units and scales that a quote and its headings contribute to bare numbers.

    `own_scales` are declared for the quote itself and apply to its bare amounts of money; `mentioned` are all units
    that the text names anywhere. `bounds` are what headings make of the bare numbers of a row: `Limit per night`.
    """

    units: frozenset[str] = frozenset()
    scales: frozenset[int] = frozenset()
    own_scales: frozenset[int] = frozenset()
    mentioned: frozenset[str] = frozenset()
    bounds: frozenset[Bound] = frozenset()
