"""Numbers, dates, units and identifiers: the selected evidence must state each, or the numbers it is computed from.

`rag.evidence.stated_facts` compares facts, and `rag.text.quantities.support` two quantities.
"""

from __future__ import annotations

from rag.evidence import fault_of_number, in_plain_words
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim


def missing_number(claim: PreparedClaim) -> Finding | None:
    """The finding for a number, date, unit or identifier that no evidence states and no calculation yields."""
    if not claim.missing_numbers:
        return None
    fault = fault_of_number(claim.facts, claim.grounds)
    missing = ", ".join(in_plain_words(claim.facts, claim.grounds))
    return Finding(fault, f"{fault} not in the evidence: {missing}", claim.nearest)
