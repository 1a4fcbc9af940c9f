"""What names the columns of a table's rows that a chunk cuts off from their header. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from ingest.chunking.spans import Block, blocks_of, line_blocks
from ingest.parsers.common import Table
from rag.text import goes_on_with_header

_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_SCALE = re.compile(
    r"(?:^|\n)[ \t]*[*_]*(?P<scale>\([^()\n]{0,40}\b(?:thousand|million|billion)s?\b[^()\n]{0,60}\))[*_]*\s*$"
)
_LONGEST_SCALE = 140
_SIGN_OF_RULE = re.compile(r"-[ \t:]*(?:\||$)", re.MULTILINE)


class TableContext:
    """The headers of the tables of one page, each cut to at most `most_tokens`."""

    def __init__(self, tables: Sequence[Table], count: Callable[[str], int], most_tokens: int) -> None:
        self._tables = [table for table in tables if table.header]
        self._ends = [table.end for table in self._tables]
        self._headers = [_shortened(table.header, count, most_tokens) for table in self._tables]
        self._tokens = [count(header) for header in self._headers]

    def of(self, start: int, end: int) -> str:
        """The headers of the tables that `text[start:end]` has rows of, but not the header itself."""
        return "\n".join(dict.fromkeys(self._headers[index] for index in self._cut(start, end)))

    def tokens(self, start: int, end: int) -> int:
        """Tokens of the same."""
        return sum(self._tokens[index] for index in self._cut(start, end))

    def _cut(self, start: int, end: int) -> Iterator[int]:
        for index in range(bisect_left(self._ends, start + 1), len(self._tables)):
            table = self._tables[index]
            if table.start >= end:
                return
            printed = table.start < table.body and start <= table.start
            if end > table.body and not printed:
                yield index


def _shortened(header: str, count: Callable[[str], int], most_tokens: int) -> str:
    """The header without the words at its end that are too many."""
    if count(header) <= most_tokens:
        return header
    words = header.split(" ")
    fits, fails = 0, len(words)
    while fails - fits > 1:
        middle = (fits + fails) // 2
        fits, fails = (middle, fails) if count(" ".join(words[:middle])) <= most_tokens else (fits, middle)
    return " ".join(words[:fits])


def pipe_tables(text: str, page: int) -> Iterator[Table]:
    """The tables of a Markdown text that have a header: a row above a line of dashes.

    The header begins with a caption of its own line that gives the scale, `(in thousands)`, and goes on with a second
    row of headings below the dashes.
    """
    if "|" not in text or not _SIGN_OF_RULE.search(text):
        return
    for block in blocks_of(text, 0, len(text), markdown=True):
        fence = _FENCE.search(text, block.start, block.end)
        end = fence.start() if fence else block.end
        lines = line_blocks(text, Block(block.start, end))
        for at, (above, rule) in enumerate(pairwise(lines)):
            header = text[above.start : above.end].strip()
            if "|" in header and _RULE.fullmatch(text[rule.start : rule.end].rstrip("\r\n")):
                under = text[lines[at + 2].start : lines[at + 2].end].strip() if at + 2 < len(lines) else ""
                more = under if goes_on_with_header(header, under) else ""
                body = lines[at + 2].end if more else rule.end
                whole = "\n".join(filter(None, (_scale_above(text[: above.start]), header, more)))
                yield Table(page, above.start, block.end, whole, body)
                break


def _scale_above(text: str) -> str:
    """The last line of a text if it is nothing but a scale in brackets, `(EUR million)`; else empty."""
    scale = _SCALE.search(text[-_LONGEST_SCALE:])
    return scale["scale"] if scale else ""
