"""The list of checks, in the order in which they run. A finding rejects a claim, whatever its probability of support.

Checks that decide reliably always apply; those that are heuristics apply only without a reader
(`python -m benchmarks checks` measures how often each is right).
"""

from rag.verification.checks.addresses import UNKNOWN_LINK, unknown_address
from rag.verification.checks.calculation import miscalculated
from rag.verification.checks.check import Check, Finding
from rag.verification.checks.claim import PreparedClaim
from rag.verification.checks.features import OF_VECTORS, SIGNS, features_of, window_for
from rag.verification.checks.names import missing_name
from rag.verification.checks.negation import negated
from rag.verification.checks.numbers import implied_operand, missing_count, missing_number
from rag.verification.checks.subject import of_another
from rag.verification.checks.substitution import substituted
from rag.verification.checks.table_line import split_line

CHECKS = (
    Check("numbers", missing_number),
    Check("calculation", miscalculated),
    Check("addresses", unknown_address),
    Check("table line", split_line),
    Check("counts", missing_count, only_without_reader=True),
    Check("implied", implied_operand, only_without_reader=True),
    Check("names", missing_name, only_without_reader=True),
    Check("negation", negated, only_without_reader=True),
    Check("subject", of_another, only_without_reader=True),
    Check("substitution", substituted, only_without_reader=True),
)

__all__ = [
    "CHECKS",
    "OF_VECTORS",
    "SIGNS",
    "UNKNOWN_LINK",
    "Check",
    "Finding",
    "PreparedClaim",
    "features_of",
    "window_for",
]
