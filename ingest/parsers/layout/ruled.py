"""Ruled tables: the words in the cells of a lattice as the rows of a grid, wrapped and merged cells whole. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from ingest.parsers.common import Box
from ingest.parsers.layout.cells import Cell, Row, Span, is_number, is_year, text_of
from ingest.parsers.layout.horizontal_rules import bands_of
from ingest.parsers.layout.lattices import Lattice, lattices_of
from ingest.parsers.layout.printed import Line, Print, is_right_to_left
from ingest.parsers.layout.tables import Grid
from ingest.parsers.layout.unruled import unruled

_SAME_LINE = 0.5
_FEWEST_FILLED, _FILLED, _MOST_WORDS = 2, 0.5, 150
_LONGEST_NAME, _EDGE_PT, _BEYOND = 80, 3.0, 0.3
_CLOSERS = ("%", ")")
_COLUMNS_OF_A_LIST = 2  # a list of names and values has no header
_STANDS_FOR_TABLE = "\ufffc"  # the character of Unicode for an object in a text

_Place = tuple[int, int]


def ruled_apart(
    lines: Sequence[Line], rules: Sequence[Box], known: Sequence[Span] = ()
) -> tuple[list[Line], dict[str, Grid]]:
    """The lines, those of each table replaced by one that stands for it, and the tables by its text.

    `known` are the columns of a table that may go on here: one row of it is a table, too.
    """
    left, grids = list(lines), dict[str, Grid]()
    lattices = lattices_of(rules, known)
    words = [word for line in lines for word in line.words] if rules else []
    apart = bands_of([rule for rule in rules if not any(_holds(lattice, rule) for lattice in lattices)], words)
    for lattice in (*lattices, *apart):
        if not _is_part(lattice, left):
            left = _put(lattice, left, grids, closed=lattice in lattices)
    return left, grids


def unruled_apart(lines: Sequence[Line], grids: dict[str, Grid]) -> list[Line]:
    """The lines, those of each table of words without rules replaced by one that stands for it, put among `grids`."""
    left = list(lines)
    for lattice in unruled([line for line in lines if line.text not in grids]):
        left = _put(lattice, left, grids, closed=False)
    return left


def _put(lattice: Lattice, lines: list[Line], grids: dict[str, Grid], *, closed: bool) -> list[Line]:
    """The lines, with one that stands for the table of a lattice, if it holds one, which is put among `grids`."""
    grid, at, rest = _taken(lattice, lines)
    if not grid:
        return lines
    text = f"{_STANDS_FOR_TABLE}{len(grids)}"
    grids[text] = replace(grid, closed=closed and _is_closed(grid))
    return [*rest[:at], _standing_for(lattice, text), *rest[at:]]


def _taken(lattice: Lattice, lines: Sequence[Line]) -> tuple[Grid | None, int, list[Line]]:
    """The table of a lattice, the lines without its words, and where among them it stood."""
    inside: dict[_Place, list[Print]] = {}
    bold: dict[_Place, bool] = {}
    rest: list[Line] = []
    at = len(lines)
    for line in lines:
        places = _places(lattice, line)
        for word, place in zip(line.words, places, strict=True):
            if place:
                inside.setdefault(place, []).append(word)
                bold[place] = bold.get(place, True) and line.bold
        if any(places):
            at = min(at, len(rest))
        outside = [word for word, place in zip(line.words, places, strict=True) if not place]
        rest.extend([line] if not any(places) else [_outside(line, outside)] if outside else [])
    return _grid(lattice, {place: _in_order(words) for place, words in inside.items()}, bold), at, rest


def _places(lattice: Lattice, line: Line) -> list[_Place | None]:
    return [lattice.place((word.left + word.right) / 2, (word.top + word.bottom) / 2) for word in line.words]


def _is_part(lattice: Lattice, lines: Sequence[Line]) -> bool:
    """Whether lines often go on beyond a lattice: then it parts only some columns of a table."""
    found = (_places(lattice, line) for line in lines)
    touching = [all(places) for places in found if any(places)]
    return touching.count(False) > _BEYOND * len(touching)


def _holds(lattice: Lattice, rule: Box) -> bool:
    left, top, right, bottom = lattice.xs[0], lattice.ys[0], lattice.xs[-1], lattice.ys[-1]
    return min(right, rule.right) > max(left, rule.left) and top - _EDGE_PT <= rule.top <= bottom + _EDGE_PT


def _outside(line: Line, words: Sequence[Print]) -> Line:
    text = " ".join(word.text for word in words)
    return replace(line, text=text, left=words[0].left, right=words[-1].right, words=tuple(words), cells=())


def _standing_for(lattice: Lattice, text: str) -> Line:
    left, top, right, bottom = lattice.xs[0], lattice.ys[0], lattice.xs[-1], lattice.ys[-1]
    return Line(text, left, right, -bottom, bottom - top, words=(Print(text, left, top, right, bottom),))


def _in_order(words: Sequence[Print]) -> Cell:
    """The words of a cell line by line; those of a line keep the order of the content."""
    lines: list[list[Print]] = []
    for word in words:
        line = next((line for line in reversed(lines) if _on_one_line(line[0], word)), None)
        if line is None:
            lines.append([word])
        else:
            line.append(word)
    return tuple(word for line in sorted(lines, key=lambda line: line[0].top) for word in line)


def _on_one_line(a: Print, b: Print) -> bool:
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared > _SAME_LINE * min(a.bottom - a.top, b.bottom - b.top)


def _grid(lattice: Lattice, inside: Mapping[_Place, Cell], bold: Mapping[_Place, bool]) -> Grid | None:
    """The rows of a lattice; None where it holds no table: a frame around text, the lines of a drawing."""
    if not _is_table(lattice, inside):
        return None
    spans = tuple(pairwise(lattice.xs))
    if _is_read_from_right(inside):
        lattice, spans = replace(lattice, cells=tuple(row[::-1] for row in lattice.cells)), spans[::-1]
    shown = [index for index, row in enumerate(lattice.cells) if any(inside.get(place) for place in row)]
    header = _header(lattice, inside, bold, shown)
    rows = tuple(_row(lattice.cells[index], inside, spread=index in header) for index in shown)
    titles = [text_of(row[0]) for row, index in zip(rows, shown, strict=True) if index < header.start and len(row) == 1]
    names = _names([lattice.cells[index] for index in shown if index in header], inside)
    body = sum(index < header.stop for index in shown)
    stands_out = bool(header) and all(bold.get(place, True) for index in header for place in lattice.cells[index])
    return Grid(rows, body, spans, names, " ".join(titles), guessed=bool(names) and not stands_out)


def _is_table(lattice: Lattice, inside: Mapping[_Place, Cell]) -> bool:
    places = {place for row in lattice.cells for place in row}
    filled = [place for place in places if inside.get(place)]
    if not filled:
        return False
    wide = [row for row in lattice.cells if len({place for place in row if inside.get(place)}) >= _FEWEST_FILLED]
    return (
        len(wide) >= min(_FEWEST_FILLED, len(lattice.cells))
        and len(filled) >= _FILLED * len(places)
        and max(len(words) for words in inside.values()) <= _MOST_WORDS
        and not any(_has_several_figures(words) for words in inside.values())
    )


def _is_read_from_right(inside: Mapping[_Place, Cell]) -> bool:
    """Whether most cells hold words of a script that is read from the right: then the first column is there."""
    cells = [is_right_to_left(text_of(words)) for words in inside.values() if any(map(str.isalpha, text_of(words)))]
    return 2 * sum(cells) > len(cells)


def _is_closed(grid: Grid) -> bool:
    """Whether one row names all columns, and no cell covers two; where nothing sets the names off, figures must."""
    columns = len(grid.columns)
    if grid.body != 1 or not all(grid.names) or {len(row) for row in grid.rows[:1]} != {columns}:
        return False
    body = [[text_of(cell) for cell in row] for row in grid.rows[1:]]
    if not body or any(len(row) != columns for row in body):
        return False
    figures = [all(is_number(row[at]) for row in body) and not is_number(grid.names[at]) for at in range(columns)]
    return not grid.guessed or any(figures)


def _has_several_figures(cell: Cell) -> bool:
    """Whether lines below each other in a cell end with figures: then rules part only some of the rows."""
    lines: list[list[Print]] = []
    for word in cell:
        if lines and _on_one_line(lines[-1][0], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return any(_ends_with_figure(a) and _ends_with_figure(b) for a, b in pairwise(lines))


def _ends_with_figure(line: Sequence[Print]) -> bool:
    last = line[-1].text
    return last in _CLOSERS or (is_number(last) and not is_year(last))


def _row(places: Sequence[_Place], inside: Mapping[_Place, Cell], *, spread: bool) -> Row:
    """A row's cells: one that covers several rows in each, one that covers several columns once, or in each of them if
    it names them (`spread`); no empty ones last."""
    cells = [inside.get(place, ()) for place in (places if spread else dict.fromkeys(places))]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _header(
    lattice: Lattice, inside: Mapping[_Place, Cell], bold: Mapping[_Place, bool], shown: Sequence[int]
) -> range:
    """The rows that name the columns, below those that stand over the whole table: empty where there are none."""
    rows = [index for index in shown if len(set(lattice.cells[index])) > 1]
    if len(rows) < _FEWEST_FILLED:
        return range(0)
    first, last = rows[0], rows[0]
    while last + 1 < rows[-1] and _goes_on(lattice, inside, bold, last):
        last += 1
    top = [place for index in range(first, last + 1) for place in lattice.cells[index] if inside.get(place)]
    below = [place for index in rows if index > last for place in lattice.cells[index] if inside.get(place)]
    stands_out = all(bold[place] for place in top) and not all(bold[place] for place in below)
    named = all(inside.get(place) for place in lattice.cells[last][1:])
    plain = named and all(_is_name(text_of(inside[place])) for place in top)
    figures = any(is_number(text_of(inside[place])) for place in below)
    wide = len(lattice.xs) > _COLUMNS_OF_A_LIST + 1
    return range(first, last + 1) if stands_out or (plain and (figures or wide)) else range(first, first)


def _goes_on(lattice: Lattice, inside: Mapping[_Place, Cell], bold: Mapping[_Place, bool], row: int) -> bool:
    """Whether a header has another row: under a cell over several columns, or beside one that covers both."""
    places, below = lattice.cells[row], lattice.cells[row + 1]
    spread = any(len(list(run)) > 1 and inside.get(place) for place, run in groupby(places))
    both = any(a == b for a, b in zip(places, below, strict=True)) and bold.get(places[0], False)
    texts = [text_of(inside[place]) for place in below if inside.get(place)]
    figures = any(is_number(text) and not is_year(text) for text in texts)
    return (spread or both) and not figures


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and (not is_number(text) or is_year(text))


def _names(header: Sequence[Sequence[_Place]], inside: Mapping[_Place, Cell]) -> tuple[str, ...]:
    """For each column the texts of the header over it, from the top."""
    columns = zip(*header, strict=True)
    return tuple(
        " ".join(text_of(inside[place]) for place in dict.fromkeys(column) if inside.get(place)) for column in columns
    )
