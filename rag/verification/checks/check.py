"""A check looks for one kind of fault in a claim; its finding keeps the claim from being released."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rag.types import Fault
from rag.verification.checks.claim import PreparedClaim


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault, its description, and the index of the candidate that contradicts the claim, if there is one."""

    fault: Fault
    why: str
    quote: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A named check; `find` returns None if it finds no fault.

    A check with `only_without_reader` does not apply to claims that a reader has read beside their evidence.
    """

    name: str
    find: Callable[[PreparedClaim], Finding | None]
    only_without_reader: bool = False
