"""Lines of a printed page to running text: paragraphs joined, rows and list items on their own lines. Pure."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

BULLET = re.compile(r"(?:[•▪◦‣●○■□➢►❖*–—-]|\(?\d{1,2}[.)]|\(?[a-z][.)]|\([ivx]{1,4}\))(?:\s|$)")
_LONE_BULLET = re.compile(r"[•▪◦‣●○■□➢►❖·-]$")
_EDGE_LINES = 3
_SAME_LEFT_PT = 30
_SAME_SIZE_PT = 0.6
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


_STANDS_OUT, _NEARLY = 1.2, 0.85
_TITLE_LINES, _TITLE_CHARACTERS = 3, 120


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line in points, origin at the bottom left. `row`: it has cells set apart, as in a table.

    A `text` that ends in `\\ufffe` was broken at a hyphen.
    """

    text: str
    left: float
    right: float
    bottom: float
    size: float
    row: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A document's words, which decide whether a hyphen at a line's end belongs to the word."""

    known: frozenset[str]
    hyphenates: bool

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Words:
        """The words of these lines, and whether more of their broken words are whole words than hyphenated ones."""
        texts = [line.text for line in lines]
        known = frozenset(word.lower() for text in texts for word in _WORD.findall(text))
        broken = [_halves(a, b) for a, b in itertools.pairwise(texts) if a.endswith(("\ufffe", "-"))]
        halves = [(a, b) for a, b in broken if a and b]
        whole = sum((a + b).lower() in known for a, b in halves)
        hyphenated = sum(f"{a}-{b}".lower() in known for a, b in halves)
        return cls(known, whole > hyphenated)

    def join(self, before: str, after: str) -> str:
        """Two halves of a line broken at a hyphen, the hyphen kept where the document's own words have it."""
        stem = before.rstrip("\ufffe-")
        first, second = _halves(before, after)
        if not first or not second[:1].islower() or f"{first}-{second}".lower() in self.known:
            return f"{stem}-{after}"
        drop = (first + second).lower() in self.known or self.hyphenates
        return stem + after if drop else f"{stem}-{after}"


def _halves(before: str, after: str) -> tuple[str, str]:
    first = re.search(r"[^\W\d_]+$", before.rstrip("\ufffe-"))
    second = re.match(r"[^\W\d_]+", after)
    return (first[0] if first else ""), (second[0] if second else "")


def line_key(text: str) -> str:
    """A line modulo digits and white space; two running headers with other page numbers have one key."""
    return re.sub(r"\d+", "#", " ".join(text.split()))


def running_lines(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Keys of the lines that stand at the top or bottom of at least three pages and of 40% of the pages.

    None when leaving them out would empty most pages: then they are the text.
    """
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({line_key(line.text) for line in _edges(page)})
    needed = max(3, 0.4 * sum(1 for page in pages if page))
    running = frozenset(key for key, count in counts.items() if count >= needed)
    emptied = sum(1 for page in pages if page and not drop_running(page, running))
    return running if 2 * emptied <= len(pages) else frozenset()


def printed_title(page: Sequence[Line]) -> str:
    """The lines of a first page that are set largest, in reading order; empty when nothing stands out."""
    sizes = sorted(line.size for line in page)
    if not sizes or sizes[-1] < _STANDS_OUT * sizes[len(sizes) // 2]:
        return ""
    large = [line.text for line in page if line.size >= _NEARLY * sizes[-1]][:_TITLE_LINES]
    return " ".join(" ".join(large).split())[:_TITLE_CHARACTERS]


def drop_running(page: Sequence[Line], running: frozenset[str]) -> list[Line]:
    """The page without its running headers and footers."""
    dropped = {id(line) for line in _edges(page) if line_key(line.text) in running}
    return [line for line in page if id(line) not in dropped]


def _edges(page: Sequence[Line]) -> list[Line]:
    heights = sorted({round(line.bottom) for line in page})
    low, high = heights[:_EDGE_LINES], heights[-_EDGE_LINES:]
    return [line for line in page if round(line.bottom) in low or round(line.bottom) in high]


def reflow(lines: Sequence[Line], words: Words) -> str:
    """The text of a page: paragraphs on one line each, a blank line between blocks, rows and items on own lines."""
    lines = _attach_lone_bullets(lines)
    if not lines:
        return ""
    margins = _right_margins(lines)
    leading = _leading(lines)
    text = lines[0].text
    for before, after in itertools.pairwise(lines):
        if _continues(before, after, margins[before.left, before.size], leading):
            broken = text.endswith(("\ufffe", "-")) and not text.endswith(" -")
            text = words.join(text, after.text) if broken else f"{text} {after.text}"
        else:
            text = text.rstrip("\ufffe") + ("-" if text.endswith("\ufffe") else "")
            text += ("\n" if _same_block(before, after, leading) else "\n\n") + after.text
    return text.replace("\ufffe", "-")


def _attach_lone_bullets(lines: Sequence[Line]) -> list[Line]:
    """A bullet printed by itself belongs to the line after it."""
    joined: list[Line] = []
    for line in lines:
        if joined and _LONE_BULLET.match(joined[-1].text):
            bullet = joined.pop()
            line = Line(f"{bullet.text} {line.text}", bullet.left, line.right, line.bottom, line.size, line.row)  # noqa: PLW2901
        joined.append(line)
    return joined


def _right_margins(lines: Sequence[Line]) -> dict[tuple[float, float], float]:
    """For each line's left edge and size: the right edge that a full line of its column reaches."""
    margins: dict[tuple[float, float], float] = {}
    for left, size in {(line.left, line.size) for line in lines}:
        column = sorted(
            line.right for line in lines if abs(line.left - left) < _SAME_LEFT_PT and abs(line.size - size) < 1
        )
        # The longest line may be a title set across the columns: a margin is reached at least twice.
        margins[left, size] = column[-2] if len(column) > 1 else column[-1]
    return margins


def _leading(lines: Sequence[Line]) -> float:
    """The page's usual distance between two lines of a paragraph, in points."""
    gaps = [a.bottom - b.bottom for a, b in itertools.pairwise(lines)]
    usual = [gap for gap, line in zip(gaps, lines, strict=False) if 0.5 * line.size < gap < 2.5 * line.size]
    return median(usual) if usual else 0.0


def _continues(before: Line, after: Line, margin: float, leading: float) -> bool:
    """Whether `after` goes on with the paragraph that `before` is a line of."""
    if before.row or after.row or abs(before.size - after.size) > _SAME_SIZE_PT or BULLET.match(after.text):
        return False
    gap = before.bottom - after.bottom
    if gap < 0:  # the next column
        return after.text[:1].islower() and not before.text.endswith((".", ":", "?", "!"))
    if gap > max(1.3 * before.size, 1.25 * leading):
        return False
    if before.text.endswith("\ufffe"):
        return True
    letter = (before.right - before.left) / max(len(before.text), 1)
    first_word = len(after.text.split(maxsplit=1)[0])
    return before.right + (first_word + 1) * letter > margin - letter


def _same_block(before: Line, after: Line, leading: float) -> bool:
    """Whether two lines that are not one paragraph stand together: rows of a table, items of a list."""
    gap = before.bottom - after.bottom
    if not 0 <= gap <= max(2 * before.size, 1.4 * leading):
        return False
    listed = bool(BULLET.match(before.text) or BULLET.match(after.text))
    return before.row or after.row or listed
