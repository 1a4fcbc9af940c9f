"""The right edges that full lines reach: what stops short of its own ends a paragraph. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.parsers.layout.printed import Line

_SAME_LEFT_PT, _SAME_SIZE_PT = 30, 1
_WORDS_OF_PROSE, _LINES_OF_PROSE = 5, 3
_LINES_NEAR, _WORDS_OF_A_LINE, _GOES_ON = 3, 3, 0.3
_NEXT_LINE = 1.25  # of the usual leading


@dataclass(frozen=True, slots=True)
class Margins:
    """Right edges of a page's full lines, in points.

    `columns` are those of all lines with a left edge and size. `blocks` are those of prose, by the `id` of a line: of
    its neighbours, for a page may set some paragraphs narrower, beside a figure or another column.
    """

    columns: dict[tuple[float, float], float]
    blocks: dict[int, float]

    def of(self, line: Line) -> float:
        """The right edge that a full line in the place of this one reaches."""
        column = self.columns[line.left, line.size]
        return min(column, self.blocks.get(id(line), column))


def margins_of(running: Sequence[Line], in_tables: Sequence[Line], leading: float) -> Margins:
    """The margins of the running lines of a page, in reading order, and of those of its tables."""
    blocks: dict[int, float] = {}
    for block in _blocks(running, leading):
        if _goes_on(block):
            blocks.update(zip(map(id, block), _edges_near(block), strict=True))
    return Margins(_column_edges([*running, *in_tables]), blocks)


def _column_edges(lines: Sequence[Line]) -> dict[tuple[float, float], float]:
    """For each line's left edge and size: the right edge that a full line of its column reaches."""
    edges: dict[tuple[float, float], float] = {}
    for left, size in {(line.left, line.size) for line in lines}:
        near = [
            line for line in lines if abs(line.left - left) < _SAME_LEFT_PT and abs(line.size - size) < _SAME_SIZE_PT
        ]
        prose = [line for line in near if not line.row]  # rows of a table reach over their columns
        full = sum(len(line.words) >= _WORDS_OF_PROSE for line in prose) >= _LINES_OF_PROSE
        column = sorted(line.right for line in (prose if full else near))
        # The longest line may be a title set across the columns: a margin is reached at least twice.
        edges[left, size] = column[-2] if len(column) > 1 else column[-1]
    return edges


def _blocks(lines: Sequence[Line], leading: float) -> Iterator[list[Line]]:
    """Runs of lines that stand under each other, evenly and in one size."""
    block: list[Line] = []
    for line in lines:
        if block and not _stands_under(block[-1], line, leading):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _stands_under(above: Line, below: Line, leading: float) -> bool:
    gap = above.bottom - below.bottom
    return (
        not (above.row or below.row)
        and above.bold == below.bold
        and 0 < gap <= max(_NEXT_LINE * leading, _NEXT_LINE * above.size)
        and abs(above.left - below.left) < _SAME_LEFT_PT
        and abs(above.size - below.size) < _SAME_SIZE_PT
    )


def _goes_on(block: Sequence[Line]) -> bool:
    """Whether the lines of a block are of sentences that run over them: some begin in the midst of one."""
    starts = [line.text[0] for line in block[1:] if line.text[0].isalpha()]
    cased = [letter for letter in starts if letter.isupper() or letter.islower()]
    wordy = len(block) >= _LINES_OF_PROSE and median(len(line.words) for line in block) >= _WORDS_OF_A_LINE
    return wordy and sum(map(str.islower, cased)) >= max(1, _GOES_ON * len(cased))


def _edges_near(block: Sequence[Line]) -> Iterator[float]:
    """For each line of a block: the edge that lines near it reach, before it as well as after it."""
    for at in range(len(block)):
        before, after = block[max(0, at - _LINES_NEAR + 1) : at + 1], block[at : at + _LINES_NEAR]
        yield min(max(line.right for line in side) for side in (before, after))
