"""BM25 as sparse vectors.

A document's vector holds each term's saturated frequency, a query's its count; the store multiplies by the
inverse document frequency it keeps, so that their dot product is BM25 (Robertson and Zaragoza, The Probabilistic
Relevance Framework: BM25 and Beyond, 2009).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import lru_cache

from rag.text import detect_language, languages_asked, terms
from rag.types import SparseVector


class Bm25Encoder:
    """Texts to sparse BM25 vectors.

    `average_terms` is a fixed average length of a chunk: chunks have similar sizes, so it hardly varies between
    collections, and a fixed value lets chunks be added without changing the stored ones.
    """

    def __init__(self, language: str = "en", *, k1: float = 1.2, b: float = 0.75, average_terms: float = 120) -> None:
        self._language = language
        self._k1 = k1
        self._b = b
        self._average_terms = average_terms

    def encode_document(self, text: str) -> SparseVector:
        """Term weights tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average))."""
        counts = Counter(terms(text, detect_language(text, self._language)))
        damping = self._k1 * (1 - self._b + self._b * counts.total() / self._average_terms)
        return _sparse({term: tf * (self._k1 + 1) / (tf + damping) for term, tf in counts.items()})

    def encode_query(self, text: str) -> SparseVector:
        """Each distinct term once per occurrence, with the stems of every language that the question may be in."""
        counts = Counter[str]()
        for language in languages_asked(text, self._language):
            counts |= Counter(terms(text, language))
        return _sparse({term: float(count) for term, count in counts.items()})


def _sparse(weights: dict[str, float]) -> SparseVector:
    by_id: dict[int, float] = {}
    for term, weight in weights.items():
        by_id[_term_id(term)] = by_id.get(_term_id(term), 0.0) + weight
    ordered = sorted(by_id.items())
    return SparseVector(tuple(i for i, _ in ordered), tuple(w for _, w in ordered))


@lru_cache(maxsize=200_000)
def _term_id(term: str) -> int:
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=4).digest(), "big")
