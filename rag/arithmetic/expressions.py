"""Written arithmetic as tokens and values: numbers with their scales and units, operators, brackets, equals signs."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.text import currency_codes, currency_of, quantities

_SCALES = {
    "thousand": 10**3, "k": 10**3, "million": 10**6, "mn": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9, "b": 10**9,
    "trillion": 10**12,
}  # fmt: skip
_CODES = rf"(?:{'|'.join(sorted(filter(currency_of, currency_codes())))})"
"""Currencies that are written by their codes: `DKK 5`; those with signs have them (`plain_notation`)."""
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+(?!,\d))(?:\.\d+)?|\.\d+"
_NUMBER = (
    rf"(?:(?P<currency>(?:US)?\$|[€£¥]|{_CODES}(?=\s?\d))\s?)?(?P<digits>{_DIGITS})(?:\s?(?P<scale>(?i:thousand|million|billion|trillion|mn|bn|[kmb]))\b)?"
    r"(?P<points>\s?(?:percentage[- ]points?|%-points?|ppts?|pps?)\b|\s?(?:basis[- ]points?|bps?)\b)?"
    r"(?P<percent>\s?(?:%|percent\b))?(?:\s(?P<unit>day|year|time)s?\b|x\b)?"
)
SIGNED = re.compile(rf"(?P<minus>(?<![\w)\]])[-−–])?(?<![\d.,]){_NUMBER}")
_EQUALS = (
    r"(?:=\s?[≈~]|~=|[=≈≅≃]|,?\s?\bor\b|\b(?:which\s+)?(?:is|equals|gives|yields|comes\s+to|totals)\b)(?:\s+equal\s+to\b)?"
    r"(?:\s*(?:\b(?:approximately|about|roughly|around)\b|\bapprox\b\.?|~))?"
)
_OPERATOR = r"[-+*/×·⋅÷⁄∕−–^]|x(?=\s)|(?:,\s)?\b(?:plus|minus|less(?!\s+than\b)|divided\s+by|multiplied\s+by)\b"
_TOKEN = re.compile(
    rf"\s*(?:(?P<number>{_NUMBER})|(?P<equals>{_EQUALS})|(?P<operator>{_OPERATOR})|(?P<open>[(\[])|(?P<close>[)\]]))"
)
_WORD = rf"(?!(?:is|are|was|were|equals|gives|yields|or)\b|{_CODES}\s?\d)[A-Za-z][\w&'’]*(?:-\w+)*\.?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_YEARS = r"(?:FY[ \t]?)?(?:19|20)\d\d(?:/(?:\d\d)?\d\d)?"
_DATE = (
    rf"(?:{_MONTH}[ \t]+\d{{1,2}}(?:,?[ \t]+(?:19|20)\d\d)?|\d{{1,2}}[ \t]+{_MONTH}(?:[ \t]+(?:19|20)\d\d)?|{_YEARS})"
    r"(?![.,/]?\d|%)"
)
_CALLED = rf"(?:{_DATE}|{_WORD}|\d{{1,2}}(?:st|nd|rd|th)\b)"
NAME = rf"[ \t]*(?:{_CALLED}(?:[ \t]+{_CALLED}){{0,9}}|\([^()\d=≈\n]{{1,60}}\))[ \t]*"
_NUMBERED = r"\d{1,2}(?=[ \t]+(?!(?:plus|minus|less|times|x|divided|multiplied)\b)[A-Za-z])"
_NAME_BEFORE = re.compile(
    rf"(?:[ \t]*{_WORD}[ \t]+{_NUMBERED}(?:[ \t]+{_CALLED}){{1,9}}[ \t]*|{NAME})(?<!\d)(?=[$€£¥(\[\d]|{_CODES}\s?\d)"
)
_NAME_AFTER = re.compile(rf"{NAME}(?!-\w)(?=[)\]]|{_OPERATOR}|{_EQUALS})")
"""What a number is called: `$500 revenue / operating costs $300`, `$500 in 2022`."""
_DATED = re.compile(rf"\b(?:in|at|on|of|for)?[ \t]*{_DATE}")
_DATE_BEFORE = re.compile(
    rf"[ \t]*(?:{_DATE}|\d{{1,2}}(?:st|nd|rd|th)\b)[ \t]+(?!{_OPERATOR}|{_EQUALS})(?=[A-Za-z$€£¥\d])"
)
_LABEL = re.compile(r"[ \t]*\n[ \t]*(?:[-*•]\s+)?[A-Za-z%][^\n=≈]{0,80}(?=[=≈])")
"""The name of what is worked out, on a line between an expression and what it comes to."""
SPLIT_YEAR = re.compile(r"(?:19|20)\d\d/\d\d(?!\d)")
_DIGIT = re.compile(r"\d")
_POINTS = {"": 0, "p": 1, "%": 1, "b": 100}
YEAR = re.compile(r"(?:19|20)\d\d")
_START = re.compile(
    rf"(?<![\w)\]%])[-−–](?=[$€£¥]?\d)|(?<![A-Za-z\d])\d|(?<![A-Za-z]){_CODES}(?=\s?\d)|US\$|[.$€£¥(\[]"
)
_OPERATORS = str.maketrans(
    {
        "×": "*",
        "·": "*",
        "⋅": "*",
        "⁄": "/",
        "∕": "/",
        "x": "*",
        "÷": "/",
        "−": "-",
        "–": "-",
        "^": "**",
        "[": "(",
        "]": ")",
    }
)
_IN_WORDS = {"plus": "+", "minus": "-", "less": "-", "divided": "/", "multiplied": "*"}
_HIGHEST_POWER = 12


def _raised(base: Decimal, exponent: Decimal) -> Decimal:
    """A power as growth rates have it: of something above zero, by a small number."""
    if base <= 0 or abs(exponent) > _HIGHEST_POWER:
        raise ValueError("no power of a growth rate")
    return base**exponent


_APPLIED: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: _raised,
}
_LONGEST, _DEEPEST = 400, 12


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a number, apart from its scale: a currency, one of a few units, percent.

    `points` is how many of its unit make a percent: 1 of percentage points, 100 of basis points; 0 of any other number.
    """

    currency: str = ""
    unit: str = ""
    is_percent: bool = False
    points: int = 0


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
        return _IN_WORDS.get(self.text.strip(", ").split()[0], self.text.translate(_OPERATORS))

    def is_constant(self, constants: Collection[Decimal]) -> bool:
        """Whether this is one of some bare numbers; an amount of money is none."""
        return self.plain in constants and self.scale == 1 and not self.kind.currency

    def comes_from(self, value: Decimal, *, has_scale: bool) -> bool:
        """Whether a value is this number, rounded to the digits it is written with."""
        scale = self.scale if has_scale else 1
        return abs(value - self.plain * scale) <= self.step * scale / 2


