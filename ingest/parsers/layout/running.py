"""Running headers and footers: lines repeated at the edges of the pages of a file. Pure.

Their numbers are those of pages: the same on each, or one more from page to page. Rows of tables may stand at the edges
of pages as well, and may differ in nothing but their numbers: a line within a table stays.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ingest.parsers.common import Box
from ingest.parsers.layout.cells import cells_of, overlap, span_of
from ingest.parsers.layout.lattices import Lattice, lattices_of
from ingest.parsers.layout.printed import Line

_EDGE_LINES = 3
_FEWEST_PAGES, _SHARE = 3, 0.4
_NUMBERED = 0.6
_TWO_PAGES, _SAME_PLACE_PT = 2, 2.0
_NEXT_ROW_EM = 2.5
_MOST_DIGITS = 18
_NUMBER = re.compile(r"\d+")
_LETTERS, _FEW_WORDS = re.compile(r"[^\W\d_]{2,}"), 2

_Found = list[tuple[int, Line]]
"""Lines of one key, each with the index of its page, in order."""


class Bodies(NamedTuple):
    """The lines of each page without its running ones, and what these were, `#` for any number.

    Those of `running` only number the pages. `told` ones say more: `once` has the first line of each, by the index of
    its page.
    """

    pages: list[list[Line]]
    running: list[str]
    told: list[str]
    once: Mapping[int, list[Line]]


def line_key(text: str) -> str:
    """A line modulo digits and white space; two running headers with other page numbers have one key."""
    return _NUMBER.sub("#", " ".join(text.split()))


def without_running(pages: Sequence[Sequence[Line]], rules: Sequence[Sequence[Box]] = ()) -> Bodies:
    """The pages without their running headers and footers; `rules` are the ruling lines of each page.

    A running line stands at the top or bottom of at least three pages and of 40% of the pages; in a file of two pages,
    in the same place of both, with the number of the page. All stay when leaving them out would empty most pages: then
    they are the text.
    """
    repeated = _repeated(pages)
    dropped = [
        _outside_of_tables(
            [line for line in page if id(line) in repeated], page, lattices_of(rules[at] if rules else ())
        )
        for at, page in enumerate(pages)
    ]
    bodies = [[line for line in page if id(line) not in out] for page, out in zip(pages, dropped, strict=True)]
    emptied = sum(1 for page, body in zip(pages, bodies, strict=True) if page and not body)
    if 2 * emptied > len(pages):
        return Bodies([list(page) for page in pages], [], [], {})
    gone: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for at, (page, out) in enumerate(zip(pages, dropped, strict=True)):
        for line in page:
            if id(line) in out:
                gone[line_key(line.text)].append((at, line))
    told = sorted(key for key, lines in gone.items() if not _only_numbers_pages(lines))
    once: dict[int, list[Line]] = defaultdict(list)
    for key in told:
        at, line = gone[key][0]
        once[at].append(line)
    return Bodies(bodies, sorted(gone.keys() - {*told}), told, once)


def _only_numbers_pages(lines: _Found) -> bool:
    """Whether a running line says no more than which page it is on: hardly a word, and a number that changes."""
    texts = {line.text for _, line in lines}
    words = max(len(_LETTERS.findall(text)) for text in texts)
    return words == 0 or (len(texts) > 1 and words <= _FEW_WORDS)


def _repeated(pages: Sequence[Sequence[Line]]) -> frozenset[int]:
    """The ids of the lines that stand again on other pages."""
    found: Mapping[str, _Found] = defaultdict(list)
    for at, page in enumerate(pages):
        for line in _edges(page):
            found[line_key(line.text)].append((at, line))
    needed = max(_FEWEST_PAGES, _SHARE * sum(1 for page in pages if page))
    return frozenset(
        id(line)
        for lines in found.values()
        if (len({at for at, _ in lines}) >= needed and _are_of_pages(lines))
        or (len(pages) == _TWO_PAGES and _is_number_of_two(lines))
        for _, line in lines
    )


def _edges(page: Sequence[Line]) -> list[Line]:
    heights = sorted({round(line.bottom) for line in page})
    low, high = heights[:_EDGE_LINES], heights[-_EDGE_LINES:]
    return [line for line in page if round(line.bottom) in low or round(line.bottom) in high]


def _are_of_pages(lines: _Found) -> bool:
    """Whether each number of the first of them on a page is mostly that of the page before, or counts on with pages."""
    firsts = {at: _numbers(line) for at, line in reversed(lines)}
    steps = [
        all(after == before or after - before == number - last for before, after in zip(a, b, strict=True))
        for (last, a), (number, b) in pairwise(sorted(firsts.items()))
    ]
    return sum(steps) >= _NUMBERED * len(steps)


def _numbers(line: Line) -> list[int]:
    return [int(number[-_MOST_DIGITS:]) for number in _NUMBER.findall(line.text)]


def _is_number_of_two(lines: _Found) -> bool:
    """Whether these are one line of each of two pages, in one place, that counts them."""
    if [at for at, _ in lines] != [0, 1]:
        return False
    (_, first), (_, second) = lines
    in_place = abs(first.bottom - second.bottom) <= _SAME_PLACE_PT
    steps = {after - before for before, after in zip(_numbers(first), _numbers(second), strict=True)}
    return in_place and 1 in steps and steps <= {0, 1}


def _outside_of_tables(repeated: Sequence[Line], page: Sequence[Line], lattices: Sequence[Lattice]) -> frozenset[int]:
    """The ids of those of the repeated lines that no table of other lines has for a row."""
    out = {id(line) for line in repeated}
    for lattice in lattices if out else ():
        inside = [line for line in page if _is_in(lattice, line)]
        if any(id(line) not in out for line in inside):
            out.difference_update(map(id, inside))
    rows = [line for line in page if line.row] if out else []
    kept = -1
    while kept != len(out):  # a header of two lines: the upper one stands over the lower, that over the rows
        kept = len(out)
        rest = [row for row in rows if id(row) not in out]
        out.difference_update(
            id(line) for line in repeated if line.row and any(_is_next_row(line, row) for row in rest)
        )
    return frozenset(out)


def _is_in(lattice: Lattice, line: Line) -> bool:
    return any(lattice.place((word.left + word.right) / 2, (word.top + word.bottom) / 2) for word in line.words)


def _is_next_row(line: Line, row: Line) -> bool:
    """Whether two rows are near each other and each cell of the one stands over, or under, one of the other."""
    if not 0 < abs(line.bottom - row.bottom) <= _NEXT_ROW_EM * max(line.size, row.size):
        return False
    fewer, more = sorted(([*map(span_of, cells_of(one))] for one in (line, row)), key=len)
    return all(any(overlap(cell, other) > 0 for other in more) for cell in fewer)
