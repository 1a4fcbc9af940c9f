"""Markdown cut at the marks of page breaks. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from ingest.parsers.common import Table, split_pages
from ingest.parsers.word.pages import PAGE_BREAK
from rag.types import Page

_ROW_BREAK = re.compile(rf"^(\|[^\n]*?){PAGE_BREAK}", re.MULTILINE)
_RULE = re.compile(r"\|(?: *:?-+:? *\|)+")


def pages_at_breaks(text: str) -> tuple[tuple[Page, ...], tuple[Table, ...]]:
    """The text cut at its page breaks; a table that goes on on a further page is known by its header."""
    pages: list[Page] = []
    tables: list[Table] = []
    header = ""
    for printed, part in enumerate(_ROW_BREAK.sub(rf"{PAGE_BREAK}\1", text).split(PAGE_BREAK), start=1):
        shown = part.strip("\n")
        lines = shown.split("\n")
        rows = list(itertools.takewhile(_is_row, lines))
        if rows and header and not _begins_table(rows):
            tables.append(Table(len(pages) + 1, 0, len("\n".join(rows)), header, 0))
        last = [*itertools.takewhile(_is_row, reversed(lines))][::-1]
        goes_on = len(last) == len(lines) and not _begins_table(last)
        header = (header if goes_on else last[0]) if last else ""
        for piece in split_pages(shown):
            number = len(pages) + 1
            pages.append(Page(number, piece.text, None if number == printed else str(printed)))
    return tuple(pages), tuple(tables)


def _is_row(line: str) -> bool:
    return line.startswith("|")


def _begins_table(rows: Sequence[str]) -> bool:
    return len(rows) > 1 and _RULE.fullmatch(rows[1]) is not None
