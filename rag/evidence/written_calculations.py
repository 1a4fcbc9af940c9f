"""Calculations written in a text, `(2,112 / 14,082) * 100 = 15.0%`, recomputed.

Language models show their steps: they name numbers, calculate, and use the result. If a written calculation is correct
to the digits given, its operands must be quoted instead of its result. A result may be an operand of a later
calculation, or be repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from rag.evidence.expressions import SIGNED, Expression, Kind, Token, expression_of, number_of, runs, sides

_IN_A_FORMULA = (
    re.compile(r"(?<=[A-Za-z)])\s*(?:[*×]|\bx\b)\s*100(?:\s?%)?(?=\s*(?:[.,;)=≈\n]|$))"),
    re.compile(r"(?<![\d,.$€£])36[05]\s*(?:[*×]|\bx\b)\s*(?=[A-Za-z(])"),
    re.compile(r"(?:^|,)\s*rounded\s+to\s+\w+\s+decimal\s+(?:places?|points?)\s*,", re.IGNORECASE),
)
"""Constants beside the names of a formula, `income / sales * 100`, and how many digits are told: no facts."""
_HUNDRED = Decimal(100)
_YEARS_OF_DAYS = frozenset(map(Decimal, (365, 360)))
_CONSTANTS = _YEARS_OF_DAYS | frozenset(map(Decimal, (100, 1000, 10**6, 10**9, 12)))
_ALIKE = Decimal("0.001")
_TELLING_DIGITS, _ROUNDED_DIGITS = 3, 2


@dataclass(frozen=True, slots=True)
class Worked:
    """The result of a written calculation, its kind, and its operands.

    `value` has the scale `million` applied if it `has_scale`. `start` and `end` delimit the calculation in its text,
    including the result. An `unfinished` calculation has no result in its text; a later sentence may state it.
    """

    value: Decimal
    has_scale: bool
    kind: Kind
    operands: tuple[str, ...]
    formula: str
    start: int
    end: int
    unfinished: Expression | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A text in which results that follow gave way to the operands they rest on, and what was worked out.

    `text` is what remains to be quoted; `formulas` are those of its own results.
    """

    text: str
    results: tuple[Worked, ...] = ()
    formulas: tuple[str, ...] = ()


_NO_RESULT = Token("number", "", 0, 0)


def written(text: str, earlier: Iterable[Worked] = ()) -> Written:
    """A text without the results of its right calculations; `earlier` are those that were worked out before it."""
    known, formulas, parts, done = list(earlier), [], [], 0
    first = len(known)
    for run in runs(text):
        worked = _worked(run, known, text) or _unfinished(run, known, text)
        if worked is None:
            continue
        known.append(worked)
        formulas += [worked.formula] if worked.unfinished is None else []
        parts += [text[done : worked.start], ", ".join(worked.operands)]
        done = worked.end
    rest = "".join([*parts, text[done:]])
    for pattern in _IN_A_FORMULA:
        rest = pattern.sub("", rest)
    said, again = _said_again(rest, known)
    return Written(said, tuple(known[first:]), tuple(dict.fromkeys([*formulas, *again])))


@lru_cache(maxsize=64)
def worked_before(sentences: tuple[str, ...]) -> tuple[Worked, ...]:
    """What was worked out in some sentences, in order; those before a sentence are the same for each of its parts."""
    found: list[Worked] = []
    for sentence in sentences:
        found += written(sentence, found).results
    return tuple(found)


def _said_again(text: str, known: Sequence[Worked]) -> tuple[str, list[str]]:
    """The text with the operands of a result in the place of that result, and the formulas."""
    formulas: list[str] = []

    def operands(match: re.Match[str]) -> str:
        found = _earlier(number_of(match, match.start(), match.end()), known, is_negative=match["minus"] is not None)
        if found is None:
            return match[0]
        formulas.append(found.formula)
        return ", ".join(found.operands)

    return (SIGNED.sub(operands, text), formulas) if known else (text, [])


def _earlier(token: Token, known: Sequence[Worked], *, is_negative: bool = False) -> Worked | None:
    """The last result that a number says again: of the same sign, kind and scale, and no bare number of few digits."""
    digits = token.text.replace(",", "")
    figures = sum(each.isdigit() for each in digits)
    telling = token.kind != Kind() or token.scale != 1 or "." in digits or figures >= _TELLING_DIGITS
    for each in reversed(known) if telling else ():
        if each.unfinished is not None:
            value = -token.plain if is_negative else token.plain
            if _agree(each.unfinished, Expression((token,), value * token.scale)):
                return each
            continue
        same = each.kind == token.kind and each.has_scale is (token.scale != 1) and (each.value < 0) is is_negative
        value = abs(each.value)
        if not same or not token.comes_from(value, has_scale=each.has_scale):
            continue
        if figures >= _ROUNDED_DIGITS or value == token.plain * token.scale:
            return each
    return None


def _worked(run: Sequence[Token], known: Sequence[Worked], text: str) -> Worked | None:
    """What a run comes to; None where it says something else, or works out nothing.

    What is not right as it is written is tried with one scale for all: `($100 + $300) / 2 = $200 million`.
    """
    worked = _worked_as_written(run, known, text)
    if worked is not None:
        return worked
    scaled = _of_one_scale(run)
    return None if scaled is None else _worked_as_written(scaled, known, text)


