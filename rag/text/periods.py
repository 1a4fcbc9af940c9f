"""The period that a question asks about, and the period of a table column: days, quarters, months, years.

A quarter is a company's own, so `the third quarter of 2022` and `three months ended June 25, 2022` can only be
compared by someone who knows which quarter the company calls so (`Quarters`). English only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rag.text.dates import take_dates

_NUMBERS = {"one": 1, "two": 2, "three": 3, "six": 6, "nine": 9, "twelve": 12}
_ORDER = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_ENDED = r"(?:ended|ending|to|up to)?"
_MONTHS = re.compile(rf"\b(?:the )?(?P<n>three|six|nine|twelve|[369]|12)[- ]months?(?:[- ]periods?)? {_ENDED}", re.I)
_FIRST_MONTHS = re.compile(r"\b(?:the )?first (?P<n>three|six|nine|[369]) months\b(?: (?:of|in))?", re.I)
_SPAN = re.compile(r"\b(?:the )?(?:fiscal )?(?P<n>quarter(?:ly period)?|half[- ]year|year) (?:ended|ending)\b", re.I)
_SPANS = {"q": 3, "h": 6, "y": 12}
_FISCAL = r"(?:of |in |,? ?)?(?:the )?(?:(?:fiscal|financial)(?: year)? |FY ?|year )?"
_QUARTER = re.compile(
    rf"\b(?:the )?(?:(?P<word>{'|'.join(_ORDER)}) (?:fiscal )?quarter|Q(?P<q>[1-4])|(?P<p>[1-4])Q)"
    rf"(?: ?{_FISCAL}'?(?P<y>(?:19|20)\d\d|(?<=')\d\d)\b|\s?[/-]\s?(?P<yy>(?:20)?\d\d)\b)?",
    re.I,
)
_YEAR_QUARTER = re.compile(r"(?<![\w.,])(?P<y>(?:19|20)\d\d)[ _-]?Q(?P<q>[1-4])(?![^\W_])", re.I)
_HALF = re.compile(
    rf"\b(?:the )?(?:(?P<word>first|1st|second|2nd) half(?:[- ]year)?(?: of the year)?|H(?P<q>[12])|(?P<p>[12])H)"
    rf"(?: ?{_FISCAL}'?(?P<y>(?:19|20)\d\d|(?<=')\d\d)\b|\s?[/-]\s?(?P<yy>(?:20)?\d\d)\b)?(?![\w])",
    re.I,
)
_WEEK = re.compile(
    r"\b(?:(?P<before>(?:19|20)\d\d)[- ]?W|(?:calendar )?week |wk\.? ?|CW ?)(?P<n>0?[1-9]|[1-5]\d)\b"
    r"(?:,? ?(?:of |in |/ ?)?(?P<y>(?:19|20)\d\d)\b)?",
    re.I,
)
_SHORT_MONTH = re.compile(
    r"(?:(?<=^)|(?<=\bin )|(?<=\bof )|(?<=\bfor )|(?<=\bby )|(?<=\bsince )|(?<=\bduring )|(?<=\bfrom )|(?<=\())"
    r"(?P<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?(?:(?: ?'|[-/])(?P<y>(?:20)?\d\d)\b)?(?!\w|\s+\d)"
)
_SHORT_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_YEAR = re.compile(
    r"(?<![\w.,-])(?:(?:the )?(?:fiscal|financial)(?: year)? |FY ?|the year )?(?P<y>(?:18|19|20)\d\d)(?![\w%]|[.,]\d)",
    re.I,
)
_QUARTER_MONTHS = 3
_MONTHS_OF_YEAR = 12
_PARTS = frozenset((6, 9))
"""The months of a year that are over at the end of its second and third quarter."""
_SPLIT = ("years", 2)
"""The part of a period that goes on into the next year: `2022/23`."""
_FIRST_DAYS = 7
"""A quarter that ends within so many days of a month's beginning counts as the one before: 52-week years."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period with optional parts: its length in months, its quarter, and the day on which it ends.

    `part` is another part of a year by its number: `("week", 12)`, `("half", 1)`.
    """

    months: int | None = None
    quarter: int | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: tuple[str, int] | None = None

    @property
    def is_told(self) -> bool:
        """Whether the period has an end or a length."""
        return self != Period()

    @property
    def is_part_of_year(self) -> bool:
        """Whether the period is known to be shorter than a year."""
        return (
            bool(self.quarter or (self.part and self.part != _SPLIT))
            or (self.months or _MONTHS_OF_YEAR) < _MONTHS_OF_YEAR
        )

    @property
    def is_split(self) -> bool:
        """Whether the period is a year that goes on into the next: `2022/23`."""
        return self.part == _SPLIT

    def within(self, over: Period) -> Period:
        """The same, with missing parts taken from the title of the table."""
        filled = {name: getattr(over, name) for name in self.__slots__ if getattr(self, name) is None}
        return replace(self, **filled)

    @property
    def calendar_quarter(self) -> tuple[int, int] | None:
        """The calendar quarter that its last day ends, and the year; None if unknown."""
        if self.month is None or self.year is None:
            return None
        early = (self.day or _FIRST_DAYS + 1) <= _FIRST_DAYS
        month, year = (self.month - 1, self.year) if early else (self.month, self.year)
        return ((month - 1) // _QUARTER_MONTHS + 1, year) if month else (4, year - 1)


@dataclass(frozen=True, slots=True)
class Quarters:
    """The quarters as a document names them, from the period that it reports on, which ended as `reported` says."""

    named: frozenset[tuple[int, int]] = frozenset()
    reported: Period = Period()

    @classmethod
    def of(cls, filename: str, texts: Iterable[str], columns: Iterable[Period]) -> Quarters:
        """From the file name, the quarter that its texts name most, the latest quarter in them, and how far it is.

        `columns` are the periods of the columns of its tables: nine months that end with the latest quarter make it the
        third.
        """
        columns = set(columns)
        ended = [each for each in columns if each.month and each.year and each.months in (None, _QUARTER_MONTHS)]
        spans = [each for each in ended if each.months] or ended
        latest = max(spans, key=lambda each: (each.year or 0, each.month or 0, each.day or 0), default=Period())
        named = {(int(match["q"]), int(match["y"])) for match in _YEAR_QUARTER.finditer(filename.replace("_", " "))}
        said = Counter(each for text in texts for each in _quarters(text))
        numbers = Counter(quarter for quarter, _ in said.elements()).most_common(1)
        if numbers:
            often = [year for (quarter, year), times in said.items() if quarter == numbers[0][0] and times > 1]
            named |= {(numbers[0][0], max(often))} if often else set()
        counted = _counted(latest, columns)
        return cls(frozenset(named | ({counted} if counted else set())), latest)

    def is_called(self, quarter: int, year: int, told: Period) -> bool:
        """Whether a period of the document is the quarter asked for: by its own name, else by the calendar's."""
        if told.quarter is not None:
            return (told.quarter, told.year) == (quarter, year)
        if told.month is None or told.year is None:
            return False
        if not self.named or self.reported.month is None or self.reported.year is None:
            return told.calendar_quarter == (quarter, year)
        reported, own = self.reported.calendar_quarter, told.calendar_quarter
        if reported is None or own is None or own[0] != reported[0]:
            return False
        return (quarter, year + reported[1] - own[1]) in self.named


