"""Series of numbers: ranges, lists and table rows, which share units and have bounds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.text.quantities.context import CHANGES, REACH
from rag.text.quantities.values import Quantity

_TO = re.compile(r"\s?(?:-|–|—|−|~|…|\.\.\.?)\s?|\s(?:(?:up )?to|through|bis|à|a|hasta)\s")
_AND = re.compile(r"\s(?:and|und|et|y)\s")
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre)\b[^.;]{0,20}$", re.IGNORECASE)
_BY = re.compile(
    r"(?<!\bis )(?<!\bare )(?<!\bbe )(?<!\bbeen )\b(?:rose|fell|grew|climbed|declined|dropped|slipped|shrank|increased"
    r"|decreased|improved|widened|narrowed)\s+by\s+(?:(?:about|approximately|roughly|around|nearly)\s+)?$",
    re.IGNORECASE,
)
_WIDE = 3
_LISTED = re.compile(r"\s?(?:,|/|\||x|×|\bto\b|\bor\b|\band\b|\bby\b|, and|, or|-|–)\s?")
_ROW = re.compile(r"[\s|()]*")
_MARKED = re.compile(r"[^\W\d]*[$€£¥]")
"""An amount behind its currency sign."""
_YEARS = range(1500, 2100)
_CHANGE_REACH = 160
"""Characters before a range in which it may be said to be a change: `grew ($5 - $4) / $4 in 2022, from $4 to $5`."""


def joined(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Quantities with what neighbours lend each other: a range its bounds, a list its unit, a row its currency."""
    done: list[Quantity] = []
    for each in found:
        quantity = each
        if done:
            between = text[done[-1].end : quantity.start]
            first, quantity = _pair(text, done[-1], quantity, between)
            done[-1] = first
        done.append(quantity)
    return _units_of_lists(text, done)


def _pair(text: str, first: Quantity, second: Quantity, between: str) -> tuple[Quantity, Quantity]:
    window = text[max(0, first.start - REACH) : first.start]
    spans = _TO.fullmatch(between) or (_AND.fullmatch(between) and _BETWEEN.search(window))
    if spans:
        return _range(
            first,
            second,
            changes=CHANGES.search(text[max(0, first.start - _CHANGE_REACH) : first.start]) is not None
            or _is_by_to(window, first, second),
        )
    if _ROW.fullmatch(between) and (second.in_table or between.isspace()):
        return first, _along_row(first, second)
    return first, second


def _is_by_to(window: str, first: Quantity, second: Quantity) -> bool:
    """`rose by 2 million to 30 million`, which is no range: it would be a wide one."""
    return _BY.search(window) is not None and second.value > _WIDE * first.value


def _range(first: Quantity, second: Quantity, *, changes: bool) -> tuple[Quantity, Quantity]:
    """The ends of a range: the first takes the unit and magnitude of the second where it has none.

    `from 5 million in 2022 to 6 million` is none: a year is an end of years alone.
    """
    if _is_year(first) and not _is_year(second):
        return first, second
    if not first.unit or (first.unit == second.unit and first.value < second.value / second.magnitude):
        first = _in_terms_of(first, second)
    elif not second.unit:
        second = replace(second, unit=first.unit, per=first.per)
    rises = first.value * (first.sign or 1) < second.value * (second.sign or 1)
    if changes or not rises or first.unit != second.unit or _is_year(first) or _is_year(second):
        return first, second
    return replace(first, bound="≥", soft=False), replace(second, bound="≤", soft=False)


def _in_terms_of(first: Quantity, second: Quantity) -> Quantity:
    """`5` in `5-10 million km`: the unit and magnitude of the range's end."""
    power = second.magnitude if first.magnitude == 1 and first.value < second.value else 1
    return replace(
        first,
        value=first.value * power,
        step=first.step * power,
        coarse_step=first.coarse_step * power,
        magnitude=first.magnitude * power,
        unit=second.unit,
        per=second.per or first.per,
    )


def _along_row(first: Quantity, second: Quantity) -> Quantity:
    lent = first.unit if first.unit and not second.unit and not second.of else ""
    return replace(
        second,
        direction=second.direction or first.direction,
        unit=second.unit or lent,
        shared=second.shared or bool(lent),
    )


def _units_of_lists(text: str, found: list[Quantity]) -> list[Quantity]:
    """`5, 10 or 20 mg`: each of them in milligrams; not the year of `$5 in 2022, $6 in 2021`."""
    for index in range(len(found) - 2, -1, -1):
        here, after = found[index], found[index + 1]
        listed = not here.unit and after.unit and not here.of and _LISTED.fullmatch(text[here.end : after.start])
        if listed and not (_is_year(here) and _MARKED.match(after.text)):
            found[index] = replace(here, unit=after.unit, per=here.per or after.per, shared=True)
    return found


def _is_year(quantity: Quantity) -> bool:
    whole = not quantity.unit and quantity.value == int(quantity.value) and "," not in quantity.text
    return whole and int(quantity.value) in _YEARS
