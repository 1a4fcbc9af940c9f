"""Negation: a near-copy of a sentence that denies what that affirms, or says the opposite."""

from __future__ import annotations

from rag.text import direction_differs, negation_differs
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim

NEAR_COPY = 0.8
"""The share of a claim's words that one sentence has, from which on one small word makes the difference."""


def negated(claim: PreparedClaim) -> Finding | None:
    """English only: of another language nothing is said.

    In sentences that say much else, a negation or an opposite seldom turns the claim: of people's claims it barred true
    ones oftener than false ones (`python -m benchmarks checks`).
    """
    if claim.pool.language != "en" or claim.best_recall < NEAR_COPY:
        return None
    evidence = " ".join(claim.sentences)
    if negation_differs(claim.claim, evidence):
        return Finding("negation", "one side negates what the other affirms", claim.nearest)
    if direction_differs(claim.claim, evidence):
        return Finding("contradicted", "the evidence says the opposite", claim.nearest)
    return None
