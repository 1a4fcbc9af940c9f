"""Tables with only horizontal rules: their rows by the rules, their columns by the gaps between words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.parsers.common import Box
from ingest.parsers.layout.cells import is_sum
from ingest.parsers.layout.lattices import Lattice
from ingest.parsers.layout.printed import Print

_SAME_ENDS_PT, _SAME_RULE_PT = 6.0, 2.5
_FEWEST_RULES = 3
_GUTTER_EM = 0.8
_NEAR_EM, _OWN_LINE_EM = 0.6, 0.15
_FAR = 4.0  # times as high as the usual band
_FLAT = 3.0  # times as wide as high is a rule level


@dataclass(slots=True)
class _Rule:
    """A level rule; `seams` is where its pieces meet, which each stand under a cell."""

    top: float
    left: float
    right: float
    seams: set[int]


def bands_of(rules: Sequence[Box], words: Sequence[Print]) -> list[Lattice]:
    """The lattices of rows between level rules of one width, of which some hold a cell of several lines.

    Where the first cell of a row and another one have several lines, rules may part groups of rows: then it is none.
    """
    found = (_lattice(stack, words) for stack in _stacks(rules))
    return [lattice for lattice in found if lattice]


def _stacks(rules: Sequence[Box]) -> list[list[_Rule]]:
    """Level rules that begin and end in the same places, from the top; pieces of one rule joined."""
    joined: list[_Rule] = []
    for rule in sorted(filter(_is_level, rules), key=lambda rule: (round(rule.top), rule.left)):
        last = joined[-1] if joined else None
        if last and abs(last.top - rule.top) <= _SAME_RULE_PT and rule.left - last.right <= _SAME_RULE_PT:
            last.seams |= {round(rule.left)} if rule.left > last.left + _SAME_RULE_PT else set()
            last.right = max(last.right, rule.right)
        else:
            joined.append(_Rule(rule.top, rule.left, rule.right, set()))
    stacks: list[list[_Rule]] = []
    for one in joined:
        stack = next((stack for stack in stacks if _ends_alike(stack[0], one)), None)
        if stack is None:
            stacks.append([one])
        elif one.top - stack[-1].top > _SAME_RULE_PT:
            stack.append(one)
    return [part for stack in stacks for part in _near_each_other(stack) if len(part) >= _FEWEST_RULES]


def _near_each_other(stack: list[_Rule]) -> list[list[_Rule]]:
    """Rules with the same ends, cut where one table ends and another begins far below."""
    if len(stack) < _FEWEST_RULES:
        return [stack]
    usual = median(b.top - a.top for a, b in pairwise(stack))
    cuts = [at for at, (a, b) in enumerate(pairwise(stack), start=1) if b.top - a.top > _FAR * usual]
    return [stack[start:end] for start, end in pairwise((0, *cuts, len(stack)))]


def _is_level(rule: Box) -> bool:
    return rule.right - rule.left >= _FLAT * (rule.bottom - rule.top)


def _ends_alike(a: _Rule, b: _Rule) -> bool:
    return abs(a.left - b.left) <= _SAME_ENDS_PT and abs(a.right - b.right) <= _SAME_ENDS_PT


def _lattice(stack: Sequence[_Rule], words: Sequence[Print]) -> Lattice | None:
    ys, left, right = [rule.top for rule in stack], stack[0].left, stack[0].right
    across = [word for word in words if word.left >= left - 1 and word.right <= right + 1]
    inside = [word for word in across if ys[0] < _middle(word) < ys[-1]]
    seams = sorted(set.intersection(*(rule.seams for rule in stack)))
    inner = [float(seam) for seam in seams] or _gutters(inside, left)
    xs = (left, *inner, right)
    top = _top_of_header(across, ys[0], inner)
    rows = tuple(ys) if top is None else (top, *ys)
    bands = [[word for word in inside if upper < _middle(word) < lower] for upper, lower in pairwise(ys)]
    sums = not seams and any(is_sum(word.text) for word in inside)  # rows of figures are told without rules
    if not inner or sums or not _are_rows(bands, xs):
        return None
    cells = tuple(tuple((row, column) for column in range(len(xs) - 1)) for row in range(len(rows) - 1))
    return Lattice(xs, rows, cells)


def _middle(word: Print) -> float:
    return (word.top + word.bottom) / 2


def _gutters(words: Sequence[Print], left: float) -> list[float]:
    """The middles of the strips within the rules that no word stands in."""
    gutters: list[float] = []
    reached = left
    for word in sorted(words, key=lambda word: word.left):
        if word.left - reached >= _GUTTER_EM * (word.bottom - word.top) and reached > left:
            gutters.append((reached + word.left) / 2)
        reached = max(reached, word.right)
    return gutters


def _top_of_header(words: Sequence[Print], rule: float, gutters: Sequence[float]) -> float | None:
    """The top of the lines right above the first rule, where no word of theirs crosses a gutter."""
    top: float | None = None
    edge = rule
    for word in sorted(words, key=lambda word: -word.bottom):
        height = word.bottom - word.top
        if word.bottom > rule + 1:
            continue
        in_gutter = any(word.left < gutter < word.right for gutter in gutters)
        if edge - word.bottom > (_NEAR_EM if top is None else _OWN_LINE_EM) * height or in_gutter:
            break
        top = word.top if top is None else min(top, word.top)
        edge = min(edge, word.top)
    return top


def _are_rows(bands: Sequence[Sequence[Print]], xs: Sequence[float]) -> bool:
    """Whether each band is one row of several cells, and some row has a cell of several lines."""
    wrapped = False
    for band in bands:
        first, *others = [_lines([word for word in band if a <= word.left < b]) for a, b in pairwise(xs)]
        if not first or not any(others) or (first > 1 and max(others) > 1):
            return False
        wrapped = wrapped or max(first, *others) > 1
    return wrapped


def _lines(words: Sequence[Print]) -> int:
    tops: list[float] = []
    for word in sorted(words, key=lambda word: word.top):
        if not tops or word.top - tops[-1] > (word.bottom - word.top) / 2:
            tops.append(word.top)
    return len(tops)
