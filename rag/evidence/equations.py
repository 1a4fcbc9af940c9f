"""Calculations that a text writes out, `(2,112 / 14,082) * 100 = 15.0%`, done again.

A language model shows its steps: it names the numbers, works with them, and goes on with what came out. Where a written
calculation comes to what it says, to the digits given, its result follows from its operands, and these are what has to
be quoted. What came out once may be an operand later, or be said again.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation
from itertools import zip_longest

_SCALES = {
    "thousand": 10**3, "k": 10**3, "million": 10**6, "mn": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9, "b": 10**9,
    "trillion": 10**12,
}  # fmt: skip
_DIGITS = r"(?:\d[\d,]*(?:\.\d+)?|\.\d+)"
_NUMBER = (
    rf"(?:[$€£]\s?)?(?P<digits>{_DIGITS})(?:\s?(?P<scale>thousand|million|billion|trillion|mn|bn|[kmb])\b)?"
    r"(?P<percent>\s?(?:%|percent\b))?(?:\s(?:days?|years?|times)\b|x\b)?"
)
_TOKEN = re.compile(
    rf"\s*(?:(?P<number>{_NUMBER})"
    r"|(?P<equals>(?:=|≈|≅|\bequals\b|\bwhich is\b)(?:\s*(?:approximately|about|roughly|~))?)"
    r"|(?P<operator>[-+*/×÷−–]|x(?=\s))|(?P<open>[(\[])|(?P<close>[)\]]))"
)
_LABEL = re.compile(r"[ \t]*\n[ \t]*(?:[-*•]\s+)?[A-Za-z%][^\n=≈]{0,80}(?=[=≈])")
"""The name of what is worked out, on a line between an expression and what it comes to."""
_CONSTANT_FACTOR = re.compile(r"\s*[*×x]\s*(?:100(?:\s?%)?|36[05])(?![\d,])|(?<![\d,.])36[05]\s*[*×x]\s*")
_PLACES = re.compile(r",?\s*\b(?:rounded\s+)?to\s+(?:\w+|\d+)\s+decimal\s+(?:places?|points?|digits?)\b", re.IGNORECASE)
"""How many digits are told says nothing of the matter."""
_START = re.compile(r"[\d.$€£(\[]")
_OPERATORS = str.maketrans({"×": "*", "x": "*", "÷": "/", "−": "-", "–": "-", "[": "(", "]": ")"})
_APPLIED: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_CONSTANTS = frozenset(map(Decimal, (100, 1000, 10**6, 10**9, 365, 360, 12)))
_HUNDRED = Decimal(100)
_ALIKE = Decimal("0.001")
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Worked:
    """What a written calculation came to: the value without its scale and with it, and the operands it rests on.

    `start` and `end` are where it stands in its text, result included.
    """

    plain: Decimal
    scaled: Decimal
    operands: tuple[str, ...]
    formula: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Written:
    """A text in which results that follow gave way to the operands they rest on, and what was worked out.

    `text` is what remains to be quoted; `formulas` are those of its own results.
    """

    text: str
    results: tuple[Worked, ...] = ()
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int
    plain: Decimal = Decimal(0)
    scaled: Decimal = Decimal(0)
    step: Decimal = Decimal(0)
    is_percent: bool = False


@dataclass(frozen=True, slots=True)
class _Expression:
    """The tokens on one side of an equals sign, and what they come to without and with scales."""

    tokens: tuple[_Token, ...]
    plain: Decimal
    scaled: Decimal

    @property
    def numbers(self) -> list[_Token]:
        return [each for each in self.tokens if each.kind == "number"]

    @property
    def is_worked(self) -> bool:
        """Whether two numbers or more are put together."""
        return len(self.numbers) > 1


def written(text: str, earlier: Iterable[Worked] = ()) -> Written:
    """A text without the results of its right calculations; `earlier` are those that were worked out before it."""
    known, formulas, parts, done = list(earlier), [], [], 0
    first = len(known)
    for run in _runs(text):
        worked = _worked(run, known, text)
        if worked is None:
            continue
        known.append(worked)
        formulas.append(worked.formula)
        parts += [text[done : worked.start], ", ".join(worked.operands)]
        done = worked.end
    rest = _PLACES.sub("", _CONSTANT_FACTOR.sub("", "".join([*parts, text[done:]])))
    said, again = _said_again(rest, known)
    return Written(said, tuple(known[first:]), tuple(dict.fromkeys([*formulas, *again])))


def worked_before(sentences: Iterable[str]) -> tuple[Worked, ...]:
    """What was worked out in some sentences, in order."""
    found: list[Worked] = []
    for sentence in sentences:
        found += written(sentence, found).results
    return tuple(found)


def _said_again(text: str, known: Sequence[Worked]) -> tuple[str, list[str]]:
    """The text with the operands of a result in the place of that result, and the formulas."""
    formulas: list[str] = []

    def operands(match: re.Match[str]) -> str:
        token = _number(match, match.start(), match.end())
        for each in reversed(known):
            if _comes_to(token, each.plain, each.scaled):
                formulas.append(each.formula)
                return ", ".join(each.operands)
        return match[0]

    return (re.sub(_NUMBER, operands, text), formulas) if known else (text, [])


def _runs(text: str) -> Iterator[list[_Token]]:
    """Stretches of numbers, operators, brackets and equals signs, each with an operator in it."""
    position = 0
    while (start := _START.search(text, position)) is not None:
        tokens = _tokens(text, start.start())
        position = max(start.end(), tokens[-1].end if tokens else 0)
        if any(each.kind == "operator" for each in tokens):
            yield tokens


def _tokens(text: str, position: int) -> list[_Token]:
    found: list[_Token] = []
    begun = position
    while position - begun < _LONGEST:
        label = _LABEL.match(text, position) if found else None
        match = _TOKEN.match(text, label.end() if label else position)
        if match is None or match.lastgroup is None or (label and match["equals"] is None):
            break
        kind = next(name for name in ("number", "equals", "operator", "open", "close") if match[name] is not None)
        start, position = match.start(kind), match.end()
        token = _number(match, start, position) if kind == "number" else _Token(kind, match[kind], start, position)
        found.append(token)
    while found and found[-1].kind in ("equals", "operator", "open"):
        found.pop()
    return found


def _number(match: re.Match[str], start: int, end: int) -> _Token:
    digits = match["digits"].replace(",", "")
    scale = _SCALES[match["scale"].lower()] if match["scale"] else 1
    step = Decimal(1).scaleb(-len(digits.partition(".")[2]))
    shown = match.string[start:end].strip()
    value = Decimal(digits)
    return _Token("number", shown, start, end, value, value * scale, step, match["percent"] is not None)


def _worked(run: Sequence[_Token], known: Sequence[Worked], text: str) -> Worked | None:
    """What a run comes to; None where it says something else, or works out nothing."""
    sides = [_expression(side) for side in _sides(run)]
    at = next((at for at, side in enumerate(sides) if side is not None and side.is_worked), None)
    if at is None:
        return None
    first, after = sides[at], sides[at + 1 :]
    assert first is not None
    before = sides[at - 1] if at else None
    named = before if before is not None and _agree(first, before) else None
    others = [each for each in (named, *after) if each is not None]
    if not others or None in after or not all(_agree(first, each) for each in others):
        return None
    formula = " ".join(text[first.tokens[0].start : first.tokens[-1].end].split())
    times = _times(first, others[-1])
    tokens = [token for each in (named or first, first, *others) for token in each.tokens]
    start, end = min(each.start for each in tokens), max(each.end for each in tokens)
    return Worked(first.plain * times, first.scaled * times, tuple(_operands(first, known)), formula, start, end)


def _times(first: _Expression, result: _Expression) -> Decimal:
    """A hundred, where a share is told in percent."""
    plain = not result.is_worked and _comes_to(result.numbers[0], first.plain, first.scaled)
    return _HUNDRED if not plain and result.numbers[0].is_percent else Decimal(1)


def _sides(run: Sequence[_Token]) -> Iterator[list[_Token]]:
    """What stands on either side of the equals signs; a number before brackets is what they come to: `5 (7 - 2)`."""
    side: list[_Token] = []
    for token in run:
        if token.kind == "equals" or (token.kind == "open" and side and side[-1].kind == "number"):
            yield side
            side = [] if token.kind == "equals" else [token]
        else:
            side.append(token)
    yield side


def _agree(first: _Expression, other: _Expression) -> bool:
    """Whether the other side is what the first comes to: a number to its digits, an expression to a thousandth."""
    if not other.is_worked:
        sign = -1 if other.plain < 0 else 1
        number = other.numbers[0]
        turned = number.is_percent and not any(each.is_percent for each in first.numbers)
        if turned and not any(each.text in "/÷" for each in first.tokens):
            return False
        factors = [Decimal(1), _HUNDRED] if turned else [Decimal(1)]
        return any(_comes_to(number, sign * first.plain * each, sign * first.scaled * each) for each in factors)
    return abs(first.plain - other.plain) <= _ALIKE * abs(first.plain) or abs(
        first.scaled - other.scaled
    ) <= _ALIKE * abs(first.scaled)


def _comes_to(number: _Token, plain: Decimal, scaled: Decimal) -> bool:
    """Whether a value is a number, rounded to the digits it is written with."""
    scale = number.scaled / number.plain if number.plain else Decimal(1)
    return abs(scaled - number.scaled) <= number.step * scale / 2 or abs(plain - number.plain) <= number.step / 2


def _operands(expression: _Expression, known: Sequence[Worked]) -> Iterator[str]:
    """The numbers an expression rests on: without constants, and for an earlier result what that rests on."""
    terms = 1 + sum(each.text == "+" for each in expression.tokens)
    previous = ""
    for token, following in zip_longest(expression.tokens, expression.tokens[1:]):
        if token.kind == "number":
            is_count = previous == "/" and token.plain == terms
            is_factor = previous in ("*", "/") or (
                following is not None and following.text.translate(_OPERATORS) == "*"
            )
            scales = is_count or (is_factor and token.plain in _CONSTANTS)
            before = next((each for each in reversed(known) if _comes_to(token, each.plain, each.scaled)), None)
            if before is not None:
                yield from before.operands
            elif not scales:
                yield token.text
        previous = token.text.translate(_OPERATORS)


def _expression(tokens: Sequence[_Token]) -> _Expression | None:
    """An expression with its value; None where it is none."""
    kept = _balanced(tokens)
    numbers = [each for each in kept if each.kind == "number"]
    if not numbers:
        return None
    names = iter(f"n{at}" for at in range(len(numbers)))
    source = " ".join(next(names) if each.kind == "number" else each.text for each in kept).translate(_OPERATORS)
    try:
        tree = ast.parse(source, mode="eval").body
        plain = _value(tree, {f"n{at}": each.plain for at, each in enumerate(numbers)})
        scaled = _value(tree, {f"n{at}": each.scaled for at, each in enumerate(numbers)})
    except (SyntaxError, ValueError, DivisionByZero, InvalidOperation, RecursionError, MemoryError):
        return None
    return _Expression(tuple(kept), plain, scaled)


def _balanced(tokens: Sequence[_Token]) -> list[_Token]:
    """The tokens without brackets that are opened or closed outside of them."""
    opened: list[int] = []
    stray: set[int] = set()
    for at, token in enumerate(tokens):
        if token.kind == "open":
            opened.append(at)
        elif token.kind == "close":
            if opened:
                opened.pop()
            else:
                stray.add(at)
    return [each for at, each in enumerate(tokens) if at not in stray | set(opened)]


def _value(node: ast.expr, names: Mapping[str, Decimal]) -> Decimal:
    match node:
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, names)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, names)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _APPLIED:
            return _APPLIED[type(op)](_value(left, names), _value(right, names))
    raise ValueError("no arithmetic")
