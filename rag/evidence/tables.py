"""A whole table: its headings and all of its rows, for questions that are about more than one of them.

Only of tables that are ruled, as those of CSV, spreadsheets, HTML, Markdown and Word are: of others it is not certain
where they end. A long one goes on at the top of further pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.evidence.quotes import quote_of
from rag.types import Chunk, Evidence

MOST_PAGES = 200
_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_BAR = re.compile(r"(?<!\\)\|")
_LINE = re.compile(r"[^\n]+")
Pages = Callable[[int], Chunk | None]
"""The whole page of a document by its number, as one chunk; None where there is none."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of a row, and where it stands in the text of its page."""

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
        return not self.page.text[: self.lines[0].start()].strip()

    @property
    def closes(self) -> bool:
        return not self.page.text[self.lines[-1].end() :].strip()

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
    """The ruled table in which character `place` of page `number` stands; None where there is none."""
    pieces = _pieces(number, place, pages)
    if not pieces or not pieces[0].rule:
        return None
    headings = cells_of(pieces[0].lines[pieces[0].rule - 1][0])
    first, *others = [(piece.page, piece.lines) for piece in pieces]
    lines = [(first[0], line) for line in first[1][pieces[0].rule + 1 :]]
    lines += [(page, line) for page, found in others for line in found]
    rows = tuple(TableRow(page, cells_of(line[0]), *line.span()) for page, line in lines)
    return Table(headings, rows) if all(len(row.cells) == len(headings) for row in rows) else None


def cells_of(line: str) -> tuple[str, ...]:
    """The cells of a row between its bars."""
    return tuple(cell.strip() for cell in _BAR.split(line.strip().removeprefix("|").removesuffix("|")))


def _pieces(number: int, place: int, pages: Pages) -> list[_Piece]:
    """The table on its page and on those before and after it over which it goes on."""
    page = pages(number)
    here = next((p for p in _on(page) if p.lines[0].start() <= place < p.lines[-1].end()), None)
    found = [here] if here else []
    while found and found[0].rule is None and found[0].opens and len(found) < MOST_PAGES:
        *_, before = [None, *_on(pages(found[0].page.page - 1))]
        if before is None or not before.closes:
            return []
        found.insert(0, before)
    while found and found[-1].closes and len(found) < MOST_PAGES:
        after = next(iter(_on(pages(found[-1].page.page + 1))), None)
        if after is None or not after.opens or after.rule is not None:
            break
        found.append(after)
    return found


def _on(page: Chunk | None) -> Iterator[_Piece]:
    """Runs of lines of a page that begin with a bar."""
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
