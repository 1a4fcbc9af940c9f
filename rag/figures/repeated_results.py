"""Results that a sentence tells again, of which an earlier one has worked them out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.figures.named_calculation import CLAUSES, NamedCalculation
from rag.text import Measure, Period, asked_periods, measures_in, numbers_in

_OPERATED = r"(?:[-+*/×÷−–(]\s*[$€£]?\s?{0}(?![\d.,]*\d)|(?<![\d.,]){0}\s?(?:million|billion|%|days)?\s*[-+*/×÷−–])"
_RESULT = r"[=≈]\s*(?:about|approximately)?\s*[-−–]?\s*[$€£]?\s?{}(?![\d.,]*\d)(?!\s?(?:days|%)?\s*[-+*/×÷−–])"


def repeats_results_of_its_own(stated: NamedCalculation) -> bool:
    """Whether every result that a sentence repeats was worked out for the same measure and period."""
    for clause in CLAUSES.split(stated.sentence):
        periods = asked_periods(clause)[0] or asked_periods(stated.sentence)[0]
        for digits in numbers_in(clause):
            written = _as_written(digits)
            worked = [each for each in stated.before if re.search(_RESULT.format(written), each)]
            is_own = stated.calculates and re.search(_RESULT.format(written), stated.sentence)
            if is_own or re.search(_OPERATED.format(written), stated.sentence) or not worked:
                continue
            if all(_is_of_another(stated.measures, periods, each) for each in worked):
                return False
    return True


def _as_written(digits: str) -> str:
    """The pattern of some digits as a text may print them: with the mark of thousands, and zeros at the end."""
    whole, _, part = digits.partition(".")
    grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",?", whole)
    return rf"{grouped}\.{part}0*" if part else rf"{grouped}(?:\.0+)?"


def _is_of_another(measures: Sequence[Measure], periods: Sequence[Period], earlier: str) -> bool:
    others, told = measures_in(earlier), asked_periods(earlier)[0]
    if measures and others and not any(each in others for each in measures):
        return True
    return bool(periods and told) and not set(_grains(periods)) & set(_grains(told))


def _grains(periods: Iterable[Period]) -> Iterator[tuple[object, ...]]:
    """What tells a year from another, and from a part of it."""
    for each in periods:
        months = each.months if each.is_part_of_year else None
        yield each.year, each.quarter, months, each.part
