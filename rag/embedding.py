"""Text to vectors: the Protocol, and pooling of token vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

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

    def embed_query(self, text: str) -> Embedding:
        """The embedding of a query, every token vector kept."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of a text without the model's special ones, not cut off at the model's window."""
        ...


def normalise(rows: FloatArray) -> FloatArray:
    """Rows of shape (..., d) scaled to unit length; zero rows stay zero."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    unit: FloatArray = rows / np.maximum(norms, 1e-12)
    return unit


def pool_tokens(tokens: FloatArray, limit: int) -> FloatArray:
    """Token vectors (t, d) pooled to at most `limit` unit rows: means of runs of neighbours of equal length (±1)."""
    if len(tokens) <= limit:
        return normalise(tokens)
    edges = np.linspace(0, len(tokens), limit + 1).astype(int)
    sums = np.add.reduceat(tokens, edges[:-1], axis=0)
    return normalise(sums.astype(np.float32))
