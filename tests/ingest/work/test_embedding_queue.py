"""Many threads, one embedding model."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.shutdown import Stopping
from ingest.work.embedding_queue import EmbeddingQueue
from rag.errors import ModelUnavailable
from rag.types import Embedding
from tests.fakes.ingestion import HashEmbedder


class GatedEmbedder:
    """Works when told to; remembers how many texts came at a time, and fails on the text `bad`."""

    def __init__(self) -> None:
        self.gate = threading.Semaphore(0)
        self.entered = threading.Semaphore(0)
        self.batches: list[int] = []
        self._embedder = HashEmbedder()

    def embed_documents(self, texts: Sequence[str]) -> list[Embedding]:
        self.entered.release()
        self.gate.acquire()
        self.batches.append(len(texts))
        if "bad" in texts:
            raise ModelUnavailable("the model fell over")
        return self._embedder.embed_documents(texts)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.text(max_size=5), max_size=6), max_size=8))
def test_every_caller_gets_the_embeddings_of_its_own_texts(orders):
    """In order, whatever else is embedded together with them."""
    line = EmbeddingQueue(HashEmbedder(), most_texts=7)
    try:
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(line.embed, orders))
    finally:
        line.close()
    for texts, embedded in zip(orders, found, strict=True):
        expected = [HashEmbedder().embed_query(text).dense for text in texts]
        assert all((a.dense == b).all() for a, b in zip(embedded.embeddings, expected, strict=True))


def waiting_orders(
    embedder: GatedEmbedder, orders: Sequence[list[str]]
) -> tuple[EmbeddingQueue, list[threading.Thread]]:
    """A line whose first order is being embedded while the others wait."""
    line = EmbeddingQueue(embedder, most_texts=5)
    threads = [threading.Thread(target=_quietly, args=(line, texts)) for texts in orders]
    threads[0].start()
    embedder.entered.acquire()
    for thread in threads[1:]:
        thread.start()
        thread.join(0.05)  # they must arrive in this order
    return line, threads


def _quietly(line: EmbeddingQueue, texts: list[str]) -> None:
    try:
        line.embed(texts)
    except ModelUnavailable:
        return


def test_what_waits_is_embedded_together():
    """Up to the limit, and an order is never split."""
    embedder = GatedEmbedder()
    line, threads = waiting_orders(embedder, [["a"], ["b", "c"], ["d"], ["e", "f", "g"]])
    embedder.gate.release(9)
    for thread in threads:
        thread.join()
    line.close()
    assert embedder.batches == [1, 3, 3]


def test_a_failure_reaches_those_whose_texts_were_embedded_and_the_line_goes_on():
    embedder = GatedEmbedder()
    embedder.gate.release(9)
    line = EmbeddingQueue(embedder)
    with pytest.raises(ModelUnavailable):
        line.embed(["bad"])
    assert len(line.embed(["good"]).embeddings) == 1
    line.close()


def test_who_comes_after_the_end_is_told():
    line = EmbeddingQueue(HashEmbedder())
    line.close()
    line.close()
    with pytest.raises(Stopping):
        line.embed(["late"])
