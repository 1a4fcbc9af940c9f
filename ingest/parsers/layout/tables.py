"""Tables among the lines of a printed page: rows, cells, and a name for each column. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.parsers.layout.cells import (
    Cell,
    Row,
    Span,
    cells_of,
    is_number,
    is_unit,
    is_year,
    overlap,
    span_of,
    text_of,
    tidied,
)
from ingest.parsers.layout.printed import Line, is_right_to_left
from ingest.parsers.layout.table_columns import columns_of, dealt_columns

_APART_ROWS = 4
_FAR_EM = 3.2
_SAME_ROW_EM = 0.4
_ABOVE_EM = 2.5
_MOST_HEADER_LINES = 40
_HEADER_OVERHANG_PT = 60
_SHORT_CHARACTERS = 60
_HANGING_PT = 14
_NARROW_GAP_EM = 0.32
_LONG_LABEL, _NEAR_EDGE_PT = 30, 60
_TEXT_ROWS = 3
_ALIGNED_PT = 3


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: `rows[:body]` are its header, `names` those of its columns, `columns` where they stand in points.

    `guessed` says that only its place tells the header: nothing sets it off from the rows. `closed` is a table that
    rules part into cells on all sides, below one row of names: its rows are all there. `continued` is the rest of the
    table at the end of the page before, whose names it has.
    """

    rows: tuple[Row, ...]
    body: int
    columns: tuple[Span, ...] = ()
    names: tuple[str, ...] = ()
    unit: str = ""
    guessed: bool = False
    closed: bool = False
    continued: bool = False

    @property
    def header(self) -> str:
        """The units and the names of the columns, in their order; empty when the table has none."""
        return " | ".join(part for part in (self.unit, *self.names) if part)


def with_tables(lines: Sequence[Line]) -> list[Line | Grid]:
    """The lines in their order, those of a table replaced by it."""
    items: list[Line | Grid] = []
    at = 0
    for start, end in _regions(lines):
        if start < at:
            continue
        grid = _grid(lines[start:end])
        if grid:
            items.extend(lines[at:start])
            items.append(grid)
            at = end
    items.extend(lines[at:])
    return items


