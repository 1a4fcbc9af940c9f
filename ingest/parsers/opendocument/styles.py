"""What the styles of an OpenDocument file say: struck, raised, lowered and hidden text, breaks of pages, lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from ingest.parsers.common import one_line
from ingest.parsers.ooxml import Element, Place, attribute, child, descendants

_DEEPEST = 50
_FEW_WORDS = 3
_COUNTS = ("text:page-number", "text:page-count", "text:sheet-name")
_RUNNING = ("style:header", "style:header-first", "style:header-left", "style:footer", "style:footer-first")


class Styles:
    """Styles by family and name; what one does not say, the one that it goes back to does."""

    def __init__(self, roots: Sequence[Element]) -> None:
        self._roots = roots
        self._found = {
            (attribute(style, "style:family"), attribute(style, "style:name")): style
            for root in roots
            for style in descendants(root, "style:style")
        }

    def says(self, family: str, name: str, properties: str, key: str) -> str:
        """The nearest value of a property along the styles that one goes back to; empty where none says it."""
        for style in self._line(family, name):
            if value := attribute(child(style, properties), key):
                return value
        return ""

    def is_struck(self, family: str, name: str) -> bool:
        line = self.says(family, name, "style:text-properties", "style:text-line-through-style")
        kind = self.says(family, name, "style:text-properties", "style:text-line-through-type")
        return (line or kind) not in ("", "none")

    def is_hidden(self, family: str, name: str) -> bool:
        return self.says(family, name, "style:text-properties", "text:display") == "none"

    def place(self, family: str, name: str) -> Place:
        """Whether a style raises or lowers letters."""
        position = self.says(family, name, "style:text-properties", "style:text-position").split(" ")[0]
        if position == "super" or position.rstrip("%").replace(".", "", 1).isdecimal():
            return "raised" if position.strip("0%.") else ""
        return "lowered" if position == "sub" or position.startswith("-") else ""

    def begins_page(self, name: str) -> bool:
        """Whether a page begins before paragraphs of a style."""
        broken = self.says("paragraph", name, "style:paragraph-properties", "fo:break-before") == "page"
        style = self._found.get(("paragraph", name))
        return broken or bool(attribute(style, "style:master-page-name"))

    def ends_page(self, name: str) -> bool:
        return self.says("paragraph", name, "style:paragraph-properties", "fo:break-after") == "page"

    @cached_property
    def masters(self) -> list[Element]:
        """The pages that others are laid out by."""
        return [master for root in self._roots for master in descendants(root, "style:master-page")]

    @cached_property
    def lists(self) -> dict[str, dict[int, Element]]:
        """The levels of the styles of lists, by name and level; those of headings under an empty name."""
        found: dict[str, dict[int, Element]] = {}
        for root in self._roots:
            for style in descendants(root, "text:list-style", "text:outline-style"):
                name = attribute(style, "style:name") if style.tag.endswith("list-style") else ""
                found[name] = {int(attribute(level, "text:level", "1")): level for level in style}
        return found

    def list_of(self, paragraph_style: str) -> str:
        """The list that paragraphs of a style are items of; empty where they are of none."""
        for style in self._line("paragraph", paragraph_style):
            if name := attribute(style, "style:list-style-name"):
                return name
        return ""

    def _line(self, family: str, name: str) -> Iterator[Element]:
        for _ in range(_DEEPEST):
            style = self._found.get((family, name))
            if style is None:
                return
            yield style
            name = attribute(style, "style:parent-style-name")


def running_parts(styles: Styles) -> Iterator[Element]:
    """The headers and footers of a file's pages, each text once; one that only counts pages is none."""
    told: set[str] = set()
    for master in styles.masters:
        for name in _RUNNING:
            part = child(master, name)
            if part is None or attribute(part, "style:display") == "false":
                continue
            for count in descendants(part, *_COUNTS):
                count.text = "#"
            words = one_line(" ".join(part.itertext()))
            plain = words.replace("#", " ")
            only_counts = "#" in words and len(plain.split()) <= _FEW_WORDS and not any(map(str.isdigit, plain))
            if plain.strip(" ?") and not only_counts and words not in told:
                told.add(words)
                yield part
