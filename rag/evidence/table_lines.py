"""The lines of a table that stand over one of its rows.

A table of a report goes on below an empty line with the heading of its next section, and several tables may stand in
one block of lines, each with its own header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text import BAR, cells_in, goes_on_with_header, has_values, is_rule, is_value
from rag.types import Chunk

YEARS = re.compile(r"\b(?:1[89]|20)\d\d\b|\bFY\s?'?\d\d\b")
_LINES = re.compile(r"[^\n]+")
_MOST_LINES, _LONGEST_SECTION, _MOST_BLOCKS = 60, 9, 8


@dataclass(frozen=True, slots=True)
class Line:
    """A line; `start` and `end` are its place in the text of the chunk, None for a line of the chunk's context."""

    text: str
    start: int | None = None
    end: int | None = None


def header_and_body(lines: Sequence[Line]) -> tuple[list[list[str]], list[str], bool]:
    """The rows of the table's header, as cells; the lines after it; and whether a rule ends the header.

    Markdown has one row over the rule; a second may stand under it: `Sales | | Costs | `, then `2022 | 2021 | …`.
    """
    texts = [line.text for line in lines]
    rule = next((at for at, text in enumerate(texts) if is_rule(text)), None)
    end = rule
    if rule == 1 and len(texts) > 2 and goes_on_with_header(texts[0], texts[2]):  # noqa: PLR2004
        return [cells_in(texts[0]), cells_in(texts[2])], texts[3:], True
    if end is None:
        end = next((at for at, text in enumerate(texts) if has_values(cells_in(text))), len(texts))
        if end and _opens_section(texts[:end]):
            end -= 1
    return [cells_in(text) for text in texts[:end]], texts[end:], rule is not None


def lines_over(chunk: Chunk, start: int) -> list[Line]:
    """The lines of the table that stand over the row at `start`, from its header on.

    A chunk that was cut out of a table has the header in its context. A block of lines without a header goes on with
    the nearest one above whose last row has as many cells, if only headings of sections stand between them.
    """
    return _over(chunk, start, blocks=_MOST_BLOCKS)


def _over(chunk: Chunk, start: int, *, blocks: int) -> list[Line]:
    begin = _block(chunk, start)
    own = [Line(line[0], *line.span()) for line in _LINES.finditer(chunk.text, begin, start) if line[0].strip()]
    own = own[-_MOST_LINES:]
    context = [Line(text) for text in chunk.context.splitlines()] if begin == 0 else []
    lines = _of_this_table([*context, *own])
    if begin and blocks and not any(len(cells) > 1 for cells in header_and_body(lines)[0]):
        row = _LINES.search(chunk.text, start)
        lines = [*_goes_on(chunk, begin, len(cells_in(row[0])) if row else 0, blocks), *lines]
    return lines


def _goes_on(chunk: Chunk, begin: int, cells: int, blocks: int) -> list[Line]:
    """The lines of the table above a block that goes on with it, and the headings between them; else none."""
    sections: list[Line] = []
    for _ in range(blocks):
        end, begin = begin, _block(chunk, max(0, begin - 1))
        lines = [Line(line[0], *line.span()) for line in _LINES.finditer(chunk.text, begin, end) if line[0].strip()]
        if lines and len(cells_in(lines[-1].text)) == cells > 1:
            last = lines[-1]
            assert last.start is not None
            return [*_over(chunk, last.start, blocks=blocks - 1), last, *sections]
        if end == 0 or not all(_is_section(line.text) for line in lines):
            return []
        sections = [*lines, *sections]
    return []


def _is_section(line: str) -> bool:
    """Whether a line may be the heading of a section of a table: short, in one cell, and no sentence or lead-in."""
    return BAR not in line and len(line.split()) <= _LONGEST_SECTION and not line.rstrip().endswith((".", ";", ":"))


def _of_this_table(lines: Sequence[Line]) -> list[Line]:
    """The lines without those of the tables above, where a row of years begins a new table below values.

    The lines between the last values and the years, such as a caption, belong to the new table.
    """
    rows = [cells_in(line.text) for line in lines]
    years = [at for at, cells in enumerate(rows) if len(cells) > 1 and all(map(_is_year_heading, cells[1:]))]
    above = [at for at, cells in enumerate(rows) if years and at < years[-1] and has_values(cells)]
    return list(lines[above[-1] + 1 if above else 0 :])


def _is_year_heading(cell: str) -> bool:
    return bool(YEARS.search(cell)) and not is_value(cell)


def _block(chunk: Chunk, start: int) -> int:
    """Where the run of lines without an empty one begins that goes up to `start`."""
    before = chunk.text[:start]
    return max(before.rfind("\n\n"), before.rfind("\n \n")) + 1


def _opens_section(header: Sequence[str]) -> bool:
    """Whether the last line over the first row with values stands over no column: `Net sales:` below the years."""
    *above, last = (cells_in(line) for line in header)
    return len(last) == 1 and last[0].endswith(":") and any(len(row) > 1 for row in above)
