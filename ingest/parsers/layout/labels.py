"""The label of a form field: the words beside it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.parsers.common import Box
from ingest.parsers.layout.printed import Line, Print

_FARTHEST_PT, _APART_EM = 100.0, 1.2
_LONGEST = 120


def beside(lines: Sequence[Line], field: Box, ticked: bool) -> str:
    """The words on a field's height that end at its left; of one to be ticked, those that begin at its right.

    Empty where none are near, or where they are too many to be a label.
    """
    middle = (field.top + field.bottom) / 2
    words = [word for line in lines for word in line.words if word.top <= middle <= word.bottom]
    left = sorted((word for word in words if word.right <= field.left + 1), key=lambda word: -word.right)
    right = sorted((word for word in words if word.left >= field.right - 1), key=lambda word: word.left)
    sides = [(right, field.right), (left, field.left)] if ticked else [(left, field.left)]
    for side, edge in sides:
        label = " ".join(word.text for word in sorted(_run(side, edge), key=lambda word: word.left)).strip(" :._…")
        if label and len(label) <= _LONGEST:
            return label
    return ""


def _run(words: Sequence[Print], edge: float) -> Sequence[Print]:
    """The words from the nearest on, up to a wide gap."""
    if not words or min(abs(words[0].left - edge), abs(words[0].right - edge)) > _FARTHEST_PT:
        return ()
    for count, (a, b) in enumerate(pairwise(words), start=1):
        if max(a.left, b.left) - min(a.right, b.right) > _APART_EM * (a.bottom - a.top):
            return words[:count]
    return words
