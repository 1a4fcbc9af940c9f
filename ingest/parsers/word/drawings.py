"""Drawings of a Word file: text boxes, charts, diagrams, pictures, embedded objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ingest.parsers.common import one_line
from ingest.parsers.ooxml import (
    DAMAGE,
    Element,
    Package,
    Place,
    Run,
    attribute,
    child,
    descendants,
    description_of,
    full,
    make,
    read_chart,
    read_diagram,
    replace_by,
    short,
    value,
    written,
)

_FLOATING = ("w:drawing", "w:pict", "w:object")
_PLACES: Mapping[str, Place] = {"superscript": "raised", "subscript": "lowered"}
_PICTURES = ("pic:pic", "v:imagedata")


class Drawings:
    """Takes what floats out of the blocks of a part; counts by name what cannot be read."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        self.unread: Counter[str] = Counter()
        self.tables = 0

    def lift(self, block: Element) -> list[Element]:
        """The blocks that come after this one: the texts that float in it, and charts and diagrams in words."""
        after: list[Element] = []
        floating = [
            element
            for element in descendants(block, *_FLOATING)
            if not any(short(above) in _FLOATING for above in element.iterancestors())
        ]
        for element in floating:
            after.extend(self._blocks(element))
            replace_by(element)
        return after

    def _blocks(self, element: Element) -> Iterator[Element]:
        boxes = [
            box
            for box in descendants(element, "w:txbxContent")
            if not any(short(above) == "w:txbxContent" for above in box.iterancestors())
        ]
        for box in boxes:
            for inner in list(box):
                box.remove(inner)
                yield inner
                yield from self.lift(inner)
        for chart in descendants(element, "c:chart"):
            yield from self._chart(attribute(chart, "r:id"))
        for diagram in descendants(element, "dgm:relIds"):
            yield from self._diagram(attribute(diagram, "r:dm"))
        if descendants(element, "pic:pic"):
            pictures = (
                description_of(attribute(one, "descr")) for one in descendants(element, "wp:docPr", "pic:cNvPr")
            )
            yield from (paragraph(text) for text in dict.fromkeys(filter(None, pictures)))
        self._count(element)

    def _count(self, element: Element) -> None:
        if short(element) == "w:object":
            self.unread["embedded object(s), such as a spreadsheet or a file"] += 1
        else:
            self.unread["picture(s)"] += len(descendants(element, *_PICTURES))
        self.unread["chart(s) of a kind that is not read"] += len(descendants(element, "cx:chart"))
        if any(attribute(path, "string") for path in descendants(element, "v:textpath")):
            self.unread["watermark(s) or other drawn words"] += 1

    def _chart(self, identity: str) -> Iterator[Element]:
        root = self._linked(identity, "chart(s) that are damaged")
        chart = None if root is None else read_chart(root)
        if chart is None:
            return
        if chart.title:
            yield paragraph(chart.title)
        for rows in chart.tables:
            self.tables += 1
            yield table(rows)
        if not chart.tables:
            self.unread["chart(s) without stored numbers"] += 1

    def _diagram(self, identity: str) -> Iterator[Element]:
        root = self._linked(identity, "diagram(s) that are damaged")
        if root is not None:
            yield from (paragraph(text) for _, text in read_diagram(root))

    def _linked(self, identity: str, loss: str) -> Element | None:
        target = self._package.target(self._part, identity)
        try:
            return None if target is None else self._package.root(target)
        except DAMAGE:
            self.unread[loss] += 1
            return None


def paragraph(*texts: str) -> Element:
    """A paragraph of plain words."""
    return make("w:p", *(make("w:r", make("w:t", text=text)) for text in texts))


def table(rows: Sequence[Sequence[str]]) -> Element:
    """A table of plain words."""
    return make("w:tbl", *(make("w:tr", *(make("w:tc", paragraph(cell)) for cell in row)) for row in rows))


def written_text(element: Element) -> str:
    """The words of a block on one line, with raised and lowered runs as they are meant."""
    runs = [Run(text_of(run), _PLACES.get(value(child(run, "w:rPr"), "w:vertAlign"), "")) for run in _runs(element)]
    return one_line(written(runs)[0])


def _runs(element: Element) -> Iterator[Element]:
    for block in descendants(element, "w:p"):
        yield from descendants(block, "w:r")
        yield make("w:r", make("w:t", text=" "))


def text_of(element: Element) -> str:
    """The words of a block."""
    return "".join(found.text or "" for found in element.iter(full("w:t")))