@dataclass(frozen=True, slots=True)
class Expression:
    """The tokens on one side of an equals sign, and what they come to, scales applied.

    `power` is that of money in it: 1 of an amount, 0 of the ratio of two.
    """

    tokens: tuple[Token, ...]
    value: Decimal
    power: int = 0

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
        if (year := SPLIT_YEAR.match(text, start.start())) is not None:
            position = year.end()
            continue
        tokens = _without_year(_tokens(text, start.start()))
        position = max(start.end(), tokens[-1].end if tokens else 0)
        if any(each.name == "operator" for each in tokens):
            yield tokens


def _without_year(tokens: list[Token]) -> list[Token]:
    """The tokens without years before the first equals sign: `Sales of 2022 = 300 + 200`, `Sales (2021-2022) = …`."""
    first = next((at for at, each in enumerate(tokens) if each.name == "equals"), 0)
    numbers = [each for each in tokens[:first] if each.name == "number"]
    years = [each.plain for each in numbers if YEAR.fullmatch(each.text)]
    is_span = 0 < len(numbers) <= 2 and len(years) == len(numbers) and years == sorted(set(years))  # noqa: PLR2004
    joined = {each.symbol for each in tokens[:first] if each.name == "operator"}
    return tokens[first + 1 :] if is_span and joined <= {"-"} else tokens


