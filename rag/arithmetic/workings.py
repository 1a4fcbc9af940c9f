"""What a written calculation comes to: recomputed, compared with the result that is told, and what it rests on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice, pairwise

from rag.arithmetic.expressions import Expression, Kind, Token, expression_of, sides
from rag.arithmetic.naming import operand_names, whole_of_a_share
from rag.arithmetic.readings import (
    in_steps,
    of_factors,
    of_one_scale,
    told_before,
    without_ends,
    without_formula_of_years,
)
from rag.text import direction_of

_HUNDRED = Decimal(100)
YEARS_OF_DAYS = frozenset(map(Decimal, (365, 360)))
CONSTANTS = YEARS_OF_DAYS | frozenset(map(Decimal, (100, 1000, 10**6, 10**9, 12)))
_ALIKE = Decimal("0.001")
_TELLING_DIGITS, _ROUNDED_DIGITS = 3, 2
_LETTER = re.compile(r"[A-Za-z]")
_FISCAL = re.compile(r"\s*\b[FC]Y$")
_MINUS = Token("operator", "-", 0, 0)
_NO_RESULT = Token("number", "", 0, 0)
_BY, _OF_HUNDRED = Token("operator", "*", 0, 0), Token("number", "100", 0, 0, _HUNDRED)
_COMES_TO = Token("equals", "=", 0, 0)

Place = tuple[int, int]
"""Where something begins and ends in a text."""


@dataclass(frozen=True, slots=True)
class Worked:
    """The result of a written calculation, its kind, and its operands.

    `value` has the scale `million` applied if it `has_scale`; `plain` is it as written, without. `place` is the
    calculation in its text, with its result unless that was `told` before it in words; `names` are those within, and
    `called` are numbers with their names. An `unfinished` calculation has no result in its text; a later sentence may
    state it.
    """

    value: Decimal
    plain: Decimal
    has_scale: bool
    kind: Kind
    operands: tuple[str, ...]
    formula: str
    place: Place
    names: tuple[str, ...] = ()
    called: tuple[tuple[str, str], ...] = ()
    told: Place | None = None
    unfinished: Expression | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a calculation may take for granted: results worked out before it, and constants that are no facts."""

    results: Sequence[Worked] = ()
    given: Collection[Decimal] = ()

    @property
    def constants(self) -> frozenset[Decimal]:
        """The factors that need no quote."""
        return CONSTANTS - YEARS_OF_DAYS | self.days

    @property
    def days(self) -> frozenset[Decimal]:
        """The factors that make days of a ratio: of a year, unless the question gives others."""
        given = frozenset(self.given)
        return given if given & YEARS_OF_DAYS else YEARS_OF_DAYS | given


def earlier_result(token: Token, known: Known, *, is_negative: bool = False, skipped: int = 0) -> Worked | None:
    """The last result that a number says again: of the same sign, kind and scale, and no bare number of few digits.

    Days may be told without their unit. `skipped` is how many of the last such results are meant by other numbers.
    """
    found = list(islice(_earlier_results(token, known, is_negative=is_negative), skipped + 1))
    return found[-1] if found else None


def _earlier_results(token: Token, known: Known, *, is_negative: bool) -> Iterator[Worked]:
    """The results that a number says again, the last one first."""
    figures = _figures(token)
    telling = token.kind != Kind() or token.scale != 1 or "." in token.text or figures >= _TELLING_DIGITS
    for at, each in reversed(list(enumerate(known.results))) if telling else ():
        if each.unfinished is not None:
            value = -token.plain if is_negative else token.plain
            if _agree(each.unfinished, Expression((token,), value * token.scale), known):
                earlier = replace(known, results=known.results[:at])
                yield replace(each, operands=tuple(_operands(each.unfinished, earlier, token)))
            continue
        days = each.kind == Kind(unit="day") and token.kind == Kind() and figures >= _TELLING_DIGITS
        times = each.kind == Kind() and token.kind == Kind(unit="time")
        same = (
            (each.kind == token.kind or days or times)
            and each.has_scale is (token.scale != 1)
            and (each.value < 0) is is_negative
        )
        value = abs(each.value)
        if not same or not token.comes_from(value, has_scale=each.has_scale):
            continue
        if figures >= _ROUNDED_DIGITS or value == token.plain * token.scale:
            yield each


