"""Evidence for a claim: the sentences of the hits, and the comparison of numbers, dates and names."""

from rag.evidence.candidates import Candidate
from rag.evidence.cell_index import prints_size
from rag.evidence.computed import Calculation, calculations
from rag.evidence.contradictions import Comparison, compare
from rag.evidence.disagreement import contradicting, disagreements
from rag.evidence.document_dates import spoken_date
from rag.evidence.fields import Field, fields_in, fields_of
from rag.evidence.finder import EvidenceFinder, Support
from rag.evidence.lists import ItemList, lists_on
from rag.evidence.page_breaks import Joined, PageBreaks
from rag.evidence.pool import DocumentTexts, EvidencePool
from rag.evidence.premise_window import premise, sentence_window
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
from rag.evidence.tables import Table, TableRow, quotes_of

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
    "PageBreaks",
    "Row",
    "Support",
    "Table",
    "TableRow",
    "calculations",
    "claim_of",
    "compare",
    "contradicting",
    "disagreements",
    "fault_of_number",
    "fields_in",
    "fields_of",
    "ground_of",
    "in_plain_words",
    "is_count_in_words",
    "is_supposed",
    "lists_on",
    "missing_facts",
    "missing_names",
    "missing_numbers",
    "premise",
    "prints_size",
    "quote_of",
    "quotes_of",
    "sentence_window",
    "spoken_date",
    "without_brackets",
]
