"""A queue to the embedding model, which embeds texts of several files in one batch."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Protocol

from ingest.shutdown import Stopping
from ingest.work.allocator import give_back
from rag.types import Embedding


class TextEmbedder(Protocol):
    """The part of `rag.models.embedding.Embedder` that ingestion needs."""

    def embed_documents(self, texts: Sequence[str]) -> list[Embedding]:
        """One embedding a text, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Embedded:
    """The embeddings of one caller's texts, and its share of the time they took."""

    embeddings: list[Embedding]
    seconds: float


@dataclass(slots=True)
class _Order:
    texts: Sequence[str]
    done: Future[Embedded] = field(default_factory=Future)


class EmbeddingQueue:
    """Threads submit texts; one thread embeds all waiting texts together; the embedder sorts them by length.

    The thread does not wait for more texts: those that are waiting are embedded, up to `most_texts` at a time or one
    order. `seconds` is the time spent on embedding.
    """

    def __init__(self, embedder: TextEmbedder, *, most_texts: int = 512) -> None:
        self._embedder = embedder
        self._most_texts = most_texts
        self._orders: SimpleQueue[_Order | None] = SimpleQueue()
        self.seconds = 0.0
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="embedding", daemon=True)
        self._thread.start()

    def embed(self, texts: Sequence[str]) -> Embedded:
        """One embedding a text, in order.

        Raises:
            ModelError: the embedder failed; every caller whose texts it had then gets it.
            Stopping: the line is closed.
        """
        order = _Order(texts)
        with self._closing:
            if self._closed:
                raise Stopping
            self._orders.put(order)
        return order.done.result()

    def close(self) -> None:
        """Finish submitted texts, then stop; later submissions fail."""
        with self._closing:
            if not self._closed:
                self._orders.put(None)
            self._closed = True
        self._thread.join()

    def _work(self) -> None:
        held: _Order | None = None
        while True:
            first = held or self._orders.get()
            if first is None:
                return
            orders, held, last = self._gather(first)
            self._embed(orders)
            give_back()
            if last:
                return

    def _gather(self, first: _Order) -> tuple[list[_Order], _Order | None, bool]:
        """Orders to embed together, the first that no longer fits, and whether the line closes after them."""
        orders, texts = [first], len(first.texts)
        while texts < self._most_texts:
            try:
                order = self._orders.get_nowait()
            except Empty:
                break
            if order is None:
                return orders, None, True
            if texts + len(order.texts) > self._most_texts:
                return orders, order, False
            orders.append(order)
            texts += len(order.texts)
        return orders, None, False

    def _embed(self, orders: Sequence[_Order]) -> None:
        began = monotonic()
        texts = [text for order in orders for text in order.texts]
        try:
            embeddings = self._embedder.embed_documents(texts)
        except BaseException as exc:  # noqa: BLE001 - it belongs to the callers, and the line goes on
            for order in orders:
                order.done.set_exception(exc)
            return
        spent = monotonic() - began
        self.seconds += spent
        start = 0
        for order in orders:
            end = start + len(order.texts)
            order.done.set_result(Embedded(embeddings[start:end], spent * len(order.texts) / max(1, len(texts))))
            start = end
