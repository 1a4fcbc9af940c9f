"""Negation: a word that one side negates and the other affirms."""

from __future__ import annotations

from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim


def negated(claim: PreparedClaim) -> Finding | None:
    """English only: the measure is 0 in any other language."""
    if not claim.features["negation"]:
        return None
    return Finding("negation", "one side negates what the other affirms", claim.nearest)
