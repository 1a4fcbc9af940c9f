"""Numbers, dates, units and identifiers: the selected evidence must state each, or the numbers it is computed from.

`rag.evidence.stated_facts` compares facts, and `rag.text.quantities.support` two quantities. A reader that decides is
trusted to count, and to tell whether what a question supposes lies within a bound (`left_to_a_reader`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from rag.evidence import fault_of_number, in_plain_words
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim


def missing_number(claim: PreparedClaim) -> Finding | None:
    """The finding for a number, date, unit or identifier that no evidence states and no calculation yields."""
    left = claim.left_to_a_reader if claim.missing_numbers else ()
    return _finding(claim, but=left) if set(claim.missing_numbers) - set(left) else None


def missing_count(claim: PreparedClaim) -> Finding | None:
    """The finding for a number that no evidence states and that a reader could decide about."""
    return _finding(claim) if claim.missing_numbers else None


def implied_operand(claim: PreparedClaim) -> Finding | None:
    """The finding for a number that follows from a cell that the claim leaves out, if it says more than its cells."""
    if not claim.has_implied or claim.stated_rows:
        return None
    return Finding("number", "a number was worked out from a figure that the sentence leaves out", claim.nearest)


def _finding(claim: PreparedClaim, but: Collection[str] = ()) -> Finding:
    stated = tuple(each for each in claim.facts.quantities if each.text not in but)
    facts = replace(claim.facts, quantities=stated)
    fault = fault_of_number(facts, claim.grounds)
    missing = ", ".join(in_plain_words(facts, claim.grounds))
    return Finding(fault, f"{fault} not in the evidence: {missing}", claim.nearest)
