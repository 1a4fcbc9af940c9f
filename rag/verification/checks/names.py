"""Names: the selected evidence, or its title and headings, must mention each name."""

from __future__ import annotations

from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim


def missing_name(claim: PreparedClaim) -> Finding | None:
    """The finding for a name that no selected evidence mentions."""
    missing = claim.support.missing_names
    return Finding("name", f"name not in the evidence: {', '.join(missing)}", claim.nearest) if missing else None
