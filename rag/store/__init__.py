"""Where documents, chunks and vectors live: one Protocol, two real stores (`embedded`, `server`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from rag.filters import Filter
from rag.types import Chunk, Document, Embedding, IndexedChunk, Page, SparseVector

TokenStorage = Literal["turbo8", "float16"]
DenseQuantization = Literal["none", "int8", "binary"]


@dataclass(frozen=True, slots=True)
class CollectionSpec:
    """How a collection stores its vectors; fixed when it is created."""

    dimension: int
    token_storage: TokenStorage = "turbo8"
    dense_quantization: DenseQuantization = "none"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What a listing shows of a document without fetching its pages."""

    id: str
    source: str
    filename: str
    sha256: str
    pages: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """The two arms of one search: chunk id to score, best first, ties by id."""

    dense: dict[str, float]
    bm25: dict[str, float]


class Store(Protocol):
    """Documents, their pages, chunks and vectors, by collection.

    Every method but `collections`, `has_collection` and `create_collection` raises CollectionNotFound for an
    unknown collection, and StoreUnavailable when the store cannot be reached. A write is durable and visible
    to the next read once the call returns.
    """

    def collections(self) -> list[str]:
        """Names of all collections, sorted."""
        ...

    def has_collection(self, collection: str) -> bool: ...

    def create_collection(self, collection: str, spec: CollectionSpec) -> None:
        """Create it with its payload indexes; nothing happens when it exists."""
        ...

    def drop_collection(self, collection: str) -> None: ...

    def write_chunks(self, collection: str, chunks: Sequence[IndexedChunk]) -> None:
        """Write chunks of one document version; writing a chunk again changes nothing."""
        ...

    def write_document(self, collection: str, document: Document, chunks: int) -> None:
        """Write a document's pages, then its record, which makes it complete; `chunks` is how many it has."""
        ...

    def delete(self, collection: str, document_id: str, *, keep_sha256: str | None = None) -> None:
        """Delete a document's record, pages and chunks: all versions, or all but one."""
        ...

    def documents(self, collection: str) -> Iterator[StoredDocument]:
        """Every complete document, ordered by id."""
        ...

    def document(self, collection: str, document_id: str) -> Document | None:
        """A complete document with its pages, or None."""
        ...

    def page(self, collection: str, document_id: str, sha256: str, number: int) -> Page | None: ...

    def count(self, collection: str, where: Filter | None = None) -> int:
        """How many chunks there are, or match."""
        ...

    def search(
        self, collection: str, query: Embedding, lexical: SparseVector, *, k: int, where: Filter | None = None
    ) -> Candidates:
        """The best k chunks of each arm, filtered."""
        ...

    def score(self, collection: str, query: Embedding, lexical: SparseVector, ids: Sequence[str]) -> Candidates:
        """Both arms' exact scores of these chunks; a chunk that shares no term is absent from `bm25`."""
        ...

    def max_sim(self, collection: str, query: Embedding, ids: Sequence[str]) -> dict[str, float]:
        """Late interaction: the sum over the query's tokens of the best cosine with each chunk's token vectors."""
        ...

    def chunks(self, collection: str, ids: Sequence[str]) -> list[Chunk]:
        """The chunks of these ids, in this order; unknown ids are left out."""
        ...

    def optimize(self, collection: str) -> None:
        """Build indexes after a bulk load; returns when done, or at once where the server does it by itself."""
        ...

    def snapshot(self, collection: str, folder: Path) -> Path:
        """Write one file into `folder` that `restore` understands."""
        ...

    def restore(self, collection: str, snapshot: Path) -> None:
        """Create or replace the collection from a snapshot file."""
        ...

    def close(self) -> None: ...
