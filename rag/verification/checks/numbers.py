"""Numbers, dates, units and identifiers: each must stand in a chosen sentence."""

from __future__ import annotations

from rag.evidence import fault_of_number
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim


def missing_number(claim: PreparedClaim) -> Finding | None:
    """A number, date, unit or identifier of the claim that no chosen sentence states."""
    missing = claim.support.missing_numbers
    if not missing:
        return None
    fault = fault_of_number(claim.support.claim, claim.grounds)
    return Finding(fault, f"{fault} not in the evidence: {', '.join(missing)}", claim.nearest)
