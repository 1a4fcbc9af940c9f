"""Operands that a calculation calls by the name of another row: `net sales ($2,820) / gross profit ($14,544)`."""

from __future__ import annotations

from collections.abc import Iterable

from rag.arithmetic import stems_called
from rag.evidence import EvidencePool, Row
from rag.text import asked_periods, content_stems, digits_of, numbers_in


def is_misnamed(names: Iterable[tuple[str, str]], pool: EvidencePool) -> bool:
    """Whether a number is called what a row or section of the pool is called, and no row so called states it."""
    rows = [(row, index) for index in range(len(pool)) if (row := pool.row(index)) is not None]
    for number, name in names:
        called = stems_called(name) if content_stems(asked_periods(name)[1]) else frozenset()
        alike = [
            index for row, index in rows if called and called in (stems_called(row.label), stems_called(row.section))
        ]
        digits = digits_of(number)
        if not alike or any(digits in numbers_in(pool.reading(index)) for index in alike):
            continue
        if not any(_is_under(digits, called, row) for row, _ in rows):
            return True
    return False


def _is_under(digits: str, called: frozenset[str], row: Row) -> bool:
    """Whether a row has some digits under a heading that has all that they are called."""
    cells = zip(row.headings, row.values, strict=True)
    return any(digits in numbers_in(value) and called <= stems_called(heading) for heading, value in cells)
