"""Scans the XML of a sheet before its values are read: merged cells, hidden parts, missing values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO

from ingest.parsers.common import one_line
from ingest.parsers.ooxml import Element, attribute, child, full, short, stream

_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_CODES = re.compile(r'&(?:"[^"]*"|\d{1,3}|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|[BIUESXYHODTFAZG])')
_PARTS = re.compile(r"&[LCR]")
_PAGE_CODES = re.compile(r"&[PN](?:[+-]\d+)?")
_LETTERS = 26
_LAST_COLUMN = 16_384
_FEW_WORDS = 3
_HEADERS = ("s:oddHeader", "s:firstHeader", "s:evenHeader", "s:oddFooter", "s:firstFooter", "s:evenFooter")


@dataclass(frozen=True, slots=True)
class Area:
    """Cells from one corner to the other, counted from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class SheetScan:
    """What was seen: merged cells by their rows, hidden columns from and to, cells whose formula has no value, and
    what is printed on every page."""

    to_calculate: bool = False
    formulas: int = 0
    merged: list[Area] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    uncalculated: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)

    def hidden(self, used: int) -> str:
        """The hidden rows and columns that hold something, of `used` columns; empty when there are none."""
        ranges = [(first, min(last, used)) for first, last in self.hidden_columns if first <= used]
        names = ", ".join(
            letters_of(first) if first == last else f"{letters_of(first)} to {letters_of(last)}"
            for first, last in ranges
        )
        rows = f"{self.hidden_rows} row(s)" if self.hidden_rows else ""
        return " and ".join(filter(None, (rows, f"column(s) {names}" if names else "")))


def scan(part: IO[bytes], *, to_calculate: bool) -> SheetScan:
    """Look over the XML of a sheet; fails as `DAMAGE` says.

    `to_calculate`: the workbook's formulas are yet to be calculated, so that a stored 0 stands for no value.
    """
    seen = SheetScan(to_calculate=to_calculate)
    handlers: Mapping[str, Callable[[SheetScan, Element], None]] = {
        "s:row": _row,
        "s:col": _column,
        "s:mergeCell": _merged,
        **dict.fromkeys(_HEADERS, _printed),
    }
    for element in stream(part, *handlers):
        handlers[short(element)](seen, element)
    seen.merged.sort(key=lambda area: (area.first_row, area.first_column))
    return seen


def place_of(reference: str) -> tuple[int, int] | None:
    """Row and column of a reference such as `B12`; None when it is none."""
    match = _PLACE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return int(match[2]), column


def letters_of(column: int) -> str:
    """The letters that a column is called by."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def _row(seen: SheetScan, row: Element) -> None:
    if attribute(row, "hidden") in ("1", "true"):
        seen.hidden_rows += any(map(_has_value, row))
    for formula in row.iter(full("s:f")):
        cell = formula.getparent()
        seen.formulas += 1
        if attribute(cell, "t") != "str" and (not _has_value(cell) or (seen.to_calculate and is_zero(cell))):
            seen.uncalculated.append(attribute(cell, "r"))


def _has_value(cell: Element) -> bool:
    shown = child(cell, "s:v")
    return (shown is not None and bool((shown.text or "").strip())) or child(cell, "s:is") is not None


def is_zero(cell: Element) -> bool:
    """Whether a cell's stored value is 0, as programs write it that do not calculate."""
    return next((part.text for part in cell if str(part.tag).endswith("}v")), None) == "0"


def _column(seen: SheetScan, column: Element) -> None:
    first, last = attribute(column, "min"), attribute(column, "max")
    if attribute(column, "hidden") in ("1", "true") and first.isdecimal() and last.isdecimal():
        seen.hidden_columns.append((int(first), min(int(last), _LAST_COLUMN)))


def _merged(seen: SheetScan, merged: Element) -> None:
    first, _, last = attribute(merged, "ref").partition(":")
    begin, end = place_of(first), place_of(last)
    if begin and end:
        seen.merged.append(Area(*begin, *end))


def _printed(seen: SheetScan, element: Element) -> None:
    """A header or footer in words; one that only numbers the pages is none."""
    for part in _PARTS.split(element.text or ""):
        counted = _PAGE_CODES.sub("#", part)
        text = one_line(_CODES.sub("", counted).replace("&&", "&"))
        words = text.replace("#", " ")
        only_numbers = "#" in text and len(words.split()) <= _FEW_WORDS and not any(one.isdigit() for one in words)
        if words.strip() and not only_numbers and text not in seen.printed:
            seen.printed.append(text)
