"""Conditions with which a question selects table rows: `above 100 euros`, `at least 5`, `in March`, `before 2020`.

A condition is understood if exactly one column can be meant. Otherwise it stays in the text of the question. English
only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.text import (
    PartialDate,
    Quantity,
    content_stems,
    is_value,
    plain,
    quantities,
    take_dates,
    tokens,
    uniform,
    units_in,
)

_BEFORE = re.compile(
    r"(?:\b(?:of|worth) )?"
    r"(?:\b(?:at (?:least|most)|(?:no |not )?(?:more|less|fewer|greater|larger|higher|lower|smaller|bigger|longer|"
    r"shorter|heavier|lighter|cheaper|later|earlier) than|above|over|below|under|beyond|exceed(?:s|ing)?|up to|"
    r"(?:a )?(?:minimum|maximum) of|between|and|from|to))\s*$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"^\s*(?:or|and) (?:more|less|fewer|above|below|over|under|higher|lower)\b", re.IGNORECASE)
_DATED = re.compile(
    r"\b(?P<how>in|during|on|of|for|before|after|since|until|till|through|by|from|between|and|to)\s+"
    r"(?:the (?:month|year) (?:of )?)?$",
    re.IGNORECASE,
)
_JOINS = re.compile(r"(?:and|or|to)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\w.,-])(?:19|20)\d\d(?![\w%-]|[.,]\d)")
_LIMITING = frozenset(
    "not no without except excluding other than never neither nor but before after above below over under more less "
    "fewer between until since beyond exceeding only".split()
)
"""Words that leave rows out: a question in which one is left over is not understood."""
_SHARED_BEGINNING = 3
_REACH = 60
"""Characters before and after a number among which the words of its bound are looked for: a text may be long."""
Columns = Sequence[tuple[str, Sequence[str]]]
"""Of each column its heading and its cells."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on the cells of a column, and its words in the question: `above 100`."""

    column: int
    said: str
    holds: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of a question, and the rest of its text."""

    found: tuple[Condition, ...]
    rest: str

    @property
    def spoken(self) -> tuple[tuple[int, str], ...]:
        """The conditions in words, by column: `between 80 and 600`."""
        told: dict[int, str] = {}
        for each in self.found:
            joint = "" if each.column not in told else " " if _JOINS.match(each.said) else " and "
            told[each.column] = f"{told.get(each.column, '')}{joint}{each.said}"
        return tuple(told.items())

    @property
    def leaves_out(self) -> bool:
        """Whether the rest of the question has a word that excludes rows."""
        return bool(_LIMITING & set(tokens(self.rest)))


def conditions_of(question: str, columns: Columns) -> Conditions:
    """The conditions of a question on the cells of these columns."""
    dated, rest = _of_dates(question, columns)
    sized, rest = _of_sizes(rest, columns)
    return Conditions((*dated, *sized), rest)


def number_of(cell: str) -> Decimal | None:
    """The number in a cell that contains one number and at most a unit."""
    found = _quantity(cell)
    return None if found is None else found.value * (found.sign or 1)


def _quantity(cell: str) -> Quantity | None:
    found = quantities(plain(uniform(cell), counts_one=False)) if is_value(cell) else []
    return found[0] if len(found) == 1 else None


def _of_sizes(text: str, columns: Columns) -> tuple[list[Condition], str]:
    """Conditions with a bound on a number, and the text with blanks in their place."""
    found, rest = [], text
    for asked in quantities(text):
        reach = max(0, asked.start - _REACH)
        before, after = _BEFORE.search(text[reach : asked.start]), _AFTER.match(text[asked.end : asked.end + _REACH])
        column = _sized_column(asked, text, columns) if asked.bound and (before or after) else None
        if column is None:
            continue
        start = reach + before.start() if before else asked.start
        end = asked.end + (after.end() if after else 0)
        said = " ".join(text[start:end].split())
        found.append(Condition(column, said, _within(asked)))
        rest = rest[:start] + " " * (end - start) + rest[end:]
    return found, rest


def _within(asked: Quantity) -> Callable[[str], bool]:
    limit = asked.value * (asked.sign or 1)

    def holds(cell: str) -> bool:
        value = number_of(cell)
        if value is None:
            return False
        return {"<": value < limit, "≤": value <= limit, ">": value > limit, "≥": value >= limit}[asked.bound or "≥"]

    return holds


def _sized_column(asked: Quantity, text: str, columns: Columns) -> int | None:
    """The one column of numbers that a bound can be meant of: in its unit, and the one that is named, if several."""
    fitting = [at for at, (heading, cells) in enumerate(columns) if _has_unit(asked.unit, heading, cells)]
    return _one_of(fitting, text, columns)


def _has_unit(unit: str, heading: str, cells: Sequence[str]) -> bool:
    told = [_quantity(cell) for cell in cells if cell]
    units = {each.unit for each in told if each is not None}
    if not told or None in told or len(units) > 1:
        return False
    return not unit or unit in units or (units == {""} and unit in units_in(heading))


def _one_of(fitting: Sequence[int], text: str, columns: Columns) -> int | None:
    said = content_stems(text)
    named = [at for at in fitting if any(_is_akin(one, each) for one in content_stems(columns[at][0]) for each in said)]
    return next(iter(named if len(named) == 1 else fitting), None) if len(named) == 1 or len(fitting) == 1 else None


def _is_akin(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _SHARED_BEGINNING and (one.startswith(other) or other.startswith(one))


def _of_dates(text: str, columns: Columns) -> tuple[list[Condition], str]:
    """Conditions on a date, and the text with blanks in their place."""
    fitting = [at for at, (_, cells) in enumerate(columns) if any(cells) and all(_date(c) for c in cells if c)]
    found: list[Condition] = []
    rest = text
    for date in _dates(text):
        at = rest.find(date.text)
        reach = max(0, at - _REACH)
        how = _DATED.search(rest[reach:at]) if at >= 0 else None
        column = _one_of(fitting, text, columns) if how else None
        limit = _by_date(date, how["how"].lower(), found) if how and column is not None else None
        if how is None or column is None or limit is None:
            continue
        start, end = reach + how.start(), at + len(date.text)
        found.append(Condition(column, " ".join(rest[start:end].split()), limit))
        rest = rest[:start] + " " * (end - start) + rest[end:]
    return found, rest


def _dates(text: str) -> Iterator[PartialDate]:
    """The dates and years of a text, in its order; none where one can be read in two ways."""
    dates, rest = take_dates(text)
    years = [PartialDate(match[0], int(match[0])) for match in _YEAR.finditer(rest)]
    if len({date.text for date in dates}) == len(dates):
        yield from sorted([*dates, *years], key=lambda date: text.find(date.text))


def _date(cell: str) -> PartialDate | None:
    """The date that a cell is; None where it is none, says more, or can be read in two ways."""
    dates, rest = take_dates(cell)
    is_whole = len(dates) == 1 and not rest.strip() and None not in (dates[0].year, dates[0].month)
    return dates[0] if is_whole else None


def _by_date(asked: PartialDate, how: str, before: Sequence[Condition]) -> Callable[[str], bool] | None:
    """The test of a cell; None where words and date do not go together."""
    parts = tuple(part for part in (asked.year, asked.month, asked.day) if part is not None)
    is_ordered = asked.year is not None and (asked.month is not None or asked.day is None)
    joined = how in ("and", "to") and bool(before) and before[-1].said.lower().startswith(("between", "from"))
    tests: dict[str, Callable[[tuple[int, ...]], bool]] = {
        "before": lambda told: told[: len(parts)] < parts,
        "after": lambda told: told[: len(parts)] > parts,
        **dict.fromkeys(("since", "from", "between"), lambda told: told[: len(parts)] >= parts),
        **dict.fromkeys(("until", "till", "through", "by"), lambda told: told[: len(parts)] <= parts),
    }
    test = tests.get("until" if joined else how)
    if test is not None:
        return (lambda cell: (told := _told(cell)) is not None and test(told)) if is_ordered else None
    return None if how in ("and", "to") else lambda cell: _is_on(asked, _date(cell))


def _told(cell: str) -> tuple[int, ...] | None:
    date = _date(cell)
    return None if date is None else tuple(part for part in (date.year, date.month, date.day) if part is not None)


def _is_on(asked: PartialDate, told: PartialDate | None) -> bool:
    pairs = ((asked.year, told.year), (asked.month, told.month), (asked.day, told.day)) if told else ()
    return bool(pairs) and all(mine is None or mine == theirs for mine, theirs in pairs)
