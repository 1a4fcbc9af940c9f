"""The pages of a Word file: at the author's breaks, and at those that Word recorded."""

from __future__ import annotations

from ingest.parsers.ooxml import Element, attribute, child, descendants, full, make, replace_by, short, value
from ingest.parsers.word.drawings import paragraph
from ingest.parsers.word.styles import Styles

PAGE_BREAK = "\ufdd0"  # a character of no script

_MARKS = ("w:br", "w:lastRenderedPageBreak", "w:t")


class PageBreaks:
    """Puts a mark where a page ends, into blocks that come in order."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._just_set = False  # a break that Word saw too: the next of its own is the same

    def section(self, properties: Element) -> list[Element]:
        """What comes before the first block of a section after the first."""
        if value(properties, "w:type", default="nextPage") in ("continuous", "nextColumn"):
            return []
        self._just_set = True
        return self._marks(1)

    def around(self, block: Element) -> tuple[list[Element], list[Element]]:
        """What comes before a block, and after it; the rows of a table get their marks within."""
        if short(block) == "w:tbl":
            return self._in_table(block)
        before, after = self._breaks(block)
        return self._marks(before), self._marks(after)

    def _marks(self, count: int) -> list[Element]:
        return [paragraph(PAGE_BREAK) for _ in range(count)]

    def _in_table(self, table: Element) -> tuple[list[Element], list[Element]]:
        """The marks around a table; a row at which a page begins gets its own, in a cell that holds for no other."""
        before = after = 0
        for index, row in enumerate(table.findall(full("w:tr"))):
            if self._breaks(row) == (0, 0):
                continue
            cells = [cell for cell in row.findall(full("w:tc")) if child(cell, "w:tcPr", "w:vMerge") is None]
            place = next((found for cell in cells for found in descendants(cell, "w:p")), None)
            if index == 0:
                before = 1
            elif place is None:
                after += 1
            else:
                place.insert(1 if child(place, "w:pPr") is not None else 0, make("w:r", make("w:t", text=PAGE_BREAK)))
        return self._marks(before), self._marks(after)

    def _breaks(self, block: Element) -> tuple[int, int]:
        """How many pages end before the first word of a block, and how many later in it."""
        before = int(short(block) == "w:p" and self._styles.begins_page(block))
        self._just_set |= bool(before)
        after, seen = 0, False
        for element in descendants(block, *_MARKS):
            name = short(element)
            if name == "w:t":
                if (element.text or "").strip():
                    seen, self._just_set = True, False
            elif name == "w:lastRenderedPageBreak" or attribute(element, "w:type") == "page":
                again = name == "w:lastRenderedPageBreak" and self._just_set
                self._just_set = name == "w:br"
                replace_by(element)
                before, after = before + (not again and not seen), after + (not again and seen)
        return before, after
