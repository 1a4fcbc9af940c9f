"""Figures that a reference answer states, and where a text states them too.

Only figures that tell a row apart count: decimals, percentages, and numbers of three digits or more that are written as
an amount (with `,`, `$` or a magnitude), so that years, days and terms do not. They are matched digit by digit; nothing
is rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

_MAGNITUDES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_TABLE_UNITS = (6, 3)  # tables are printed in millions or in thousands
_STATED = re.compile(
    r"(?<![\w.,/-])\$?\s?\(?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\w|-\w|[.,]\d)\)?"
    r"\s?(?P<unit>%|percent\b|thousand\b|million\b|billion\b|trillion\b)?"
)
_TOKEN = re.compile(r"(?<![\d.,])(?<!\d-)(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?!\d|[.,]\d)")
_AFTER = re.compile(r"\)?\s?(?:(?P<percent>%|percent\b)|(?P<billion>billion\b|B\b)|(?P<million>million\b|M\b))?")


@dataclass(frozen=True, slots=True)
class Token:
    """A number as it stands in a text: without its thousands separators, and with the unit written behind it.

    `unit` is `%`, `billion`, `million` or empty.
    """

    number: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of an answer as it is written there, and the tokens that state it in a report."""

    text: str
    forms: frozenset[Token]

    def stands_in(self, tokens: Iterable[Token]) -> bool:
        """Whether one of these tokens states it."""
        return not self.forms.isdisjoint(tokens)


def figures_of(answer: str) -> list[Figure]:
    """The telling figures of an answer, in their order, each once."""
    found: list[Figure] = []
    for match in _STATED.finditer(answer):
        number, unit = match["number"], (match["unit"] or "").replace("percent", "%")
        forms = frozenset(_forms(number, unit))
        if _tells(match[0], number, unit) and not any(figure.stands_in(forms) for figure in found):
            found.append(Figure(match[0].strip(), forms))
    return found


def tokens_of(text: str) -> Iterator[Token]:
    """Every number of a text as a whole token."""
    for match in _TOKEN.finditer(text):
        after = _AFTER.match(text, match.end())
        units = after.groupdict() if after else {}
        unit = "%" if units.get("percent") else next((name for name, said in units.items() if said), "")
        yield Token(match["number"].replace(",", ""), unit)


def _tells(stated: str, number: str, unit: str) -> bool:
    amount = bool(unit) or "$" in stated or "," in number
    return unit == "%" or "." in number or (amount and sum(map(str.isdigit, number)) >= 3)


def _forms(number: str, unit: str) -> Iterator[Token]:
    """The ways in which a report may print the figure without a digit more or less."""
    plain = number.replace(",", "")
    if unit == "%":
        yield Token(plain, "%")
        return
    yield Token(plain, unit)
    if unit == "million":
        yield Token(plain)
    magnitude, decimals = _MAGNITUDES.get(unit, 0), len(plain.partition(".")[2])
    for table in _TABLE_UNITS:
        if decimals and decimals == magnitude - table:  # `23.198 billion` says every digit of `23,198`, in millions
            yield Token(f"{Decimal(plain).scaleb(decimals):f}")
        if not magnitude and plain.endswith("0" * table) and len(plain) > table + 2:
            yield Token(plain[:-table])
