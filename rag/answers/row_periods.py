"""The period of a table row, where a cell tells it rather than a heading: `North | Q3 | 130` below `Quarter`.

English only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rag.evidence import Row
from rag.text import Period, asked_periods, is_value, tokens

_OF_TIME = frozenset(
    "year years fy quarter quarters month months date dates day days period periods season when time fiscal financial "
    "calendar".split()
)


@dataclass(frozen=True, slots=True)
class RowPeriod:
    """The period that a row is of, and the positions of the values that tell it."""

    period: Period
    told_at: frozenset[int]

    def of_column(self, column: Period) -> Period:
        """The period of a cell in a column of a period: `Q3` below `2024`; what the column tells goes before."""
        if not column.is_told:
            return self.period
        joins = self.period.year is None and column == Period(year=column.year)
        return column.within(self.period) if joins else column


def period_of_cell(cell: str) -> Period | None:
    """The period that a cell is; None where it is none, says more, or can be read in two ways."""
    found, rest = asked_periods(cell)
    return found[0] if len(found) == 1 and not rest.strip() else None


def differing(rows: Iterable[Row]) -> dict[tuple[str, tuple[str, ...]], frozenset[int]]:
    """By label and headings, the positions of the words, dates and periods that tell rows of one label apart."""
    cells: dict[tuple[str, tuple[str, ...]], list[set[str]]] = {}
    for row in rows:
        known = cells.setdefault((row.label, row.headings), [set() for _ in row.values])
        for at, cell in enumerate(row.values):
            known[at] |= {cell} if _is_told(cell) else set()
    return {
        key: frozenset(at for at, different in enumerate(known) if len(different) > 1) for key, known in cells.items()
    }


def row_period(row: Row, differs: Collection[int]) -> RowPeriod:
    """The period that the cells of a row tell together: `2024` and `Q3`; none where they tell several.

    A date may be of something else, such as a birth. It is the row's period below a heading of time alone, or where it
    tells the row from others with its label (`differs`).
    """
    told = {at: found for at, cell in enumerate(row.values) if (found := period_of_cell(cell)) is not None}
    kept = {at: found for at, found in told.items() if at in differs or set(tokens(row.headings[at])) <= _OF_TIME}
    labelled = period_of_cell(row.label)
    merged = _merged([*kept.values(), *([labelled] if labelled is not None else [])])
    return RowPeriod(Period(), frozenset()) if merged is None else RowPeriod(merged, frozenset(kept))


def _is_told(cell: str) -> bool:
    return not is_value(cell) and any(map(str.isalnum, cell))


def _merged(periods: Sequence[Period]) -> Period | None:
    """One period of parts that do not contradict each other; None where they do, or there are none."""
    if not periods:
        return None
    whole = Period()
    for period in periods:
        whole = whole.within(period)
    return whole if all(period.within(whole) == whole for period in periods) else None
