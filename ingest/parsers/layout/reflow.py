"""Lines of a page to running text: paragraphs joined, rows and list items on their own lines. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from ingest.parsers.common import Box, Word
from ingest.parsers.layout.cells import BULLET, with_figures_in_rows
from ingest.parsers.layout.continued import joined
from ingest.parsers.layout.hyphens import BREAKS, Words
from ingest.parsers.layout.margins import Margins, margins_of
from ingest.parsers.layout.marks import marks_in_place
from ingest.parsers.layout.printed import Line, Print, without_justified
from ingest.parsers.layout.prose_columns import columns_apart
from ingest.parsers.layout.ruled import ruled_apart, unruled_apart
from ingest.parsers.layout.tables import Grid, with_tables
from rag.text import are_own_lines

_RAISED_DIGITS = frozenset("¹²³⁴⁵⁶⁷⁸⁹")  # no line goes on with the mark of a footnote
_LONE_BULLET = re.compile(r"[•▪◦‣●○■□➢►❖·-]$")
_BOXES = ("[x]", "[ ]")
_SENTENCE_ENDS = (".", "?", "!", ":")
_LEAST_INDENT_EM, _MOST_INDENT_EM = 0.8, 3.0
_SAME_SIZE_PT, _SAME_SIZE = 0.6, 0.08
_STANDS_OUT, _NEARLY = 1.2, 0.85
_TITLE_LINES, _TITLE_CHARACTERS = 3, 120


def printed_title(page: Sequence[Line]) -> str:
    """The lines of a first page that are set largest, in reading order; empty when nothing stands out."""
    sizes = sorted(line.size for line in page)
    if not sizes or sizes[-1] < _STANDS_OUT * sizes[len(sizes) // 2]:
        return ""
    large = [line.text for line in page if line.size >= _NEARLY * sizes[-1]][:_TITLE_LINES]
    return " ".join(" ".join(large).split())[:_TITLE_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that became `text[start:end]`; those of a table are its `grid`, whose body begins at `body`."""

    start: int
    end: int
    lines: tuple[Line, ...] = ()
    grid: Grid | None = None
    body: int = 0


@dataclass(frozen=True, slots=True)
class Reflowed:
    """The text of a page, where each of its printed words went, and what it is made of.

    `doubtful` says that lines side by side may be columns rather than rows, `repeated` is the header of a table that
    goes on from the page before, left out here, and `apart` says that rows may go on with a table and are not joined
    with it, `broken` that the last row of the page before goes on above the table.
    """

    text: str
    words: tuple[Word, ...]
    paragraphs: tuple[Paragraph, ...]
    doubtful: bool = False
    repeated: tuple[str, ...] = ()
    apart: bool = False
    broken: bool = False

    @property
    def items(self) -> list[Line | Grid]:
        """The lines and tables of the page, in their order."""
        return [item for part in self.paragraphs for item in (part.lines if part.grid is None else (part.grid,))]


def reflow(lines: Sequence[Line], words: Words, rules: Sequence[Box] = (), before: Reflowed | None = None) -> Reflowed:
    """The text of a page: paragraphs on one line each, a blank line between blocks, rows and items on own lines.

    Cells of a table are set apart by ` | `. For every `w` of `words`, in order, `text[w.start:w.end]` is the printed
    word; a hyphen at the end of a line that is none of the word's is left out. A table goes on from the page `before`.
    """
    printed = with_figures_in_rows(marks_in_place(without_justified(lines)))
    above = before.items if before else []
    closed = [item.columns for item in above if isinstance(item, Grid) and item.closed]
    unruled, ruled = ruled_apart(printed, rules, closed[-1] if closed else ())
    lines = unruled_apart(unruled, ruled)
    outside = {id(line) for line in lines}
    in_tables = [line for line in printed if id(line) not in outside]
    lines, doubtful, rows = columns_apart(_attach_lone_bullets(lines))
    ruled = {**ruled, **rows}
    running = [line for line in lines if line.text not in ruled]
    spaced = [*running, *(line for line in unruled if id(line) not in outside and line.text not in ruled)]
    leading = _leading(spaced)
    page = _Page(_Writer(words), margins_of(running, in_tables, leading), leading)
    items = joined(list(_items(lines, ruled)), above)
    for item in items.items:
        page.add(item)
    written = replace(page.writer.written(), doubtful=doubtful, repeated=items.repeated)
    return replace(written, apart=items.apart, broken=items.broken)


