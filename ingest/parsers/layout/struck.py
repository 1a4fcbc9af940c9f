"""Struck-through words, which are not part of the text of a page. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.parsers.common import Box
from ingest.parsers.layout.printed import Line, Print

_HIGHEST, _LOWEST = 0.4, 0.76  # of a word's height from its top, where a line through its letters runs
_COVERED, _BEYOND_EM = 0.8, 0.6


def without_struck(lines: Sequence[Line], rules: Sequence[Box]) -> tuple[list[Line], list[Box], list[str]]:
    """The lines without struck words, the rules that strike none, and the struck passages.

    A rule that goes on beyond the words that it crosses is one of a table or a chart.
    """
    level = [rule for rule in rules if rule.right - rule.left > rule.bottom - rule.top]
    kept: list[Line] = []
    used: set[Box] = set()
    passages: list[str] = []
    for line in lines:
        crossed = {rule: words for rule in level if (words := list(_crossed(line, rule)))}
        striking = {rule: words for rule, words in crossed.items() if _ends_with(rule, words, line.size)}
        struck = {place for words in striking.values() for place, _ in words}
        if not struck:
            kept.append(line)
            continue
        used.update(striking)
        passages.append(" ".join(word.text for place, word in enumerate(line.words) if place in struck))
        places = [place for place in range(len(line.words)) if place not in struck]
        if places:
            kept.append(_part(line, places))
    return kept, [rule for rule in rules if rule not in used], passages


def _crossed(line: Line, rule: Box) -> Iterator[tuple[int, Print]]:
    """The words of a line that a rule goes through, with their places."""
    height = (rule.top + rule.bottom) / 2
    for place, word in enumerate(line.words):
        across = min(word.right, rule.right) - max(word.left, rule.left)
        says = any(map(str.isalnum, word.text))
        if says and across >= _COVERED * (word.right - word.left) > 0 and goes_through(height, word.top, word.bottom):
            yield place, word


def goes_through(height: float, top: float, bottom: float) -> bool:
    """Whether a level line at this height runs through the letters of a word between top and bottom."""
    return _HIGHEST <= (height - top) / max(bottom - top, 1) <= _LOWEST


def _part(line: Line, places: Sequence[int]) -> Line:
    """A line with some of its words; the gaps that others leave set no cells apart."""
    words = tuple(line.words[place] for place in places)
    return replace(
        line,
        text=" ".join(word.text for word in words),
        left=round(words[0].left, 1),
        right=round(words[-1].right, 1),
        words=words,
        cells=tuple(at for at, place in enumerate(places) if at and place in line.cells),
    )


def _ends_with(rule: Box, words: Sequence[tuple[int, Print]], size: float) -> bool:
    beyond = _BEYOND_EM * size
    return rule.left >= words[0][1].left - beyond and rule.right <= words[-1][1].right + beyond