def _earlier_digits(token: Token, known: Known, *, is_negative: bool) -> Worked | None:
    """The last result that an operand repeats without its scale or currency: `921` after `$921 million`."""
    if token.scale != 1 or token.kind.unit or _figures(token) < _TELLING_DIGITS:
        return None
    for each in reversed(known.results):
        same = (each.value < 0) is is_negative and each.plain == token.plain and token.kind in (each.kind, Kind())
        if each.unfinished is None and same and not each.kind.points:
            return each
    return None


def _figures(token: Token) -> int:
    return sum(each.isdigit() for each in token.text)


def worked(run: Sequence[Token], known: Known, text: str) -> Worked | None:
    """What a run comes to; None where it says something else, or works out nothing.

    Its result may stand before it: `42.6% of net revenue ($6,535 / $15,338)`. What is not right as it is written is
    tried with one scale for all, `($100 + $300) / 2 = $200 million`, and without what a word joins to it: `, or 92%`.
    Where a formula of years stands before it, `(sales 2022 + sales 2021) / 2 =`, the years say what is calculated.
    """
    formula, run = without_formula_of_years(run)
    stepped = in_steps(run)
    for part in (*without_ends(run), *([stepped] if stepped != run else [])):
        found = _in_one_scale(part, known, text) or _with_told(part, known, text) or _unfinished(part, known, text)
        if found is not None:
            return _after_formula(found, formula, text) if formula else found
    return None


def _after_formula(found: Worked, formula: Sequence[Token], text: str) -> Worked:
    """What a run comes to, with the formula before it as a part of it."""
    start = formula[0].start
    return replace(found, place=(start, found.place[1]), names=(*_names(formula, text), *found.names))


def _with_told(run: Sequence[Token], known: Known, text: str) -> Worked | None:
    """What a run in brackets comes to, where a number before them says so."""
    run = run[1:] if [each.name for each in run[:2]] == ["number", "open"] else run  # `2022 (…)`
    told, found = next(
        ((each, found) for each in told_before(run, text) if (found := _comes_to(each, run, known, text)) is not None),
        ([], None),
    )
    if found is None:
        return None
    called = (*operand_names(run, text), *whole_of_a_share(told[-1], run, text))
    return replace(
        found,
        place=(run[0].start, run[-1].end),
        told=(told[0].start, told[-1].end),
        names=_names(run, text),
        called=called,
    )


def _comes_to(told: Sequence[Token], run: Sequence[Token], known: Known, text: str) -> Worked | None:
    """What a run comes to, if that is the number told; one that `fell 4% (96 / 100 - 1)` is told without its sign."""
    found = _in_one_scale([*told, _COMES_TO, *run], known, text)
    if found is None and len(told) == 1 and direction_of(text[: told[0].start]) == -1:
        found = _in_one_scale([_MINUS, *told, _COMES_TO, *run], known, text)
    return found


def _in_one_scale(run: Sequence[Token], known: Known, text: str) -> Worked | None:
    """What a run comes to as it is written, in one scale, or with percentages as the factors that they are."""
    run = of_factors(run)
    for tried in (run, of_one_scale(run, known.constants)):
        found = _as_written(tried, known, text) if tried else None
        if found is not None:
            return found
    return None


