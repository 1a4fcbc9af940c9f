"""Tables of a Word file made regular: every row begins in the first column."""

from __future__ import annotations

from ingest.parsers.ooxml import Element, child, descendants, full, make, value


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
