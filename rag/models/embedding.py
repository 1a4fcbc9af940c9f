"""Text to vectors: the Protocol, and pooling of token vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol, runtime_checkable

import numpy as np

from rag.types import Embedding, FloatArray


class Embedder(Protocol):
    """Turns texts into vectors. One forward pass gives a text's dense vector and its token vectors."""

    @property
    def name(self) -> str:
        """The model's name."""
        ...

    @property
    def dimension(self) -> int:
        """d, the length of every vector."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> list[Embedding]:
        """One embedding a text, in order, token vectors pooled for storage."""
        ...

    def embed_sentences(self, texts: Sequence[str]) -> FloatArray:
        """Dense vectors only, shape (n, d), unit rows, in order: cheaper where no token vectors are needed."""
        ...

    def embed_words(self, texts: Sequence[str]) -> list[Embedding]:
        """One embedding a text, in order, with the vector of every token that is not punctuation, in order."""
        ...

    def embed_query(self, text: str) -> Embedding:
        """The embedding of a query, every token vector kept."""
        ...

    @property
    def count_tokens(self) -> Callable[[str], int]:
        """Counts a text's tokens without the model's special ones, beyond its window too; it can be pickled."""
        ...


@runtime_checkable
class Detokenizer(Protocol):
    """What some counters of tokens also do."""

    def text_of(self, tokens: Sequence[int]) -> str | None:
        """The text of these tokens; None where one of them is none of the model's."""
        ...


class SentenceVectors(Protocol):
    """The part of an embedder that gives vectors of sentences."""

    def embed_sentences(self, texts: Sequence[str]) -> FloatArray:
        """Unit rows, shape (n, d), in order."""
        ...


class WordVectors(SentenceVectors, Protocol):
    """The part of an embedder that gives vectors of sentences and of the words in them."""

    def embed_words(self, texts: Sequence[str]) -> list[Embedding]:
        """One embedding a text, in order; `tokens` has no row where the model gives no token vectors."""
        ...


class Remembering:
    """Remembers the vectors of sentences that were embedded alone: several look at each drafted sentence, some twice.

    Batches go to the embedder as they are. Threads may share it.
    """

    def __init__(self, embedder: WordVectors, *, size: int = 512) -> None:
        self._embedder = embedder
        self._alone = lru_cache(maxsize=size)(self._embed_alone)

    def embed_sentences(self, texts: Sequence[str]) -> FloatArray:
        return self._alone(texts[0]).dense[None] if len(texts) == 1 else self._embedder.embed_sentences(texts)

    def embed_words(self, texts: Sequence[str]) -> list[Embedding]:
        return [self._alone(texts[0])] if len(texts) == 1 else self._embedder.embed_words(texts)

    def _embed_alone(self, text: str) -> Embedding:
        [found] = self._embedder.embed_words([text])
        for rows in (found.dense, found.tokens):
            rows.setflags(write=False)
        return found


def normalise(rows: FloatArray) -> FloatArray:
    """Rows of shape (..., d) scaled to unit length; zero rows stay zero."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    unit: FloatArray = rows / np.maximum(norms, 1e-12)
    return unit


def pool_tokens(tokens: FloatArray, limit: int) -> FloatArray:
    """Token vectors (t, d) pooled to at most `limit` unit rows, by spherical k-means started from runs of neighbours.

    Merging the nearest vectors rather than neighbouring ones keeps rare words apart (Clavié, Chaffin and Adams,
    Reducing the Footprint of Multi-Vector Retrieval with Minimal Performance Impact via Token Pooling, 2024).
    """
    unit = normalise(tokens)
    if len(unit) <= limit:
        return unit
    edges = np.linspace(0, len(unit), limit + 1).astype(int)
    centres = normalise(np.add.reduceat(unit, edges[:-1], axis=0))
    for _ in range(_POOLING_ROUNDS):
        nearest = (unit @ centres.T).argmax(axis=1)
        members = (nearest == np.arange(limit)[:, None]).astype(np.float32)
        filled = members.sum(axis=1) > 0
        centres[filled] = normalise(members[filled] @ unit)
    return centres


_POOLING_ROUNDS = 4