def _unfinished(run: Sequence[Token], known: Known, text: str) -> Worked | None:
    """A run that divides or adds amounts, or is said to be a difference, without what it comes to; None for any other.

    `10-12` may be a range, `1/2/2024` a date and `3 x 100 ml` a size.
    """
    found = [expression_of(side) for side in sides(run)]
    whole, after = found[0], [each for each in found[1:] if each is not None and each.is_worked]
    is_told = text[: run[0].start].rstrip().endswith(("=", "≈"))
    if whole is None or not whole.is_worked or not (whole.symbols & {"/", "+"} or (is_told and "-" in whole.symbols)):
        return None
    if len(after) < len(found) - 1 or not _all_agree(whole, after, known):
        return None
    if not any(each.scale != 1 or each.kind.currency or "," in each.text for each in whole.numbers):
        return None
    return Worked(
        value=whole.value,
        plain=whole.value,
        has_scale=whole.has_scale,
        kind=Kind(),
        operands=tuple(_operands(whole, known, _NO_RESULT)),
        formula=_formula(whole, text),
        place=(run[0].start, run[-1].end),
        names=_names(run, text),
        called=operand_names(run, text),
        unfinished=whole,
    )


def _as_written(run: Sequence[Token], known: Known, text: str) -> Worked | None:
    found = [expression_of(side) for side in sides(run)]
    at = next((at for at, side in enumerate(found) if side is not None and side.is_worked), None)
    if at is None:
        return None
    first, after = found[at], found[at + 1 :]
    assert first is not None
    before = found[at - 1] if at else None
    named = before if before is not None and _agree(first, before, known) else None
    others = [each for each in (named, *after) if each is not None]
    results = [each for each in others if not each.is_worked]
    if not results or None in after or not _all_agree(first, others, known):
        return None
    result = results[-1].numbers[0]
    tokens = [token for each in (first, *others) for token in each.tokens]
    place = min(each.start for each in tokens), max(each.end for each in tokens)
    lent = 1 if first.has_scale else result.scale
    return Worked(
        value=first.value * _percent_factor(first, result) * lent,
        plain=result.plain,
        has_scale=result.scale != 1,
        kind=result.kind,
        operands=tuple(_operands(first, known, result)),
        formula=_formula(first, text),
        place=place,
        names=_names([each for each in run if place[0] <= each.start < each.end <= place[1]], text),
        called=operand_names([each for each in run if each.end], text),
    )


def _formula(expression: Expression, text: str) -> str:
    return " ".join(text[expression.tokens[0].start : expression.tokens[-1].end].split())


def _names(tokens: Sequence[Token], text: str) -> tuple[str, ...]:
    """What numbers are called between the tokens of a calculation; the name of a line is said already.

    What a step comes to that the next one goes on with, `= $150 /`, is no name.
    """
    ordered = sorted(tokens, key=lambda each: each.start)
    between = (text[one.end : other.start].strip(" ()") for one, other in pairwise(ordered))
    return tuple(
        _FISCAL.sub("", each) for each in between if _LETTER.search(each) and "\n" not in each and each[0] not in "=≈"
    )


def _all_agree(first: Expression, others: Sequence[Expression], known: Known) -> bool:
    """Whether each side is what the first comes to, or a hundred times it from where it is multiplied by a hundred."""
    for other in others:
        if other.is_worked and _multiplies(other, _HUNDRED) and not _multiplies(first, _HUNDRED):
            first = replace(first, tokens=(*first.tokens, _BY, _OF_HUNDRED), value=first.value * _HUNDRED)
        if not _agree(first, other, known):
            return False
    return True


def _agree(first: Expression, other: Expression, known: Known) -> bool:
    """Whether the other side is what the first comes to: a number to its digits, an expression to a thousandth."""
    if other.is_worked:
        return abs(first.value - other.value) <= _ALIKE * abs(first.value)
    number = other.numbers[0]
    if not _is_of_kind(number, first, known):
        return False
    value = first.value * _percent_factor(first, number)
    same_sign = not other.value or (value < 0) is (other.value < 0)
    return same_sign and number.comes_from(abs(value), has_scale=first.has_scale)


