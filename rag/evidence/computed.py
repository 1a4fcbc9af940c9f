"""Computed numbers: numbers that no quote states but that follow from numbers of the quotes.

A sentence has to say what was done, in words (`rose by 12%`, `the difference is`, `in total`) or as a formula
(`8,738 / 1,000`), and its operands have to be quoted. They are those that the sentence states; where it states fewer
than two, the few numbers of the quotes. Of all operands that could be meant exactly one choice may give the stated
number, to its digits: where two do, chance explains it as well. Growth and decline need an order in time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, permutations

from rag.evidence.stated_facts import Claim, Ground, unstated
from rag.text import Quantity, is_year, plain, quantities, take_dates, take_identifiers, uniform

MOST_OPERANDS = 3
"""Numbers of the quotes among which operands are sought; among many, some pair gives any number by chance."""
_HUNDRED = Decimal(100)
_CONSTANTS = frozenset(map(Decimal, (60, 100, 1000, 10**6, 10**9)))
_OLD = re.compile(
    r"\b(?:from|compared (?:with|to)|against|versus|vs\.?|than|after|above|below)\s*(?:the\s)?$", re.IGNORECASE
)
_YEAR = re.compile(r"\b((?:1[5-9]|20)\d\d)\b")
_YEAR_OVER = re.compile(r"\b((?:1[5-9]|20)\d\d): [^\w;]*$")  # the heading of a value in a row that is read
_YEAR_REACH, _OLD_REACH = 30, 16
_OPERATOR = re.compile(r"\s?([-+*/×÷−–])\s?")
_MORE_BEFORE, _MORE_AFTER = re.compile(r"[\w)%]\s?[-+*/×÷−–]\s?\(?$"), re.compile(r"[)\s]{0,2}[-+*/×÷−–]\s?[(\d$€£]")


@dataclass(frozen=True, slots=True)
class Calculation:
    """A number of a sentence, the quoted numbers it follows from, and how: `(110 - 100) / 100`."""

    result: Quantity
    operands: tuple[Quantity, ...]
    formula: str


@dataclass(frozen=True, slots=True)
class _Operand:
    """A quoted number, and the year it is said of or whether it is said to be the earlier one."""

    quantity: Quantity
    year: int | None
    is_old: bool

    @property
    def value(self) -> Decimal:
        return self.quantity.value * (self.quantity.sign or 1)


@dataclass(frozen=True, slots=True)
class _Operation:
    """What words name it, what it makes of two numbers, and how that is written.

    A `percent` has no unit of its operands; a `ratio` has none at all. `ordered` operands are the later and the
    earlier one.
    """

    words: re.Pattern[str]
    apply: Callable[[Decimal, Decimal], Decimal | None]
    written: str
    unit: str = ""
    ordered: bool = False


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


def _or_of_a_percentage(words: str) -> re.Pattern[str]:
    """The words, or `5% of` what follows."""
    return re.compile(rf"\b(?:{words})\b|(?:%|\bpercent)\s+of\b", re.IGNORECASE)


_RISE = r"rose|ris\w+|increas\w+|gr[eo]w\w*|gain\w*|climb\w*|higher|above|more than|up"
_FALL = r"fell|fall\w*|decreas\w+|declin\w+|dropp?\w*|lower|reduc\w+|below|less than|down|shrank"
_SUM = _words(r"total\w*|sum|altogether|together|combined|in all")
_MEAN = _words(r"averag\w*|mean")


def _growth(new: Decimal, old: Decimal) -> Decimal | None:
    return (new - old) / old * _HUNDRED if new > old > 0 else None


def _difference(larger: Decimal, smaller: Decimal) -> Decimal | None:
    return larger - smaller if larger > smaller else None


_OPERATIONS = (
    _Operation(_words(_RISE), _growth, "({0} - {1}) / {1}", "%", True),
    _Operation(
        _words(_FALL),
        lambda new, old: (old - new) / old * _HUNDRED if old > new > 0 else None,
        "({1} - {0}) / {1}",
        "%",
        True,
    ),
    _Operation(
        _or_of_a_percentage(
            r"share|percentage|proportion|fraction|of (?:the|all|its|their)|account\w* for|made up|represent\w*"
        ),
        lambda part, whole: part / whole * _HUNDRED if whole > part > 0 else None,
        "{0} / {1}",
        "%",
    ),
    _Operation(_words(_RISE), _difference, "{0} - {1}", "same", True),
    _Operation(_words(_FALL), lambda new, old: _difference(old, new), "{1} - {0}", "same", True),
    _Operation(
        _words(r"difference|differ\w*|gap|more|less|fewer|longer|shorter|heavier|lighter|remain\w*|left"),
        _difference,
        "{0} - {1}",
        "same",
    ),
    _Operation(
        _words(r"times|ratio|doubl\w+|tripl\w+"),
        lambda one, other: one / other if one > other > 0 else None,
        "{0} / {1}",
    ),
)


def calculations(
    sentence: str, claim: Claim, quotes: Sequence[str], grounds: Sequence[Ground]
) -> tuple[Calculation, ...]:
    """The numbers of a sentence that no quote states but that follow from quoted ones, each with its formula.

    `claim` are the facts of the sentence, and `grounds` those of each quote. A number that follows in no way, or in
    more than one, is not among them, and neither is a rate of growth `a year`: how many years it is over is not seen.
    """
    missing = [each for each in unstated(claim, grounds) if not (each.unit == "%" and each.per)]
    if not missing:
        return ()
    own = [each for each in _operands(sentence, counts_one=False) if each.quantity not in missing]
    told = [each for quote in quotes for each in _operands(quote, counts_one=True)]
    found = (_only(_candidates(sentence, each, own, told)) for each in missing)
    return tuple(each for each in found if each is not None)


def _only(candidates: Iterator[Calculation]) -> Calculation | None:
    distinct = {calculation.formula: calculation for calculation in candidates}
    return next(iter(distinct.values())) if len(distinct) == 1 else None


def _candidates(
    sentence: str, result: Quantity, own: Sequence[_Operand], told: Sequence[_Operand]
) -> Iterator[Calculation]:
    """Every way in which a number may follow; a formula of the sentence goes before its words."""
    written = _formula(sentence, result, told)
    if written is not None:
        yield written
        return
    operands = own if len(own) > 1 else _few([*own, *told])
    for operation in _OPERATIONS:
        if operation.words.search(sentence):
            yield from _of_pairs(operation, result, operands, named=own)
    yield from _of_all(sentence, result, operands)


def _of_pairs(
    operation: _Operation, result: Quantity, operands: Sequence[_Operand], named: Sequence[_Operand]
) -> Iterator[Calculation]:
    """Pairs of one unit that give the number; of a single number that the sentence names, those with it."""
    for one, other in permutations(operands, 2):
        if one.quantity.unit != other.quantity.unit or (len(named) == 1 and named[0] not in (one, other)):
            continue
        if operation.ordered and not _later(one, other):
            continue
        if result.unit not in _units_of(operation, one.quantity.unit):
            continue
        value = operation.apply(one.value, other.value)
        if value is not None and _rounds_to(value, result):
            shown = one.quantity.text, other.quantity.text
            yield Calculation(result, (one.quantity, other.quantity), operation.written.format(*shown))


def _units_of(operation: _Operation, unit: str) -> tuple[str, ...]:
    """The units that a result may have; percentages differ by percentage points."""
    if operation.unit != "same":
        return (operation.unit,)
    return (unit, "percentage_point") if unit == "%" else (unit,)


def _of_all(sentence: str, result: Quantity, operands: Sequence[_Operand]) -> Iterator[Calculation]:
    """The sum or the average of all operands that have the unit of the number."""
    same = [each for each in operands if each.quantity.unit == result.unit]
    if len(same) < 2:  # noqa: PLR2004
        return
    total = sum((each.value for each in same), Decimal(0))
    shown = " + ".join(each.quantity.text for each in same)
    parts = tuple(each.quantity for each in same)
    if _SUM.search(sentence) and _rounds_to(total, result):
        yield Calculation(result, parts, shown)
    if _MEAN.search(sentence) and _rounds_to(total / len(same), result):
        yield Calculation(result, parts, f"({shown}) / {len(same)}")


def _formula(sentence: str, result: Quantity, told: Sequence[_Operand]) -> Calculation | None:
    """`8,738 / 1,000` in a sentence: its numbers are quoted, or powers of ten, and it gives the result."""
    text = plain(uniform(sentence), counts_one=False)
    stated = quantities(text)
    quoted = {each.quantity.value for each in told}
    for one, other in pairwise(stated):
        operator = _OPERATOR.fullmatch(text[one.end : other.start])
        if operator is None or one.value not in quoted or other.value not in quoted | _CONSTANTS:
            continue
        if _MORE_BEFORE.search(text[: one.start]) or _MORE_AFTER.match(text, other.end):
            continue
        value = _applied(one.value, operator[1], other.value)
        if value is not None and _rounds_to(value * (_HUNDRED if result.unit == "%" else 1), result):
            return Calculation(result, (one, other), text[one.start : other.end])
    return None


def _applied(one: Decimal, operator: str, other: Decimal) -> Decimal | None:
    if operator in "/÷":
        return one / other if other else None
    return {"+": one + other, "*": one * other, "×": one * other}.get(operator, one - other)


def _rounds_to(value: Decimal, stated: Quantity) -> bool:
    told = -stated.value if stated.sign < 0 else stated.value
    return not stated.bound and abs(value - told) <= stated.step / 2


def _later(one: _Operand, other: _Operand) -> bool:
    if one.is_old != other.is_old:
        return other.is_old
    return one.year is not None and other.year is not None and one.year > other.year


def _few(operands: Sequence[_Operand]) -> Sequence[_Operand]:
    """The distinct numbers, without those of a unit that has too many to tell which are meant."""
    distinct = list({(each.quantity.unit, each.value): each for each in operands}.values())
    counts = Counter(each.quantity.unit for each in distinct)
    return [each for each in distinct if counts[each.quantity.unit] <= MOST_OPERANDS]


def _operands(text: str, *, counts_one: bool) -> list[_Operand]:
    read = plain(uniform(text), counts_one=counts_one)
    _, bare = take_identifiers(take_dates(read)[1])
    found = [each for each in quantities(bare) if not is_year(each) and each.versus is None and not each.bound]
    ends = [*(each.start for each in found[1:]), len(read)][: len(found)]
    return [_operand(read, each, min(end, each.end + _YEAR_REACH)) for each, end in zip(found, ends, strict=True)]


def _operand(text: str, quantity: Quantity, end: int) -> _Operand:
    heading = _YEAR_OVER.search(text[: quantity.start])
    year = heading or _YEAR.search(text[quantity.end : end])
    old = _OLD.search(text[max(0, quantity.start - _OLD_REACH) : quantity.start]) is not None
    return _Operand(quantity, int(year[1]) if year else None, old)
