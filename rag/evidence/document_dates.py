"""The date that a document states for itself.

Sources in this order: its metadata, a labelled date in its first words (`Revised 8 October 2024`), its title, its file
name. Other dates in the text are not used.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.text import PartialDate, take_dates
from rag.types import Chunk

_KEYS = ("updated", "modified", "revised", "date", "published", "issued", "year")
_LABEL = re.compile(
    r"\b(?:(?:report|issue|publication|revision|effective) date|date|dated|issued|published|revised|revision|edition|"
    r"(?:last )?(?:updated|modified|reviewed)|effective|as of|as at|valid from|version of|status)\b"
    r"[ \t]*[:,]?[ \t]*(?:(?:on|in|of|from|as of)[ \t]+)?(?=(?P<date>[^\n]{4,40}))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})(?:[-_. ]?(?P<m>0[1-9]|1[0-2])(?:[-_. ]?(?P<d>0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)
_PERIOD_ENDS = re.compile(
    r"\b(?:(?:quarter|transition)(?:ly)? period|(?:fiscal )?(?:year|quarter)|(?:three|six|nine|twelve) months|"
    r"(?:\w+-)?weeks?)\s+end(?:ed|ing)[:\s]+(?=(?P<date>[^\n]{4,40}))",
    re.IGNORECASE,
)
_PERIOD_NAMED = re.compile(
    r"(?<![a-z\d])(?:(?P<y1>(?:19|20)\d{2})[ _-]?(?P<q1>Q[1-4])|(?P<q2>Q[1-4])[ _-]?(?P<y2>(?:19|20)\d{2})|"
    r"FY[ _-]?(?P<y3>(?:19|20)\d{2})|(?P<y4>(?:19|20)\d{2})[ _-]10-?[KQ]|annual[ _-]report[ _-](?P<y5>(?:19|20)\d{2}))"
    r"(?![a-z\d])",
    re.IGNORECASE,
)
_MONTHS = "January February March April May June July August September October November December".split()


def date_of(chunk: Chunk, opening: str = "") -> str | None:
    """The date of a chunk's document as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; `opening` is how its first page begins."""
    metadata = {key.casefold(): value for key, value in chunk.metadata.items()}
    for key in _KEYS:
        found = _written(str(metadata[key])) or _numbered(str(metadata[key])) if key in metadata else None
        if found:
            return found
    labelled = next((found for match in _LABEL.finditer(opening) if (found := _begins(match["date"]))), None)
    return labelled or _written(chunk.title) or _numbered(chunk.title) or _numbered(chunk.filename)


def report_on_other_periods(first: Chunk, second: Chunk, opening: Callable[[Chunk], str]) -> bool:
    """Whether the documents of two chunks report on different periods, such as quarters.

    The period is taken from the title or file name (`2023 Q2`, `FY2022`), or from the first words (`for the quarterly
    period ended 1 July 2023`), not from the date of the document.
    """
    names = [_period_named(chunk) for chunk in (first, second)]
    if all(names) and names[0] != names[1]:
        return True
    ends = [_period_end(opening(chunk)) for chunk in (first, second)]
    return all(ends) and ends[0] != ends[1]


def _period_named(chunk: Chunk) -> str | None:
    for text in (chunk.title, chunk.filename):
        match = _PERIOD_NAMED.search(text)
        if match is not None:
            return "-".join(part.upper() for part in match.groups() if part)
    return None


def _period_end(opening: str) -> str | None:
    return next((found for match in _PERIOD_ENDS.finditer(opening) if (found := _begins(match["date"]))), None)


def spoken_date(date: str) -> str:
    """A date in words: `2025-03` is `March 2025`."""
    year, *rest = date.split("-")
    month = [_MONTHS[int(rest[0]) - 1]] if rest else []
    day = [str(int(rest[1]))] if len(rest) > 1 else []
    return " ".join([*day, *month, year])


def _written(text: str) -> str | None:
    """The one date that a text writes out; None when there are several."""
    dates = {_iso(date) for date in take_dates(text)[0] if date.year is not None}
    return dates.pop() if len(dates) == 1 else None


def _begins(text: str) -> str | None:
    """The date with which a text begins."""
    dates = [date for date in take_dates(text)[0] if text.startswith(date.text)]
    told = {_iso(date) for date in dates if date.year is not None}
    year = _NUMBERED.match(text)
    return told.pop() if len(told) == 1 else _numbered(year[0]) if year and not told else None


def _numbered(text: str) -> str | None:
    parts = {"-".join(part for part in match.group("y", "m", "d") if part) for match in _NUMBERED.finditer(text)}
    return parts.pop() if len(parts) == 1 else None


def _iso(date: PartialDate) -> str:
    parts = [f"{date.year:04d}", *(f"{part:02d}" for part in (date.month, date.day) if part is not None)]
    return "-".join(parts)
