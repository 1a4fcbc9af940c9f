"""A store, an embedder and a term encoder that are small, real and in memory."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from rag.errors import CollectionNotFound, ModelUnavailable, StoreError, StoreUnavailable
from rag.filters import Compare, Filter
from rag.store import CollectionSpec, StoredDocument
from rag.types import Chunk, Document, Embedding, IndexedChunk, SparseVector

DIMENSION = 8


def count_words(text: str) -> int:
    """Tokens as many tokenizers see them: words and single punctuation marks."""
    return len(re.findall(r"\w+|[^\w\s]", text))


@dataclass
class MemoryCollection:
    spec: CollectionSpec
    documents: dict[str, tuple[Document, int]] = field(default_factory=dict)
    chunks: dict[str, IndexedChunk] = field(default_factory=dict)
    staged: dict[str, IndexedChunk] = field(default_factory=dict)


@dataclass
class MemoryStore:
    """Keeps the order of its writes in `log`; `fails_after` writes of chunks it cannot be reached.

    A document of `stuck` cannot be deleted as often as that says; with `is_full`, nothing can be erased.
    """

    held: dict[str, MemoryCollection] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    fails_after: int | None = None
    stuck: dict[str, int] = field(default_factory=dict)
    is_full: bool = False

    def has_collection(self, collection: str) -> bool:
        return collection in self.held

    def create_collection(self, collection: str, spec: CollectionSpec) -> None:
        self.held.setdefault(collection, MemoryCollection(spec))

    def write_chunks(self, collection: str, chunks: Sequence[IndexedChunk]) -> None:
        if self.fails_after is not None and self.log.count("chunks") >= self.fails_after:
            raise StoreUnavailable("the store cannot be reached")
        self.log.append("chunks")
        held = self._collection(collection)
        held.staged.update((item.chunk.id, item) for item in chunks if item.chunk.id not in held.chunks)

    def publish(self, collection: str, document: Document, chunks: int) -> None:
        self.log.append("publish")
        held, version = self._collection(collection), (document.id, document.sha256)
        new = {key: item for key, item in {**held.chunks, **held.staged}.items() if _version(item) == version}
        if len(new) != chunks:
            raise StoreError(f"{document.source} has {len(new)} chunks of {chunks}")
        self._forget(held, lambda item: item.chunk.document_id == document.id)
        held.chunks.update(new)
        held.documents[document.id] = (document, chunks)

    def discard(self, collection: str, document_id: str, sha256: str) -> None:
        self.log.append("discard")
        held = self._collection(collection)
        held.staged = {key: item for key, item in held.staged.items() if _version(item) != (document_id, sha256)}

    def staged(self, collection: str) -> list[tuple[str, str]]:
        return sorted({_version(item) for item in self._collection(collection).staged.values()})

    def delete(self, collection: str, document_id: str) -> None:
        if self.stuck.get(document_id, 0):
            self.stuck[document_id] -= 1
            raise StoreUnavailable("the store cannot be reached")
        self.log.append("delete")
        held = self._collection(collection)
        held.documents.pop(document_id, None)
        self._forget(held, lambda item: item.chunk.document_id == document_id)

    def stored(self, collection: str, document_ids: Sequence[str]) -> dict[str, StoredDocument]:
        return {record.id: record for record in self.documents(collection) if record.id in document_ids}

    def versions(self, collection: str, document_ids: Sequence[str]) -> dict[str, str]:
        return {key: record.sha256 for key, record in self.stored(collection, document_ids).items()}

    def all_chunks(self, collection: str) -> Iterator[Chunk]:
        yield from (item.chunk for item in self._collection(collection).chunks.values())

    def count(self, collection: str, where: Filter | None = None) -> int:
        assert isinstance(where, Compare)
        chunks = self._collection(collection).chunks.values()
        return sum(item.chunk.document_id == where.value for item in chunks)

    def begin_bulk(self, collection: str) -> None:
        self.log.append("begin bulk")

    def documents(self, collection: str) -> Iterator[StoredDocument]:
        for key in sorted(self._collection(collection).documents):
            document, chunks = self._collection(collection).documents[key]
            yield StoredDocument(
                document.id, document.source, document.filename, document.sha256, len(document.pages), chunks
            )

    def document(self, collection: str, document_id: str) -> Document | None:
        found = self._collection(collection).documents.get(document_id)
        return found[0] if found else None

    def optimize(self, collection: str) -> None:
        self.log.append("optimize")

    def erase(self, collection: str) -> bool:
        if self.is_full:
            raise StoreError("no space is left")
        self.log.append("erase")
        return True

    def unerased(self, collection: str) -> bool:
        return False

    def texts(self, collection: str) -> list[str]:
        return [item.chunk.text for item in self.held[collection].chunks.values()]

    def chunks_of(self, collection: str, filename: str) -> list[Chunk]:
        chunks = [item.chunk for item in self.held[collection].chunks.values()]
        return [chunk for chunk in chunks if chunk.filename == filename]

    def _forget(self, held: MemoryCollection, which: Callable[[IndexedChunk], bool]) -> None:
        held.chunks = {key: item for key, item in held.chunks.items() if not which(item)}
        held.staged = {key: item for key, item in held.staged.items() if not which(item)}

    def _collection(self, collection: str) -> MemoryCollection:
        if collection not in self.held:
            raise CollectionNotFound(collection)
        return self.held[collection]


def _version(item: IndexedChunk) -> tuple[str, str]:
    return item.chunk.document_id, item.chunk.sha256


@dataclass
class HashEmbedder:
    """Vectors made of a text's hash; `batches` holds the length of every batch."""

    batches: list[int] = field(default_factory=list)
    name: str = "hash"
    dimension: int = DIMENSION
    available: bool = True

    def embed_documents(self, texts: Sequence[str]) -> list[Embedding]:
        if not self.available:
            raise ModelUnavailable("the embedding model did not answer")
        self.batches.append(len(texts))
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> Embedding:
        digest = hashlib.sha256(text.encode()).digest()[:DIMENSION]
        dense = np.frombuffer(digest, dtype=np.uint8).astype(np.float32) + 1
        dense /= np.linalg.norm(dense)
        return Embedding(dense, dense[None, :])

    def count_tokens(self, text: str) -> int:
        return count_words(text)


class WordLengths:
    """A document's term ids are the lengths of its words."""

    def encode_document(self, text: str) -> SparseVector:
        lengths = sorted({len(word) for word in text.split()})
        return SparseVector(tuple(lengths), tuple(1.0 for _ in lengths))
