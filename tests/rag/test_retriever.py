"""From a question to hits, on a real store."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.filters import Compare
from rag.lexical import Bm25Encoder
from rag.rerank import CrossEncoderReranker, LateInteraction, NoRerank, Reranker
from rag.retriever import Retriever, Weights
from rag.store import CollectionSpec
from rag.store.embedded import EmbeddedStore
from rag.types import Chunk, Document, Embedding, FloatArray, IndexedChunk, Page, Receipt, document_id_of
from tests.rag.fakes import HashEmbedder

TEXTS = {
    "The gauge measures the level of the river.": 2023,
    "The battery is replaced every 18 months.": 2024,
    "Error ERR-4107 means that the modem was lost.": 2024,
    "Tea is served at four.": 2025,
}


class WordEmbedder(HashEmbedder):
    """Token vectors too: one a word."""

    def embed_query(self, text: str) -> Embedding:
        dense = super().embed_query(text).dense
        return Embedding(dense, self._words(text))

    def _words(self, text: str) -> FloatArray:
        return np.stack([HashEmbedder.embed_query(self, word).dense for word in text.split()])


class Lengths:
    """A cross-encoder that likes long passages."""

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        return [float(len(passage)) for passage in passages]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    made = EmbeddedStore(tmp_path)
    made.create_collection("c", CollectionSpec(HashEmbedder.dimension))
    made.create_collection("empty", CollectionSpec(HashEmbedder.dimension))
    encoder, embedder = Bm25Encoder(), WordEmbedder()
    for text, year in TEXTS.items():
        chunk = Chunk(document_id_of(text), "v", "f.txt", 1, 0, len(text), text, metadata={"year": year})
        indexed = IndexedChunk(chunk, embedder.embed_query(text), encoder.encode_document(text))
        made.write_chunks("c", [indexed])
        made.publish("c", version(text, "v", Page(1, text)), 1)
    yield made
    made.close()


def version(source: str, sha256: str, *pages: Page) -> Document:
    receipt = Receipt("text", len(pages), 9)
    return Document(document_id_of(source), source, "f.txt", sha256, "t", "text/plain", pages, receipt)


def retriever(store: EmbeddedStore, reranker: Reranker | None = None, rerank: float = 0.3) -> Retriever:
    weights = Weights(candidates=10, bm25=0.5, rerank=rerank)
    return Retriever(store, WordEmbedder(), Bm25Encoder(), reranker or LateInteraction(store), weights)


def test_the_best_hit_comes_first_with_the_scores_of_every_stage(store: EmbeddedStore) -> None:
    """So that a reader can see what brought it."""
    hits = retriever(store).search("Which battery is replaced?", collection="c", k=2)
    assert hits[0].chunk.text.startswith("The battery")
    assert {"score", "dense", "bm25", "fused", "rerank"} <= hits[0].scores.keys()
    assert len(hits) == 2
    assert hits[0].score >= hits[1].score


def test_an_identifier_is_found_by_its_number(store: EmbeddedStore) -> None:
    """Vectors alone would not."""
    hits = retriever(store).search("4107", collection="c", k=1)
    assert "ERR-4107" in hits[0].chunk.text


def test_a_filter_holds_in_both_arms(store: EmbeddedStore) -> None:
    """Nothing outside of it comes back."""
    hits = retriever(store).search("battery gauge", collection="c", k=10, where=Compare("year", "eq", 2024))
    assert {hit.chunk.metadata["year"] for hit in hits} == {2024}


def test_an_empty_collection_has_no_hits(store: EmbeddedStore) -> None:
    """An empty list means that nothing matches."""
    assert retriever(store).search("anything", collection="empty", k=3) == []


def test_a_question_of_stop_words_still_ranks_by_meaning(store: EmbeddedStore) -> None:
    """BM25 has nothing to say to it."""
    ranking = retriever(store).rank("what is it", collection="c")
    assert ranking.arms.bm25 == {}
    assert len(ranking.final) == len(TEXTS)


def test_every_candidate_is_scored_by_both_arms(store: EmbeddedStore) -> None:
    """A chunk without a shared word scores 0 in BM25, and has its cosine."""
    ranking = retriever(store).rank("battery", collection="c")
    assert ranking.dense.keys() == ranking.fused.keys()


def test_without_a_reranker_the_fused_order_stays(store: EmbeddedStore) -> None:
    """And no rerank score is shown."""
    ranking = retriever(store, NoRerank()).rank("battery river", collection="c")
    assert list(ranking.final) == list(ranking.fused)
    assert ranking.rerank == {}


def test_a_cross_encoder_reads_the_passages(store: EmbeddedStore) -> None:
    """With all the weight, it alone decides."""
    hits = retriever(store, CrossEncoderReranker(store, Lengths()), rerank=1.0).search("tea", collection="c", k=4)
    assert [len(h.chunk.text) for h in hits] == sorted((len(t) for t in TEXTS), reverse=True)


def test_the_opening_of_a_hits_document_is_its_first_words(store: EmbeddedStore) -> None:
    """Cut between words, with exact offsets."""
    text = next(iter(TEXTS))
    pages = (Page(1, "word " * 400), Page(2, text))
    store.publish("c", version(text, "v", *pages), 1)
    hits = retriever(store).search("gauge river", collection="c", k=1)
    (opening,) = retriever(store).openings(hits, collection="c")
    assert opening.chunk.page == 1
    assert opening.chunk.text == pages[0].text[: opening.chunk.end]
    assert 900 < opening.chunk.end <= 1000
