"""Two columns of prose that a program wrote line by line across the page, put one after the other. Pure.

Columns of scanned pages are put in order where their words are: `ingest.parsers.ocr.text`.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.parsers.layout.printed import Line, Print

_FEWEST_LINES = 4
_FEWEST_WORDS = 4
_ALIGNED_PT = 3


def columns_apart(lines: Sequence[Line]) -> list[Line]:
    """The lines in the order they are read; rows of tables, whose cells are short, stay as they are."""
    apart: list[Line] = []
    at = 0
    while at < len(lines):
        end = _end_of_columns(lines, at)
        left, right = _columns(lines[at:end]) if end > at else ([], [])
        apart.extend([*left, *right] if end > at else lines[at : at + 1])
        at = max(end, at + 1)
    return apart


def _end_of_columns(lines: Sequence[Line], start: int) -> int:
    """The end of a run of lines that stand in the two columns that the line at `start` shows; `start` if it is none."""
    if not _is_across(lines[start]):
        return start
    gutter = _gutter(lines[start])
    end, across = start, 0
    for line in lines[start:]:
        if _is_across(line) and abs(_gutter(line)[1] - gutter[1]) <= _ALIGNED_PT:
            across += 1
        elif line.cells or (line.left < gutter[1] - _ALIGNED_PT and line.right > gutter[1]):
            break
        end += 1
    return end if across >= _FEWEST_LINES and 2 * across > end - start else start


def _is_across(line: Line) -> bool:
    """Whether a line is two pieces of prose beside each other."""
    if len(line.cells) != 1:
        return False
    cut = line.cells[0]
    letters = sum(word.text[:1].isalpha() for word in line.words)
    return min(cut, len(line.words) - cut) >= _FEWEST_WORDS and 4 * letters > 3 * len(line.words)


def _gutter(line: Line) -> tuple[float, float]:
    cut = line.cells[0]
    return line.words[cut - 1].right, line.words[cut].left


def _columns(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    middle = _gutter(lines[0])[1] - _ALIGNED_PT
    left: list[Line] = []
    right: list[Line] = []
    for line in lines:
        cut = line.cells[0] if line.cells else (0 if line.left >= middle else len(line.words))
        if cut:
            left.append(_part(line, line.words[:cut]))
        if cut < len(line.words):
            right.append(_part(line, line.words[cut:]))
    return left, right


def _part(line: Line, words: tuple[Print, ...]) -> Line:
    text = " ".join(word.text for word in words)
    return Line(text, round(words[0].left, 1), round(words[-1].right, 1), line.bottom, line.size, line.bold, words)