def _tokens(text: str, position: int) -> list[Token]:
    found: list[Token] = []
    begun = position
    while position - begun < _LONGEST:
        match = _next(text, position, found[-1].name if found else "")
        if match is None or match.lastgroup is None:
            break
        name = next(each for each in ("number", "equals", "operator", "open", "close") if match[each] is not None)
        start, position = match.start(name), match.end()
        token = number_of(match, start, position) if name == "number" else Token(name, match[name], start, position)
        token, position = _with_unit(token, text, position)
        found.append(token)
        if len(found) == _DEEPEST and all(each.name == "open" for each in found):
            break
    while found and found[-1].name in ("equals", "operator", "open"):
        found.pop()
    return found


def _with_unit(token: Token, text: str, position: int) -> tuple[Token, int]:
    """A number with the unit behind it, `84.9 megalitres per day`, and where the text goes on."""
    after = _NAME_AFTER.match(text, position) if token.name == "number" and token.kind == Kind() else None
    name = after[0].strip() if after else ""
    found = quantities(f"1 {name}")[0] if name else None
    if after is None or found is None or not (found.unit or found.per) or _DIGIT.search(name):
        return token, position
    if currency_of(found.unit) or (found.unit and found.end < len(name) + 2):
        return token, position
    unit = f"{found.unit}/{found.per}" if found.unit else name.lower()
    end = position + len(after[0].rstrip())
    return replace(token, text=text[token.start : end], end=end, kind=Kind(unit=unit)), after.end()


def _next(text: str, position: int, last: str) -> re.Match[str] | None:
    """The next token after one with a name, past what a number or a line is called."""
    label = _LABEL.match(text, position) if last else None
    if label is not None:
        return _TOKEN.match(text, label.end())
    match = _TOKEN.match(text, position)
    is_dated = last in ("operator", "open") and _DATE_BEFORE.match(text, position) is not None
    if match is not None and not is_dated and (match["open"] is None or last != "number"):
        return match
    name = {"number": _NAME_AFTER, "operator": _NAME_BEFORE, "open": _NAME_BEFORE}.get(last)
    called = name.match(text, position) if name else None
    return match if called is None or _is_unit(called[0]) else _TOKEN.match(text, called.end())


def _is_unit(name: str) -> bool:
    """Whether what seems to be the name of a number is its unit or currency: `5 kg`, `EUR 5`, `$5 per share`."""
    words = _DATED.sub("", name).strip(" ()").split()
    if not words:
        return False
    after = quantities(f"1 {' '.join(words)}")[0]
    return bool(after.unit or after.per) or words[0].lower() == "per" or currency_of(words[-1]) != ""


def number_of(match: re.Match[str], start: int, end: int) -> Token:
    """The number that a match of `SIGNED` or of a token is, at its place in the text."""
    digits = match["digits"].replace(",", "")
    scale = _SCALES[match["scale"].lower()] if match["scale"] else 1
    step = Decimal(1).scaleb(-len(digits.partition(".")[2]))
    points = (match["points"] or "").strip().lower()
    kind = Kind(
        (match["currency"] or "").removeprefix("US"),
        match["unit"] or "",
        match["percent"] is not None,
        _POINTS[points[:1]],
    )
    return Token("number", match.string[start:end].strip(), start, end, Decimal(digits), step, scale, kind)


def numbers_told(text: str) -> Iterator[tuple[re.Match[str], Token]]:
    """Every number of a text, each with its match; `minus` is the group of its sign."""
    for match in SIGNED.finditer(text):
        yield match, number_of(match, match.start(), match.end())


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
        power = _power(tree, {f"n{at}": int(each.kind.currency != "") for at, each in enumerate(numbers)})
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        return None
    return Expression(tuple(kept), value, power)


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


def _power(node: ast.expr, names: Mapping[str, int]) -> int:
    match node:
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(operand=operand):
            return _power(operand, names)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _power(left, names) + _power(right, names)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _power(left, names) - _power(right, names)
        case ast.BinOp(left=left, op=ast.Pow()) if _power(left, names):
            raise ValueError("no power of money")
        case ast.BinOp(left=left, right=right):
            return max(_power(left, names), _power(right, names))
    raise ValueError("no arithmetic")
