"""Tables of words without rules: their columns by the white between them, their rows by `row_bands`. Pure.

    Service  Covered               Contact        lines between which gutters run through, at least two; what stands in
    Basic    repairs of pumps      Ms Okafor      a column begins, ends or has its middle in one place
             and valves
    Full     everything            Ms Varga

Tables of figures with one column of labels are those of `tables`, which knows their headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from statistics import median

from ingest.parsers.layout.cells import BULLET, ENTRY, Cell, Span, is_currency, is_number, is_sum, is_year, text_of
from ingest.parsers.layout.gutters import Row, is_close, part_of
from ingest.parsers.layout.lattices import Lattice
from ingest.parsers.layout.printed import Line, Print, line_of
from ingest.parsers.layout.prose_columns import is_prose
from ingest.parsers.layout.row_bands import Band, Level, bands_of, is_within_words

_SAME_LEVEL, _FAR = 0.3, 5.0  # distances of lines, in sizes of their letters
_LEAST_EM, _NARROW_EM = 0.28, 0.9
_FEWEST_GUTTERS, _FEWEST_ROWS, _FEWEST_WITH_NARROW = 2, 3, 4
_ALIGNED_PT, _ALIGNED, _MOSTLY, _FILLED = 1.5, 0.8, 0.6, 0.5
_SET_OFF = 1.4
_MOST_LABELS, _NEAR, _MANY_ROWS = 4, 2.5, 7
_WORDS, _SEVERAL, _LABEL_WORDS, _MOST_WORDS = 0.5, 2, 5, 12
_ENDS = (".", "?", "!")
_A_WORD = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class _Region:
    """Rows below each other, by their indexes, the gutters that they have in common, and how many cells stand behind
    these, the first of each gutter aside."""

    start: int
    end: int
    gutters: tuple[Span, ...]
    score: int

    @staticmethod
    def of(rows: Sequence[Row], start: int, end: int, shared: Sequence[Span]) -> _Region | None:
        """The region with those of the gutters at which words of several rows begin or end; None with too few."""
        counted = {gutter: _beside(rows[start:end], gutter) for gutter in shared}
        kept = tuple(gutter for gutter, count in counted.items() if count >= _SEVERAL)
        score = sum(counted[gutter] - 1 for gutter in kept)
        return _Region(start, end, kept, score) if len(kept) >= _FEWEST_GUTTERS else None


def _beside(rows: Sequence[Row], gutter: Span) -> int:
    """How many rows have words on both sides of a gutter; of a narrow one, those with words right at it."""
    gaps = [(a, b, row) for row in rows for a, b in row.free[1:-1] if a <= gutter[0] and b >= gutter[1]]
    if all(gutter[1] - gutter[0] >= _NARROW_EM * row.size for _, _, row in gaps):
        return len(gaps)
    begin = sum(b - gutter[1] <= _ALIGNED_PT for _, b, _ in gaps)
    end = sum(gutter[0] - a <= _ALIGNED_PT for a, _, _ in gaps)
    return max(begin, end)


def unruled(lines: Sequence[Line]) -> list[Lattice]:
    """The lattices of the tables of words among the lines of a page, from the top."""
    rows = _rows(lines)
    return list(_tables(rows, 0, len(rows)))


def _tables(rows: Sequence[Row], first: int, last: int) -> Iterator[Lattice]:
    """The tables of some rows: of those with most cells behind gutters that they have in common, above and below.

    Where these are no table, tables below each other may have gutters in common: they are cut at the widest distance.
    """
    regions = (_region(rows, start, last) for start in range(first, last))
    best = max((one for one in regions if one), key=lambda one: one.score, default=None)
    if best is None:
        return
    yield from _tables(rows, first, best.start)
    inside = rows[best.start : best.end]
    found = [lattice for levels in _parts(inside, best.gutters) if (lattice := _lattice(levels, best.gutters))]
    if not _stands_over_figures(rows, best) and not _is_within_text(rows, best):
        yield from found
    distances = [above.bottom - below.bottom for above, below in pairwise(inside)]
    if not found and max(distances) > _SET_OFF * min(distances):
        cut = best.start + distances.index(max(distances)) + 1
        yield from _tables(rows, best.start, cut)
        yield from _tables(rows, cut, best.end)
    yield from _tables(rows, best.end, last)


def _stands_over_figures(rows: Sequence[Row], region: _Region) -> bool:
    """Whether one of the rows near below is of figures: then these are the lines of its header."""
    for above, below in pairwise(rows[region.end - 1 : region.end + _MOST_LABELS]):
        if above.bottom - below.bottom > _NEAR * below.size:
            return False
        if sum(map(_is_figure, below.words)) >= _SEVERAL:
            return True
    return False


def _is_within_text(rows: Sequence[Row], region: _Region) -> bool:
    """Whether a few rows stand between lines of text as near as those of a paragraph: they have a river of white."""
    if region.end - region.start >= _MANY_ROWS:
        return False
    first, last = rows[region.start], rows[region.end - 1]
    pairs = [(one, first) for one in rows[max(0, region.start - 1) : region.start]]
    pairs += [(last, one) for one in rows[region.end : region.end + 1]]
    texts = [
        one for above, below in pairs if is_close(above, below) for one in (above, below) if one not in (first, last)
    ]
    few = region.end - region.start < _FEWEST_ROWS
    return any(few or 2 * len(_shared_wide(region.gutters, one)) <= len(region.gutters) for one in texts)


def _shared_wide(gutters: Sequence[Span], row: Row) -> list[Span]:
    return _wide_enough(_shared(gutters, row.free), row)


def _is_figure(word: Print) -> bool:
    return is_number(word.text) and not is_year(word.text)


def _rows(lines: Sequence[Line]) -> list[Row]:
    """Lines on one baseline together, from the top."""
    rows: list[list[tuple[int, Line]]] = []
    parts = [part for line in lines if line.words for part in _on_baselines(line)]
    for number, line in sorted(enumerate(parts), key=lambda one: -one[1].bottom):
        if rows and rows[-1][0][1].bottom - line.bottom <= _SAME_LEVEL * line.size:
            rows[-1].append((number, line))
        else:
            rows.append([(number, line)])
    return [Row(tuple(row)) for row in rows]


def _on_baselines(line: Line) -> Iterator[Line]:
    """The parts of a line that stand on one baseline each: cells beside each other may be half a line apart."""
    far = [
        at
        for at, (a, b) in enumerate(pairwise(line.words), start=1)
        if abs(a.bottom - b.bottom) > _SAME_LEVEL * line.size
    ]
    for start, end in pairwise((0, *far, len(line.words))):
        yield part_of(line, start, end)


def _region(rows: Sequence[Row], start: int, last: int) -> _Region | None:
    """The rows from one on that have most cells behind gutters in common."""
    best: _Region | None = None
    gutters = _wide_enough(rows[start].free[1:-1], rows[start])
    for end in range(start + 1, last + 1):
        far = end == last or rows[end - 1].bottom - rows[end].bottom > _FAR * rows[end].size
        left = [] if far else _shared_wide(gutters, rows[end])
        if len(left) < len(gutters):
            region = _Region.of(rows, start, end, gutters)
            best = region if region and (best is None or region.score > best.score) else best
        gutters = left
        if len(gutters) < _FEWEST_GUTTERS:
            break
    return best


def _wide_enough(gaps: Sequence[Span], row: Row) -> list[Span]:
    return [gap for gap in gaps if gap[1] - gap[0] >= _LEAST_EM * row.size]


def _shared(gutters: Sequence[Span], free: Sequence[Span]) -> list[Span]:
    """What a row leaves free of each gutter: the widest part."""
    parts = ([(max(a, c), min(b, d)) for c, d in free] for a, b in gutters)
    return [max(spans, key=lambda span: span[1] - span[0]) for spans in parts]


def _parts(rows: Sequence[Row], gutters: Sequence[Span]) -> Iterator[list[Level]]:
    """The lines of a region, cut where one in the first column alone is set off from what is above it."""
    middles = [sum(gutter) / 2 for gutter in gutters]
    levels = [_level(row, middles) for row in rows]
    usual = median(b.at - a.at for a, b in pairwise(levels))
    cuts = [
        at
        for at, (above, below) in enumerate(pairwise(levels), start=1)
        if _is_beside(below) and below.at - above.at > _SET_OFF * usual
    ]
    for start, end in pairwise((0, *cuts, len(levels))):
        yield _trimmed(levels[start:end])


def _trimmed(levels: list[Level]) -> list[Level]:
    """The lines without those above and below that stand in the first column alone."""
    while levels and _is_beside(levels[0]):
        levels = levels[1:]
    while len(levels) > 1 and _is_beside(levels[-1]) and not is_within_words(levels[-2].cells[0], levels[-1].cells[0]):
        levels = levels[:-1]
    return levels


def _lattice(levels: Sequence[Level], gutters: Sequence[Span]) -> Lattice | None:
    """The cells of these lines; None where they are no table of words."""
    if len(levels) < _SEVERAL or not _are_columns(levels, gutters):
        return None
    bands = bands_of(levels)
    if not _is_table(levels, bands) or _are_texts_beside_each_other(levels) or _are_broken(bands):
        return None
    words = [word for level in levels for cell in level.cells for word in cell]
    xs = (min(word.left for word in words), *(sum(gutter) / 2 for gutter in gutters), max(word.right for word in words))
    cells = tuple(tuple((row, column) for column in range(len(xs) - 1)) for row in range(len(bands)))
    return Lattice(xs, _edges(bands), cells)


def _level(row: Row, middles: Sequence[float]) -> Level:
    edges = (float("-inf"), *middles, float("inf"))
    cells = tuple(tuple(word for word in row.words if a <= word.left < b) for a, b in pairwise(edges))
    numbers = {word: number for number, line in row.lines for word in line.words}
    order = tuple(numbers[cell[0]] if cell else -1 for cell in cells)
    return Level(cells, order, -row.bottom, row.size, all(line.bold for _, line in row.lines))


def _is_beside(level: Level) -> bool:
    """Whether a line stands in the first column alone: a title, a note, the end of a paragraph."""
    return not any(level.cells[1:])


def _are_columns(levels: Sequence[Level], gutters: Sequence[Span]) -> bool:
    """Whether what stands in each column is set below each other, most in words, and no two columns are prose."""
    columns = [[level.cells[at] for level in levels if level.cells[at]] for at in range(len(gutters) + 1)]
    narrow = [b - a < _NARROW_EM * levels[0].size for a, b in gutters]
    if any(narrow) and _is_flush(levels):
        return False
    if any(narrow) and len(levels) < _FEWEST_WITH_NARROW:
        return False
    behind = zip(columns[1:], narrow, strict=True)
    if any(tight and (len(cells) < _FEWEST_WITH_NARROW or _share_of_lefts(cells) < 1) for cells, tight in behind):
        return False
    several = sum(len(cells) >= _SEVERAL for cells in columns)
    return several > _FEWEST_GUTTERS and all(map(_is_aligned, columns)) and _are_worded(columns)


def _is_flush(levels: Sequence[Level]) -> bool:
    """Whether most lines begin in one place and end in one place, as those of justified paragraphs."""
    words = [[word for cell in level.cells for word in cell] for level in levels]
    return min(_share([one[0].left for one in words]), _share([one[-1].right for one in words])) >= _MOSTLY


def _are_worded(columns: Sequence[Sequence[Cell]]) -> bool:
    """Whether more columns are words than figures, none is signs of currency, and the first one is not marks."""
    worded = sum(map(_is_worded, columns))
    figures = sum(all(map(is_number, texts)) for texts in (list(map(text_of, cells[1:])) for cells in columns) if texts)
    sums = [sum(map(is_sum, map(attrgetter("text"), cell))) for cells in columns for cell in cells]
    currency = any(is_currency(text_of(cell)) for cells in columns for cell in cells)
    marks = sum(bool(BULLET.fullmatch(text) or ENTRY.fullmatch(text)) for text in map(text_of, columns[0]))
    return (
        worded >= _SEVERAL
        and worded > figures
        and not currency
        and max(sums) < _SEVERAL
        and 2 * marks <= len(columns[0])
    )


def _is_worded(cells: Sequence[Cell]) -> bool:
    below = cells[1:] or cells
    worded = sum(any(_A_WORD.search(word.text) for word in cell) for cell in below)
    return worded > _WORDS * len(below)


def _is_aligned(cells: Sequence[Cell]) -> bool:
    rights = _share([cell[-1].right for cell in cells])
    middles = _share([(cell[0].left + cell[-1].right) / 2 for cell in cells])
    return max(_share_of_lefts(cells), rights, middles) >= _ALIGNED


def _share_of_lefts(cells: Sequence[Cell]) -> float:
    return _share([cell[0].left for cell in cells])


def _share(places: Sequence[float]) -> float:
    """How many of these places are the same, of all."""
    same = max((sum(abs(one - place) <= _ALIGNED_PT for one in places) for place in places), default=0)
    return same / len(places) if places else 0.0


def _is_table(levels: Sequence[Level], bands: Sequence[Band]) -> bool:
    """Whether rows of short cells, most of them filled, stand below each other."""
    columns = range(len(levels[0].cells))
    filled = [[any(level.cells[at] for level in band) for at in columns] for band in bands]
    if len(bands) < _SEVERAL or sum(map(sum, filled)) < _FILLED * len(bands) * len(columns):
        return False
    if len(bands) < _FEWEST_ROWS:
        return len(levels) == len(bands) and all(map(all, filled)) and _is_set_apart(levels)
    prose = sum(_is_prose([level for level in levels if level.cells[at]], at) for at in columns)
    if len(levels) == len(bands):
        return prose == 0
    return prose < len(columns) and any(_holds_labels(bands, at) for at in columns)


def _is_prose(levels: Sequence[Level], column: int) -> bool:
    """Whether what stands in a column is running text; a few words in each line are none."""
    few = all(len(level.cells[column]) <= _LABEL_WORDS for level in levels)
    return not few and is_prose([line_of(level.cells[column], level.size) for level in levels])


def _are_texts_beside_each_other(levels: Sequence[Level]) -> bool:
    """Whether one column is written after the other, and lines of theirs go on below: cards, and not cells."""
    columns = [
        [(level.order[at], level.cells[at]) for level in levels if level.cells[at]]
        for at in range(len(levels[0].cells))
    ]
    by_column = all(max(a for a, _ in left) < min(b for b, _ in right) for left, right in pairwise(columns))
    pairs = [(a, b) for cells in columns for (_, a), (_, b) in pairwise(cells)]
    return by_column and sum(len(a) >= _SEVERAL and is_within_words(a, b) for a, b in pairs) >= _SEVERAL


def _are_broken(bands: Sequence[Band]) -> bool:
    """Whether phrases of several columns go on from a row into the next: these are lines of text, and no rows."""
    broken: set[int] = set()
    for above, below in pairwise(bands[1:]):
        for at in range(len(above[0].cells)):
            ends = next((level.cells[at] for level in reversed(above) if level.cells[at]), ())
            begins = next((level.cells[at] for level in below if level.cells[at]), ())
            phrase = len(ends) >= _SEVERAL and ends[0].text[:1].isupper() and not ends[-1].text.endswith(_ENDS)
            broken |= {at} if phrase and begins and begins[0].text[:1].islower() else set()
    return len(broken) >= _SEVERAL


def _is_set_apart(levels: Sequence[Level]) -> bool:
    """Whether the cells of all lines are wide apart, and each begins or ends where those below do."""
    gaps = [b[0].left - a[-1].right for level in levels for a, b in pairwise(level.cells)]
    columns = list(zip(*(level.cells for level in levels), strict=True))
    return min(gaps) >= levels[0].size and all(_share_of_lefts(cells) == 1 for cells in columns)


def _holds_labels(bands: Sequence[Band], column: int) -> bool:
    """Whether most cells of a column are a few words."""
    counts = [sum(len(level.cells[column]) for level in band) for band in bands]
    return sum(count <= _LABEL_WORDS for count in counts) > len(counts) / 2 and max(counts) <= _MOST_WORDS


def _edges(bands: Sequence[Band]) -> tuple[float, ...]:
    """Where each row begins, and where the last one ends."""
    words = [[word for level in band for cell in level.cells for word in cell] for band in bands]
    middles = [[(word.top + word.bottom) / 2 for word in band] for band in words]
    between = [(max(above) + min(below)) / 2 for above, below in pairwise(middles)]
    return (min(word.top for word in words[0]), *between, max(word.bottom for word in words[-1]))