def with_lines_below(page: Reflowed, lines: Sequence[Line]) -> Reflowed:
    """The page with further lines at its end, each a paragraph that is part of none."""
    text, words = page.text, list(page.words)
    for line in lines:
        text += "\n\n" if text else ""
        for number, word in enumerate(line.words):
            text += " " if number else ""
            words.append(Word(len(text), len(text) + len(word.text), *word[1:]))
            text += word.text
    return replace(page, text=text, words=tuple(words)) if lines else page


def _items(lines: Sequence[Line], ruled: Mapping[str, Grid]) -> Iterator[Line | Grid]:
    """Lines, and tables in the places of the lines that stand for them or are their rows."""
    for text, run in itertools.groupby(lines, lambda line: line.text if line.text in ruled else ""):
        yield from [ruled[text]] if text else with_tables(list(run))


@dataclass(slots=True)
class _Page:
    """A page as it is written: lines join the paragraph before them or begin one."""

    writer: _Writer
    margins: Margins
    leading: float
    before: Line | None = None

    def add(self, item: Line | Grid) -> None:
        if isinstance(item, Grid):
            self.writer.table(item)
            self.before = None
        else:
            self._line(item)

    def _line(self, line: Line) -> None:
        before = self.before
        if before is not None and _continues(before, line, self.margins.of(before), self.leading):
            self.writer.go_on(line)
        else:
            block = before is not None and _same_block(before, line, self.leading)
            self.writer.begin(line, "\n" if block else "\n\n")
        self.before = line


