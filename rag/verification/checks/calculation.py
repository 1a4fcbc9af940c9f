"""Calculations: one with named table cells must be of the measure and the periods that the sentence says."""

from __future__ import annotations

from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim


def miscalculated(claim: PreparedClaim) -> Finding | None:
    """The finding for a calculation whose operands stand in tables but are not those of what it says it works out."""
    if claim.told or not claim.formulas_written or claim.calculated is None or claim.calculated.is_so:
        return None
    return Finding("relation", "the calculation is not of what it says", claim.nearest)
