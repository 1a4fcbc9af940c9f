"""The ways in which a run of tokens may be read: in one scale, without a formula before it or a word after it.

A run that is no right calculation as it is written may be one in another reading (`workings` tries them).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from rag.arithmetic.expressions import SIGNED, SPLIT_YEAR, YEAR, Kind, Token, expression_of, number_of, sides
from rag.text import take_dates

_HUNDRED = Decimal(100)
_COUNTS = frozenset(map(Decimal, range(1, 13)))
_BEFORE_A_BRACKET = re.compile(r"[;()\[\]\n=≈]|[.!?]\s+(?=[A-Z])")
_OF_EACH = re.compile(r"\bper\s+$")
_REACH = 120
_LETTER = re.compile(r"[A-Za-z]")


def without_formula_of_years(run: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """The first side of a run if it is of years and counts, and one of the same form follows; and what is left."""
    at = next((at for at, each in enumerate(run) if each.name == "equals"), 0)
    numbers = [each for each in run[:at] if each.name == "number"]
    years = sum(YEAR.fullmatch(each.text) is not None for each in numbers)
    counts = sum(each.is_constant(_COUNTS) for each in numbers)
    following = next(sides(run[at + 1 :]), [])
    is_formula = 0 < years == len(numbers) - counts and _operators(run[:at]) == _operators(following) != []
    return (run[:at], run[at + 1 :]) if is_formula else ((), run)


def _operators(side: Sequence[Token]) -> list[str]:
    return [each.symbol for each in side if each.name == "operator"]


def without_ends(run: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """A run, and what is left of it before each word that may be an equals sign, longest first.

    And before a percentage in brackets that follows a result: `= $107 million (4.8%)`.
    """
    yield run
    for at in range(len(run) - 1, 0, -1):
        by_word = run[at].name == "equals" and _LETTER.match(run[at].text.lstrip(", "))
        beside = run[at - 1].name == "number" and [each.name for each in run[at:]] == ["open", "number", "close"]
        if by_word or (run[at].name == "open" and beside and run[at + 1].kind.is_percent):
            yield run[:at]


def in_steps(run: Sequence[Token]) -> Sequence[Token]:
    """A run whose sides go on calculating with what the side before comes to, `100 + 50 = 150 / 3`, as one expression.

    Careless as mathematics, and what people write for `(100 + 50) / 3`.
    """
    at = next((at for at, each in enumerate(run[:-2]) if each.name == "equals" and run[at + 2].name == "operator"), 0)
    begun = 1 + max((i for i, each in enumerate(run[:at]) if each.name in ("open", "equals")), default=-1)
    step = expression_of(run[begun:at]) if begun < at else None
    result = run[at + 1] if at else None
    if step is None or not step.is_worked or result is None or result.name != "number":
        return run
    if not result.comes_from(step.value, has_scale=step.has_scale):
        return run
    opens = Token("open", "(", run[begun].start, run[begun].start)
    closes = Token("close", ")", run[at - 1].end, run[at - 1].end)
    return [*run[:begun], opens, *run[begun:at], closes, *run[at + 2 :]]


def of_factors(run: Sequence[Token]) -> list[Token]:
    """A run with the percentages that multiply as hundredths, `21% × $500 = $105`; `× 100%` only tells a share so."""
    beside = ["", *(each.symbol for each in run), ""]
    factors = [
        each.kind.is_percent and each.plain != _HUNDRED and "*" in (beside[at], beside[at + 2])
        for at, each in enumerate(run)
    ]
    return [
        replace(each, plain=each.plain / _HUNDRED, kind=replace(each.kind, is_percent=False)) if factor else each
        for each, factor in zip(run, factors, strict=True)
    ]


def of_one_scale(run: Sequence[Token], constants: Collection[Decimal]) -> list[Token] | None:
    """A run with its only scale lent to the bare operands of the same kind, but for constants; None without any.

    A single number beside an equals sign or before brackets is a result, and lent nothing.
    """
    scaled = [each for each in run if each.scale != 1]
    if len({(each.scale, each.kind) for each in scaled}) != 1:
        return None
    lender, count = scaled[0], 1 + sum(each.symbol == "+" for each in run)
    word = lender.text.lstrip("$€£ 0123456789.,")
    constants = {*constants, Decimal(count)}

    def lent(token: Token) -> Token:
        bare = token.name == "number" and token.scale == 1 and token.kind == lender.kind
        return replace(token, scale=lender.scale, text=f"{token.text} {word}") if bare else token

    parts = [list(part) for _, part in groupby(run, key=lambda each: each.name == "equals")]
    results = [part for part in parts if sum(each.name == "number" for each in part) == 1]
    results += [list(run[:1])] if len(run) > 1 and run[1].name == "open" else []
    starts = {each.start for part in results for each in part}
    return [each if each.start in starts or each.is_constant(constants) else lent(each) for each in run]


def told_before(run: Sequence[Token], text: str) -> Iterator[list[Token]]:
    """The numbers that stand before brackets in words, the last one first: `42.6% of net revenue (…)`.

    Each with its sign; dates and years are none. The number of a thing may stand between, `17,268 at level 3 (…)`, and
    that of what it is counted by: `174 per 1,000 km (…)`.
    """
    if run[0].name != "open" or run[-1].name != "close" or any(each.name == "equals" for each in run):
        return
    start = max(0, run[0].start - _REACH)
    window = text[start : run[0].start]
    cuts = [match.end() for match in _BEFORE_A_BRACKET.finditer(window)]
    begin = cuts[-1] if cuts else 0
    _, bare = take_dates(SPLIT_YEAR.sub(lambda match: " " * len(match[0]), window[begin:]))
    found = [match for match in SIGNED.finditer(bare) if not _is_name(match)]
    at = start + begin
    for match in reversed(found):
        number = number_of(match, match.start(), match.end())
        number = replace(number, text=number.text.lstrip("-−– "), start=at + match.start(), end=at + match.end())
        yield [Token("operator", "-", number.start, number.start), number] if match["minus"] else [number]
        is_of_each = _OF_EACH.search(bare[: match.start()]) is not None
        if not is_of_each and (not number.is_constant(_COUNTS) or number.kind != Kind()):
            return


def _is_name(match: re.Match[str]) -> bool:
    """`3` of `Q3`, and a year."""
    before = match.string[max(0, match.start() - 1) : match.start()]
    return _LETTER.match(before) is not None or YEAR.fullmatch(match[0].strip()) is not None
