"""Sums and shares that are told in words: `leases of $5 billion and rents of $22 billion, $27 billion in total`.

The parts of a sum are few and stand in one place: beside it, in the items right before it, or in the nearest sentence
with several amounts. Only all of them together are its parts. Nobody can tell whether a sum with a name of its own,
`quick assets`, has all of its parts, so it has none: `in total`, `together`. A share may have its part and its whole in
brackets: `19.4% ($2 million of profit on sales of $10.3 million)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import takewhile

from rag.arithmetic.expressions import Token, numbers_told
from rag.arithmetic.following_results import Following
from rag.arithmetic.workings import Known, earlier_result
from rag.text import content_stems

_OF_A_TOTAL = re.compile(
    r"\b(?:totals?|total(?:ed|led|ing|ling)|together|combined|altogether|in\s+all|sum|summed|aggregate)\b",
    re.IGNORECASE,
)
_NAMELESS = frozenset(
    content_stems(
        "total totals totaled together combined altogether all sum summed aggregate amount comes come these those both "
        "two three four last first items figures about roughly approximately around"
    )
)
_CLAUSE = re.compile(r"[.;,](?!\d)|[()\n]")
_BRACKETS = re.compile(r"(?P<between>[^()$€£¥%;\n]{0,60})\((?P<parts>[^()]*)\)")
_WHOLE = re.compile(r"\s+of\s+(?P<name>[^\d,.]*?)\s*(?:\b(?:in|for|at|as)\b.*)?$")
_NAME_BEFORE = re.compile(r"(?P<name>[A-Za-z][\w&'’ -]*?)\s*(?:\b(?:of|was|were|at)\b|[:=(])?\s*$")
_NAME_AFTER = re.compile(r"\s+(?:of|in)\s+(?P<name>[A-Za-z][\w&'’ -]*?)(?=\s+(?:on|and|to|by|over)\b|[,;)]|$)")
_CHANGES = re.compile(r"\b(?:vs\.?|versus|from|compared)\s", re.IGNORECASE)

Told = tuple[re.Match[str], Token]


def sums(text: str, before: Sequence[str], known: Known) -> Iterator[Following]:
    """The amounts of a text that are the sum of amounts told beside or before them, and no result told before."""
    if _OF_A_TOTAL.search(text) is None:
        return
    amounts = _amounts(text)
    for match, number in amounts:
        own = _CLAUSE.split(text[: match.start()])[-1]
        if set(content_stems(own)) - _NAMELESS or earlier_result(number, known) is not None:
            continue
        parts = next((each for each in _places(match, amounts, before) if _is_sum(number, each)), ())
        if parts:
            told = tuple(dict.fromkeys(each.text for each in parts))
            yield Following(match.start(), match.end(), told, " + ".join(each.text for each in parts))


def bracketed_shares(text: str, known: Known) -> Iterator[Following]:
    """The percentages of a text that the first of two amounts in brackets after them is of the second."""
    amounts = _amounts(text)
    for match, number in numbers_told(text):
        brackets = _BRACKETS.match(text, match.end()) if number.kind.is_percent and match["minus"] is None else None
        if brackets is None or _CHANGES.search(brackets["parts"]) or earlier_result(number, known) is not None:
            continue
        within = [each for each in amounts if brackets.start("parts") <= each[0].start() < brackets.end("parts")]
        if len(within) == 2 and _is_share(number, *(each for _, each in within)):  # noqa: PLR2004
            part, whole = (each.text for _, each in within)
            names = [
                *_called(brackets, within),
                *((whole, each["name"]) for each in _WHOLE.finditer(brackets["between"])),
            ]
            yield Following(match.start(), match.end(), (part, whole), f"{part} / {whole}", tuple(names))


def _called(brackets: re.Match[str], within: Sequence[Told]) -> Iterator[tuple[str, str]]:
    """The amounts in brackets with what they are called right before or after them."""
    text, done = brackets.string[: brackets.end("parts")], brackets.start("parts")
    for match, number in within:
        before, after = _NAME_BEFORE.search(text[done : match.start()]), _NAME_AFTER.match(text, match.end())
        yield from ((number.text, name["name"]) for name in (before if after is None else None, after) if name)
        done = match.end() if after is None else after.end()


def _is_share(number: Token, part: Token, whole: Token) -> bool:
    alike = part.kind == whole.kind and (part.scale == 1) is (whole.scale == 1) and whole.plain > 0
    return alike and number.comes_from(part.plain * part.scale / (whole.plain * whole.scale) * 100, has_scale=False)


def _places(match: re.Match[str], amounts: Sequence[Told], before: Sequence[str]) -> Iterator[Sequence[Token]]:
    yield [number for told, number in amounts if told is not match]
    told = [[number for _, number in _amounts(each)] for each in reversed(before)]
    items = [each[0] for each in takewhile(lambda each: len(each) == 1, told)]
    yield from (items[:count][::-1] for count in range(len(items), 1, -1))
    yield next((each for each in told if len(each) > 1), [])


def _amounts(text: str) -> list[Told]:
    """The amounts of a text that no sign makes negative, each with its place."""
    told = numbers_told(text)
    return [(at, each) for at, each in told if at["minus"] is None and (each.kind.currency or each.scale != 1)]


def _is_sum(number: Token, parts: Sequence[Token]) -> bool:
    """Whether two parts or more of the kind of a number, in scales as it is, come to it, to its digits."""
    alike = all(each.kind == number.kind and (each.scale == 1) is (number.scale == 1) for each in parts)
    total = sum((each.plain * each.scale for each in parts), Decimal(0))
    return len(parts) > 1 and alike and number.comes_from(total, has_scale=True)
