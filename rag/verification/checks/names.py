"""Names: each must be mentioned in a chosen sentence or over it."""

from __future__ import annotations

from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim


def missing_name(claim: PreparedClaim) -> Finding | None:
    """A name of the claim that no chosen sentence mentions."""
    missing = claim.support.missing_names
    return Finding("name", f"name not in the evidence: {', '.join(missing)}", claim.nearest) if missing else None
