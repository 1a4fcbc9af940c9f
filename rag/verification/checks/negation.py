"""Negation: a near-copy of a document's sentence that negates it or says the opposite."""

from __future__ import annotations

from rag.text import direction_differs, negation_differs
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim

NEAR_COPY = 0.8
"""The recall in one sentence from which a claim can deny what it says."""


def negated(claim: PreparedClaim) -> Finding | None:
    """The finding for a negated or opposite near-copy; English only.

    In less similar sentences a negation seldom contradicts the claim: on human claims the check then rejected true ones
    more often than false ones (`python -m benchmarks checks`).
    """
    if claim.pool.language != "en" or claim.best_recall < NEAR_COPY:
        return None
    copies = claim.near_copies
    evidence = max(copies, key=lambda copy: copy.matched).text if copies else " ".join(claim.sentences)
    if negation_differs(claim.claim, evidence):
        return Finding("negation", "one side negates what the other affirms", claim.nearest)
    if direction_differs(claim.claim, evidence):
        return Finding("contradicted", "the evidence says the opposite", claim.nearest)
    return None
