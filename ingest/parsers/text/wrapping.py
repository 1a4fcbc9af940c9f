"""Hard-wrapped lines of plain text: those of a paragraph are joined, all others stay."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from ingest.parsers.layout import BULLET, Words
from rag.text import are_lines, are_own_lines

_WRAP_CHARACTERS = range(40, 201)
_BROKEN_LINE = re.compile(r"\w-$")
_BROKEN_WORD = re.compile(r"\w- *\n")
_LETTERS = re.compile(r"[^\W\d_]{4,}")
_RULE = re.compile(r"\s*[^\w\s]{3,}\s*")
_OWN_LINE = re.compile(
    rf"\s*(?:\.\. |:\w[\w -]*:|\||={{1,6}} |\\[a-z]+\b|#\+|%|\*+ )|{_RULE.pattern}$"
)  # of texts with marks
_CELLS = re.compile(r"\S(?:\t| {2,})\S")


def join_wrapped(text: str) -> str:
    """Text with the lines of hard-wrapped paragraphs joined; rows, list items and short lines keep their lines.

    A hyphen that ends a line goes where it is none of the word's own; a word that a dictionary knows is whole in short
    lines too.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    width = _wrap_width(lines)
    wrapped = width in _WRAP_CHARACTERS
    words = Words.of_texts(lines) if _BROKEN_WORD.search(text) else None
    joined: list[str] = []
    before = ""
    for line, is_kept in zip(lines, _kept(lines), strict=True):
        goes_on = wrapped and not is_kept and _continues(before, line, width)
        if is_kept:
            joined.append(line)
        elif words and _BROKEN_LINE.search(before) and (whole := _unbroken(words, joined[-1], line, goes_on=goes_on)):
            joined[-1] = whole
        elif goes_on:
            joined[-1] += " " + line.lstrip()
        else:
            joined.append(line)
        before = line
    return "\n".join(joined)


def _kept(lines: Sequence[str]) -> Iterator[bool]:
    """Of each line, whether it is one of a block whose lines are no paragraph."""
    for is_filled, block in itertools.groupby(lines, key=lambda line: bool(line.strip())):
        found = list(block)
        yield from itertools.repeat(is_filled and are_lines(found), len(found))


def _unbroken(words: Words, before: str, line: str, *, goes_on: bool) -> str:
    """Two lines of which the first ends in a hyphen as one; empty where they may be none."""
    tail, (first, *rest) = before.rsplit(maxsplit=1)[-1], line.split(maxsplit=1) or [""]
    whole = words.join(tail, first)
    found = _LETTERS.search(whole)
    if not goes_on and ("-" in whole or not found or not words.knows(found[0])):
        return ""
    return " ".join([before[: len(before) - len(tail)] + whole, *rest])


def _wrap_width(lines: Sequence[str]) -> int:
    """The length that nine tenths of the lines with a line right after them do not exceed; 0 without any."""
    lengths = sorted(len(a) for a, b in itertools.pairwise(lines) if a and b)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _continues(before: str, line: str, width: int) -> bool:
    """Whether the first word of `line` did not fit on the line before: a paragraph wrapped there."""
    if _OWN_LINE.match(line) or _RULE.fullmatch(before):
        return False
    if not before.strip() or not line.strip() or len(before) > 1.25 * width or are_own_lines(before, line):
        return False
    indent = len(line) - len(line.lstrip())
    deeper = indent > len(before) - len(before.lstrip())
    if BULLET.match(line.lstrip()) or _CELLS.search(line) or (_CELLS.search(before) and not deeper):
        return False
    return len(before) + 1 + len(line.split(maxsplit=1)[0]) > 0.93 * width
