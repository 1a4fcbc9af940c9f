"""The rows of a table in text: cells between bars, which of them state figures, and which rows are the header."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text.dates import take_dates

BAR = "|"
_RULE = re.compile(r"[\s|:+=-]*-[\s|:+=-]*")
_VALUE = re.compile(
    r"\W*(?:[A-Z]{1,3}\$?\s?)?[^\w\s]*\s?\d[\d.,:/'’\s]*[^\w\s]*\s?(?:[^\W\d_]+(?:[/·.^-][\w^-]+)*[²³]?)?\W*"
)
"""A number with a currency before it, or at most one word after it: a unit."""
_YEAR = re.compile(r"(?:FY\s?'?)?(?:1[89]|20)\d\d[AE]?|FY\s?'?\d\d|[1-4]?Q[1-4]?(?:\s+\S+)?", re.IGNORECASE)
_FIGURE = re.compile(r"[^\w]*\d[\d.,\s]*[^\w/]*")
_IN_BRACKETS = re.compile(r"\([^()\d]*\)")
_CLOSING = re.compile(r"\)\s?%?")
_SIGN = re.compile(r"[$€£¥]")
_DASH = re.compile(r"[$€£¥]?\s?[-–—−]{1,2}(?:\s?%)?")
_LONGEST_VALUE = 40


def is_rule(line: str) -> bool:
    """Whether a line is the rule below the header: dashes between bars."""
    return _RULE.fullmatch(line) is not None


def cells_in(line: str, *, apart: bool = False) -> list[str]:
    """The cells of a line; a currency sign that stands in a cell of its own belongs to the next.

    Its cell is left empty where it counts (`apart`). A closing bracket belongs to the cell before, and leaves its own
    empty.
    """
    found: list[str] = []
    for cell in map(str.strip, line.strip().strip(BAR).split(BAR)):
        if found and _SIGN.fullmatch(found[-1]):
            found[-1:] = ["", f"{found[-1]} {cell}"] if apart else [f"{found[-1]} {cell}"]
        elif found and _CLOSING.fullmatch(cell) and "(" in found[-1] and ")" not in found[-1]:
            found[-1] += cell
            found.append("")
        else:
            found.append(cell)
    return found


def is_blank(cell: str) -> bool:
    """Whether a cell has a dash in the place of a figure."""
    return _DASH.fullmatch(cell) is not None


def has_values(cells: Sequence[str]) -> bool:
    """Whether a row states figures after its first cell; years and quarters alone are headings."""
    return any(is_value(cell) for cell in cells[1:])


def is_value(cell: str) -> bool:
    """Whether a cell states a figure, rather than names a year, a quarter or a day."""
    short = len(cell) <= _LONGEST_VALUE
    return short and bool(_VALUE.fullmatch(cell)) and not _YEAR.fullmatch(cell) and not take_dates(cell)[0]


def goes_on_with_header(first: str, second: str) -> bool:
    """Whether a line goes on with a header: it names columns below headings that stand over several, years, or a scale.

    `| (in millions) | audited | unaudited |`. A row with a name where the header has one, too, is a row of the table.
    """
    over, under = cells_in(first, apart=True), cells_in(second, apart=True)
    if len(over) != len(under) or any(map(_is_figure, under[1:])):
        return False
    has_scale = _IN_BRACKETS.fullmatch(under[0]) is not None
    spanned = [below for above, below in zip(over[2:], under[2:], strict=True) if not above]
    names_columns = bool(spanned) and any(over[1:]) and all(spanned)
    is_of_one = len({*over[1:]} - {""}) < 2  # noqa: PLR2004
    is_dated = is_of_one and not under[0] and len(under) > 1 and all(map(_YEAR.fullmatch, under[1:]))
    return has_scale or is_dated or (not (over[0] and under[0]) and names_columns)


def _is_figure(cell: str) -> bool:
    """Whether a cell is nothing but a number, and neither a year nor a day: `2022 (restated)` heads a column."""
    return _FIGURE.fullmatch(cell) is not None and not _YEAR.fullmatch(cell) and not take_dates(cell)[0]
