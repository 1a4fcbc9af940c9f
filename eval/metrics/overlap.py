"""Word overlap: the baselines of the verifier."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

from rag.evidence import EvidencePool
from rag.text import tokens


class Overlap:
    """The overlap of a claim with a pool, by words and by word pairs; the pool is read once."""

    def __init__(self, pool: EvidencePool) -> None:
        self._pool = pool

    def of(self, claim: str) -> dict[str, float]:
        """The shares of the claim's distinct words, and of its pairs of neighbouring words, that the pool has; 0..1."""
        said = tokens(claim)
        words, pairs = set(said), set(pairwise(said))
        return {
            "words_found": len(words & self._pool.words) / max(1, len(words)),
            "pairs_found": len(pairs & self._pairs) / max(1, len(pairs)),
        }

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset(pair for each in self._pool.candidates for pair in pairwise(tokens(each.text)))
