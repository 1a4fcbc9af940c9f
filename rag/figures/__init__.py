"""Sentences that state table cells, or work something out from them: which ones, and whether that is so."""

from rag.figures.amount_scales import with_operand_scales, with_scales, with_table_scales
from rag.figures.calculation_claims import Operands, stated_operands
from rag.figures.cell_claims import known_words, stated_rows
from rag.figures.implied_operands import with_implied_operands
from rag.figures.misnamed import is_misnamed

__all__ = [
    "Operands",
    "is_misnamed",
    "known_words",
    "stated_operands",
    "stated_rows",
    "with_implied_operands",
    "with_operand_scales",
    "with_scales",
    "with_table_scales",
]
