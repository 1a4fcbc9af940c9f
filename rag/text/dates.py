"""Dates of a text as values, and the text as the readers of dates and numbers want it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.text.quantities import digits_for_words

_MONTH_NAMES = "January February March April May June July August September October November December".split()
_MONTH = (
    r"(?P<mon>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
)
_MONTH += r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<y>\d{4})(?!\d)"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\w-])(?P<y>\d{4})[-/](?P<m>\d{2})[-/](?P<d>\d{2})(?!\d)",
        rf"(?<![\w.,-]){_DAY}(?:\s+of)?\s+{_MONTH}(?:\s?,?\s+{_YEAR})?",
        rf"\b{_MONTH}\s+{_DAY}(?!\d|,\d{{3}}\b)(?:\s?,?\s+{_YEAR})?",
        rf"\b{_MONTH}\s?,?\s+(?:of\s+)?{_YEAR}",
        rf"\b(?P<mon>{'|'.join(_MONTH_NAMES)})\b",
    )
)
_SPLIT_YEAR = re.compile(r"(?<![\w.,/-])(?P<y>(?:19|20)\d\d)\s?/\s?(?P<next>(?:(?:19|20)\d\d|\d\d))(?![\w/]|[.,]\d)")
_NUMERIC_DATE = re.compile(r"(?<![\w./-])(?P<a>\d{1,2})([./])(?P<b>\d{1,2})\2(?P<y>\d{4})(?!\d|[./]\d)")
_CITATION = re.compile(r"[ ]?\[\d+(?:\s*[,;-]\s*\d+)*\][ ]?")
LIST_MARKER = re.compile(r"^\s*(?:[-*+•]\s+)?\(?\d{1,3}[.)]\s+(?=\S)")
_FISCAL = re.compile(r"\b(?:FY|CY)\s?(\d{4})\b")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date with optional parts. `is_split`: a year that goes on into the next, `2022/23`."""

    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    is_split: bool = False


def plain(text: str, *, counts_one: bool) -> str:
    """Text without citation marks and list marker, number words as digits; `one` and `first` only if counted."""
    text = LIST_MARKER.sub("", _CITATION.sub(" ", text))
    text = _FISCAL.sub(r" \1", text).replace("per cent", "percent").replace("US$", "$")
    return digits_for_words(text, counts_one=counts_one)


def take_dates(text: str) -> tuple[list[PartialDate], str]:
    """The dates of a text, and the text with blanks in their place. `03/04/2025` counts as both of its readings."""
    found: list[PartialDate] = []
    for match in _NUMERIC_DATE.finditer(text):
        a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
        found.extend(PartialDate(match[0], year, m, d) for d, m in {(a, b), (b, a)} if _valid(m, d))
    text = _NUMERIC_DATE.sub(lambda match: " " * len(match[0]), text)

    def blank(match: re.Match[str]) -> str:
        date = _date(match)
        if not _valid(date.month or 1, date.day or 1):
            return match[0]
        found.append(date)
        return " " * len(match[0])

    def blank_split(match: re.Match[str]) -> str:
        year = int(match["y"])
        if (year + 1) % 100 != int(match["next"]) % 100:
            return match[0]
        found.append(PartialDate(match[0], year, is_split=True))
        return " " * len(match[0])

    for pattern in _DATES:
        text = pattern.sub(blank, text)
    return found, _SPLIT_YEAR.sub(blank_split, text)


def _date(match: re.Match[str]) -> PartialDate:
    parts = match.groupdict()
    month = int(parts["m"]) if parts.get("m") else None
    if parts.get("mon"):
        month = next(i for i, name in enumerate(_MONTH_NAMES, 1) if name[:3] == parts["mon"][:3])
    year = int(parts["y"]) if parts.get("y") else None
    return PartialDate(match[0].strip(), year, month, int(parts["d"]) if parts.get("d") else None)


def _valid(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31  # noqa: PLR2004