def _counted(latest: Period, columns: Iterable[Period]) -> tuple[int, int] | None:
    """The quarter that the latest one is by the longer span that ends with it; its year is that in which it ends.

    None where it is not certain, and for years that end in January to March: some call them after the year before.
    """
    if latest.months != _QUARTER_MONTHS or latest.month is None or latest.year is None:
        return None
    spans = _PARTS & {each.months for each in columns if replace(each, months=latest.months) == latest}
    if len(spans) != 1:
        return None
    length = max(spans)
    early = (latest.day or _FIRST_DAYS + 1) <= _FIRST_DAYS
    begun = latest.year * _MONTHS_OF_YEAR + latest.month - int(early) - length
    closing_month = begun % _MONTHS_OF_YEAR or _MONTHS_OF_YEAR
    year = (begun + _MONTHS_OF_YEAR - 1) // _MONTHS_OF_YEAR
    return (length // _QUARTER_MONTHS, year) if closing_month > _QUARTER_MONTHS else None


def asked_periods(question: str) -> tuple[tuple[Period, ...], str]:
    """The periods that a question names, and the question with blanks in their place."""
    found: list[Period] = []
    text = question
    for pattern in (_FIRST_MONTHS, _MONTHS, _SPAN):
        for match in reversed(list(pattern.finditer(text))):
            told, rest = _date_after(text[match.end() :])
            found.append(told.within(Period(months=_length(match["n"]))))
            text = text[: match.start()] + " " * len(match[0]) + rest
    for pattern in (_YEAR_QUARTER, _QUARTER):
        for match in reversed(list(pattern.finditer(text))):
            found.append(_quarter_of(match))
            text = _blanked(text, match)
    for pattern, period_of in ((_HALF, _half_of), (_WEEK, _week_of), (_SHORT_MONTH, _month_of)):
        for match in reversed(list(pattern.finditer(text))):
            found.append(period_of(match))
            text = _blanked(text, match)
    dates, text = take_dates(text)
    found += [
        Period(year=date.year, month=date.month, day=date.day, part=_SPLIT if date.is_split else None) for date in dates
    ]
    for match in reversed(list(_YEAR.finditer(text))):
        found.append(Period(year=int(match["y"])))
        text = _blanked(text, match)
    return tuple(dict.fromkeys(found)), text


def period_mentions(text: str) -> list[Period]:
    """The periods that a text names, in the order in which they stand; one that stands twice, twice."""
    _, rest = asked_periods(text)
    blanked = "".join(char if kept == char else "\0" for char, kept in zip(text, rest.ljust(len(text)), strict=False))
    regions = (text[match.start() : match.end()] for match in re.finditer(r"\0[\0 ]*", blanked))
    return [found[0] for each in regions if (found := asked_periods(each)[0])]


_BARE_ORDINAL = re.compile(r"\s*(?:first|second|third|fourth|1st|2nd|3rd|4th)\s*", re.IGNORECASE)
_QUARTERLY = re.compile(r"\bquarter", re.IGNORECASE)


def told_period(heading: str, over: str = "") -> Period:
    """The period of a column, from its heading, or from the title of its table if that names a single one.

    `First` over a column of quarterly figures is the first quarter.
    """
    heading = f"{heading} quarter" if _BARE_ORDINAL.fullmatch(heading) and _QUARTERLY.search(over) else heading
    found, above = asked_periods(heading)[0], asked_periods(over)[0]
    period = found[0] if len(found) == 1 else Period()
    return period.within(above[0]) if len(above) == 1 and (period.is_told or not heading) else period


def fits(asked: Period, told: Period, quarters: Quarters) -> bool:
    """Whether the period of a column is the one asked for; a column without a period never fits."""
    if not told.is_told or (asked.months and told.months and asked.months != told.months) or _is_coarser(asked, told):
        return False
    if asked.quarter is not None:
        if asked.year is None and told.quarter is not None and (told.year is None or not quarters.named):
            return told.quarter == asked.quarter
        year = asked.year if asked.year is not None else max((each[1] for each in quarters.named), default=None)
        return year is not None and quarters.is_called(asked.quarter, year, told)
    pairs = ((asked.year, told.year), (asked.month, told.month), (asked.day, told.day))
    if any(mine is not None and theirs is not None and mine != theirs for mine, theirs in pairs):
        return False
    if asked == Period(year=asked.year) and told.months not in (None, _MONTHS_OF_YEAR):
        return False  # a year is not its third quarter
    return not (asked.year is not None and told.year is None)


def _is_coarser(asked: Period, told: Period) -> bool:
    """Whether the period told is another part of a year, or all of what the one asked for is a month of."""
    of_all = asked.month is not None and told.month is None and asked.months is None
    return asked.part != told.part or of_all


def _quarters(text: str) -> Iterable[tuple[int, int]]:
    for match in (*_QUARTER.finditer(text), *_YEAR_QUARTER.finditer(text)):
        period = _quarter_of(match)
        if period.quarter and period.year:
            yield period.quarter, period.year


def _quarter_of(match: re.Match[str]) -> Period:
    parts = match.groupdict()
    word, digit = parts.get("word"), parts.get("q") or parts.get("p")
    quarter = _ORDER[word.lower()] if word else int(digit or 0)
    return Period(_QUARTER_MONTHS, quarter, _year(match["y"] or parts.get("yy")))


def _half_of(match: re.Match[str]) -> Period:
    half = _ORDER[match["word"].lower()] if match["word"] else int(match["q"] or match["p"])
    return Period(year=_year(match["y"] or match["yy"]), part=("half", half))


def _week_of(match: re.Match[str]) -> Period:
    return Period(year=_year(match["y"] or match["before"]), part=("week", int(match["n"])))


def _month_of(match: re.Match[str]) -> Period:
    return Period(year=_year(match["y"]), month=_SHORT_MONTHS.index(match["mon"][:3].lower()) + 1)


def _year(digits: str | None) -> int | None:
    """A year of two or four digits."""
    year = int(digits) if digits else None
    return year + 2000 if year is not None and year < 100 else year  # noqa: PLR2004


def _length(word: str) -> int:
    return _NUMBERS.get(word.lower()) or (int(word) if word.isdigit() else _SPANS[word[0].lower()])


def _date_after(text: str) -> tuple[Period, str]:
    """The date or year with which a text begins, and the text with blanks in its place."""
    blank = re.match(r"[\s,]*(?:on |in |of )?", text)
    start = blank.end() if blank else 0
    dates = [date for date in take_dates(text)[0] if text[start:].startswith(date.text)]
    if dates:
        best = max(dates, key=lambda date: len(date.text))
        return Period(year=best.year, month=best.month, day=best.day), _from(text, start + len(best.text))
    year = _YEAR.match(text, start)
    return (Period(year=int(year["y"])), _from(text, year.end())) if year else (Period(), text)


def _from(text: str, at: int) -> str:
    return " " * at + text[at:]


def _blanked(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * len(match[0]) + text[match.end() :]
