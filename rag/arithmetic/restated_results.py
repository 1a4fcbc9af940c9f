"""Results that are told a second way: as a percentage, as a share of what they began from, or beside a threshold.

`= 0.43, i.e. about 43%`; `$300 - $240 = $60 million, or 20%`; *the quick ratio of 0.85 is below 1*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from rag.arithmetic.expressions import Kind, numbers_told
from rag.arithmetic.following_results import Following
from rag.arithmetic.workings import Known, Worked, earlier_result
from rag.text import degree_of, direction_of

_OR = re.compile(
    r"[,;]?\s*(?:\(|\bor\b|\bi\.e\.,?|\bwhich is\b|\bthat is,?)\s*"
    r"(?:(?:about|approximately|roughly|around|nearly)\s+)?$"
)
_LESS = r"below|under|less\s+than|lower\s+than|smaller\s+than"
_MORE = r"above|over|greater\s+than|more\s+than|higher\s+than|larger\s+than|exceed(?:s|ing)?"
_BESIDE = re.compile(rf"(?:(?:\b(?P<less>{_LESS})|\b(?P<more>{_MORE}))|(?P<sign>[<>]))\s*$", re.IGNORECASE)
_CLAUSE = re.compile(r"[;\n]|[.,](?!\d)(?!\s+which\b)|\b(?:and|but|while)\b")
_HUNDRED = Decimal(100)
_PLAIN = (Kind(), Kind(unit="day"))


def told_otherwise(text: str, own: Sequence[Worked]) -> Iterator[Following]:
    """The percentages right after a calculation that are its result, or the change that its difference is."""
    for match, number in numbers_told(text):
        for each in own if number.kind.is_percent and match["minus"] is None else ():
            between = text[each.place[1] : match.start()]
            share = _share_of(each, text)
            follows = each.place[1] <= match.start() and _OR.fullmatch(between) is not None
            if follows and share is not None and number.comes_from(share * _HUNDRED, has_scale=False):
                yield Following(match.start(), match.end(), (), f"{each.formula} = {match[0].strip()}")


def _share_of(each: Worked, text: str) -> Decimal | None:
    """A result as a share: itself if it is a bare number, or the difference of two amounts of that it began from."""
    if each.kind == Kind() and not each.has_scale:
        return each.value
    amounts = [number.plain * number.scale for operand in each.operands for _, number in numbers_told(operand)]
    way = direction_of(text)
    if len(amounts) != 2 or not way or abs(amounts[0] - amounts[1]) != abs(each.value):  # noqa: PLR2004
        return None
    began = min(amounts) if way > 0 else max(amounts)
    return abs(each.value) / began if began else None


def comparisons(text: str, known: Known) -> Iterator[Following]:
    """The bare numbers of a text that a result before them in their clause is said to lie below or above, and does."""
    told = list(numbers_told(text))
    for match, number in told:
        beside = _BESIDE.search(text[: match.start()])
        if beside is None or number.kind != Kind() or number.scale != 1:
            continue
        way = -1 if beside["less"] or beside["sign"] == "<" else 1
        told_before = [(at.end(), each) for at, each in told if at.end() <= beside.start()]
        if not told_before or _CLAUSE.search(text[told_before[-1][0] : beside.start()]):
            continue
        compared = told_before[-1][1]
        found = earlier_result(compared, known)
        if found is not None and found.kind in _PLAIN and (found.value - number.plain) * way > 0:
            formula = f"{compared.text} {'<' if way < 0 else '>'} {number.text}"
            so = degree_of(number.plain, found.value)
            yield Following(beside.start(), match.end(), (), formula, way=way, so=so)
