"""Tables drawn with characters, as terminals print them: columns set apart by blanks, bars or rules. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_STROKES = r"\s|+=:_─━│┼├┤┌┐└┘┬┴-"
_RULE = re.compile(rf"[{_STROKES}]*[-=─━]{{2}}[{_STROKES}]*")
_BARS = re.compile(r"[|│]")
_NUMBER = re.compile(r"[\d:.,/+-]*\d[\d:.,/+-]*")
_FEWEST_ROWS = 3
_MOSTLY = 0.6

_Cells = list[str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn table: the lines over it and its rows, cells with tabs between them, and the lines below."""

    text: str
    below: tuple[str, ...]


def drawn_table(text: str, *, loose: bool = False) -> Drawn | None:
    """The one table that a text draws; None where it draws none, or holds much else.

    Its first row names the columns. `loose`: columns may also stand apart by single blanks, unaligned.
    """
    lines = [line.rstrip() for line in text.expandtabs().split("\n")]
    if "\t" in text:
        return None
    for rows_of in (_ruled, _aligned, *([_spaced] if loose else [])):
        rows = rows_of(lines)
        table = [at for at, cells in enumerate(rows) if len(cells) > 1]
        told = len([cells for cells in rows if any(cells)])
        if (
            len(table) >= _FEWEST_ROWS
            and len(table) >= _MOSTLY * told
            and not any(map(_NUMBER.fullmatch, rows[table[0]]))
        ):
            below = (cells[0] for cells in rows[table[-1] + 1 :] if any(cells))
            return Drawn("\n".join("\t".join(cells) for cells in rows[: table[-1] + 1]), tuple(below))
    return None


def _is_rule(line: str) -> bool:
    return _RULE.fullmatch(line) is not None


def _ruled(lines: Sequence[str]) -> list[_Cells]:
    """Cells between bars, where a rule stands below a line of them; rules are left out."""
    barred = [_BARS.search(line) is not None and not _is_rule(line) for line in lines]
    if not any(bars and _is_rule(below) for bars, below in zip(barred, lines[1:], strict=False)):
        return []
    return [
        _cells(line) if bars else [line.strip()] for line, bars in zip(lines, barred, strict=True) if not _is_rule(line)
    ]


def _cells(line: str) -> _Cells:
    inner = line.strip()
    if _BARS.match(inner):
        inner = inner[1:-1] if _BARS.match(inner[-1]) else inner[1:]
    return [cell.strip() for cell in _BARS.split(inner)]


def _aligned(lines: Sequence[str]) -> list[_Cells]:
    """Cells of the longest block, cut where all of its lines have a blank and the first one begins a new name."""
    rows = {at: [line.strip()] for at, line in enumerate(lines)}
    filled = itertools.groupby(range(len(lines)), key=lambda at: bool(lines[at]))
    block = max((list(found) for is_filled, found in filled if is_filled), key=len, default=[])
    for first in range(min(len(block) - _FEWEST_ROWS + 1, _FEWEST_ROWS)):  # lines over the table may stand in its block
        drawn = [lines[at] for at in block[first:] if not _is_rule(lines[at])]
        edges = list(_edges(drawn)) if drawn and "  " in drawn[0].strip() else []
        ruled = _is_rule(lines[block[first + 1]])  # two columns without a rule may be names and their values
        if len(edges) > (1 if ruled else 2):
            spans = list(itertools.pairwise([*edges, None]))
            rows |= {at: [lines[at][start:end].strip() for start, end in spans] for at in block[first:]}
            break
    return [cells for at, cells in rows.items() if not _is_rule(lines[at])]


def _edges(table: Sequence[str]) -> Iterator[int]:
    """Where columns begin: each has a name in the first line, and a value in a line below."""
    width = max(map(len, table))
    blank = [all(line[at : at + 1] in ("", " ") for line in table) for at in range(width)]
    starts = [at for at in range(width) if not blank[at] and (at == 0 or blank[at - 1])]
    for start, end in itertools.pairwise([*starts, width]):
        name, *values = (line[start:end].strip() for line in table)
        if start == starts[0] or (name and any(values)):
            yield start


def _spaced(lines: Sequence[str]) -> list[_Cells]:
    """The words of lines that all have as many."""
    rows = [line.split() for line in lines]
    widths = {len(row) for row in rows if row}
    return rows if len(widths) == 1 else []
