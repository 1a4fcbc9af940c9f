"""Units: their names, and conversion of amounts.

Names are looked up in a small table; pint, whose registry takes a third of a second to build, is asked only to
convert, once for every pair of units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

from rag.text.quantities.currencies import currency_of, is_currency, same_currency
from rag.text.quantities.unit_names import LENGTHS, NAMES, SYMBOLS, TIMES

_AMBIGUOUS = frozenset([frozenset(["pound", "GBP"]), frozenset(["ton", "metric_ton"])])
_MOST_WORDS = 4
_PER = r"(?:per|an?|each|every|pro|par|por|je)"
_BESIDE = re.compile(r"\s(?:operating|full|complete|whole)(?=\s)")
"""Words between a number and its unit that change neither: `8,000 operating hours`."""
_WORDS = re.compile(r"[-\s]?(?P<first>%-points?|[%٪‰°℃℉″′º](?:\s?[CF]\b)?|[^\W\d_][\w^²³·⋅]*(?:\.(?=\s?/))?)")
_NEXT = re.compile(r"[-\s]([^\W\d_]+)")
_SLASH = re.compile(r"\s?/\s?([A-Za-zµμΩ°]+[²³]?)")
_PER_WORD = re.compile(rf"\s{_PER}\s([^\W\d_]+(?:\s[^\W\d_]+)?)", re.IGNORECASE)
_IN_TIME = re.compile(
    r"\san?\s(?:year|quarter|month|week|day|decade)\s(?:(?:ago|earlier|previously)\b|(?:before|prior|later)\s*(?:[.,;)]|$))",
    re.IGNORECASE,
)
"""`from $5 a year ago` is no rate."""
_ADVERBS = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "annual": "year", "annually": "year",
    "yearly": "year",
}  # fmt: skip
_TOKEN = re.compile(r"[^\W\d_]+[²³]?|[%$€£¥°₹]\s?[CF]?")
_DECLARED = re.compile(
    r"\(([^()\d]{1,40})\)|\[([^\[\]\d]{1,40})\]|\|([^|\d]{1,20})(?=\|)"
    r"|\b(?:in|of)\s((?:[^\W\d_]{1,20}|[$€£¥%])(?:\s(?:[^\W\d_]{1,20}|[$€£¥%])){0,4})"
)
_LONE_LETTER_AFTER = re.compile(r"(?:[(\[,/|]|\bin)\s?([A-Za-zΩ])(?=\s*(?:[)\]|,;:\n]|$))")


@dataclass(frozen=True, slots=True)
class Line:
    """A conversion of amounts: `slope * amount + offset`."""

    slope: Decimal
    offset: Decimal = Decimal(0)


SAME = Line(Decimal(1))


@cache
def unit_named(name: str) -> str:
    """The unit of a name or symbol, words joined by hyphens; empty where it is none."""
    return SYMBOLS.get(name) or NAMES.get(name.lower(), "")


def unit_at(text: str, position: int) -> tuple[str, int]:
    """The unit or currency at a position of a text, right after a number, and its end."""
    beside = _BESIDE.match(text, position)
    if beside and (counted := unit_at(text, beside.end()))[0] in TIMES:
        return counted
    match = _WORDS.match(text, position)
    if match is None:
        return "", position
    words, ends = [match["first"].replace(" ", "").rstrip(".")], [match.end()]
    while len(words) < _MOST_WORDS and (more := _NEXT.match(text, ends[-1])):
        words.append(more[1])
        ends.append(more.end())
    for count in range(len(words), 0, -1):
        joined = "-".join(words[:count])
        found = unit_named(joined) or currency_of(joined.replace("-", " "))
        if found and not _is_else(words[:count], text, ends[count - 1]):
            return _with_denominator(found, text, ends[count - 1])
    return "", position


def per_at(text: str, position: int) -> tuple[str, int]:
    """The unit by which a rate is counted: `hour` of `/h`, `per hour` or `an hour`, and where it ends."""
    slash = _SLASH.match(text, position)
    if slash and unit_named(slash[1]):
        return unit_named(slash[1]), slash.end()
    word = _PER_WORD.match(text, position)
    if word is None:
        return "", position
    if _IN_TIME.match(text, word.start()):
        return "", position
    both, first = word[1].replace(" ", "-"), word[1].split()[0]
    if unit_named(both):
        return unit_named(both), word.end()
    return (unit_named(first), word.start(1) + len(first)) if unit_named(first) else ("", position)


def units_in(text: str) -> frozenset[str]:
    """Every unit or currency that a text names, rates' adverbs as units of time; of lone letters, none."""
    words = ["".join(match[0].split()) for match in _TOKEN.finditer(text)]
    pairs = [f"{a}-{b}" for a, b in pairwise(words)]
    named = [unit_named(word) or _ADVERBS.get(word.lower(), "") for word in [*words, *pairs] if len(word) > 1]
    money = [currency_of(word.replace("-", " ")) for word in [*words, *pairs]]
    marks = [unit_named(word) for word in words if len(word) == 1 and not word.isalpha()]
    return frozenset(filter(None, [*named, *money, *marks]))


