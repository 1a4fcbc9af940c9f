"""A check looks for one thing that is wrong with a claim; what it finds keeps the claim from being released."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rag.types import Fault
from rag.verification.checks.claim import PreparedClaim


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a claim, why, and the candidate of the pool that says otherwise, if there is one."""

    fault: Fault
    why: str
    quote: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A check by its name; `find` gives None where it has nothing against the claim.

    One that is `left_to_a_reader` does not bar where a model has read the claim beside its evidence.
    """

    name: str
    find: Callable[[PreparedClaim], Finding | None]
    left_to_a_reader: bool = False
