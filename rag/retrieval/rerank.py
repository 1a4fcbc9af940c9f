"""Rerankers of the fused candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.store import Store
from rag.types import Embedding


class Reranker(Protocol):
    """Scores candidates of one question anew; higher is better, any scale."""

    def scores(self, collection: str, question: str, query: Embedding, ids: Sequence[str]) -> dict[str, float]: ...


class LateInteraction:
    """MaxSim of the question's token vectors with those stored beside each chunk, computed inside the store.

    Khattab and Zaharia, ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over
    BERT, 2020.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def scores(self, collection: str, question: str, query: Embedding, ids: Sequence[str]) -> dict[str, float]:
        return self._store.max_sim(collection, query, ids)


class PairScorer(Protocol):
    """A model that reads a question and a passage together."""

    def score(self, question: str, passages: Sequence[str]) -> list[float]: ...


class CrossEncoderReranker:
    """A cross-encoder over the text of the candidates: dearer, and better where its training fits."""

    def __init__(self, store: Store, model: PairScorer) -> None:
        self._store = store
        self._model = model

    def scores(self, collection: str, question: str, query: Embedding, ids: Sequence[str]) -> dict[str, float]:
        chunks = self._store.chunks(collection, ids)
        found = self._model.score(question, [chunk.embedded_text for chunk in chunks])
        return {chunk.id: score for chunk, score in zip(chunks, found, strict=True)}


class NoRerank:
    """Keeps the fused order."""

    def scores(self, collection: str, question: str, query: Embedding, ids: Sequence[str]) -> dict[str, float]:
        return {}
