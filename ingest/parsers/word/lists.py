"""Headings and list items of a Word file, with the numbers that Word shows, as text."""

from __future__ import annotations

from ingest.parsers.ooxml import Element, child, descendants, full, make, short
from ingest.parsers.word.numbering import Numbering
from ingest.parsers.word.styles import Styles

LABEL = "\ufdd2"  # a character of no script: what follows in a list item is its own label

_NO_LIST = "0"
_LEADER = " … "


class Lists:
    """Writes labels into paragraphs, in the order of the text."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering

    def write(self, body: Element) -> None:
        """Give every heading the style of its level, every heading and list item its label."""
        for paragraph in descendants(body, "w:p"):
            if child(paragraph, "w:pPr", "w:rPr", "w:del") is not None:
                continue  # its words, if any are left, are the beginning of the next paragraph
            in_table = any(short(above) == "w:tbl" for above in paragraph.iterancestors())
            level = None if in_table else self._styles.heading_level(paragraph)
            self._label(paragraph, in_list=level is None and not in_table)
            if level is not None:
                _set(paragraph, "w:pStyle", make("w:pStyle", val=f"Heading{level}"))
            if self._styles.style_id(paragraph).upper().startswith("TOC"):
                for tab in descendants(paragraph, "w:tab"):
                    if short(tab.getparent()) == "w:r":
                        tab.getparent().replace(tab, make("w:t", text=_LEADER))

    def _label(self, paragraph: Element, *, in_list: bool) -> None:
        identity, level = self._styles.numbering(paragraph)
        if not identity:
            return
        place = int(level) if level.isdecimal() else 0
        label = self._numbering.label(identity, place)
        if label and any((text.text or "").strip() for text in descendants(paragraph, "w:t")):
            mark = make("w:r", make("w:t", text=f"{LABEL if in_list else ''}{label} "))
            paragraph.insert(1 if child(paragraph, "w:pPr") is not None else 0, mark)
        if not in_list:
            none = make("w:numPr", make("w:ilvl", val=_NO_LIST), make("w:numId", val=_NO_LIST))
            _set(paragraph, "w:numPr", none)
        elif child(paragraph, "w:pPr", "w:numPr") is None or not label:
            own = make("w:numPr", make("w:ilvl", val=str(place)), make("w:numId", val=identity))
            _set(paragraph, "w:numPr", own)


def _set(paragraph: Element, name: str, new: Element) -> None:
    """Put a property into a paragraph, in place of the one that it has."""
    properties = child(paragraph, "w:pPr")
    if properties is None:
        properties = make("w:pPr")
        paragraph.insert(0, properties)
    for old in properties.findall(full(name)):
        properties.remove(old)
    properties.append(new)
