"""The styles of a Word file: struck text, superscripts, headings."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.parsers.ooxml import Element, attribute, child, descendants, is_on, value

_DEEPEST = 12
_RAISED_HALF_POINTS, _SMALL_HALF_POINTS = 4, 2  # the latter of a run with a size of its own
_LOWEST_HEADING = 6
_PLACES = ("superscript", "subscript", "baseline")


class Styles:
    """The styles of a file by their id; of a file without any, `Styles(None)`."""

    def __init__(self, root: Element | None) -> None:
        found = () if root is None else descendants(root, "w:style")
        self._styles = {attribute(style, "w:styleId"): style for style in found}

    def is_struck(self, run: Element, paragraph: Element) -> bool:
        """Whether the words of a run are struck through, once or twice."""
        return self._is_switched(run, paragraph, "w:strike", "w:dstrike")

    def is_hidden(self, run: Element, paragraph: Element) -> bool:
        """Whether the words of a run are shown nowhere."""
        return self._is_switched(run, paragraph, "w:vanish")

    def _is_switched(self, run: Element, paragraph: Element, *names: str) -> bool:
        for properties in self._properties(run, paragraph):
            switches = [found for name in names if (found := child(properties, name)) is not None]
            if switches:
                return any(map(is_on, switches))
        return False

    def vertical(self, run: Element) -> str:
        """`superscript` or `subscript`, when a run is raised or lowered."""
        for properties in self._properties(run, None):
            place = value(properties, "w:vertAlign")
            if place in _PLACES:
                return "" if place == "baseline" else place
            moved = value(properties, "w:position")
            least = _SMALL_HALF_POINTS if child(properties, "w:sz") is not None else _RAISED_HALF_POINTS
            if moved.lstrip("-").isdecimal() and abs(int(moved)) >= least:
                return "superscript" if int(moved) > 0 else "subscript"
        return ""

    def heading_level(self, paragraph: Element) -> int | None:
        """The level (from 1) of a paragraph that the outline counts as a heading."""
        properties = child(paragraph, "w:pPr")
        for one in (properties, *(child(style, "w:pPr") for style in self.chain(value(properties, "w:pStyle")))):
            level = value(one, "w:outlineLvl")
            if level.isdecimal():
                return int(level) + 1 if int(level) < _LOWEST_HEADING else None
        return None

    def begins_page(self, paragraph: Element) -> bool:
        """Whether a paragraph is to stand at the top of a page."""
        properties = child(paragraph, "w:pPr")
        sources = (properties, *(child(style, "w:pPr") for style in self.chain(value(properties, "w:pStyle"))))
        switch = next((found for one in sources if (found := child(one, "w:pageBreakBefore")) is not None), None)
        return is_on(switch)

    def numbering(self, paragraph: Element) -> tuple[str, str]:
        """The list that a paragraph belongs to (`w:numId`) and its level there; empty when it belongs to none."""
        properties = child(paragraph, "w:pPr")
        sources = (properties, *(child(style, "w:pPr") for style in self.chain(value(properties, "w:pStyle"))))
        listed = [found for one in sources if (found := child(one, "w:numPr")) is not None]
        number = next((found for one in listed if (found := value(one, "w:numId"))), "")
        level = next((found for one in listed if (found := value(one, "w:ilvl"))), "0")
        return ("", "") if number in ("", "0") else (number, level)

    def style_id(self, paragraph: Element) -> str:
        """The id of a paragraph's style."""
        return value(child(paragraph, "w:pPr"), "w:pStyle")

    def chain(self, identity: str) -> Iterator[Element]:
        """A style, the one that it is based on, and so on."""
        for _ in range(_DEEPEST):
            style = self._styles.get(identity)
            if style is None:
                return
            yield style
            identity = value(style, "w:basedOn")

    def _properties(self, run: Element, paragraph: Element | None) -> Iterator[Element]:
        """What is said of a run's words: by itself, by its style, by the style of its paragraph."""
        own = child(run, "w:rPr")
        styles = [*self.chain(value(own, "w:rStyle"))]
        if paragraph is not None:
            styles.extend(self.chain(value(child(paragraph, "w:pPr"), "w:pStyle")))
        yield from (one for one in (own, *(child(style, "w:rPr") for style in styles)) if one is not None)
