"""A whole table, its headings and all rows, for questions about many rows.

Only tables with explicit cells: those of CSV, spreadsheets, HTML, Markdown and Word, and those of PDF with lines
between all cells; the end of others is uncertain. A long table continues at the top of further pages, without its
header. In a PDF, page headers and footers may be around it; the parser joins the parts by the positions of the columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.evidence.quotes import quote_of
from rag.types import Chunk, Evidence

MOST_PAGES = 200
_EDGE_CHARACTERS = 300
"""So much may stand between a table and the edge of its page, or its rest on the next: notes, heads of pages."""
_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_BAR = re.compile(r"(?<!\\)\|")
_LINE = re.compile(r"[^\n]+|(?<=\n)(?=\n)")
Pages = Callable[[int], Chunk | None]
"""The whole page of a document by its number, as one chunk; None where there is none."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of a row, and its position in the text of its page."""

    page: Chunk
    cells: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as there are headings."""

    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """The lines of a table on one page, and whether they are the first and the last that stand on it."""

    page: Chunk
    lines: Sequence[re.Match[str]]

    @property
    def opens(self) -> bool:
        """Whether it may go on with a table of the page before."""
        return self.rule is None and (_is_printed(self.page) or not self.page.text[: self.lines[0].start()].strip())

    @property
    def closes(self) -> bool:
        """Whether the table may continue on the next page: nothing or, in a PDF, no other table is below it."""
        if _is_printed(self.page):
            return [*_on(self.page)][-1].lines[0].start() == self.lines[0].start()
        return not self.page.text[self.lines[-1].end() :].strip()

    @property
    def headings(self) -> tuple[str, ...]:
        """The cells over the rule; none where it has no rule."""
        return cells_of(self.lines[self.rule - 1][0]) if self.rule else ()

    @property
    def rule(self) -> int | None:
        return next((at for at, line in enumerate(self.lines) if _RULE.fullmatch(line[0])), None)


def quotes_of(rows: Sequence[TableRow]) -> tuple[Evidence, ...]:
    """Rows as evidence, in the order of their pages; those with nothing between them become one quote."""
    ordered = sorted(rows, key=lambda row: (row.page.page, row.start))
    return tuple(
        quote_of(page, start, end)
        for page, those in ((found[0].page, found) for found in _by_page(ordered))
        for start, end in _runs(page.text, those)
    )


def table_at(number: int, place: int, pages: Pages) -> Table | None:
    """The ruled table that contains character `place` of page `number`; None if there is none, or not all of it."""
    pieces = _pieces(number, place, pages)
    headings = pieces[0].headings if pieces else ()
    if not headings or _goes_on_elsewhere(pieces, headings, pages):
        return None
    lines = [(piece.page, line) for piece in pieces for line in piece.lines[(piece.rule or -1) + 1 :]]
    rows = tuple(TableRow(page, cells_of(line[0]), *line.span()) for page, line in lines)
    return Table(headings, rows) if all(len(row.cells) == len(headings) for row in rows) else None


def cells_of(line: str) -> tuple[str, ...]:
    """The cells of a row of text."""
    return tuple(cell.strip() for cell in _BAR.split(line.strip().removeprefix("|").removesuffix("|")))


def _pieces(number: int, place: int, pages: Pages) -> list[_Piece]:
    """The table on its page and on those before and after it over which it goes on."""
    page = pages(number)
    here = next((p for p in _on(page) if p.lines[0].start() <= place < p.lines[-1].end()), None)
    found = [here] if here else []
    while found and found[0].opens and len(found) < MOST_PAGES:
        *_, before = [None, *_on(pages(found[0].page.page - 1))]
        if before is None or not before.closes:
            return []
        found.insert(0, before)
    while found and found[-1].closes and len(found) < MOST_PAGES:
        after = next(iter(_on(pages(found[-1].page.page + 1))), None)
        if after is None or not after.opens:
            break
        found.append(after)
    return found


def _goes_on_elsewhere(pieces: Sequence[_Piece], headings: tuple[str, ...], pages: Pages) -> bool:
    """Whether a printed table may go on: rows stand at the near edge of the page before or after, of no other table.

    Pages of PDF are printed ones: a table goes on below the head of a page, with its header again or without.
    """
    if not _is_printed(pieces[0].page):
        return False
    first, last = pieces[0], pieces[-1]
    above, below = first.page.text[: first.lines[0].start()], last.page.text[last.lines[-1].end() :]
    before, after = pages(first.page.page - 1), pages(last.page.page + 1)
    return (len(above.strip()) < _EDGE_CHARACTERS and _has_row(before, headings, at_end=True)) or (
        len(below.strip()) < _EDGE_CHARACTERS and _has_row(after, headings, at_end=False)
    )


def _has_row(page: Chunk | None, headings: tuple[str, ...], *, at_end: bool) -> bool:
    """Whether a row stands near the end or the beginning of a page that is of the same table, or of an unruled one."""
    if page is None:
        return False
    edge = len(page.text) - _EDGE_CHARACTERS if at_end else _EDGE_CHARACTERS
    pieces = list(_on(page))
    for line in _LINE.finditer(page.text):
        near = line.end() > edge if at_end else line.start() < edge
        if near and "|" in line[0]:
            of = next((p for p in pieces if p.lines[0].start() <= line.start() < p.lines[-1].end()), None)
            if of is None or of.headings == headings:
                return True
    return False


def _is_printed(page: Chunk) -> bool:
    return page.filename.lower().endswith(".pdf")


def _on(page: Chunk | None) -> Iterator[_Piece]:
    """Runs of lines of a page that begin with a bar; an empty line ends a table."""
    lines = list(_LINE.finditer(page.text)) if page else []
    for in_table, run in groupby(lines, key=lambda line: line[0].lstrip().startswith("|")):
        if in_table and page:
            yield _Piece(page, list(run))


def _by_page(ordered: Sequence[TableRow]) -> Iterator[list[TableRow]]:
    for _, rows in groupby(ordered, key=lambda row: row.page.page):
        yield list(rows)


def _runs(text: str, ordered: Sequence[TableRow]) -> Iterator[tuple[int, int]]:
    start, end = ordered[0].start, ordered[0].end
    for row in ordered[1:]:
        if text[end : row.start].strip():
            yield start, end
            start = row.start
        end = row.end
    yield start, end
