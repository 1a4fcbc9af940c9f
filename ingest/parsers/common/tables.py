"""Markdown pages that hold tables longer than a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.parsers.common.cleaning import PAGE_CHARACTERS, clean_text, split_pages, table_row, table_rule
from ingest.parsers.common.parsed import Table
from rag.types import Page


class TableWriter:
    """Collects paragraphs and table rows into pages of about `limit` characters.

    A table that goes on on a further page repeats nothing there; a `Table` with its header says what its columns are.
    """

    def __init__(self, limit: int = PAGE_CHARACTERS) -> None:
        self._limit = limit
        self._pages: list[Page] = []
        self._tables: list[Table] = []
        self._label: str | None = None
        self._lines: list[str] = []
        self._characters = 0
        self._header = ""
        self._goes_on = False

    def start_page(self, label: str | None = None) -> None:
        """What comes next stands on a page of its own, and on those after it, that bear this label."""
        self._end_page()
        self._header = ""
        self._label = label

    def text(self, text: str) -> None:
        """A paragraph or heading; it ends the table before it."""
        self._end_table()
        self._write(text)

    def begin(self, header: Sequence[str]) -> None:
        """A table with these column names, empty ones where it has none."""
        self._end_table()
        self._header = table_row(header)
        self._write(self._header)
        self._write(table_rule(len(header)))

    def add(self, cells: Sequence[str]) -> None:
        """A row of the table begun last."""
        row = table_row(cells)
        if self._lines and self._characters + len(row) > self._limit:
            self._end_page()
            self._goes_on = True
        self._write(row)

    def pages(self) -> tuple[tuple[Page, ...], tuple[Table, ...]]:
        """What was written, and where a table goes on without its header."""
        self._end_page()
        return tuple(self._pages), tuple(self._tables)

    def _write(self, text: str) -> None:
        line = clean_text(text)
        self._lines.append(line)
        self._characters += len(line) + 1

    def _end_table(self) -> None:
        """What comes next is apart from the table before it, or from the paragraph."""
        self._note_table()
        self._header = ""
        if self._lines:
            self._write("")

    def _note_table(self) -> None:
        if self._goes_on:
            end = self._characters - 1
            self._tables.append(Table(len(self._pages) + 1, 0, end, clean_text(self._header), 0))
        self._goes_on = False

    def _end_page(self) -> None:
        if not self._lines:
            return
        self._note_table()
        parts = split_pages("\n".join(self._lines), 2 * self._limit)  # more than one when a row alone is so long
        if self._tables and self._tables[-1].page == len(self._pages) + 1:
            shown = min(self._tables[-1].end, len(parts[0].text))
            self._tables[-1] = replace(self._tables[-1], end=shown)
        for part in parts:
            self._pages.append(Page(len(self._pages) + 1, part.text, self._label))
        self._lines, self._characters = [], 0
