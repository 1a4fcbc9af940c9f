"""Question to hits: both arms, fusion, reranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.filters import Filter
from rag.models import Embedder
from rag.retrieval.bm25 import Bm25Encoder
from rag.retrieval.context_windows import page_key, windows
from rag.retrieval.duplicates import distinct_first
from rag.retrieval.fusion import fuse
from rag.retrieval.rerank import Reranker
from rag.retrieval.spelling import NoSpeller, Spelled, Speller
from rag.store import Candidates, Store
from rag.text import require_words
from rag.types import AS_SET, Chunk, Embedding, Hit, SparseVector, Weighing

_RANKINGS = 3
_DEPTH = 3  # hits looked at for each one returned: versions and repeats may take some
_OPENING_CHARACTERS = 1000
_SPELLING_HITS = 25  # of each arm: a word that the collection has stands in one of them


@dataclass(frozen=True, slots=True)
class Weights:
    """How scores are weighed and how deep each arm looks; chosen in docs/research/retrieval.md."""

    candidates: int
    bm25: float
    rerank: float

    def as_wished(self, weighing: Weighing) -> Weights:
        """These weights, but for those that a question sets itself."""
        bm25 = self.bm25 if weighing.bm25 is None else weighing.bm25
        return replace(self, bm25=bm25, rerank=self.rerank if weighing.reranked else 0.0)


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
        self,
        store: Store,
        embedder: Embedder,
        lexical: Bm25Encoder,
        reranker: Reranker,
        weights: Weights,
        *,
        speller: Speller | None = None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._lexical = lexical
        self._reranker = reranker
        self._weights = weights
        self._speller = speller or NoSpeller()

    def spelled(self, question: str, *, collection: str, where: Filter | None = None) -> Spelled:
        """A question with corrected spelling: unknown words are replaced by words of its nearest chunks.

        A question of known words is returned at once. Otherwise this takes a search, and a small one for each word that
        the nearest chunks do not have.

        Raises:
            CollectionNotFound, StoreUnavailable, ModelUnavailable.
        """
        if not self._speller.unknown(question):
            return Spelled(question)
        asked = self._ask(question)
        arms = self._store.search(collection, asked.query, asked.lexical, k=_SPELLING_HITS, where=where)
        chunks = self._store.chunks(collection, sorted(arms.dense.keys() | arms.bm25.keys()))

        def known(word: str) -> bool:
            term = self._lexical.encode_query(word)
            return bool(self._store.search(collection, asked.query, term, k=1, where=where).bm25)

        return self._speller.correct(question, [chunk.embedded_text for chunk in chunks], known)

    def search(
        self, question: str, *, collection: str, k: int, where: Filter | None = None, weighing: Weighing = AS_SET
    ) -> list[Hit]:
        """The best k hits, best first, repeats after the others; empty if nothing in the collection matches.

        All hits of a document are from one version, which was complete before the ranking. During a switch the store
        shows chunks of the old and of the new version, and not always all of them. Therefore the clock is read, then
        everything is ranked, then the chunks are fetched, then the records of their documents are read. Chunks that are
        not of the current version of their document are dropped. A record that the clock had counted was written, with
        all chunks of its version visible, before the ranking started, and the chunks stay as long as the record names
        them. If a record is newer than the clock, or a chunk has gone, the ranking may have missed chunks; if chunks
        were dropped, better ones may have had no room. Then everything is ranked again, at most three times. After
        that, the latest ranking without a switch counts or, if there was none, the current chunks of the last one.

        Raises:
            QuestionError, CollectionNotFound, StoreUnavailable, ModelUnavailable.
        """
        require_words(question)
        asked = replace(self._ask(question), weighing=weighing)
        look = self._look(asked, collection, k, where)
        for _ in range(_RANKINGS - 1):
            if look.steady and not look.dropped:
                break
            again = self._look(asked, collection, k, where)
            look = again if again.steady or not look.steady else look
        return distinct_first(look.hits)[:k]

    def openings(self, hits: Sequence[Hit], *, collection: str) -> list[Hit]:
        """The first words of each hit's document, which say what it is about, as evidence for names.

        A version that was replaced after it was found has none.
        """
        documents = {hit.chunk.document_id: hit.chunk for hit in hits}
        pages = {key: self._store.page(collection, key, of.sha256, 1) for key, of in documents.items()}
        return [Hit(_opening(documents[key], page.text), {"score": 0.0}) for key, page in pages.items() if page]

    def parents(self, hits: Sequence[Hit], *, collection: str, characters: int, language: str = "en") -> list[Hit]:
        """Hits grown to windows of their pages (`rag.retrieval.context_windows.windows`).

        A hit whose version was replaced since it was found stays as it is.
        """
        pages = {}
        for chunk in (hit.chunk for hit in hits if characters):
            page = self._store.page(collection, *page_key(chunk)) if page_key(chunk) not in pages else None
            if page is not None:
                pages[page_key(chunk)] = page.text
        return windows(hits, pages, characters=characters, language=language)

    def page(self, of: Chunk, number: int, *, collection: str) -> Chunk | None:
        """A whole page, by its number, of the document version of a chunk; None if it does not exist."""
        found = self._store.page(collection, of.document_id, of.sha256, number)
        if found is None:
            return None
        return replace(of, page=number, start=0, end=len(found.text), text=found.text, heading=(), context="")

    def rank(self, question: str, *, collection: str, where: Filter | None = None) -> Ranking:
        """The scores of every candidate.

        Each arm contributes candidates; then both arms score the union exactly, so that a chunk found by one arm only
        does not count as 0 in the other.
        """
        return self._rank(self._ask(question), collection, where)

    def _ask(self, question: str) -> _Asked:
        return _Asked(question, self._embedder.embed_query(question), self._lexical.encode_query(question))

    def _look(self, asked: _Asked, collection: str, k: int, where: Filter | None) -> _Look:
        clock = self._store.clock(collection)
        ranking = self._rank(asked, collection, where)
        ids = list(ranking.final)[: _DEPTH * k]
        chunks = self._store.chunks(collection, ids)
        records = self._store.stored(collection, [chunk.document_id for chunk in chunks])
        current = [c for c in chunks if c.document_id in records and records[c.document_id].sha256 == c.sha256]
        return _Look(
            hits=[Hit(chunk, ranking.scores_of(chunk.id)) for chunk in current],
            dropped=len(current) < len(ids),
            steady=len(chunks) == len(ids) and all(record.switch <= clock for record in records.values()),
        )

    def _rank(self, asked: _Asked, collection: str, where: Filter | None) -> Ranking:
        weights, query, lexical = self._weights.as_wished(asked.weighing), asked.query, asked.lexical
        arms = self._store.search(collection, query, lexical, k=weights.candidates, where=where)
        union = sorted(arms.dense.keys() | arms.bm25.keys())
        exact = self._store.score(collection, query, lexical, union)
        bm25 = dict.fromkeys(union, 0.0) | exact.bm25
        fused = fuse(exact.dense, bm25, weights.bm25 if exact.bm25 else 0.0)
        nearest = list(fused)[: weights.candidates]
        rerank = self._reranker.scores(collection, asked.question, query, nearest) if weights.rerank else {}
        final = fuse({key: fused[key] for key in nearest}, rerank, weights.rerank if rerank else 0.0)
        return Ranking(arms=arms, dense=exact.dense, bm25=exact.bm25, fused=fused, rerank=rerank, final=final)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as the store is asked it."""

    question: str
    query: Embedding
    lexical: SparseVector
    weighing: Weighing = AS_SET


@dataclass(frozen=True, slots=True)
class _Look:
    """Hits of current versions from one ranking, whether others were dropped, and whether no switch crossed it."""

    hits: list[Hit]
    dropped: bool
    steady: bool


def _opening(of: Chunk, page_text: str) -> Chunk:
    cut = page_text[:_OPENING_CHARACTERS]
    end = len(cut) if len(cut) == len(page_text) else max(cut.rfind("\n"), cut.rfind(" "), 0)
    return replace(of, page=1, start=0, end=end, text=page_text[:end], heading=(), context="")
