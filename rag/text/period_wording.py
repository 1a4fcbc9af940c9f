"""Periods that a sentence means without their names: *the year-earlier quarter*, *from $3 million to $5 million*."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.text.changes import direction_of
from rag.text.periods import Period, asked_periods

_PRIOR = re.compile(
    r"\b(?:in |for |during |from )?(?:the )?(?:same (?:fiscal )?(?:quarter|period) (?:of|in|from) (?:the )?"
    r"(?:prior|previous|last|preceding) (?:fiscal )?year|(?:year-earlier|year-ago|prior-year|prior year['’]?s?)"
    r" (?:fiscal )?(?:quarter|period)"
    r"|(?:the )?(?:prior|previous|preceding) (?:fiscal )?year|(?:a|one) year (?:ago|earlier|before)|last year)\b",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"\b(?:[FC]Y\s?)?(?P<first>(?:19|20)\d\d)\s*(?:[-–—]|\bto\b|\bthrough\b)\s*(?:[FC]Y\s?)?(?P<last>(?:19|20)\d\d)\b(?![,.]?\d)"
)
_MOST_YEARS = 10
_LEVEL = r"[$€£]?\d[\d,]*(?:\.\d+)?(?:\s(?:thousand|million|billion))?\s?%?"
_UNDATED = r"(?![\d%])(?!,? (?:in|for|during|at|as of|on)\b)"
_FROM_TO = re.compile(
    rf"\bfrom (?P<start>{_LEVEL}) to (?P<end>{_LEVEL}){_UNDATED}"
    rf"|(?P<new>{_LEVEL}) (?P<than>from|vs\.?|versus|compared (?:to|with)) (?P<old>{_LEVEL}){_UNDATED}"
)


def with_prior_periods(sentence: str, before: Sequence[str], question: str) -> str:
    """A sentence in which `the year-earlier quarter` is the period that it means: that of a year before.

    The period before which it is is the only one of the sentence, else the only one of the nearest before it, or of the
    question.
    """
    if _PRIOR.search(sentence) is None:
        return sentence
    main = _main(_PRIOR.sub("", sentence), before, question)
    return sentence if main is None else _PRIOR.sub(_told(main, years_back=1), sentence)


def with_years_between(sentence: str) -> str:
    """A sentence in which `2020-2022` is each year of it."""
    return _YEARS.sub(_each_year, sentence)


def _each_year(match: re.Match[str]) -> str:
    first, last = int(match["first"]), int(match["last"])
    return ", ".join(map(str, range(first, last + 1))) if 0 < last - first < _MOST_YEARS else match[0]


def with_years_of_change(sentence: str, before: Sequence[str], question: str) -> str:
    """A sentence in which a rise or fall *from* one amount *to* another has the years of both, one after the other.

    The later year is that of the sentence, or of the nearest before it, or of the question.
    """
    named, undated = asked_periods(sentence)
    if not direction_of(sentence) or len(named) > 1 or _FROM_TO.search(undated) is None:
        return sentence
    main = _main(sentence, before, question)
    if main is None:
        return sentence
    prior, own = _told(main, years_back=1), _told(main)
    return _FROM_TO.sub(lambda match: _dated(match, prior, own), undated, count=1)


def _main(sentence: str, before: Sequence[str], question: str) -> Period | None:
    """The only period of the nearest text that has any, or the later of two years in a row; it has a year."""
    texts = (sentence, *reversed(before), question)
    found = sorted(next((found for each in texts if (found := asked_periods(each)[0])), ()), key=_year)
    if len(found) == 2 and found[1].year is not None and found[0] == replace(found[1], year=found[1].year - 1):  # noqa: PLR2004
        return found[1]
    return found[0] if len(found) == 1 and found[0].year is not None else None


def _year(period: Period) -> int:
    return period.year or 0


def _told(period: Period, *, years_back: int = 0) -> str:
    return f"in {f'Q{period.quarter} ' if period.quarter else ''}{_year(period) - years_back}"


def _dated(match: re.Match[str], prior: str, own: str) -> str:
    """A change with the period of each of its two amounts."""
    if match["start"] is not None:
        return f"from {match['start']} {prior} to {match['end']} {own}"
    return f"{match['new']} {own} {match['than']} {match['old']} {prior}"
