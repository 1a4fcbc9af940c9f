"""Arithmetic written in a text: read, recomputed, and told again in words. Knows no documents."""

from rag.arithmetic.expressions import Kind, Token, expression_of, numbers_told, runs, sides
from rag.arithmetic.naming import operand_names, stems_called
from rag.arithmetic.workings import YEARS_OF_DAYS
from rag.arithmetic.written_calculations import (
    Written,
    given_constants,
    without_asides,
    without_years_averaged,
    worked_before,
    written,
)

__all__ = [
    "YEARS_OF_DAYS",
    "Kind",
    "Token",
    "Written",
    "expression_of",
    "given_constants",
    "numbers_told",
    "operand_names",
    "runs",
    "sides",
    "stems_called",
    "without_asides",
    "without_years_averaged",
    "worked_before",
    "written",
]
