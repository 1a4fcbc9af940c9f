"""Tables of a whole printed file: their title, and the header of one that goes on from the page before. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ingest.parsers.common import Table
from ingest.parsers.layout.reflow import Paragraph, Reflowed
from ingest.parsers.layout.tables import Grid

_LONGEST_TITLE = 160
_UNIT = re.compile(r"\([^()]*\bin\s+(?:thousands|millions|billions)\b[^()]*\)", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_MOST_UNIT_LINES = 3
_SAME_COLUMN_PT = 12
_NOTES_AFTER = 2


def placed_tables(pages: Mapping[int, Reflowed]) -> tuple[Table, ...]:
    """The tables in reading order, each with the title above it and the names of its columns."""
    tables: list[Table] = []
    last: tuple[Grid, str] | None = None
    for number, page in pages.items():
        ends_open: tuple[Grid, str] | None = None
        for index, part in enumerate(page.paragraphs):
            if part.grid is None:
                continue
            header = _header(page, index, part.grid)
            if index == 0 and last and not part.grid.names and _same_columns(last[0], part.grid):
                header = last[1]
            tables.append(Table(number, part.start, part.end, header, part.body))
            ends_open = (part.grid, header) if len(page.paragraphs) - index <= _NOTES_AFTER else None
        last = ends_open
    return tuple(tables)


def _same_columns(above: Grid, below: Grid) -> bool:
    if len(above.columns) != len(below.columns):
        return False
    return all(abs(a[1] - b[1]) <= _SAME_COLUMN_PT for a, b in zip(above.columns, below.columns, strict=True))


def _header(page: Reflowed, index: int, grid: Grid) -> str:
    """The title above a table, then the names of its columns on a line of their own."""
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
    parts = [part for part in (title, *units) if part]
    return "\n".join(part for part in (" ".join(parts), grid.header) if part)


def _title(part: Paragraph, text: str) -> str:
    """A short line, or a sentence that announces the table; of a longer one its unit."""
    if len(text) <= _LONGEST_TITLE and not text.endswith((".", ";", ",")):
        return text
    unit = _UNIT.search(text)
    return unit[0] if unit else ""
