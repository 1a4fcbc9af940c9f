"""Blocks, lines and words of a text as exact spans: what chunks are packed from. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WORD = re.compile(r"\S+")

_OWN_LINE = re.compile(r"[ \t]*(?:\||[-*+•▪◦‣●][ \t]|\(?\w{1,3}[.)][ \t])")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_ATX = re.compile(r"#{1,6}[ \t]")
_HEADING_CHARACTERS = 90


@dataclass(frozen=True, slots=True)
class Block:
    """A span of a text. `lines`: it may only be cut at line ends, as tables, lists and code."""

    start: int
    end: int
    lines: bool = False
    heading: bool = False


def blocks_of(text: str, start: int, end: int, markdown: bool) -> list[Block]:
    """The blocks of `text[start:end]`, apart by blank lines; together they hold all that is not white space."""
    blocks: list[Block] = []
    first = last = -1
    code = False
    for begin, stop in _line_spans(text, start, end):
        fence = markdown and _FENCE.match(text, begin, stop) is not None
        if not code and not fence and text[begin:stop].isspace():
            if first >= 0:
                blocks.append(_block(text, first, last, markdown))
            first = -1
            continue
        if markdown and not code and _ATX.match(text, begin, stop):
            if first >= 0:
                blocks.append(_block(text, first, last, markdown))
            blocks.append(Block(begin, stop, heading=True))
            first = -1
            continue
        code ^= fence
        first, last = (begin if first < 0 else first), stop
    if first >= 0 and text[first:last].strip():
        blocks.append(_block(text, first, last, markdown))
    return blocks


def _block(text: str, start: int, end: int, markdown: bool) -> Block:
    body = text[start:end].strip("\n")
    single = "\n" not in body
    own_lines = bool(_OWN_LINE.match(body) or _FENCE.match(body))
    heading = not markdown and single and looks_like_heading(body)
    # A paragraph of Markdown may be wrapped anywhere; the lines of other texts mean something.
    return Block(start, end, lines=not single and (own_lines or not markdown), heading=heading)


def looks_like_heading(line: str) -> bool:
    """Whether a separate line of plain text looks like a heading: short, and without a final full stop."""
    line = line.strip()
    short = 0 < len(line) <= _HEADING_CHARACTERS
    return short and not line.endswith((".", ",", ";", "!", "?")) and line[0].isalnum() and not line[0].islower()


def _line_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Lines with their line ends."""
    while start < end:
        found = text.find("\n", start, end)
        stop = end if found < 0 else found + 1
        yield start, stop
        start = stop


def line_blocks(text: str, block: Block) -> list[Block]:
    """Each line of a block that is not blank, as a block."""
    spans = _line_spans(text, block.start, block.end)
    return [Block(begin, stop) for begin, stop in spans if not text[begin:stop].isspace()]


def locate(text: str, start: int, end: int, pieces: Sequence[str]) -> list[tuple[int, int]]:
    """Where pieces of `text[start:end]` begin and end.

    The pieces hold, in order, every character of it that is not white space. White space itself may have been
    stripped or replaced, so that only the other characters are counted. The spans are gapless: each ends where the
    next begins.
    """
    spans: list[tuple[int, int]] = []
    cursor = start
    for piece in pieces:
        stripped = piece.strip()
        found = text.find(stripped, cursor, end)
        if found >= 0 and not text[cursor:found].strip():
            stop = found + len(stripped)
        else:
            stop = _skip(text, cursor, end, sum(map(len, stripped.split())))
        spans.append((cursor, stop))
        cursor = stop
    return spans


def _skip(text: str, cursor: int, end: int, count: int) -> int:
    """The offset after the next `count` characters that are not white space."""
    for word in WORD.finditer(text, cursor, end):
        length = word.end() - word.start()
        if count <= length:
            return word.start() + count
        count -= length
    return end


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the white space at its ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
