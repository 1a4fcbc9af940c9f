"""Whether a calculation with named cells says of them what is so: of their periods, their order, and its measure.

Each operand of a calculation has been found by its name. These checks compare what the sentence says besides: which
year it tells each of, which is subtracted from or divided by which, and whether a result that it repeats was of the
same measure and period.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.evidence.cell_naming import Cell, row_of
from rag.evidence.pool import EvidencePool
from rag.evidence.printed_numbers import digits_of, numbers_in
from rag.text import Period, Quantity, Subject, asked_periods, direction_of, is_difference, ratios_in

_CLAUSES = re.compile(r"\b(?:and|compared|versus|against|from|to|than|while|but)\b|\bvs\b\.?|;|,(?!\d)", re.IGNORECASE)
_COMPARES = re.compile(r"\b(?:compared|versus|than|while|from|against)\b|\bvs\b", re.IGNORECASE)
_AMOUNT = r"\(?\$?\s?(?P<{}>\d[\d,]*(?:\.\d+)?)(?:\s?(?:thousand|million|billion|[mbk])\b)?\)?"
_SUBTRACTED = re.compile(
    rf"{_AMOUNT.format('one')}\s*(?:[-−–]|\bminus\b|\bless\b)\s*{_AMOUNT.format('other')}"
    rf"(?:\s*\)?\s*(?:/|÷|divided by)\s*{_AMOUNT.format('base')})?"
)
_OPERATED = r"(?:[-+*/×÷−–(]\s*[$€£]?\s?{0}(?![\d.,]*\d)|(?<![\d.,]){0}\s?(?:million|billion|%|days)?\s*[-+*/×÷−–])"
_RESULT = r"[=≈]\s*(?:about|approximately)?\s*[-−–]?\s*[$€£]?\s?{}(?![\d.,]*\d)(?!\s?(?:days|%)?\s*[-+*/×÷−–])"
_MINUS = re.compile(r"[-−–]|\bless\b|\bminus\b")
_DIVIDES = re.compile(r"[/÷]|\bdivided\b")
_MOST_MONTHS = 12


def is_of_its_time(
    sentence: str, numbers: Sequence[Quantity], cells: Sequence[Cell], pool: EvidencePool, *, is_defined: bool
) -> bool:
    """Whether each operand is of the year that its clause names, and a quotient of two lines of one year.

    Unless the question defines (`is_defined`) of which periods the lines are. One thing worked out from two years
    is of the later one.
    """
    years = [_years(cell, pool) for cell in cells]
    told = [digits_of(number.text) for number in numbers]
    clauses = [(Subject.of(each).years, numbers_in(each)) for each in _CLAUSES.split(sentence)]
    dated = [(named, digits) for named, digits in clauses if len(named) == 1 and digits & set(told)]
    for named, digits in dated if len(dated) > 1 else ():
        if any(own and each in digits and not named & own for each, own in zip(told, years, strict=True)):
            return False
    named, all_years = Subject.of(sentence).years, frozenset[str]().union(*years)
    if len(named) == 1 < len(all_years) and max(all_years) not in named and not _COMPARES.search(sentence):
        return False
    of_two_lines = len(cells) == 2 and cells[0].index != cells[1].index  # noqa: PLR2004
    mixed = of_two_lines and all(years) and not years[0] & years[1]
    return is_defined or not (mixed and _DIVIDES.search(sentence))


def is_change_in_time(sentence: str, numbers: Sequence[Quantity], cells: Sequence[Cell], pool: EvidencePool) -> bool:
    """Whether a difference of one line is from the earlier year to the later, and its growth is of the earlier.

    A fall may be told the other way round.
    """
    years = {digits_of(number.text): _years(cell, pool) for number, cell in zip(numbers, cells, strict=True)}
    lines = {digits_of(number.text): cell.index for number, cell in zip(numbers, cells, strict=True)}
    for match in _SUBTRACTED.finditer(sentence):
        one, other = digits_of(match["one"]), digits_of(match["other"])
        if lines.get(one) is None or lines.get(one) != lines.get(other) or not (years[one] and years[other]):
            continue
        is_later = max(years[one]) > max(years[other])
        base = digits_of(match["base"]) if match["base"] else ""
        earlier = other if is_later else one
        if not (is_later or direction_of(sentence) == -1) or (base in years and base != earlier):
            return False
    return True


def has_its_operator(sentence: str) -> bool:
    """Whether a sentence that names a difference, such as free cash flow, subtracts."""
    return (
        not is_difference(sentence)
        or "+" not in sentence
        or re.search(r"[-−–]|\bless\b|\bminus\b", sentence) is not None
    )


def repeats_another(sentence: str, before: Sequence[str]) -> bool:
    """Whether a sentence repeats a result that an earlier one worked out for another measure or another period."""
    measures = ratios_in(sentence)
    for clause in _CLAUSES.split(sentence):
        periods = asked_periods(clause)[0] or asked_periods(sentence)[0]
        for digits in numbers_in(clause):
            written = re.escape(digits) if len(digits.partition(".")[0]) < 4 else f"{digits[:-3]},?{digits[-3:]}"  # noqa: PLR2004
            worked = [each for each in before if re.search(_RESULT.format(written), each)]
            if re.search(_OPERATED.format(written), sentence) or not worked:
                continue
            if all(_is_of_another(measures, periods, each) for each in worked):
                return True
    return False


def _is_of_another(measures: frozenset[int], periods: Sequence[Period], earlier: str) -> bool:
    others, told = ratios_in(earlier), asked_periods(earlier)[0]
    if measures and others and not measures & others:
        return True
    return bool(periods and told) and not set(_grains(periods)) & set(_grains(told))


def _grains(periods: Iterable[Period]) -> Iterator[tuple[object, ...]]:
    """What tells a year from another, and from a part of it."""
    for each in periods:
        months = each.months if each.months and each.months < _MOST_MONTHS else None
        yield each.year, each.quarter, months, each.part


def _years(cell: Cell, pool: EvidencePool) -> frozenset[str]:
    return Subject.of(row_of(cell.index, pool).headings[cell.column]).years
