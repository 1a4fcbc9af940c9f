"""Changes beside which a sentence tells the new value alone: `rose by $19 million, or 20%, to $113 million`.

The new value is a cell whose row and column the sentence names. The old one is in the same row: that of the same period
a year earlier, or of the only earlier date. The change has to follow from both, to its digits and in its direction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.arithmetic import Token
from rag.evidence import EvidencePool, Row
from rag.figures.cell_naming import Cell, row_of
from rag.figures.implied import (
    Implied,
    Named,
    Numbered,
    figure_of,
    names_no_other_period,
    said_of,
    scale_of,
    value_of,
    written_as,
)
from rag.text import FALLS, RISES, Quantity, content_stems, degree_of, direction_of, is_currency, told_period

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_OF_A_DATE = re.compile(r"\byear[- ]end\b|\b(?:end|beginning|start) of\b|\bsince\b|\bDecember\b", re.IGNORECASE)
_OF_A_YEAR = re.compile(
    r"\byear[- ](?:over[- ]year|on[- ]year|ago|earlier)|\bYoY\b|\bprior[- ]year|\b(?:previous|last) year"
    r"|\bsame (?:quarter|period)",
    re.IGNORECASE,
)
_OF_ANOTHER_SPAN = re.compile(
    r"\bsequential|\b(?:prior|previous|preceding|last|(?:quarter|month)[- ]over)[- ](?:quarter|month)"
    r"|\b(?:QoQ|MoM)\b|\baverag|\beach\b|\bevery\b|\bannually\b|\bper (?:year|quarter|month|week)"
    r"|\ban? (?:year|quarter|month|week)\b(?!,? (?:ago|earlier|before))|\b(?:month|week) before",
    re.IGNORECASE,
)
_OF_A_SPAN = re.compile(r"\b(?:quarters?|months?|weeks?|days?|half)\b", re.IGNORECASE)
_SINCE = frozenset(content_stems("year end year-end beginning start since"))
"""Words for the date of an earlier value."""
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Level:
    """A value of a row that a sentence names, the row's figures of then and of before, and the scale of both."""

    number: Quantity
    row: Row
    column: int
    old_column: int
    new: Decimal
    old: Decimal
    scale: Decimal

    @property
    def old_text(self) -> str:
        """The earlier value as the sentence would write it."""
        digits = figure_of(self.row, self.old_column)
        return written_as(self.number, digits, self.scale)


def row_changes(
    text: str, numbers: Sequence[Numbered], named: Sequence[Named], pool: EvidencePool
) -> Iterator[Implied]:
    """Those of the numbers of a text that are changes of the rows of its named cells."""
    levels = list(_levels(text, named, pool))
    for match, token in numbers:
        found = [each for each in levels if _gives(each, token, text, match)]
        if len({(each.row.label, each.old_column) for each in found}) == 1:
            level = found[0]
            yield Implied(
                match.start(),
                match.end(),
                level.old_text,
                _formula(level, token),
                (
                    said_of(level.row, level.old_column, level.old_text),
                    said_of(level.row, level.column, level.number.text),
                ),
                (RISES if level.new > level.old else FALLS) | degree_of(level.old, level.new) | _SINCE,
            )


def _levels(text: str, named: Sequence[Named], pool: EvidencePool) -> Iterator[_Level]:
    """The values that a text names as cells, each with those that come before it in its row."""
    for number, cell in named:
        for column in _earlier_columns(cell, text, pool):
            yield from _level(number, row_of(cell.index, pool), cell.column, column)


def _level(number: Quantity, row: Row, column: int, old_column: int) -> Iterator[_Level]:
    new, old = value_of(row, column), value_of(row, old_column)
    scale = None if new is None else scale_of(number, new)
    if new is not None and old is not None and scale is not None and new != old:
        yield _Level(number, row, column, old_column, new, old, scale)


def _earlier_columns(cell: Cell, text: str, pool: EvidencePool) -> Iterator[int]:
    """The columns of a row with which a text may compare one of them."""
    row, over = row_of(cell.index, pool), pool.over(cell.index)
    heading = row.headings[cell.column]
    if _OF_ANOTHER_SPAN.search(text):
        return
    a_year_before = _YEAR.sub(lambda match: str(int(match[0]) - 1), heading)
    if a_year_before != heading and not _OF_A_DATE.search(text):
        found = [at for at, each in enumerate(row.headings) if each == a_year_before]
        yield from (at for at in found if names_no_other_period(text, cell.index, (cell.column, at), pool))
    own = told_period(heading, over)
    if own.day is None or own.months is not None or _OF_A_YEAR.search(text) or _OF_A_SPAN.search(text):
        return
    periods = [(at, told_period(each, over)) for at, each in enumerate(row.headings) if each != a_year_before]
    dates = [(at, each) for at, each in periods if each.day is not None and each.months is None and each != own]
    if (
        len(dates) == 1
        and (dates[0][1].year or 0) < (own.year or 0)
        and names_no_other_period(text, cell.index, (cell.column, dates[0][0]), pool)
    ):
        yield dates[0][0]


def _gives(level: _Level, token: Token, text: str, match: re.Match[str]) -> bool:
    """Whether a number is the change of a row, in the direction that the text tells."""
    rises = level.new > level.old
    way = direction_of(text) or direction_of(text[: match.end()])
    if way != (1 if rises else -1) or match["minus"] is not None:
        return False
    gap, of_money = abs(level.new - level.old), is_currency(level.number.unit)
    if level.number.unit == "%":
        return bool(token.kind.points) and token.comes_from(gap * token.kind.points, has_scale=False)
    if token.kind.is_percent:
        return token.comes_from(gap / level.old * _HUNDRED, has_scale=False) if level.old else False
    alike = bool(token.kind.currency) is of_money and not token.kind.points
    return alike and token.comes_from(gap * level.scale, has_scale=True)


def _formula(level: _Level, token: Token) -> str:
    new, old = level.number.text, level.old_text
    high, low = (new, old) if level.new > level.old else (old, new)
    return f"({high} - {low}) / {old}" if token.kind.is_percent else f"{high} - {low}"
