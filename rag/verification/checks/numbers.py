"""Numbers, dates, units and identifiers: each must stand in a chosen sentence, or follow from numbers that do.

The comparison itself is `rag.evidence.stated_facts`, and of two quantities `rag.text.quantities.support`.
"""

from __future__ import annotations

from rag.evidence import fault_of_number, in_plain_words
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim


def missing_number(claim: PreparedClaim) -> Finding | None:
    """A number, date, unit or identifier of the claim that no chosen sentence states and no calculation gives."""
    if not claim.missing_numbers:
        return None
    fault = fault_of_number(claim.facts, claim.grounds)
    missing = ", ".join(in_plain_words(claim.facts, claim.grounds))
    return Finding(fault, f"{fault} not in the evidence: {missing}", claim.nearest)
