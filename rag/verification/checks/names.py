"""Names: the selected evidence, or its title and headings, must mention each name."""

from __future__ import annotations

from rag.text import explained_terms, fold
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim


def missing_name(claim: PreparedClaim) -> Finding | None:
    """The finding for a name that no selected evidence mentions.

    What is worked out from table cells may have a term that the question explains: `DPO`.
    """
    missing = claim.support.missing_names
    if missing and claim.operands is not None and claim.stated_rows:
        terms = explained_terms(claim.pool.question)
        missing = tuple(name for name in missing if fold(name) not in terms)
    return Finding("name", f"name not in the evidence: {', '.join(missing)}", claim.nearest) if missing else None