def declared_units(text: str, *, heading: bool) -> frozenset[str]:
    """The units that a text declares for bare numbers: `(kg)`, `in euros`, a table cell.

    `text` is without its quantities. In a heading every unit counts, a single letter only if it is set apart.
    """
    letters = frozenset(filter(None, (unit_named(match[1]) for match in _LONE_LETTER_AFTER.finditer(text))))
    if heading:
        return units_in(text) | letters
    parts = " , ".join(filter(None, (part for match in _DECLARED.finditer(text) for part in match.groups())))
    return units_in(parts) | letters


def conversion(unit: str, into: str) -> Line | None:
    """How amounts of one unit become amounts of another; None where they measure different things.

    Currencies are not exchanged. A `pound` may be one of mass or of money, and many write `tons` for tonnes.
    """
    if unit == into or same_currency(unit, into) or frozenset([unit, into]) in _AMBIGUOUS:
        return SAME
    return _line(unit, into) if unit and into else None


@cache
def _line(unit: str, into: str) -> Line | None:
    if "degree" in (unit, into):
        return SAME if unit in ("degC", "degF") and into == "degree" else None
    if "cent" in (unit, into) and is_currency(into if unit == "cent" else unit):
        return Line(Decimal("0.01") if unit == "cent" else Decimal(100))
    points = {"percentage_point": Decimal(1), "basis_point": Decimal("0.01")}
    if unit in points or into in points:
        return Line(points[unit] / points[into]) if unit in points and into in points else None
    quantity = _registry().Quantity
    try:
        if _measured(unit) != _measured(into):
            return None
        zero, one = (quantity(Decimal(n), unit).to(into).magnitude for n in (0, 1))
    except (TypeError, AttributeError, ValueError):  # pint's errors of units are among them
        return None
    return Line(one - zero, zero)


@cache
def _measured(unit: str) -> object:
    """The dimension of a unit; those without one measure the same only as themselves or as numbers of bits."""
    found = _registry().Unit(unit)
    if not found.dimensionless:
        return str(found.dimensionality)
    bits = str(_registry().Quantity(Decimal(1), unit).to_root_units().units)
    return bits if bits != "dimensionless" else "share" if unit in ("%", "permille", "ppm", "ppb") else unit


@cache
def _registry() -> Any:
    from pint import UnitRegistry  # noqa: PLC0415 - half a second, and only conversions need it

    return UnitRegistry(non_int_type=Decimal)


def _with_denominator(unit: str, text: str, end: int) -> tuple[str, int]:
    """`kilometer/hour` of `km/h` or `kilometres per hour`; what else a time divides is left to `per_at`."""
    if is_currency(unit) or unit in ("%", "cent"):
        return unit, end
    per, after = per_at(text, end)
    if not per or (per in TIMES and unit not in LENGTHS):
        return unit, end
    return f"{unit}/({per})" if "/" in per or "*" in per else f"{unit}/{per}", after


def _is_else(words: list[str], text: str, end: int) -> bool:
    """Whether a name of a unit is another word here: `a` or `in` before a noun, `s` of a decade."""
    lone = len(words) == 1 and len(words[0]) == 1 and words[0].isalpha()
    return lone and (text[end : end + 1] in ("'", "’", "-") or text[end : end + 1].isalnum())
