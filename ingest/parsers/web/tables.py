"""Tables of web pages: layout tables are distinguished, and each data table becomes a regular one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from bs4 import Tag

from ingest.parsers.common import GridCell, grid_of, header_of, is_amount, one_line
from ingest.parsers.web.elements import each, role_of

_FEWEST_CELLS = 2
_LONGEST_SPAN = 6
_CELLS = ("td", "th")
_PARTS = ("thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup")
_ROLES = {
    "table": "table", "grid": "table", "treegrid": "table", "row": "tr", "cell": "td", "gridcell": "td",
    "columnheader": "th", "rowheader": "th",
}  # fmt: skip


def plain_tables(content: Tag) -> None:
    """Make every table one that Markdown can hold: a row of column names, then rows of cells, each cell one line.

    Elements that are a table by their roles are one. Tables that only lay out a page become blocks, tables within
    cells become text, cells that reach over several rows or columns stand in all of them, headings over headings are
    one heading, captions stand over their table, and pipes in cells are escaped.
    """
    _tables_by_role(content)
    for table in reversed(content.find_all("table")):  # inner ones first
        if _lays_out(table):
            for part in table.find_all(_PARTS):
                if part.find_parent("table") is table:
                    part.name = "div"
            table.name = "div"
        elif (outer := table.find_parent("table")) is not None and not _lays_out(outer):
            rows = (", ".join(filter(None, map(cell_text, row.find_all(_CELLS)))) for row in table.find_all("tr"))
            table.replace_with(f" {'; '.join(rows)} ")
    for table in content.find_all("table"):
        _rewrite(table)


def cell_text(cell: Tag) -> str:
    """The words of a cell on one line; items of a list are set apart by semicolons."""
    items = cell.find_all("li")
    for item in items[:-1]:
        item.append("; ")
    return one_line(cell.get_text(" ")).replace(" ; ", "; ").removesuffix(";").rstrip()


def _tables_by_role(content: Tag) -> None:
    """Elements with the roles of tables, rows and cells become such."""
    for outer in each(content, lambda tag: tag.name != "table" and _ROLES.get(role_of(tag)) == "table"):
        parts = list(each(outer, lambda tag: role_of(tag) in _ROLES))
        if not any(role_of(part) == "row" for part in parts):
            continue
        for part in [outer, *parts]:
            part.name = _ROLES[role_of(part)]
            for name, attribute in (("aria-colspan", "colspan"), ("aria-rowspan", "rowspan")):
                if part.get(name):
                    part[attribute] = str(part[name])


def _lays_out(table: Tag) -> bool:
    """Whether a table has headings or most of its words in further tables, or has but one cell."""
    words = len(table.get_text())
    inner = sum(len(found.get_text()) for found in table.find_all("table"))
    cells = table.find_all(_CELLS, limit=2)
    headings = table.find(["h1", "h2", "h3", "h4", "h5", "h6"]) is not None
    by_role = str(table.get("role", "")) in ("presentation", "none")
    return by_role or len(cells) < _FEWEST_CELLS or headings or 2 * inner > words


def _rewrite(table: Tag) -> None:
    rows = [cells for row in table.find_all("tr") if (cells := row.find_all(_CELLS))]
    captions = [one_line(caption.get_text(" ")) for caption in table.find_all("caption")]
    grid = grid_of([[_cell(cell) for cell in cells] for cells in rows])
    while len(rows) > 1 and len(rows[0]) == 1 and len(grid[0]) > 1 and not any(grid[0][1:]):  # over the whole width
        captions.append(grid.pop(0)[0])
        del rows[0]
    heads = _count_of_heads(rows, grid)
    header = header_of(grid[:heads]) if heads else [""] * max(map(len, grid), default=0)
    table.clear()
    table.append(_row("th", header))
    table.extend(_row("td", cells) for cells in grid[heads:])
    for caption in filter(None, captions):
        paragraph = Tag(name="p")
        paragraph.append(caption)
        table.insert_before(paragraph)


def _cell(cell: Tag) -> GridCell:
    return GridCell(cell_text(cell), _span(cell, "colspan"), _span(cell, "rowspan"))


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, ""))
    return max(1, int(value)) if value.isdecimal() and len(value) < _LONGEST_SPAN else 1


def _count_of_heads(rows: Sequence[Sequence[Tag]], grid: Sequence[Sequence[str]]) -> int:
    """How many of the first rows name the columns. Without marks the first row does, unless it holds amounts."""
    in_head = [cells[0].find_parent("thead") is not None for cells in rows]
    marked = in_head if any(in_head) else [all(cell.name == "th" for cell in cells) for cells in rows]
    heads = len(list(itertools.takewhile(bool, marked)))
    if heads:
        return heads if heads < len(rows) else 1
    named_rows = any(cells[0].name == "th" for cells in rows)
    return 0 if named_rows or any(map(is_amount, grid[0] if grid else [])) else 1


def _row(name: str, cells: list[str]) -> Tag:
    row = Tag(name="tr")
    row.extend(_cells(name, cells))
    return row


def _cells(name: str, cells: list[str]) -> Iterator[Tag]:
    for text in cells:
        cell = Tag(name=name)
        cell.append(text.replace("|", "\\|"))
        yield cell
