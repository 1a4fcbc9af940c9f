"""Tables of a whole printed file: their title, and the header of one that goes on from the page before. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.parsers.common import Table
from ingest.parsers.layout.reflow import Paragraph, Reflowed
from ingest.parsers.layout.tables import Grid

_LONGEST_TITLE = 160
_UNIT = re.compile(r"\([^()]*\bin\s+(?:thousands|millions|billions)\b[^()]*\)", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_MOST_UNIT_LINES = 3
_SAME_COLUMN_PT = 12
_NOTES_AFTER = 2
_MOST_LABELS, _LONGEST_LABEL = 1, 60


@dataclass(frozen=True, slots=True)
class _Headed:
    """A table with its whole header and, of that, the names of its columns."""

    grid: Grid
    header: str
    names: str


def placed_tables(pages: Mapping[int, Reflowed]) -> tuple[Table, ...]:
    """The tables in reading order, each with the title above it and the names of its columns.

    A table without names takes over those of one with the same columns: of the table that ends the page before it, or
    of one from which only the label of a section parts it.
    """
    tables: list[Table] = []
    last: _Headed | None = None
    ends_open = False
    for number, page in pages.items():
        above: tuple[int, _Headed] | None = None
        for index, part in enumerate(page.paragraphs):
            if part.grid is None:
                continue
            title, names, body = _title_above(page, index), part.grid.header, part.body
            header = "\n".join(one for one in (title, names) if one)
            if last and above is None and _goes_on_from(last.grid, part.grid, at_edges=index == 0 and ends_open):
                header, names, body = last.header, last.names, part.start
            elif above and _is_section(page, above[0], index) and _goes_on(above[1].grid, part.grid):
                names, body = above[1].names, part.start
                header = "\n".join(one for one in (title, names) if one)
            tables.append(Table(number, part.start, part.end, header, body))
            above = index, _Headed(part.grid, header, names)
        ends_open = above is not None and len(page.paragraphs) - above[0] <= _NOTES_AFTER
        last = above[1] if above else None
    return tuple(tables)


def _goes_on_from(last: Grid, first: Grid, *, at_edges: bool) -> bool:
    """Whether the first table of a page goes on with the last of the page before: where it is known, or looks so."""
    return first.continued or (at_edges and _goes_on(last, first))


def _is_section(page: Reflowed, above: int, below: int) -> bool:
    """Whether no more than a label stands between two tables of a page."""
    between = page.paragraphs[above + 1 : below]
    return len(between) <= _MOST_LABELS and all(
        part.end - part.start <= _LONGEST_LABEL and page.text[part.end - 1 : part.end] != "." for part in between
    )


def _goes_on(above: Grid, below: Grid) -> bool:
    """Whether a table at the top of a page has no header of its own and the columns of the one before it."""
    headless = not below.names or (below.guessed and below.names != above.names)
    return headless and _same_columns(above, below)


def _same_columns(above: Grid, below: Grid) -> bool:
    if len(above.columns) != len(below.columns):
        return False
    return all(abs(a[1] - b[1]) <= _SAME_COLUMN_PT for a, b in zip(above.columns, below.columns, strict=True))


def _title_above(page: Reflowed, index: int) -> str:
    """The title above a table, with its units."""
    units: list[str] = []
    title = ""
    for part in reversed(page.paragraphs[max(0, index - _MOST_UNIT_LINES) : index]):
        text = page.text[part.start : part.end]
        if part.grid:
            break
        if not _IN_BRACKETS.fullmatch(text):
            title = _title(part, text)
            break
        units.insert(0, text)
    return " ".join(part for part in (title, *units) if part)


def _title(part: Paragraph, text: str) -> str:
    """A short line, or a sentence that announces the table; of a longer one its unit."""
    if len(text) <= _LONGEST_TITLE and not text.endswith((".", ";", ",")):
        return text
    unit = _UNIT.search(text)
    return unit[0] if unit else ""
