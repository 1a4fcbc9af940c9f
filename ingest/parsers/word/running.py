"""Headers and footers of a Word file: each text once, at the start or end of its section."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ingest.parsers.common import one_line
from ingest.parsers.ooxml import Element, attribute, child, descendants, full, is_on, replace_by
from ingest.parsers.word.drawings import text_of
from ingest.parsers.word.fields import PAGE_NUMBER

_HEADER, _FOOTER = "w:headerReference", "w:footerReference"
_ANY_PAGE = "#"
_FEW_WORDS = 3


class RunningParts:
    """The headers and footers of the sections, in their order; `read` gives the blocks of one by its id."""

    def __init__(self, read: Callable[[str], list[Element]], *, even_pages: bool) -> None:
        self._read = read
        self._even_pages = even_pages
        self._told: set[str] = set()
        self._in_force: dict[tuple[str, str], str] = {}  # ids by what a part is and for which pages
        self._placed: set[str] = set()

    def of(self, section: Element) -> tuple[list[Element], list[Element]]:
        """The blocks of a section's headers, and of its footers, that no section before it showed. A section has those
        of the section before, but for its own."""
        return self._blocks(section, _HEADER), self._blocks(section, _FOOTER)

    def _blocks(self, section: Element, name: str) -> list[Element]:
        shown = {"default"} | ({"even"} if self._even_pages else set())
        shown |= {"first"} if is_on(child(section, "w:titlePg")) else set()
        for reference in section.findall(full(name)):
            self._in_force[name, attribute(reference, "w:type", "default")] = attribute(reference, "r:id")
        blocks: list[Element] = []
        for (kind, pages), part in self._in_force.items():
            if kind == name and pages in shown and part not in self._placed:
                self._placed.add(part)
                blocks.extend(self._untold(self._read(part)))
        return blocks

    def _untold(self, read: Sequence[Element]) -> Iterator[Element]:
        """The blocks of a part whose words no other part has."""
        for block in read:
            _settle_page_numbers(block)
        words = one_line(" ".join(map(text_of, read)))
        if words and words not in self._told:
            self._told.add(words)
            yield from map(_plain, read)


def _settle_page_numbers(block: Element) -> None:
    """Leave out paragraphs that only number the page; elsewhere `#` stands for the number."""
    for paragraph in descendants(block, "w:p"):
        text = text_of(paragraph)
        if PAGE_NUMBER not in text:
            continue
        words = text.replace(PAGE_NUMBER, " ")
        only_numbers = len(words.split()) <= _FEW_WORDS and not any(one.isdigit() for one in words)
        for found in descendants(paragraph, "w:t"):
            if only_numbers:
                replace_by(found)
            else:
                found.text = (found.text or "").replace(PAGE_NUMBER, _ANY_PAGE)


def _plain(block: Element) -> Element:
    """A block whose paragraphs are no headings or list items, whatever their styles say."""
    for paragraph in descendants(block, "w:p"):
        properties = child(paragraph, "w:pPr")
        if properties is not None:
            replace_by(properties)
    return block
