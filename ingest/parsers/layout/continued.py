"""Tables that go on over pages: rows at the top of a page that are of the table at the end of the page before. Pure.

    page 1                      page 2
    | Payee  | City | Sum |     Register 2024              at the edges nothing but what stands in the same place of
    | Orlo   | Sarn | 12  |     | Payee | City | Sum |     both pages; the same columns; no header, or the same again,
    | Tessin | Lusk | 7   |     | Brack | Orlo | 9   |     which is left out
    Page 1                      Page 2

Where rules part all cells of the table, its rows on all pages are one table. Of others it is not known where they end:
the rows of the second page only take over the header.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from ingest.parsers.layout.cells import Row, is_number, is_year, text_of
from ingest.parsers.layout.lattices import same_places
from ingest.parsers.layout.printed import Line, Print, line_of
from ingest.parsers.layout.running import line_key
from ingest.parsers.layout.tables import Grid

Item = Line | Grid
"""What a page is made of, in its order."""

_SAME_COLUMN_PT = 12.0
_SAME_PLACE_PT = 2.0


class Joined(NamedTuple):
    """The items of a page, its first table as the rest of one of the page before where it is that.

    `repeated` is the header that was left out; `apart` says that rows may be of the table before and are not joined
    with it; `broken` that the last row there goes on here: the rest of its cells are lines above the others.
    """

    items: list[Item]
    repeated: tuple[str, ...] = ()
    apart: bool = False
    broken: bool = False


def joined(items: Sequence[Item], before: Sequence[Item]) -> Joined:
    """A page after the one before it, each as its items."""
    above = next((item for item in reversed(before) if isinstance(item, Grid)), None)
    below = next((item for item in items if isinstance(item, Grid)), None)
    if above is None or below is None or not _same_columns(above, below) or _parted(above, before, below, items):
        return Joined(list(items))
    again = bool(below.names) and below.names == above.names
    if not again and _has_own_header(below):
        return Joined(list(items))
    rows = below.rows[below.body :] if again else below.rows
    broken = rows[0] if above.closed and len(rows) > 1 and _is_rest(rows[0], above) else ()
    rows = rows[1:] if broken else rows
    whole = above.closed and _are_whole(rows, above) and (again or _is_alike(rows[0], above))
    if whole or not (again or (above.closed and below.names)):
        rest = replace(below, rows=rows, body=0, names=above.names, guessed=False, closed=whole, continued=True)
    else:
        rest = replace(below, closed=False)
    repeated = above.names if again and whole else ()
    lines = [line_of(cell, cell[0].bottom - cell[0].top) for cell in broken if cell] if whole else []
    at = next(place for place, item in enumerate(items) if item is below)
    return Joined([*items[:at], *lines, rest, *items[at + 1 :]], repeated, apart=not whole, broken=bool(lines))


def _same_columns(above: Grid, below: Grid) -> bool:
    """Whether there are as many columns, in the same places: between rules where rules part the table above."""
    if not above.columns or len(above.columns) != len(below.columns):
        return False
    if above.closed:
        return same_places(above.columns, below.columns)
    return all(abs(a[1] - b[1]) <= _SAME_COLUMN_PT for a, b in zip(above.columns, below.columns, strict=True))


def _parted(above: Grid, before: Sequence[Item], below: Grid, items: Sequence[Item]) -> bool:
    """Whether anything stands between two tables, but for what stands in the same place of both pages."""
    bottom, top = _bottom(above), _top(below)
    under = [item for item in before if _bottom(item) > bottom]
    over = [item for item in items if _top(item) < top]
    return not all(_stands_in(item, items) for item in under) or not all(_stands_in(item, before) for item in over)


def _stands_in(item: Item, page: Sequence[Item]) -> bool:
    """Whether the other page has a line in the same place, but for its numbers; a table is no such line."""
    return isinstance(item, Line) and any(
        isinstance(other, Line)
        and abs(item.bottom - other.bottom) <= _SAME_PLACE_PT
        and line_key(item.text) == line_key(other.text)
        for other in page
    )


def _has_own_header(grid: Grid) -> bool:
    """Whether the first rows of a table set themselves off, and name columns: a figure names none."""
    return bool(grid.names) and not grid.guessed and not any(is_number(one) and not is_year(one) for one in grid.names)


def _are_whole(rows: Sequence[Row], above: Grid) -> bool:
    """Whether each of the rows has all cells; empty ones at the top of a page may be those of the row before."""
    return bool(rows) and all(len(row) == len(above.columns) for row in rows) and all(map(text_of, rows[0]))


def _is_rest(row: Row, above: Grid) -> bool:
    """Whether a row holds words that go on from some cells of the last row above, and no figures.

    Nothing is in its first cell, and something in that of each row above: there an empty one means nothing else.
    """
    filled = [at for at, cell in enumerate(row) if cell]
    last, columns = above.rows[-1], len(above.columns)
    if not filled or filled[0] == 0 or len(filled) > columns - 2 or not all(one[0] for one in above.rows):
        return False
    return all(at < len(last) and last[at] and not is_number(text_of(row[at])) for at in filled)


def _is_alike(row: Row, above: Grid) -> bool:
    """Whether a row has a figure in each column that holds nothing else: it may be a header that nothing sets off."""
    columns = zip(row, *above.rows[above.body :], strict=True)
    return all(is_number(text_of(cell)) for cell, *rest in columns if all(is_number(text_of(one)) for one in rest))


def _words(item: Item) -> Sequence[Print]:
    return item.words if isinstance(item, Line) else list(chain.from_iterable(chain.from_iterable(item.rows)))


def _top(item: Item) -> float:
    return min((word.top for word in _words(item)), default=0.0)


def _bottom(item: Item) -> float:
    return max((word.bottom for word in _words(item)), default=0.0)
