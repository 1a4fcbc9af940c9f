"""Whether the operands of a calculation are of the periods that its sentence tells, and of all of them."""

from __future__ import annotations

import re
from collections import Counter

from rag.figures.cell_naming import TRAILING, parts_of_formula, without_fiscal
from rag.figures.named_calculation import BRACKETED, CLAUSES, NamedCalculation, label_of
from rag.text import Subject, asked_periods, digits_of, numbers_in, with_line_items, with_years_between

_COMPARES = re.compile(r"\b(?:compared|versus|than|while|from|against)\b|\bvs\b", re.IGNORECASE)
_ROOT = re.compile(r"\^\s*\(?\s*1\s*/\s*(?P<years>\d{1,2})(?!\d)")
_A_YEAR = re.compile(r"\b(?:a|per|each) year\b|\bannual(?:ly|i[sz]ed)?\b|\bcompound|\bCAGR\b", re.IGNORECASE)
_SO_MANY_YEARS = re.compile(r"\b(?P<count>two|three|four|five|six|[2-6])[- ]years?\b", re.IGNORECASE)
_COUNTS = {word: at for at, word in enumerate("two three four five six".split(), 2)} | {str(n): n for n in range(2, 7)}
_MINUS = re.compile(r"\s[-−–]\s")


def is_of_its_time(stated: NamedCalculation) -> bool:
    """Whether each operand is of the year that its clause names, and a quotient of two lines of one year.

    One thing worked out from two years is of the later one. The question may define a quotient of two years.
    """
    sentence = with_years_between(stated.sentence)
    clauses = [(Subject.of(each).years, numbers_in(each)) for each in CLAUSES.split(sentence)]
    dated = [(named, digits) for named, digits in clauses if len(named) == 1 and digits & set(stated.digits)]
    for named, digits in dated if len(dated) > 1 else ():
        if any(
            own and each in digits and not named & own for each, own in zip(stated.digits, stated.years, strict=True)
        ):
            return False
    all_years = frozenset[str]().union(*stated.years)
    for text in (sentence, BRACKETED.sub(" ", sentence)):
        named = Subject.of(text).years
        if len(named) == 1 < len(all_years) and max(all_years) not in named and not _COMPARES.search(text):
            return False
    return not (_mixes_years(stated) and stated.divides) or _defines_periods(stated.question)


def _mixes_years(stated: NamedCalculation) -> bool:
    """Whether there are two operands, of two lines and of two years."""
    years = stated.years
    return len(years) == len(set(stated.lines)) == 2 and all(years) and not years[0] & years[1]  # noqa: PLR2004


def _defines_periods(question: str) -> bool:
    """Whether parts of a definition in the question name periods of their own."""
    parts = parts_of_formula(without_fiscal(question))
    return sum(bool(asked_periods(each)[0]) for each in parts) > 1


def is_dated_as_called(stated: NamedCalculation) -> bool:
    """Whether each operand that a formula calls by a year, `net sales 2022 $500`, is of that year."""
    years = dict(zip(stated.digits, stated.years, strict=True))
    told = ((years.get(digits_of(number), frozenset()), Subject.of(name).years) for number, name in stated.called)
    return all(not own or not named or named & own for own, named in told)


def is_of_twelve_months(stated: NamedCalculation) -> bool:
    """Whether what is of the last twelve months is made of a year and two parts of years, `100 + 60 - 50`.

    All of its cells may be headed so, or a number that is called so may be a result of before.
    """
    if not TRAILING.search(stated.sentence) or all(map(TRAILING.search, stated.headings)):
        return True
    called = [number for number, name in stated.called if TRAILING.search(name)]
    if any(digits_of(number) in stated.digits for number in called):
        return False
    return bool(called) or (" + " in stated.sentence and _MINUS.search(stated.sentence) is not None)


def adds_each_year_of_a_span(stated: NamedCalculation) -> bool:
    """Whether what is added over a span of years has each of them."""
    label = label_of(stated.sentence)
    if "+" not in stated.sentence:
        return True
    span = next((years for text in (label, stated.question) if len(years := _span(text)) > 2), frozenset[str]())  # noqa: PLR2004
    by_cell = dict(zip(stated.cells, stated.names, strict=True))
    terms = Counter(map(with_line_items, by_cell.values()))
    is_of_one_year = len(Subject.of(with_years_between(label)).years) == 1
    return not span or is_of_one_year or set(terms.values()) <= {1, len(span)}


def _span(text: str) -> frozenset[str]:
    spanned = with_years_between(text)
    return Subject.of(spanned).years if spanned != text else frozenset()


def compounds_over_its_years(stated: NamedCalculation) -> bool:
    """Whether the root that a growth rate is, `^(1/3)`, is of as many years as lie between the cells.

    What grew `a year` over several of them has one.
    """
    roots = {int(each["years"]) for each in _ROOT.finditer(stated.sentence)}
    years = {int(each) for own in stated.years for each in own}
    span = max(years) - min(years) if years else 0
    is_rate = "%" in stated.sentence and "/" in stated.sentence and _A_YEAR.search(stated.sentence)
    return roots == {span} if roots else not (is_rate and stated.is_of_one_line and span > 1)


def adds_so_many_years(stated: NamedCalculation) -> bool:
    """Whether a sum or an average of one line over `the three years` has three figures."""
    told = {_COUNTS.get(each["count"].lower(), 0) for each in _SO_MANY_YEARS.finditer(stated.sentence)}
    adds = "+" in stated.sentence and stated.is_of_one_line
    return not (adds and len(told) == 1) or told == {len(set(stated.cells))}
