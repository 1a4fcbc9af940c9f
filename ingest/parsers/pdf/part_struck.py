"""Words of a PDF page that are struck in part, set apart at the end of the line through them.

Where a new figure follows the struck one without a blank, both are one word of the page: 90 and 110 read as `90110`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from ingest.parsers.common import Box
from ingest.parsers.layout import Span, goes_through
from ingest.parsers.pdf.page_space import Edges

Boxes = Callable[[Sequence[int]], Sequence[Edges]]
_COVERED, _BEYOND_EM = 0.8, 0.6


def apart_at_strikes(line: Sequence[Span], rules: Sequence[Box], boxes: Boxes) -> list[Span]:
    """The words of a line, those in two of which a level rule strikes only one part. `boxes` gives the boxes of some
    characters, by their indexes, as the page is seen."""
    if not rules:
        return list(line)
    (_, top, _, bottom), *_ = boxes([line[0][0]])
    through = [rule for rule in rules if _is_level(rule) and goes_through(_height(rule), top, bottom)]
    if not through:
        return list(line)
    indexes = [index for span in line for index in range(*span)]
    letters = dict(zip(indexes, boxes(indexes), strict=True))
    struck = {index for rule in through for index in _struck(rule, letters)}
    return [part for span in line for part in _parts(span, struck)]


def _struck(rule: Box, letters: Mapping[int, Edges]) -> Iterable[int]:
    """The letters that a rule strikes; none where it goes on beyond them."""
    covered = {index: box for index, box in letters.items() if _covers(rule, box)}
    if not covered:
        return ()
    left, right = min(box[0] for box in covered.values()), max(box[2] for box in covered.values())
    beyond = _BEYOND_EM * max(box[3] - box[1] for box in covered.values())
    return covered if rule.left >= left - beyond and rule.right <= right + beyond else ()


def _parts(span: Span, struck: Collection[int]) -> Iterator[Span]:
    start, end = span
    for at in range(start + 1, end):
        if (at in struck) != (at - 1 in struck):
            yield start, at
            start = at
    yield start, end


def _covers(rule: Box, letter: Edges) -> bool:
    across = min(rule.right, letter[2]) - max(rule.left, letter[0])
    return across >= _COVERED * (letter[2] - letter[0]) > 0 and goes_through(_height(rule), letter[1], letter[3])


def _is_level(rule: Box) -> bool:
    return rule.right - rule.left > rule.bottom - rule.top


def _height(rule: Box) -> float:
    return (rule.top + rule.bottom) / 2