def _regions(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Index ranges of lines that may be one table each: rows, short labels between them, and headers above."""
    rows = [cells_of(line) if line.row else () for line in lines]
    rows = [row if len(row) > 1 else () for row in rows]
    at = 0
    while at < len(lines):
        if not rows[at]:
            at += 1
            continue
        end = _last_row(lines, rows, at) + 1
        yield _first_line(lines, rows, at, end), end
        at = end


def _last_row(lines: Sequence[Line], rows: Sequence[Row], first: int) -> int:
    last = first
    edge = _first_figure(rows[first])
    for index in range(first + 1, len(lines)):
        if index - last > _APART_ROWS + 1 or not _follows(lines[index - 1], lines[index]):
            break
        if len(rows[index]) > 1:
            if (
                index > last + 1
                and not _has_figures(rows[index])
                and (lines[index].bold or not _under(rows, index, last))
            ):
                break  # the header of a table of its own
            last = index
            edge = min(edge, _first_figure(rows[index]))
        elif not (len(lines[index].text) <= _SHORT_CHARACTERS or lines[index].right <= edge):
            break
    return last


def _follows(before: Line, after: Line) -> bool:
    """Whether a line stands near the one before it; headers of several lines are written column by column."""
    return abs(before.bottom - after.bottom) <= _FAR_EM * max(before.size, after.size)


def _under(rows: Sequence[Row], index: int, above: int) -> bool:
    """Whether each cell of a row after its label stands under one of the row above."""
    spans = [span_of(cell) for cell in rows[above]]
    return all(any(overlap(span_of(cell), span) > 0 for span in spans) for cell in rows[index][1:])


def _has_figures(row: Row) -> bool:
    """Whether a row has figures that are more than years."""
    texts = [text_of(cell) for cell in row]
    return any(is_number(text) and not is_year(text) for text in texts)


def _first_figure(row: Row) -> float:
    return min((cell[0].left for cell in row[1:] if is_number(text_of(cell))), default=float("inf"))


def _first_line(lines: Sequence[Line], rows: Sequence[Row], first: int, end: int) -> int:
    """The first line of the header above the rows: lines over the columns, and units in brackets."""
    edge = min(_first_figure(row) for row in rows[first:end] if row)
    top = max(line.bottom for line in lines[first:end])
    start, under_unit = first, False
    for index in range(first - 1, max(-1, first - 1 - _MOST_HEADER_LINES), -1):
        line = lines[index]
        near = -line.size < line.bottom - top < _ABOVE_EM * line.size or line.bottom < top
        unit = is_unit(line.text)
        over_columns = line.left > edge - _HEADER_OVERHANG_PT and (line.row or len(line.text) <= _SHORT_CHARACTERS)
        names = unit or (over_columns and not under_unit)
        label = line.right <= edge and len(line.text) <= _SHORT_CHARACTERS and first - index <= _APART_ROWS
        if not near or not (names or label) or line.bottom < lines[first].bottom:
            break
        columns_below = start < first or not _has_figures(rows[first])
        under_unit = under_unit or (unit and columns_below)  # a unit above the columns: over it stands the title
        top = max(top, line.bottom)
        start = index if names else start
    return start


def _grid(lines: Sequence[Line]) -> Grid | None:
    """The table of these lines, or None when they are not one."""
    visual = list(_visual_rows(lines))
    rows, bold = [row for row, _ in visual], [one for _, one in visual]
    edge = min((_first_figure(row) for row in rows), default=float("inf"))
    data = [index for index, row in enumerate(rows) if _is_data(row, edge)]
    if data:
        rows = _with_whole_labels(rows, data[0], edge)
        data = [index for index, row in enumerate(rows) if _is_data(row, edge)]
    if len(data) > 1 or (data and data[0] > 0):
        header = (one or _stands_over(row, edge) for one, row in zip(bold[: data[0]], rows, strict=False))
        leading = next((index for index, one in enumerate(header) if not one), data[0]) if bold[0] else 0
        return _named(rows, data, edge, leading)
    return _text_grid(rows, bold[0])


def _visual_rows(lines: Sequence[Line]) -> Iterator[tuple[Row, bool]]:
    """Rows from top to bottom, whatever the order their cells are written in, and whether each is set in bold."""
    cluster: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.bottom):
        if cluster and cluster[0].bottom - line.bottom > _SAME_ROW_EM * cluster[0].size:
            yield _row_of(cluster), all(one.bold for one in cluster)
            cluster = []
        cluster.append(line)
    if cluster:
        yield _row_of(cluster), all(one.bold for one in cluster)


def _row_of(cluster: Sequence[Line]) -> Row:
    if len(cluster) == 1:
        return cells_of(cluster[0])
    words = [word for line in sorted(cluster, key=lambda line: line.left) for word in line.words]
    if not any(is_right_to_left(word.text) for word in words):
        words.sort(key=lambda word: word.left)
    size = cluster[0].size
    edges = [0, *(i for i, (a, b) in enumerate(pairwise(words), start=1) if b.left - a.right > size), len(words)]
    return tidied([tuple(words[a:b]) for a, b in pairwise(edges)])


def _is_data(row: Row, edge: float) -> bool:
    """Whether a row has figures in its columns that are more than years."""
    return _has_figures(tuple(cell for cell in row if cell[-1].right > edge))


def _with_whole_labels(rows: Sequence[Row], first: int, edge: float) -> list[Row]:
    """A label that goes on over two lines is joined with the row that ends it."""
    joined: list[Row] = []
    for index, row in enumerate(rows):
        before = joined[-1] if joined and index >= first else ()
        if len(before) == 1 and len(row) > 1 and _goes_on(before[0], row[0], edge):
            joined[-1] = (_one_cell(before[0], row[0]), *row[1:])
        else:
            joined.append(row)
    return joined


def _one_cell(above: Cell, below: Cell) -> Cell:
    last = above[-1]
    return (*above[:-1], last._replace(text=last.text.replace("\ufffe", "-")), *below)


def _goes_on(label: Cell, rest: Cell, edge: float) -> bool:
    """Whether a label that fills its column, or stops within a phrase, goes on in the label of the row below it."""
    if abs(label[0].left - rest[0].left) > _HANGING_PT or label[-1].text.endswith(":") or is_unit(text_of(label)):
        return False
    start = rest[0].text[:1]
    full = edge - _NEAR_EDGE_PT < label[-1].right <= edge and len(text_of(label)) >= _LONG_LABEL
    return full or start.islower() or start.isdigit() or start in "$&("


def _named(rows: Sequence[Row], data: Sequence[int], edge: float, bold: int) -> Grid:
    """A table with figures: its columns are those of its fullest row. `bold` rows at its top stand out: its header."""
    columns = columns_of([rows[index] for index in data], edge)
    rows = [_cut_at_columns(row, columns, index >= data[0]) for index, row in enumerate(rows)]
    body = 1 + max((index for index in range(data[0]) if _names_columns(rows[index], edge)), default=-1)
    body = min(body, bold) if bold else body
    header = rows[:body]
    names: list[list[str]] = [[] for _ in columns]
    labels: list[str] = []
    units: list[str] = []
    groups: set[int] = set()
    for row in header:
        over = [cell for cell in row if cell[-1].right > edge - 1 and not is_unit(text_of(cell))]
        units.extend(text_of(cell) for cell in row if is_unit(text_of(cell)))
        labels.extend(text_of(cell) for cell in row if cell not in over and not is_unit(text_of(cell)))
        dealt = dealt_columns([span_of(cell) for cell in over], columns, frozenset(groups))
        for cell, covered in zip(over, dealt, strict=True):
            groups.update((covered.start, covered.stop) if len(covered) > 1 else ())
            for column in covered:
                names[column].append(text_of(cell))
    named = tuple(" ".join(parts) for parts in names) if any(names) else ()
    labelled = (" ".join(labels), *named) if labels and named else named
    values = [[span_of(cell) for cell in row if cell[-1].right > edge - 1] for row in rows[body:]]
    held = [column for column in columns if any(overlap(one, column) > 0 for spans in values for one in spans)]
    rows = [*header, *(_with_empty_cells(row, held, edge) for row in rows[body:])]
    return Grid(tuple(rows), body, tuple(columns), labelled, " ".join(dict.fromkeys(units)))


def _cut_at_columns(row: Row, columns: Sequence[Span], data: bool) -> Row:
    """The row, its cells cut where a rather wide gap, or a figure in a row of data, leads into another column."""
    parts: list[Cell] = []
    for cell in row:
        start = 0
        for index, (before, word) in enumerate(pairwise(cell), start=1):
            over = data or cell[start].left < columns[0][0] or _stands_at((cell[start].left, before.right), columns)
            wide = word.left - before.right >= _NARROW_GAP_EM * (word.bottom - word.top)
            figure = data and is_number(word.text) and not is_number(before.text)
            if (
                over
                and (wide or figure)
                and any(
                    before.right <= column[0] + 1 and overlap((word.left, word.right), column) > 0 for column in columns
                )
            ):
                parts.append(cell[start:index])
                start = index
        parts.append(cell[start:])
    return tuple(parts)


def _stands_at(span: Span, columns: Sequence[Span]) -> bool:
    return any(overlap(span, column) > 0 for column in columns)


def _with_empty_cells(row: Row, columns: Sequence[Span], edge: float) -> Row:
    """A row of a label and figures with an empty cell for each column before the last figure that holds nothing."""
    label = [cell for cell in row if cell[-1].right <= edge - 1]
    found: dict[int, Cell] = {}
    for cell in row[len(label) :]:
        under = [at for at, column in enumerate(columns) if overlap(span_of(cell), column) > 0]
        if len(label) != 1 or len(under) != 1 or under[0] <= max(found, default=-1):
            return row
        found[under[0]] = cell
    return (*label, *(found.get(at, ()) for at in range(max(found, default=-1) + 1)))


def _names_columns(row: Row, edge: float) -> bool:
    """Whether a row above the figures stands over them or tells their unit; the others are labels of the body."""
    return any(cell[-1].right > edge - 1 or is_unit(text_of(cell)) for cell in row)


def _stands_over(row: Row, edge: float) -> bool:
    """Whether all cells of a row but the first begin over the figures, as the years beside a unit do."""
    return len(row) > 1 and all(cell[0].left > edge - _NEAR_EDGE_PT for cell in row[1:])


def _text_grid(rows: Sequence[Row], bold: bool) -> Grid | None:
    """A table of words: at least three rows whose cells begin at the same places."""
    full = [row for row in rows if len(row) > 1]
    if len(full) < _TEXT_ROWS or 2 * len(full) < len(rows):
        return None
    template = max(full, key=len)
    starts = [cell[0].left for cell in template]
    aligned = [row for row in full if all(_aligned(cell[0].left, starts) for cell in row)]
    if 2 * len(aligned) < len(full) + 1:
        return None
    names = tuple(text_of(cell) for cell in rows[0]) if bold and len(rows[0]) > 1 else ()
    return Grid(tuple(rows), 1 if names else 0, tuple(span_of(cell) for cell in template), names)


def _aligned(left: float, starts: Sequence[float]) -> bool:
    return any(abs(left - start) <= _ALIGNED_PT for start in starts)
