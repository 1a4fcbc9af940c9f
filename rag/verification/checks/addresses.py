"""Addresses: a quote must contain each URL or file address character for character."""

from __future__ import annotations

from rag.safety import unknown_addresses
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim

UNKNOWN_LINK = "link not in the evidence"


def unknown_address(claim: PreparedClaim) -> Finding | None:
    """The finding for an address that is in none of the quotes."""
    unknown = unknown_addresses(claim.text, claim.quotes)
    return Finding("missing", f"{UNKNOWN_LINK}: {', '.join(unknown)}") if unknown else None
