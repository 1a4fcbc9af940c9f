"""Written arithmetic as tokens and values: numbers with their scales and units, operators, brackets, equals signs."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

_SCALES = {
    "thousand": 10**3, "k": 10**3, "million": 10**6, "mn": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9, "b": 10**9,
    "trillion": 10**12,
}  # fmt: skip
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+(?!,\d))(?:\.\d+)?|\.\d+"
_NUMBER = (
    rf"(?:(?P<currency>[$€£])\s?)?(?P<digits>{_DIGITS})(?:\s?(?P<scale>thousand|million|billion|trillion|mn|bn|[kmb])\b)?"
    r"(?P<percent>\s?(?:%|percent\b))?(?:\s(?P<unit>day|year|time)s?\b|x\b)?"
)
SIGNED = re.compile(rf"(?P<minus>(?<![\w)\]])[-−–])?(?<![\d.,]){_NUMBER}")
_TOKEN = re.compile(
    rf"\s*(?:(?P<number>{_NUMBER})"
    r"|(?P<equals>(?:=|≈|≅|\bequals\b|\bwhich is\b)(?:\s*(?:approximately|about|roughly|~))?)"
    r"|(?P<operator>[-+*/×÷−–]|x(?=\s))|(?P<open>[(\[])|(?P<close>[)\]]))"
)
_LABEL = re.compile(r"[ \t]*\n[ \t]*(?:[-*•]\s+)?[A-Za-z%][^\n=≈]{0,80}(?=[=≈])")
"""The name of what is worked out, on a line between an expression and what it comes to."""
_START = re.compile(r"[\d.$€£(\[]")
_OPERATORS = str.maketrans({"×": "*", "x": "*", "÷": "/", "−": "-", "–": "-", "[": "(", "]": ")"})
_APPLIED: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a number, apart from its scale: a currency, one of a few units, percent."""

    currency: str = ""
    unit: str = ""
    is_percent: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an expression; of a number its value without scale, and one unit of its last digit."""

    name: str
    text: str
    start: int
    end: int
    plain: Decimal = Decimal(0)
    step: Decimal = Decimal(0)
    scale: int = 1
    kind: Kind = Kind()

    @property
    def symbol(self) -> str:
        """The operator or bracket as Python writes it."""
        return self.text.translate(_OPERATORS)

    def comes_from(self, value: Decimal, *, has_scale: bool) -> bool:
        """Whether a value is this number, rounded to the digits it is written with."""
        scale = self.scale if has_scale else 1
        return abs(value - self.plain * scale) <= self.step * scale / 2


@dataclass(frozen=True, slots=True)
class Expression:
    """The tokens on one side of an equals sign, and what they come to, scales applied."""

    tokens: tuple[Token, ...]
    value: Decimal

    @property
    def numbers(self) -> list[Token]:
        return [each for each in self.tokens if each.name == "number"]

    @property
    def is_worked(self) -> bool:
        """Whether two numbers or more are put together."""
        return len(self.numbers) > 1

    @property
    def has_scale(self) -> bool:
        return any(each.scale != 1 for each in self.numbers)

    @property
    def symbols(self) -> set[str]:
        return {each.symbol for each in self.tokens if each.name == "operator"}


def runs(text: str) -> Iterator[list[Token]]:
    """Stretches of numbers, operators, brackets and equals signs, each with an operator in it."""
    position = 0
    while (start := _START.search(text, position)) is not None:
        tokens = _tokens(text, start.start())
        position = max(start.end(), tokens[-1].end if tokens else 0)
        if any(each.name == "operator" for each in tokens):
            yield tokens


def _tokens(text: str, position: int) -> list[Token]:
    found: list[Token] = []
    begun = position
    while position - begun < _LONGEST:
        label = _LABEL.match(text, position) if found else None
        match = _TOKEN.match(text, label.end() if label else position)
        if match is None or match.lastgroup is None or (label and match["equals"] is None):
            break
        name = next(each for each in ("number", "equals", "operator", "open", "close") if match[each] is not None)
        start, position = match.start(name), match.end()
        token = number_of(match, start, position) if name == "number" else Token(name, match[name], start, position)
        found.append(token)
    while found and found[-1].name in ("equals", "operator", "open"):
        found.pop()
    return found


def number_of(match: re.Match[str], start: int, end: int) -> Token:
    """The number that a match of `SIGNED` or of a token is, at its place in the text."""
    digits = match["digits"].replace(",", "")
    scale = _SCALES[match["scale"].lower()] if match["scale"] else 1
    step = Decimal(1).scaleb(-len(digits.partition(".")[2]))
    kind = Kind(match["currency"] or "", match["unit"] or "", match["percent"] is not None)
    return Token("number", match.string[start:end].strip(), start, end, Decimal(digits), step, scale, kind)


def sides(run: Sequence[Token]) -> Iterator[list[Token]]:
    """What stands on either side of the equals signs; a number before brackets is what they come to: `5 (7 - 2)`."""
    side: list[Token] = []
    for token in run:
        if token.name == "equals" or (token.name == "open" and side and side[-1].name == "number"):
            yield side
            side = [] if token.name == "equals" else [token]
        else:
            side.append(token)
    yield side


def expression_of(tokens: Sequence[Token]) -> Expression | None:
    """An expression with its value; None where it is none."""
    kept = _balanced(tokens)
    numbers = [each for each in kept if each.name == "number"]
    if not numbers:
        return None
    names = iter(f"n{at}" for at in range(len(numbers)))
    source = " ".join(next(names) if each.name == "number" else each.symbol for each in kept)
    try:
        tree = ast.parse(source, mode="eval").body
        value = _value(tree, {f"n{at}": each.plain * each.scale for at, each in enumerate(numbers)})
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        return None
    return Expression(tuple(kept), value)


def _balanced(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without brackets that are opened or closed outside of them."""
    opened: list[int] = []
    stray: set[int] = set()
    for at, token in enumerate(tokens):
        if token.name == "open":
            opened.append(at)
        elif token.name == "close":
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
