"""Lists of a page: their items, and the line that leads in to them.

A list that reaches the end of its page goes on at the top of the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rag.evidence.quotes import quote_of
from rag.text import split
from rag.types import Chunk, Evidence

_LINE = re.compile(r"[^\n]+")
_MARK = re.compile(r"[ \t]*(?P<mark>[-*+•·‣◦▪●]|\(?\d{1,3}[.)]|\(?[a-z]\))[ \t]+(?=\S)")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+(?P<words>.*?)[ \t]*#*$")
_FEWEST_ITEMS, _MOST_PAGES = 2, 20
_LONGEST_LEAD = 300
_EMPHASIS = re.compile(r"\*\*|__")


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item of a list: characters of its page, with its mark."""

    page: Chunk
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words of the item after its number or a dash."""
        words = " ".join(self.page.text[self.start : self.end].split())
        mark = _MARK.match(words)
        if mark is None or mark["mark"][-1] in ".)":
            return words
        return f"- {words[mark.end() :]}"

    @property
    def quote(self) -> Evidence:
        """The item as evidence."""
        return quote_of(self.page, self.start, self.end)


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list: its items, the line that leads in to it (None where there is none), and the headings over it."""

    items: tuple[ListItem, ...]
    lead_in: ListItem | None
    headings: tuple[str, ...]

    @property
    def led_in_by(self) -> str:
        """The words of the line that leads in to it: a heading, or a line that ends with a colon."""
        words = self.lead_in.page.text[self.lead_in.start : self.lead_in.end] if self.lead_in else ""
        heading = _HEADING.match(words)
        return _EMPHASIS.sub("", heading["words"] if heading else " ".join(words.split()))


def lists_on(number: int, pages: Callable[[int], Chunk | None]) -> Iterator[ItemList]:
    """The lists that begin on a page, each of two items or more, with those items that stand on the next pages."""
    page = pages(number)
    for found in _on(page) if page else ():
        whole = found
        for following in range(number + 1, number + _MOST_PAGES):
            last = whole.items[-1]
            after = pages(following) if not last.page.text[last.end :].strip() else None
            rest = next(_on(after), None) if after else None
            if after is None or rest is None or after.text[: rest.items[0].start].strip():
                break
            whole = replace(whole, items=(*whole.items, *rest.items))
        if len(whole.items) >= _FEWEST_ITEMS:
            yield whole


def _on(page: Chunk) -> Iterator[ItemList]:
    """Runs of items of a page, with the line before each run."""
    headings: dict[int, str] = {}
    items: list[ListItem] = []
    before: ListItem | None = None
    led: tuple[ListItem | None, tuple[str, ...]] = (None, ())
    for line in _LINE.finditer(page.text):
        if not line[0].strip():
            continue
        goes_on = bool(items) and _goes_on(page.text, items[-1].end, line)
        if _MARK.match(line[0]):
            if not items:
                led = (_last_sentence(before), tuple(headings.values()))
            items.append(ListItem(page, *_trimmed(line)))
        elif goes_on:
            items[-1] = replace(items[-1], end=_trimmed(line)[1])
        else:
            if items:
                yield ItemList(tuple(items), *led)
            before = _leading(page, line, None if items else before)
            items = []
            _note_heading(line[0], headings, page)
    if items:
        yield ItemList(tuple(items), *led)


def _goes_on(text: str, end: int, line: re.Match[str]) -> bool:
    """Whether a line without a mark continues the item above it: right below it, or set in from the margin."""
    return _HEADING.match(line[0]) is None and (text[end : line.start()].count("\n") == 1 or line[0][0].isspace())


def _leading(page: Chunk, line: re.Match[str], before: ListItem | None) -> ListItem | None:
    """The paragraph up to a line, or the heading that it is; None for a row of a table."""
    start, end = _trimmed(line)
    if page.text.startswith("|", start) or len(line[0]) > _LONGEST_LEAD:
        return None
    if before is None or page.text[before.end : line.start()].count("\n") > 1 or end - before.start > _LONGEST_LEAD:
        return ListItem(page, start, end)
    alone = _HEADING.match(page.text, before.start, before.end) or _HEADING.match(line[0])
    return ListItem(page, start, end) if alone else replace(before, end=end)


def _last_sentence(lead_in: ListItem | None) -> ListItem | None:
    if lead_in is None:
        return None
    words = lead_in.page.text[lead_in.start : lead_in.end]
    *_, last = split(words, markdown=lead_in.page.markdown)
    return replace(lead_in, start=lead_in.start + last.start, end=lead_in.start + last.end)


def _trimmed(line: re.Match[str]) -> tuple[int, int]:
    words = line[0].strip()
    start = line.start() + line[0].index(words)
    return start, start + len(words)


def _note_heading(line: str, headings: dict[int, str], page: Chunk) -> None:
    heading = _HEADING.match(line) if page.markdown else None
    if heading is not None:
        level = line.index(" ", len(line) - len(line.lstrip())) - (len(line) - len(line.lstrip()))
        for deeper in [each for each in headings if each >= level]:
            del headings[deeper]
        headings[level] = heading["words"]
