"""What follows in words from numbers told before: differences of percentages, and shares of what was worked out.

`30.3%`, `26.3%`, *improved by 4 percentage points*: the two are those of the sentence or of the nearest sentences
before it, quoted or worked out. Exactly one pair may give the number, and what the sentence says of its direction has
to be so in time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, combinations

from rag.arithmetic.expressions import Token, numbers_told
from rag.arithmetic.workings import Known, Worked, earlier_result
from rag.text import Span, content_stems, direction_of, take_dates

_CHANGES = re.compile(r"\bchang\w*\b", re.IGNORECASE)
_DIFFERS = re.compile(r"\b(?:differ\w*|gap|spread)\b", re.IGNORECASE)
_OLD = re.compile(
    r"\b(?:from|compared\s+(?:with|to)|against|versus|vs\.?|than|after|above|below)\s+(?:about\s+|roughly\s+|the\s+)?$",
    re.IGNORECASE,
)
_QUARTERS = ("first", "second", "third", "fourth")
_QUARTER = re.compile(
    rf"\b(?:Q(?P<quarter>[1-4])|(?P<word>{'|'.join(_QUARTERS)})\s+quarter),?\s*(?:(?:of|in)\s+)?(?:the\s+)?(?:fiscal\s+)?(?:year\s+)?"
    r"(?:[FC]Y\s?)?'?(?P<year>(?:19|20)\d\d|\d\d)\b(?![,.]?\d|\s?%)",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?<![\d.,$€£])(?:\b[FC]Y)?\s?(?P<year>(?:19|20)\d\d)\b(?![,.]\d|\s?%)|\b[FC]Y\s?'?(?P<short>\d\d)\b"
)
_REACH = 40
_OF = re.compile(r"\s+of\b")
_HUNDRED = Decimal(100)
_UNTELLING = frozenset(content_stems("net"))
_MOST_LEVELS = 4
_MONTHS_OF_A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class _When:
    """A year and a month; the month is 0 where none is told."""

    year: int
    month: int = 0


@dataclass(frozen=True, slots=True)
class _Level:
    """A percentage that was told: as written and exactly, the operands to quote for it, and what it is of in time."""

    text: str
    values: tuple[Decimal, Decimal]
    operands: tuple[str, ...]
    when: _When | None
    is_old: bool


@dataclass(frozen=True, slots=True)
class Following:
    """A number of a text that follows from numbers told before, the operands that these rest on, and the formula.

    `called` is the number with what it is called; `way` is 1 where it follows for a rise, and -1 for a fall; `so` are
    words besides that are so.
    """

    start: int
    end: int
    operands: tuple[str, ...]
    formula: str
    called: tuple[tuple[str, str], ...] = ()
    way: int = 0
    so: frozenset[str] = frozenset()


def differences(text: str, before: Sequence[str], known: Known) -> Iterator[Following]:
    """The percentage points of a text that follow from percentages of it and of the sentences before it."""
    told = [(match, number) for match, number in numbers_told(text) if number.kind.points]
    levels = _levels(text, before, known) if told else []
    for match, number in told:
        way = _way(text, match, is_negative=match["minus"] is not None)
        pairs = [pair for pair in combinations(levels, 2) if way is not None and _gives(pair, number, way)]
        if len({frozenset(each.text for each in pair) for pair in pairs}) == 1:
            one, other = sorted(pairs[0], key=lambda each: each.values[0], reverse=True)
            operands = tuple(dict.fromkeys((*one.operands, *other.operands)))
            yield Following(match.start(), match.end(), operands, f"{one.text} - {other.text}", way=way or 0)


def change_of_levels(text: str, before: Sequence[str], known: Known) -> int:
    """1 where a text with two percentages says that they rose, and they did; -1 for a fall; 0 for anything else."""
    direction = direction_of(text)
    if not direction:
        return 0
    levels = {each.text: each for each in _levels(text, before, known)}
    told = [levels[each.text] for each in _levels_of(text, known) if each.text in levels]
    if len(told) != 2:  # noqa: PLR2004
        return 0
    one, other = told
    way = _sign(one.values[0] - other.values[0]) * _later(one, other)
    return way if way == direction else 0


def change_of_results(text: str, own: Sequence[Worked]) -> int:
    """1 where a text says that what it works out rose from one result to another, and it did; -1 for a fall; else 0."""
    direction, told = direction_of(text), [each for each in own if each.told is not None]
    old = [each for each in told if each.told and _OLD.search(text[: each.told[0]])]
    new = [each for each in told if each not in old]
    if not direction or len(old) != 1 or len(new) != 1 or old[0].kind != new[0].kind:
        return 0
    way = _sign(new[0].value - old[0].value)
    return way if way == direction else 0


def shares(text: str, own: Sequence[Worked], before: Sequence[str], known: Known) -> Iterator[Following]:
    """The percentages `of` something in a text that a worked out amount is of another amount: `92% of the total`.

    The part is a result of the text, else the last one before it; the whole is an amount of the text, else of the
    nearest sentence with amounts that has a word of what the share is `of`.
    """
    for match, number in numbers_told(text):
        if not number.kind.is_percent or not _OF.match(text, match.end()) or earlier_result(number, known) is not None:
            continue
        parts = _amounts_worked(own) or _amounts_worked(known.results)[-1:]
        after = text[match.end() :]
        wholes = _amounts(after) or _amounts_of(after, before)
        pairs = [(part, whole) for part in parts for whole in wholes if _is_share(part, whole, number)]
        if len({(part.value, whole.plain) for part, whole in pairs}) == 1:
            part, whole = pairs[0]
            result = earlier_result(whole, known)
            operands = (*part.operands, *((whole.text,) if result is None else result.operands))
            yield Following(match.start(), match.end(), operands, f"{_grouped(part.formula)} / {whole.text}")


def _grouped(formula: str) -> str:
    return formula if formula[0] == "(" and formula.find(")") == len(formula) - 1 else f"({formula})"


def _amounts_worked(results: Sequence[Worked]) -> list[Worked]:
    return [each for each in results if each.unfinished is None and (each.kind.currency or each.has_scale)]


def _amounts(text: str) -> list[Token]:
    return [number for _, number in numbers_told(text) if number.kind.currency or number.scale != 1]


def _amounts_of(named: str, before: Sequence[str]) -> list[Token]:
    """The amounts of the nearest sentence with any, if it has a word of what is named."""
    nearest = next((each for each in reversed(before) if _amounts(each)), "")
    shared = set(content_stems(named)) & set(content_stems(nearest)) - _UNTELLING
    return _amounts(nearest) if shared else []


def _is_share(part: Worked, whole: Token, number: Token) -> bool:
    same = part.kind == whole.kind and part.has_scale is (whole.scale != 1)
    value = whole.plain * whole.scale
    return same and 0 < part.value < value and number.comes_from(part.value / value * _HUNDRED, has_scale=False)


def _way(text: str, match: re.Match[str], *, is_negative: bool) -> int | None:
    """1 for a rise, -1 for a fall, 0 for a difference either way; None where the text does not say, or says several."""
    way = direction_of(text)
    if way != 0:
        return None if is_negative else way
    if is_negative or _CHANGES.search(text):
        return -1 if is_negative else 1
    return 0 if _DIFFERS.search(text) else None


def _gives(pair: tuple[_Level, _Level], number: Token, way: int) -> bool:
    """Whether a pair differs by a number, as written or exactly, and the later is the larger one where it has to be."""
    one, other = pair
    gaps = [first - second for first, second in zip(one.values, other.values, strict=True)]
    if not any(number.comes_from(abs(gap) * number.kind.points, has_scale=False) for gap in gaps):
        return False
    if not way:
        return True
    later = _later(one, other)
    return later != 0 and (gaps[0] * later > 0) is (way > 0)


def _later(one: _Level, other: _Level) -> int:
    """1 where the first is the later one, -1 where the second is, 0 where nobody says."""
    by_words = int(other.is_old) - int(one.is_old)
    by_time = 0
    if one.when is not None and other.when is not None:
        by_time = _sign(one.when.year - other.when.year)
        if not by_time and one.when.month and other.when.month:
            by_time = _sign(one.when.month - other.when.month)
    return 0 if by_words * by_time < 0 else by_words or by_time


def _sign(number: int | Decimal) -> int:
    return (number > 0) - (number < 0)


def _levels(text: str, before: Sequence[str], known: Known) -> list[_Level]:
    """The percentages of a text, or with those of the nearest sentences before until there are two; none of many.

    One that is said again is of the time that it was told of; of none, if that is told in several ways.
    """
    found: dict[str, _Level] = {}
    told = [_levels_of(sentence, known) for sentence in (text, *reversed(before))]
    for levels in told:
        for level in levels:
            found.setdefault(level.text, level)
        if len(found) > 1:
            break
    whens: dict[str, set[_When]] = {}
    for level in chain.from_iterable(told):
        whens.setdefault(level.text, set()).update(() if level.when is None else (level.when,))
    dated = [replace(each, when=_only(whens[each.text])) for each in found.values()]
    return dated if len(dated) <= _MOST_LEVELS else []


def _only(whens: Collection[_When]) -> _When | None:
    years = {each.year for each in whens}
    return max(whens, key=lambda each: each.month) if len(years) == 1 else None


def _levels_of(sentence: str, known: Known) -> list[_Level]:
    told = [(match, number) for match, number in numbers_told(sentence) if number.kind.is_percent]
    ends = [0, *(match.end() for match, _ in told)]
    starts = [*(match.start() for match, _ in told[1:]), len(sentence)]
    times = _times(sentence)
    found = []
    for (match, number), begin, end in zip(told, ends, starts, strict=False):
        negative = match["minus"] is not None
        result = earlier_result(number, known, is_negative=negative)
        value = -number.plain if negative else number.plain
        level = _Level(
            text=match[0].strip(),
            values=(value, value if result is None else result.value),
            operands=(match[0].strip(),) if result is None else result.operands,
            when=_when(times, Span(match.start(), match.end()), begin, end),
            is_old=_OLD.search(sentence[: match.start()]) is not None,
        )
        found.append(level)
    return found


def _when(times: Sequence[tuple[Span, _When]], level: Span, begin: int, end: int) -> _When | None:
    """What a percentage is of in time: what follows it closely, else what comes before it, else all of its sentence."""
    after = [when for at, when in times if level.end <= at.start < min(end, level.end + _REACH)]
    earlier = [when for at, when in times if begin <= at.start < level.start]
    if after or earlier:
        return after[0] if after else earlier[-1]
    said = {when for _, when in times}
    return said.pop() if len(said) == 1 else None


def _times(text: str) -> list[tuple[Span, _When]]:
    """The quarters, dates and years of a text, in order."""
    found: list[tuple[Span, _When]] = []
    rest = text
    for match in _QUARTER.finditer(text):
        month = _MONTHS_OF_A_QUARTER * (
            _QUARTERS.index(match["word"].lower()) + 1 if match["word"] else int(match["quarter"])
        )
        found.append((Span(match.start(), match.end()), _When(_full_year(match["year"]), month)))
        rest = _blanked(rest, match.start(), match.end())
    dates, _ = take_dates(rest)
    for date in dates:
        start = rest.find(date.text)
        if date.year is not None and start >= 0:
            found.append((Span(start, start + len(date.text)), _When(date.year, date.month or 0)))
            rest = _blanked(rest, start, start + len(date.text))
    found += [
        (Span(match.start(), match.end()), _When(_full_year(match["year"] or match["short"])))
        for match in _YEAR.finditer(rest)
    ]
    return sorted(found, key=lambda each: each[0].start)


def _blanked(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) > 2 else 2000 + int(digits)  # noqa: PLR2004
