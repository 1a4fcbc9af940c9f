"""Question to hits: both arms, fusion, reranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.embedding import Embedder
from rag.filters import Filter
from rag.fusion import fuse
from rag.lexical import Bm25Encoder
from rag.rerank import Reranker
from rag.store import Candidates, Store
from rag.types import Chunk, Hit


@dataclass(frozen=True, slots=True)
class Weights:
    """How scores are weighed and how deep each arm looks; chosen in docs/retrieval.md."""

    candidates: int
    bm25: float
    rerank: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """One question's chunk ids and scores after each stage, best first; `arms` is what each arm found by itself."""

    arms: Candidates
    dense: dict[str, float]
    bm25: dict[str, float]
    fused: dict[str, float]
    rerank: Mapping[str, float]
    final: dict[str, float]

    def scores_of(self, chunk_id: str) -> dict[str, float]:
        """The scores of one candidate, by stage; a stage that did not score it is left out."""
        stages = {"dense": self.dense, "bm25": self.bm25, "fused": self.fused, "rerank": self.rerank}
        found = {name: scores[chunk_id] for name, scores in stages.items() if chunk_id in scores}
        return {"score": self.final[chunk_id], **found}


class Retriever:
    """Finds the chunks of a collection that bear on a question."""

    def __init__(
        self, store: Store, embedder: Embedder, lexical: Bm25Encoder, reranker: Reranker, weights: Weights
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._lexical = lexical
        self._reranker = reranker
        self._weights = weights

    def search(self, question: str, *, collection: str, k: int, where: Filter | None = None) -> list[Hit]:
        """The best k hits, best first; empty when nothing in the collection matches the filter.

        Raises:
            CollectionNotFound, StoreUnavailable, ModelUnavailable.
        """
        ranking = self.rank(question, collection=collection, where=where)
        chunks = self._store.chunks(collection, list(ranking.final)[:k])
        return [Hit(chunk, ranking.scores_of(chunk.id)) for chunk in chunks]

    def openings(self, hits: Sequence[Hit], *, collection: str) -> list[Hit]:
        """The first words of each hit's document: where it says whom and what it is about, as evidence for names."""
        documents = {hit.chunk.document_id: hit.chunk for hit in hits}
        pages = {key: self._store.page(collection, key, of.sha256, 1) for key, of in documents.items()}
        return [Hit(_opening(documents[key], page.text), {"score": 0.0}) for key, page in pages.items() if page]

    def rank(self, question: str, *, collection: str, where: Filter | None = None) -> Ranking:
        """Every candidate's scores.

        The arms bring candidates; then both score the union exactly, so that a chunk found by one arm only is
        not taken for a zero in the other.
        """
        weights = self._weights
        query = self._embedder.embed_query(question)
        lexical = self._lexical.encode_query(question)
        arms = self._store.search(collection, query, lexical, k=weights.candidates, where=where)
        union = sorted(arms.dense.keys() | arms.bm25.keys())
        exact = self._store.score(collection, query, lexical, union)
        bm25 = dict.fromkeys(union, 0.0) | exact.bm25
        fused = fuse(exact.dense, bm25, weights.bm25 if exact.bm25 else 0.0)
        nearest = list(fused)[: weights.candidates]
        rerank = self._reranker.scores(collection, question, query, nearest)
        final = fuse({key: fused[key] for key in nearest}, rerank, weights.rerank if rerank else 0.0)
        return Ranking(arms=arms, dense=exact.dense, bm25=exact.bm25, fused=fused, rerank=rerank, final=final)


def _opening(of: Chunk, page_text: str) -> Chunk:
    cut = page_text[:_OPENING_CHARACTERS]
    end = len(cut) if len(cut) == len(page_text) else max(cut.rfind("\n"), cut.rfind(" "), 0)
    return replace(of, page=1, start=0, end=end, text=page_text[:end], heading=())


_OPENING_CHARACTERS = 1000