def _is_of_kind(result: Token, first: Expression, known: Known) -> bool:
    """Whether the operands bear out what a result is told in: its currency, unit, scale or percent.

    What no operand says is asked of each of them (`_operands`) where they are added or subtracted, and is wrong where
    they are not; but a share is told in percent, a ratio in times, and a year of days makes days.
    """
    kinds = [each.kind for each in first.numbers]
    adds = first.symbols <= {"+", "-"}
    for told, said in (
        (result.kind.currency, {each.currency for each in kinds} - {""}),
        (result.kind.unit, {each.unit for each in kinds} - {""}),
    ):
        by_days = told == "day" and any(each.is_constant(known.days) for each in first.numbers)
        is_ratio = told == "time" and "/" in first.symbols and first.power == 0
        follows = adds or by_days or is_ratio
        if len(said) > 1 or (told and said and {told} != said) or (told and not said and not follows):
            return False
    if result.kind.currency and any(each.currency for each in kinds) and first.power != 1:
        return False
    if result.scale != 1 and not first.has_scale and not adds:
        return False
    if result.kind.points:
        return adds and all(each.is_percent for each in kinds)
    if result.kind.is_percent:
        return all(each.is_percent for each in kinds if each) or "/" in first.symbols
    return not any(each.is_percent for each in kinds)


def _percent_factor(first: Expression, result: Token) -> Decimal:
    """A hundred, where a share is told in percent and the expression has no hundred of its own, or basis points are."""
    if result.kind.points:
        return Decimal(result.kind.points)
    share = result.kind.is_percent and not any(each.kind.is_percent for each in first.numbers)
    return Decimal(1) if not share or _multiplies(first, _HUNDRED) else _HUNDRED


def _multiplies(first: Expression, constant: Decimal) -> bool:
    beside = pairwise(first.tokens)
    return any(
        other.is_constant({constant})
        for one, two in beside
        for operator, other in ((one, two), (two, one))
        if operator.symbol == "*"
    )


def _operands(first: Expression, known: Known, result: Token) -> Iterator[str]:
    """The numbers an expression rests on: without constants, and for an earlier result what that rests on.

    Where numbers are added, each is of the currency and scale that only their sum is told in.
    """
    terms = 1 + sum(each.symbol == "+" for each in first.tokens)
    adds = first.symbols <= {"+", "-"}
    currency = result.kind.currency if adds and not any(each.kind.currency for each in first.numbers) else ""
    scale = result.text.rpartition(" ")[2] if adds and result.scale != 1 and not first.has_scale else ""
    symbols = ["", "", *(each.symbol for each in first.tokens), ""]
    exponents = _exponents(first)
    for at, token in enumerate(first.tokens, 2):
        if token.name != "number" or token in exponents:
            continue
        is_count = symbols[at - 1] == "/" and token.is_constant({Decimal(terms)})
        joined = {symbols[at - 1], symbols[at + 1]}
        is_whole = bool(joined & {"+", "-"}) and "/" in first.symbols and token.is_constant({Decimal(1)})
        is_factor = symbols[at - 1] in ("*", "/") or symbols[at + 1] == "*"
        negative = symbols[at - 1] == "-" and symbols[at - 2] in ("", "(", *"+-*/")
        again = sum(each.text == token.text for each in first.tokens[at - 1 :])
        earlier = earlier_result(token, known, is_negative=negative, skipped=again)
        if earlier is None and not (currency or scale):
            earlier = _earlier_digits(token, known, is_negative=negative)
        if earlier is not None:
            yield from earlier.operands
        elif not (is_count or is_whole or (is_factor and token.is_constant(known.constants))):
            yield f"{currency}{token.text} {scale}".strip()


def _exponents(first: Expression) -> list[Token]:
    """The numbers in the exponents of an expression, `1` and `2` of `^(1/2)`: how many years, which are no amounts."""
    found: list[Token] = []
    depth, raised = 0, False
    for token in first.tokens:
        if token.symbol == "**":
            raised = True
        elif raised:
            depth += (token.name == "open") - (token.name == "close")
            found += [token] if token.name == "number" else []
            raised = depth > 0
    return found
