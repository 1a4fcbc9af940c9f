"""Evidence for a claim: the sentences of the hits, and the comparison of numbers, dates and names."""

from rag.evidence.amount_scales import with_operand_scales, with_scales, with_table_scales
from rag.evidence.calculation_claims import Operands, stated_operands
from rag.evidence.calculations import Calculation, calculations
from rag.evidence.candidates import Candidate
from rag.evidence.cell_claims import known_words, stated_rows
from rag.evidence.contradictions import Comparison, compare
from rag.evidence.disagreement import contradicting, disagreements
from rag.evidence.document_dates import spoken_date
from rag.evidence.fields import Field, fields_in, fields_of
from rag.evidence.finder import EvidenceFinder, Support
from rag.evidence.implied_operands import with_implied_operands
from rag.evidence.lists import ItemList, lists_on
from rag.evidence.operand_names import is_misnamed
from rag.evidence.page_breaks import Joined, PageBreaks
from rag.evidence.pool import DocumentTexts, EvidencePool
from rag.evidence.premise_window import premise, sentence_window
from rag.evidence.printed_numbers import numbers_in, numbers_of
from rag.evidence.quotes import quote_of
from rag.evidence.rows import Row, without_brackets
from rag.evidence.stated_facts import (
    Claim,
    Ground,
    claim_of,
    fault_of_number,
    ground_of,
    in_plain_words,
    is_count_in_words,
    is_supposed,
    missing_facts,
    missing_names,
    missing_numbers,
)
from rag.evidence.table_lines import is_value
from rag.evidence.tables import Pages, Table, TableRow, quotes_of, table_at
from rag.evidence.workings import Worked
from rag.evidence.written_calculations import Written, given_constants, without_asides, worked_before, written

__all__ = [
    "Calculation",
    "Candidate",
    "Claim",
    "Comparison",
    "DocumentTexts",
    "EvidenceFinder",
    "EvidencePool",
    "Field",
    "Ground",
    "ItemList",
    "Joined",
    "Operands",
    "PageBreaks",
    "Pages",
    "Row",
    "Support",
    "Table",
    "TableRow",
    "Worked",
    "Written",
    "calculations",
    "claim_of",
    "compare",
    "contradicting",
    "disagreements",
    "fault_of_number",
    "fields_in",
    "fields_of",
    "given_constants",
    "ground_of",
    "in_plain_words",
    "is_count_in_words",
    "is_misnamed",
    "is_supposed",
    "is_value",
    "known_words",
    "lists_on",
    "missing_facts",
    "missing_names",
    "missing_numbers",
    "numbers_in",
    "numbers_of",
    "premise",
    "quote_of",
    "quotes_of",
    "sentence_window",
    "spoken_date",
    "stated_operands",
    "stated_rows",
    "table_at",
    "with_implied_operands",
    "with_operand_scales",
    "with_scales",
    "with_table_scales",
    "without_asides",
    "without_brackets",
    "worked_before",
    "written",
]
