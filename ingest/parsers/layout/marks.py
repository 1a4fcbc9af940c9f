"""Small raised marks that are drawn after everything else, moved to the word they belong to. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from ingest.parsers.common import raised
from ingest.parsers.layout.printed import Line, Print

_MARK = re.compile(r"(?:\(\d{1,2}\)|\([a-z]\)|[*†‡§®™©])+|\d{1,2}")
_SMALL = 0.85
_MOST_MARKS = 100  # the figures of a chart are small and alone too
_NEAR_EM = 0.8


def marks_in_place(lines: Sequence[Line]) -> list[Line]:
    """The lines, marks such as `(1)` and `®` that stand alone joined to the word before them; others stay in place."""
    if not lines:
        return []
    usual = median(line.size for line in lines)
    marks = [line for line in lines if line.size < _SMALL * usual and _is_mark(line)]
    if not marks or len(marks) > _MOST_MARKS:
        return list(lines)
    taken = {id(line): [*line.words] for line in marks}
    kept = [line for line in lines if id(line) not in taken]
    for line in marks:
        for mark in line.words:
            place = _place(kept, mark, usual)
            if place is not None:
                index, word = place
                kept[index] = _with_mark(kept[index], word, mark)
                taken[id(line)].remove(mark)
    others = iter(kept)
    shown: list[Line] = []
    for line in lines:
        alone = [replace(line, text=mark.text, words=(mark,), cells=()) for mark in taken.get(id(line), ())]
        shown.extend(alone if id(line) in taken else [next(others)])
    return shown


def _is_mark(line: Line) -> bool:
    return bool(line.words) and all(_MARK.fullmatch(word.text) for word in line.words)


def _place(lines: Sequence[Line], mark: Print, size: float) -> tuple[int, int] | None:
    """Line and word that a mark stands behind: the nearest one whose height it touches."""
    best: tuple[float, int, int] | None = None
    middle = (mark.top + mark.bottom) / 2
    for index, line in enumerate(lines):
        if not line.words or not line.words[0].top - size / 3 <= middle <= line.words[0].bottom:
            continue
        for number, word in enumerate(line.words):
            gap = mark.left - word.right
            if -size / 4 <= gap <= _NEAR_EM * size and (best is None or abs(gap) < best[0]):
                best = (abs(gap), index, number)
    return best and best[1:]


def _with_mark(line: Line, word: int, mark: Print) -> Line:
    if mark.text.isdecimal():
        mark = mark._replace(text=raised(mark.text, f"{line.words[word].text} "))
    words = (*line.words[: word + 1], mark, *line.words[word + 1 :])
    cells = tuple(cell + (cell > word) for cell in line.cells)
    text = " ".join(one.text for one in words)
    return replace(line, text=text, right=max(line.right, round(mark.right, 1)), words=words, cells=cells)
