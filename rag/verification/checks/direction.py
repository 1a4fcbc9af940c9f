"""Direction: one of two opposites where the evidence says the other."""

from __future__ import annotations

from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim


def opposite(claim: PreparedClaim) -> Finding | None:
    """English only: the measure is 0 in any other language."""
    if not claim.features["direction"]:
        return None
    return Finding("contradicted", "the evidence says the opposite", claim.nearest)