class _Writer:
    """A text that grows word by word."""

    def __init__(self, words: Words) -> None:
        self._known = words
        self._parts: list[str] = []
        self._length = 0
        self._words: list[Word] = []
        self._paragraphs: list[Paragraph] = []
        self._start = 0
        self._lines: list[Line] = []

    def begin(self, line: Line, separator: str) -> None:
        """A line that starts a paragraph."""
        self._close()
        self._separate(separator)
        self._write_line(line)

    def go_on(self, line: Line) -> None:
        """A line of the same paragraph."""
        tail = self._parts[-1] if self._parts else ""
        if tail.endswith(BREAKS) and len(tail) > 1:
            joined = self._known.join(tail, line.words[0].text)
            kept = len(joined) - len(line.words[0].text)
            self._replace_tail(joined[:kept].rstrip())
            self._add(" " if joined[:kept].endswith(" ") else "")
        else:
            self._add(" ")
        self._write_line(line)

    def table(self, grid: Grid) -> None:
        """The rows of a table, one a line; of one that is known to be whole as in Markdown, with bars and a rule."""
        self._close()
        edges = ("| ", " |") if grid.closed else ("", "")
        rule = f"\n|{' --- |' * len(grid.columns)}" if grid.closed else ""
        self._separate("\n\n")
        start = body = self._length
        for index, row in enumerate(grid.rows):
            if index:
                self._add("\n")
            if index == grid.body:
                body = self._length
            self._add(edges[0])
            for number, cell in enumerate(row):
                self._end_word()
                self._add(" | " if number else "")
                if cell:
                    self._write_words(self._whole_words(cell))
            self._end_word()
            self._add(edges[1])
            self._add(rule if index + 1 == grid.body else "")
        self._paragraphs.append(Paragraph(start, self._length, (), grid, body))
        self._start = self._length

    def _whole_words(self, cell: Sequence[Print]) -> list[Print]:
        """The words of a cell, those that were broken at the end of a line in it whole."""
        whole: list[Print] = []
        for word in cell:
            before = whole[-1] if whole else None
            if before and before.text.endswith(BREAKS) and len(before.text) > 1 and word.top > before.top + 1:
                joined = self._known.join(before.text, word.text)
                whole[-1] = before._replace(text=joined) if " " not in joined else before
                if " " not in joined:
                    continue
            whole.append(word)
        return whole

    def written(self) -> Reflowed:
        self._close()
        return Reflowed("".join(self._parts), tuple(self._words), tuple(self._paragraphs))

    def _write_line(self, line: Line) -> None:
        self._lines.append(line)
        self._write_words(line.words)

    def _write_words(self, words: Sequence[Print]) -> None:
        at, parts, placed = self._length, self._parts, self._words
        for text, left, top, right, bottom in words:
            end = at + len(text)
            placed.append(Word(at, end, left, top, right, bottom))
            parts += (text, " ")
            at = end + 1
        parts.pop()
        self._length = at - 1

    def _end_word(self) -> None:
        """A hyphen that ends a line stays when the word does not go on."""
        if self._parts and self._parts[-1].endswith("\ufffe"):
            self._replace_tail(self._parts[-1].rstrip("\ufffe") + "-")

    def _replace_tail(self, text: str) -> None:
        self._length += len(text) - len(self._parts[-1])
        self._parts[-1] = text
        last = self._words[-1]
        self._words[-1] = replace(last, end=self._length)

    def _separate(self, separator: str) -> None:
        if self._length:
            self._add(separator)
        self._start = self._length

    def _add(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += len(text)

    def _close(self) -> None:
        self._end_word()
        if self._lines:
            self._paragraphs.append(Paragraph(self._start, self._length, tuple(self._lines)))
            self._lines = []


def _attach_lone_bullets(lines: Sequence[Line]) -> list[Line]:
    """A bullet printed by itself belongs to the line after it."""
    joined: list[Line] = []
    for line in lines:
        if joined and _LONE_BULLET.match(joined[-1].text):
            line = _with_bullet(joined.pop(), line)  # noqa: PLW2901
        joined.append(line)
    return joined


def _with_bullet(bullet: Line, line: Line) -> Line:
    cells = tuple(index + len(bullet.words) for index in line.cells)
    text, words = f"{bullet.text} {line.text}", (*bullet.words, *line.words)
    return replace(line, text=text, left=bullet.left, words=words, cells=cells)


def _leading(lines: Sequence[Line]) -> float:
    """The page's usual distance between two lines of a paragraph, in points."""
    gaps = [a.bottom - b.bottom for a, b in itertools.pairwise(lines)]
    usual = [gap for gap, line in zip(gaps, lines, strict=False) if 0.5 * line.size < gap < 2.5 * line.size]
    return median(usual) if usual else 0.0


def _continues(before: Line, after: Line, margin: float, leading: float) -> bool:
    """Whether `after` goes on with the paragraph that `before` is a line of."""
    alike = abs(before.size - after.size) <= max(_SAME_SIZE_PT, _SAME_SIZE * before.size)
    if before.row or after.row or before.bold != after.bold or not alike:
        return False
    if (
        before.text.endswith(_BOXES)
        or BULLET.match(after.text)
        or after.text[:1] in _RAISED_DIGITS
        or are_own_lines(before.text, after.text)
    ):
        return False
    gap = before.bottom - after.bottom
    if gap < 0:  # the next column
        return after.text[:1].islower() and not before.text.endswith(_SENTENCE_ENDS)
    if gap > max(1.3 * before.size, 1.25 * leading):
        return False
    if before.text.endswith("\ufffe"):
        return True
    letter = (before.right - before.left) / max(len(before.text), 1)
    first_word = max(len(after.words[0].text) * letter, after.words[0].right - after.words[0].left)
    return before.right + first_word + letter > margin - letter and not _begins(before, after)


def _begins(before: Line, after: Line) -> bool:
    """Whether a line after a sentence is set in as the first of a paragraph is, not as the further lines of an item."""
    indent = (after.left - before.left) / before.size
    set_in = _LEAST_INDENT_EM < indent < _MOST_INDENT_EM
    return set_in and before.text.endswith(_SENTENCE_ENDS) and not BULLET.match(before.text)


def _same_block(before: Line, after: Line, leading: float) -> bool:
    """Whether two lines that are not one paragraph stand together: rows of a table, items of a list."""
    gap = before.bottom - after.bottom
    if not 0 <= gap <= max(2 * before.size, 1.4 * leading):
        return False
    listed = bool(BULLET.match(before.text) or BULLET.match(after.text))
    return before.row or after.row or listed or are_own_lines(before.text, after.text)
