"""Words that pdfium breaks letter by letter, put together among the characters of a page.

Some programs place each letter by itself. Where most lines of such a page are short, as those of a table, pdfium takes
its text for vertical and ends a line after each letter that is on its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ingest.parsers.pdf.page_space import Edges

_BREAK = re.compile(r"(?<=\S)\r\n(?=\S)")
_LONE, _FEWEST, _SHARE = 2, 12, 0.2
_LEVEL, _TOUCHING = 0.1, 0.12  # of the height of a letter
_FILLER = "\u200b"  # not shown, and gone when the text is cleaned


def put_together(characters: str, boxes: Callable[[Sequence[int]], Sequence[Edges]]) -> str:
    """The characters of a page, of the same number: between letters on one level no line ends. `boxes` gives the boxes
    of some characters, by their indexes, as the page is seen."""
    lines = characters.split("\r\n")
    lone = sum(0 < len(line) <= _LONE for line in lines)
    if lone < _FEWEST or lone < _SHARE * len(lines):
        return characters
    breaks = [found.start() for found in _BREAK.finditer(characters)]
    befores, afters = boxes([at - 1 for at in breaks]), boxes([at + 2 for at in breaks])
    mended = list(characters)
    for at, before, after in zip(breaks, befores, afters, strict=True):
        height = before[3] - before[1]
        if abs(before[3] - after[3]) <= _LEVEL * height and after[0] >= before[2] - _TOUCHING * height:
            touches = after[0] - before[2] <= _TOUCHING * height
            mended[at : at + 2] = [_FILLER if touches else " "] * 2
    return "".join(mended)