def _unfinished(run: Sequence[Token], known: Sequence[Worked], text: str) -> Worked | None:
    """A run that divides or adds amounts and does not say what they come to; None for any other.

    `10-12` may be a range, `1/2/2024` a date and `3 x 100 ml` a size.
    """
    whole = None if any(each.name == "equals" for each in run) else expression_of(run)
    if whole is None or not whole.is_worked or not whole.symbols & {"/", "+"}:
        return None
    if not any(each.scale != 1 or each.kind.currency or "," in each.text for each in whole.numbers):
        return None
    return Worked(
        value=whole.value,
        has_scale=whole.has_scale,
        kind=Kind(),
        operands=tuple(_operands(whole, known, _NO_RESULT)),
        formula=" ".join(text[whole.tokens[0].start : whole.tokens[-1].end].split()),
        start=run[0].start,
        end=run[-1].end,
        unfinished=whole,
    )


def _of_one_scale(run: Sequence[Token]) -> list[Token] | None:
    """A run with its only scale lent to the bare operands of the same kind, but for constants; None without any."""
    scaled = [each for each in run if each.scale != 1]
    if len({(each.scale, each.kind) for each in scaled}) != 1:
        return None
    lender, count = scaled[0], 1 + sum(each.symbol == "+" for each in run)
    word = lender.text.lstrip("$€£ 0123456789.,")
    constants = _CONSTANTS | {Decimal(count)}

    def lent(token: Token) -> Token:
        bare = token.name == "number" and token.scale == 1 and token.kind == lender.kind
        return replace(token, scale=lender.scale, text=f"{token.text} {word}") if bare else token

    operands = next((at for at, each in enumerate(run) if each.name == "equals"), len(run))
    return [each if at > operands or each.plain in constants else lent(each) for at, each in enumerate(run)]


def _worked_as_written(run: Sequence[Token], known: Sequence[Worked], text: str) -> Worked | None:
    found = [expression_of(side) for side in sides(run)]
    at = next((at for at, side in enumerate(found) if side is not None and side.is_worked), None)
    if at is None:
        return None
    first, after = found[at], found[at + 1 :]
    assert first is not None
    before = found[at - 1] if at else None
    named = before if before is not None and _agree(first, before) else None
    others = [each for each in (named, *after) if each is not None]
    if not others or None in after or not all(_agree(first, each) for each in others):
        return None
    result = others[-1].numbers[0]
    tokens = [token for each in (first, *others) for token in each.tokens]
    lent = 1 if first.has_scale else result.scale
    return Worked(
        value=first.value * _percent_factor(first, result) * lent,
        has_scale=result.scale != 1,
        kind=result.kind,
        operands=tuple(_operands(first, known, result)),
        formula=" ".join(text[first.tokens[0].start : first.tokens[-1].end].split()),
        start=min(each.start for each in tokens),
        end=max(each.end for each in tokens),
    )


def _agree(first: Expression, other: Expression) -> bool:
    """Whether the other side is what the first comes to: a number to its digits, an expression to a thousandth."""
    if other.is_worked:
        return abs(first.value - other.value) <= _ALIKE * abs(first.value)
    number = other.numbers[0]
    if not _is_of_kind(number, first):
        return False
    value = first.value * _percent_factor(first, number)
    return (value < 0) is (other.value < 0) and number.comes_from(abs(value), has_scale=first.has_scale)


def _is_of_kind(result: Token, first: Expression) -> bool:
    """Whether the operands bear out what a result is told in: its currency, unit, scale or percent.

    What no operand says is asked of each of them (`_operands`) where they are added or subtracted, and is wrong where
    they are not; but a share is told in percent, and a year of days makes days.
    """
    kinds = [each.kind for each in first.numbers]
    adds = first.symbols <= {"+", "-"}
    for told, said in (
        (result.kind.currency, {each.currency for each in kinds} - {""}),
        (result.kind.unit, {each.unit for each in kinds} - {""}),
    ):
        by_days = told == "day" and any(each.plain in _YEARS_OF_DAYS for each in first.numbers)
        if len(said) > 1 or (told and said and {told} != said) or (told and not said and not adds and not by_days):
            return False
    if result.scale != 1 and not first.has_scale and not adds:
        return False
    if result.kind.is_percent:
        return all(each.is_percent for each in kinds if each) or "/" in first.symbols
    return not any(each.is_percent for each in kinds)


def _percent_factor(first: Expression, result: Token) -> Decimal:
    """A hundred, where a share is told in percent and the expression has no hundred of its own."""
    share = result.kind.is_percent and not any(each.kind.is_percent for each in first.numbers)
    return Decimal(1) if not share or any(each.plain == _HUNDRED for each in first.numbers) else _HUNDRED


def _operands(first: Expression, known: Sequence[Worked], result: Token) -> Iterator[str]:
    """The numbers an expression rests on: without constants, and for an earlier result what that rests on.

    Where numbers are added, each is of the currency and scale that only their sum is told in.
    """
    terms = 1 + sum(each.symbol == "+" for each in first.tokens)
    adds = first.symbols <= {"+", "-"}
    currency = result.kind.currency if adds and not any(each.kind.currency for each in first.numbers) else ""
    scale = result.text.rpartition(" ")[2] if adds and result.scale != 1 and not first.has_scale else ""
    symbols = ["", *(each.symbol for each in first.tokens), ""]
    for at, token in enumerate(first.tokens, 1):
        if token.name != "number":
            continue
        is_count = symbols[at - 1] == "/" and token.plain == terms
        is_factor = symbols[at - 1] in ("*", "/") or symbols[at + 1] == "*"
        earlier = _earlier(token, known)
        if earlier is not None:
            yield from earlier.operands
        elif not (is_count or (is_factor and token.plain in _CONSTANTS)):
            yield f"{currency}{token.text} {scale}".strip()
