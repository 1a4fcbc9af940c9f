"""Lines of a drafted table: the values of a row must stand in one row of the evidence, in the same order.

`| 2026 | 1,038 |` has its numbers in two rows of `2026 | 1,128` and `2027 | 1,038`, and states neither.
"""

from __future__ import annotations

import re

from rag.text import numbers_of
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim

_LINE = re.compile(r"\s*\|.*\|\s*")
_FEWEST = 2


def split_line(claim: PreparedClaim) -> Finding | None:
    """The finding for a line of a table whose numbers no single selected sentence has in their order."""
    wanted = numbers_of(claim.text)
    if claim.told or len(wanted) < _FEWEST or _LINE.fullmatch(claim.text) is None:
        return None
    if any(_is_within(wanted, numbers_of(sentence)) for sentence in claim.sentences):
        return None
    return Finding("relation", "no row of the evidence has these values in this order", claim.nearest)


def _is_within(wanted: list[str], found: list[str]) -> bool:
    left = iter(found)
    return all(each in left for each in wanted)
