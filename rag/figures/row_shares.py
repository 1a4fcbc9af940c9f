"""Shares of which a sentence tells the part alone: `capital expenditures were $28 million, or 2.8% of net sales`.

The whole is the cell of the row that the sentence names after *of*, under the heading of the part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.arithmetic import Token
from rag.evidence import EvidencePool
from rag.figures.cell_naming import Cell, naming_stems, row_of, rows_called
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
from rag.text import Quantity, is_currency

_OF = re.compile(
    r"\s+of\s+(?:(?:the|its|our|their|company['’]s|all)\s+)*(?P<name>[A-Za-z][A-Za-z&'’ -]*?)"
    r"(?=\s+(?:in|for|at|as|during|versus|compared|down|up|from|and|but|while|on)\b|\s*[,.;:()]|\s*$)"
)
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Part:
    """An amount of a sentence, its cell and the heading over that, and the figure and scale of the cell."""

    number: Quantity
    cell: Cell
    heading: str
    figure: Decimal
    scale: Decimal


def row_shares(text: str, numbers: Sequence[Numbered], named: Sequence[Named], pool: EvidencePool) -> Iterator[Implied]:
    """Those of the numbers of a text that are the shares of its named cells of others."""
    shares = [
        (match, token, of)
        for match, token in numbers
        if token.kind.is_percent and (of := _OF.match(text, match.end())) is not None
    ]
    parts = list(_parts(text, named, pool)) if shares else []
    for match, token, of in shares:
        rows = list(rows_called(naming_stems(of["name"]), pool))
        found = {
            whole: each
            for part in parts
            for whole, each in _wholes(part, rows or _totals(of["name"], part, pool), match, token, pool)
        }
        if len(found) == 1:
            yield from found.values()


def _parts(text: str, named: Sequence[Named], pool: EvidencePool) -> Iterator[_Part]:
    """The amounts of a text that it names as cells."""
    for number, cell in named:
        if is_currency(number.unit):
            row = row_of(cell.index, pool)
            figure = value_of(row, cell.column, is_spent=True)
            scale = None if figure is None else scale_of(number, figure)
            is_of_its_time = names_no_other_period(text, cell.index, (cell.column,), pool)
            if figure is not None and scale is not None and is_of_its_time:
                yield _Part(number, cell, row.headings[cell.column], figure, scale)


def _totals(name: str, part: _Part, pool: EvidencePool) -> list[int]:
    """The first row after that of a part that is the total of its table, if that is what the whole is called."""
    if name.lower() != "total":
        return []
    chunk = pool.candidates[part.cell.index].chunk
    after = range(part.cell.index + 1, len(pool))
    rows = ((at, pool.row(at)) for at in after if pool.candidates[at].chunk is chunk)
    return [at for at, row in rows if row is not None and row.label.lower().startswith("total")][:1]


def _wholes(
    part: _Part, rows: Sequence[int], match: re.Match[str], token: Token, pool: EvidencePool
) -> Iterator[tuple[str, Implied]]:
    """The cell under the heading of a part of which it is the share that is told, as the sentence would write it.

    Of several rows of the name that differ, that of the part's own table.
    """
    cells = [
        (index, column, value)
        for index in rows
        for column, heading in enumerate(row_of(index, pool).headings)
        if heading == part.heading and (value := value_of(row_of(index, pool), column))
    ]
    if len({value for _, _, value in cells}) > 1:
        own = pool.candidates[part.cell.index].chunk
        cells = [each for each in cells if pool.candidates[each[0]].chunk is own]
    if len({value for _, _, value in cells}) != 1:
        return
    index, column, whole = cells[0]
    if token.comes_from(part.figure / whole * _HUNDRED, has_scale=False):
        row = row_of(index, pool)
        operand = written_as(part.number, figure_of(row, column), part.scale)
        told = (said_of(row, column, operand),)
        yield operand, Implied(match.start(), match.end(), operand, f"{part.number.text} / {operand}", told)
