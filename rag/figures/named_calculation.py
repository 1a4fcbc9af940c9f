"""A sentence with a calculation whose operands are table cells, prepared once for all checks of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.arithmetic import Token, operand_names, runs
from rag.caching import cached_property
from rag.evidence import EvidencePool
from rag.figures.cell_naming import Cell, Naming, dated_heading, line_of, name_of, row_of, years_of
from rag.text import Measure, Quantity, digits_of, measures_in, numbers_in

DEFINES = re.compile(r"\b(?:defined|calculated|computed|measured)\s+as\b|\b[Dd]efine\b.{1,60}?\bas\b|[:=≈]")
CALCULATES = re.compile(r"\d[\s)%]*(?:million|billion|thousand|[mbk]\b)?[\s)]*[-+*/×÷−–]\s*[($€£]*\s?\d")
SENTENCE_ENDS = re.compile(r"[.?;!]\s")
EQUALS = re.compile(r"[=≈]")
BRACKETED = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)")
CLAUSES = re.compile(r"\b(?:and|compared|versus|against|from|to|than|while|but)\b|\bvs\b\.?|;|,(?!\d)", re.IGNORECASE)
_DIVIDES = re.compile(r"[/÷]|\bdivided\b")


def label_of(sentence: str) -> str:
    """What stands before the first equals sign, or all of a sentence without one."""
    return EQUALS.split(sentence, maxsplit=1)[0]


@dataclass(frozen=True)
class NamedCalculation:
    """A sentence, its operands (`numbers`), and the cell that states each, found by its name.

    `naming` is what the sentence names after those `before` it, whose results it may use.
    """

    sentence: str
    numbers: tuple[Quantity, ...]
    cells: tuple[Cell, ...]
    naming: Naming
    before: tuple[str, ...]
    pool: EvidencePool

    @property
    def question(self) -> str:
        return self.pool.question

    @property
    def calculates(self) -> bool:
        """Whether the sentence has a formula, rather than a result alone."""
        return CALCULATES.search(self.sentence) is not None

    @property
    def divides(self) -> bool:
        return _DIVIDES.search(self.sentence) is not None

    @cached_property
    def runs(self) -> tuple[list[Token], ...]:
        """The written calculations of the sentence."""
        return tuple(runs(self.sentence))

    @cached_property
    def called_by_run(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """For each of `runs`, its operands that are called something: as they are written, and what they are called."""
        return tuple(operand_names(run, self.sentence) for run in self.runs)

    @cached_property
    def called(self) -> tuple[tuple[str, str], ...]:
        """The same of all of them."""
        return tuple(each for named in self.called_by_run for each in named)

    @cached_property
    def printed(self) -> frozenset[str]:
        """The digits of all numbers of the sentence."""
        return numbers_in(self.sentence)

    @cached_property
    def digits(self) -> tuple[str, ...]:
        """The digits of each operand."""
        return tuple(digits_of(number.text) for number in self.numbers)

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """The candidates of the pool that the cells are of, each once."""
        return tuple(dict.fromkeys(cell.index for cell in self.cells))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The name of each cell's row."""
        return tuple(name_of(row_of(cell.index, self.pool)) for cell in self.cells)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The heading over each cell, as far as it tells its period."""
        return tuple(dated_heading(row_of(cell.index, self.pool), cell.column) for cell in self.cells)

    @cached_property
    def years(self) -> tuple[frozenset[str], ...]:
        """The years of each cell: of its heading, of a row that is called by a year, or of its section."""
        return tuple(years_of(cell, self.pool) for cell in self.cells)

    @cached_property
    def lines(self) -> tuple[tuple[str, str, int], ...]:
        """What each cell is a figure of, over several periods: a row; a column, where rows are periods; or both."""
        return tuple(line_of(cell, self.pool) for cell in self.cells)

    @cached_property
    def measures(self) -> list[Measure]:
        """The defined measures that the sentence names."""
        return measures_in(self.sentence)

    @property
    def is_of_one_line(self) -> bool:
        return len(set(self.lines)) == 1
