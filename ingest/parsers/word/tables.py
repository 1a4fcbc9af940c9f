"""Regular tables of a Word file: every row starts in the first column, headers are marked as such."""

from __future__ import annotations

from dataclasses import replace

from ingest.parsers.common import GridCell, count_of_heads, one_line
from ingest.parsers.ooxml import Element, child, descendants, full, make, value, words_of


def fill_rows(root: Element) -> None:
    """Put an empty cell where a row begins further to the right; join cells that old files join by marks."""
    for row in descendants(root, "w:tr"):
        left_out = value(child(row, "w:trPr"), "w:gridBefore")
        cells = row.findall(full("w:tc"))
        if left_out.isdecimal() and int(left_out) and cells:
            span = make("w:tcPr", make("w:gridSpan", val=left_out))
            cells[0].addprevious(make("w:tc", span, make("w:p")))
        _join(cells)


def _join(cells: list[Element]) -> None:
    """Cells marked as a continuation of the one to their left (`w:hMerge`) become part of it."""
    wide: Element = None
    for cell in cells:
        mark = child(cell, "w:tcPr", "w:hMerge")
        if mark is None:
            wide = None
        elif value(child(cell, "w:tcPr"), "w:hMerge") == "restart" or wide is None:
            wide = cell
        else:
            properties: Element = child(wide, "w:tcPr")
            span = child(properties, "w:gridSpan")
            if span is None:
                span = make("w:gridSpan", val="1")
                properties.append(span)
            span.set(full("w:val"), str(int(value(properties, "w:gridSpan", default="1")) + 1))
            cell.getparent().remove(cell)


def mark_headings(root: Element) -> None:
    """Mark the rows that name the columns, in tables whose author marked none and whose cells reach over others."""
    for table in descendants(root, "w:tbl"):
        rows = table.findall(full("w:tr"))
        if any(child(row, "w:trPr", "w:tblHeader") is not None for row in rows):
            continue
        heads = count_of_heads(_grid_cells(rows))
        for row in rows[:heads] if heads > 1 else ():
            properties = child(row, "w:trPr")
            if properties is None:
                properties = make("w:trPr")
                row.insert(0, properties)
            properties.append(make("w:tblHeader"))


def _grid_cells(rows: list[Element]) -> list[list[GridCell]]:
    """The cells of the rows, without those that belong to a cell above."""
    found: list[list[GridCell]] = []
    above: dict[int, tuple[int, int]] = {}  # where the cell that reaches down in a column is in `found`
    for number, row in enumerate(rows):
        found.append([])
        column = 0
        for cell in row.findall(full("w:tc")):
            properties = child(cell, "w:tcPr")
            span = value(properties, "w:gridSpan", default="1")
            columns = int(span) if span.isdecimal() else 1
            merged = child(properties, "w:vMerge") is not None
            if merged and value(properties, "w:vMerge") != "restart" and column in above:
                line, place = above[column]
                found[line][place] = replace(found[line][place], rows=found[line][place].rows + 1)
            else:
                above[column] = (number, len(found[-1]))
                found[-1].append(GridCell(one_line("".join(words_of(cell, "w:t"))), columns))
            column += columns
    return found
