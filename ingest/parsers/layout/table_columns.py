"""The columns of a printed table, and which of them each header cell names. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.parsers.layout.cells import Row, Span, overlap, span_of

_UNCOVERED_PT = 25
_NOT_UNDER_PT = 20
_MOST_COLUMNS = 40


def columns_of(rows: Sequence[Row], edge: float) -> list[Span]:
    """Where the columns of figures stand: those of the fullest row, as wide as their widest cell."""
    values = [[span_of(cell) for cell in row if cell[-1].right > edge - 1] for row in rows]
    columns = max(values, key=len)
    for spans in values:
        for span in spans:
            overlaps = [overlap(span, column) for column in columns]
            best = max(range(len(columns)), key=lambda index: overlaps[index])
            if sum(overlap > 0 for overlap in overlaps) == 1:
                columns[best] = (min(span[0], columns[best][0]), max(span[1], columns[best][1]))
    return columns


def dealt_columns(cells: Sequence[Span], columns: Sequence[Span], groups: frozenset[int]) -> list[range]:
    """For each cell of a header line, in order, the columns it stands over.

    Neighbouring columns are dealt out so that the middle of each cell is as near as can be to the middle of its
    columns. A column left out costs `_UNCOVERED_PT` and one that a cell does not reach `_NOT_UNDER_PT`, so that a
    title in the middle over several columns names them all. What stands under a title over several columns stays
    within them: no range runs over the column numbers in `groups`, at which such a title begins or ends.
    """
    if len(cells) > len(columns) or len(columns) > _MOST_COLUMNS:
        return [_nearest(cell, columns) for cell in cells]
    best: dict[tuple[int, int], tuple[float, tuple[range, ...]]] = {(0, 0): (0.0, ())}
    for used in range(len(columns) + 1):
        for done in range(len(cells) + 1):
            if (done, used) not in best:
                continue
            cost, dealt = best[done, used]
            steps = [(done, used + 1, cost + _UNCOVERED_PT, dealt)] if used < len(columns) else []
            if done < len(cells):
                edge = min((group for group in groups if group > used), default=len(columns))
                for stop in range(used + 1, edge + 1):
                    middle = (columns[used][0] + columns[stop - 1][1]) / 2
                    off = abs(middle - sum(cells[done]) / 2)
                    if stop - used > 1:
                        off += _NOT_UNDER_PT * sum(overlap(cells[done], one) <= 0 for one in columns[used:stop])
                    steps.append((done + 1, stop, cost + off, (*dealt, range(used, stop))))
            for cells_done, columns_used, total, ranges in steps:
                known = best.get((cells_done, columns_used))
                if known is None or total < known[0]:
                    best[cells_done, columns_used] = (total, ranges)
    return list(best[len(cells), len(columns)][1])


def _nearest(cell: Span, columns: Sequence[Span]) -> range:
    best = max(range(len(columns)), key=lambda index: overlap(cell, columns[index]))
    return range(best, best + 1)
