"""Text to vectors: the Protocol, and pooling of token vectors."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from threading import Lock
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
    """Caches the vectors of texts and of their words: questions share passages, and several steps embed the same claim.

    The last `most_mb` of vectors are kept. If one thread is embedding a text, other threads wait for it. Batches that
    need only dense vectors are not cached.
    """

    def __init__(self, embedder: WordVectors, *, most_mb: float = 64) -> None:
        self._embedder = embedder
        self._most_bytes = int(most_mb * 1_000_000)
        self._kept: OrderedDict[str, Future[Embedding]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def embed_sentences(self, texts: Sequence[str]) -> FloatArray:
        return self.embed_words(texts)[0].dense[None] if len(texts) == 1 else self._embedder.embed_sentences(texts)

    def embed_words(self, texts: Sequence[str]) -> list[Embedding]:
        with self._lock:
            new = [text for text in dict.fromkeys(texts) if text not in self._kept]
            self._kept |= {text: Future() for text in new}
            found = {text: self._kept[text] for text in texts}
            for text in found:
                self._kept.move_to_end(text)
        if new:
            self._embed(new, found)
        return [found[text].result() for text in texts]

    def _embed(self, texts: Sequence[str], places: Mapping[str, Future[Embedding]]) -> None:
        """Embed what nobody has; who waits for it is told of a failure too, and the next tries again."""
        try:
            embeddings = self._embedder.embed_words(texts)
        except BaseException as exc:
            with self._lock:
                for text in texts:
                    self._kept.pop(text, None)
            for text in texts:
                places[text].set_exception(exc)
            raise
        for text, embedding in zip(texts, embeddings, strict=True):
            for rows in (embedding.dense, embedding.tokens):
                rows.setflags(write=False)
            places[text].set_result(embedding)
        with self._lock:
            self._bytes += sum(map(_bytes_of, embeddings))
            self._drop_the_oldest()

    def _drop_the_oldest(self) -> None:
        for text in [text for text, place in self._kept.items() if place.done()]:
            if self._bytes <= self._most_bytes:
                return
            self._bytes -= _bytes_of(self._kept.pop(text).result())


def _bytes_of(embedding: Embedding) -> int:
    return embedding.dense.nbytes + embedding.tokens.nbytes


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
