"""Comments of source code and configuration: the marks with which their lines begin."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARKS = re.compile(r"^[ \t]*(#+|//+[/!]?|--|;+|%+)(?=[ \t]+\S)", re.MULTILINE)


def without_comment_marks(text: str) -> str:
    """A text with each mark of a comment replaced by as many spaces: all offsets stay."""
    return _MARKS.sub(lambda mark: " " * len(mark[0]), text)


def comment_mark(line: str) -> str:
    """The mark with which a line begins as a comment; empty where it is none."""
    found = _MARKS.match(line)
    return found[1] if found else ""


def runs_of_comments(text: str) -> Iterator[tuple[int, int]]:
    """Spans that tile the text and hold either lines of comments with the same mark, or lines without one."""
    start = offset = 0
    before = ""
    for line in re.split(r"(?<=\n)", text):
        mark = comment_mark(line)
        if mark != before and line.strip():
            if offset > start:
                yield start, offset
            start, before = offset, mark
        offset += len(line)
    yield start, offset
