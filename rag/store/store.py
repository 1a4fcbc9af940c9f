"""The Protocol of the store of documents, chunks and vectors; `embedded` and `server` implement it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rag.filters import Filter
from rag.settings import DenseQuantization, TokenStorage
from rag.types import Chunk, Document, Embedding, IndexedChunk, Page, Scalar, SparseVector


@dataclass(frozen=True, slots=True)
class CollectionSpec:
    """How a collection stores its vectors; fixed when it is created."""

    dimension: int
    token_storage: TokenStorage = "turbo8"
    dense_quantization: DenseQuantization = "none"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What a listing shows of a document without fetching its pages.

    `switch` is the number of the switch that made this version the current one; see `Store.clock`.
    """

    id: str
    source: str
    filename: str
    sha256: str
    pages: int
    chunks: int
    switch: int = 0


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

    A version of a document is written in two parts: its chunks are staged, where no reader sees them, and then the
    version is published. Every write may be repeated, also after it was broken off anywhere, and then changes nothing
    that is already done. Writes of one document must not overlap; those of different documents may.
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
        """Stage chunks of document versions: no search, count, digest or listing shows them until `publish`.

        Writing a staged chunk again replaces it; a published one is left as it is.
        """
        ...

    def publish(self, collection: str, document: Document, chunks: int) -> None:
        """Make a version, whose `chunks` chunks are staged, the current one, and delete every other.

        The old version answers until the new one is complete; the switch is the overwriting of one point.

        Raises:
            StoreError: not exactly `chunks` chunks of the version are there, and nothing was changed; or something
                of another version is left, and publishing again finishes.
        """
        ...

    def discard(self, collection: str, document_id: str, sha256: str) -> None:
        """Remove the written parts of a version that will not be published.

        Of the current version, only remains of an interrupted switch are removed.
        """
        ...

    def staged(self, collection: str) -> list[tuple[str, str]]:
        """Document id and sha256 of each version whose writing or deletion is not finished, sorted.

        If nobody is working on it, it is an orphan: `publish` or `discard` it.
        """
        ...

    def delete(self, collection: str, document_id: str) -> None:
        """Delete a document: record, pages and chunks of all versions.

        Raises:
            StoreError: something of it is still there.
        """
        ...

    def erase(self, collection: str) -> bool:
        """Erase every byte of deleted documents from the store's files; returns whether the store can do this.

        The embedded store can; it takes longer the more data is in the same segments. A server erases when its
        optimizer runs. Reads and writes continue meanwhile.
        """
        ...

    def unerased(self, collection: str) -> bool:
        """Whether an `erase` of this collection has not finished: it failed, or the process ended."""
        ...

    def set_metadata(
        self, collection: str, document_id: str, metadata: Mapping[str, Scalar], *, without: Sequence[str] = ()
    ) -> None:
        """Put metadata over what a document and its chunks have, after taking the keys `without` away.

        Nothing happens when the document is not there.
        """
        ...

    def clock(self, collection: str) -> int:
        """How many switches there have been; never falls.

        A version whose `StoredDocument.switch` is not above a clock read earlier was whole and current, or about to be
        current with all of its chunks in sight, from that moment on.
        """
        ...

    def stored(self, collection: str, document_ids: Sequence[str]) -> dict[str, StoredDocument]:
        """The current versions of these documents, by document id; unknown ids are left out."""
        ...

    def versions(self, collection: str, document_ids: Sequence[str]) -> dict[str, str]:
        """The sha256 of the current version, by document id; unknown ids are left out."""
        ...

    def documents(self, collection: str) -> Iterator[StoredDocument]:
        """Every complete document, ordered by id."""
        ...

    def document(self, collection: str, document_id: str) -> Document | None:
        """A complete document with its pages, or None."""
        ...

    def page(self, collection: str, document_id: str, sha256: str, number: int) -> Page | None: ...

    def all_chunks(self, collection: str) -> Iterator[Chunk]:
        """Every chunk of every current version, in any order, a few at a time."""
        ...

    def count(self, collection: str, where: Filter | None = None) -> int:
        """How many chunks there are, or match; at the moment of a switch, those of both versions."""
        ...

    def search(
        self, collection: str, query: Embedding, lexical: SparseVector, *, k: int, where: Filter | None = None
    ) -> Candidates:
        """The best k chunks of each arm, filtered; at the moment of a switch, chunks of both versions."""
        ...

    def score(self, collection: str, query: Embedding, lexical: SparseVector, ids: Sequence[str]) -> Candidates:
        """Both arms' exact scores of these chunks; a chunk that shares no term is absent from `bm25`."""
        ...

    def max_sim(self, collection: str, query: Embedding, ids: Sequence[str]) -> dict[str, float]:
        """Late interaction: the sum over the query's tokens of the best cosine with each chunk's token vectors."""
        ...

    def chunks(self, collection: str, ids: Sequence[str]) -> list[Chunk]:
        """The chunks of these ids, in this order; unknown and staged ones are left out."""
        ...

    def begin_bulk(self, collection: str) -> None:
        """Put off the building of indexes until `optimize`; searches stay right, and get slower meanwhile."""
        ...

    def optimize(self, collection: str) -> None:
        """Build indexes after a bulk load; returns when done, or on a server that takes long, when it is under way."""
        ...

    def snapshot(self, collection: str, folder: Path) -> Path:
        """Write one file into `folder` that `restore` understands."""
        ...

    def restore(self, collection: str, snapshot: Path) -> None:
        """Create or replace the collection from a snapshot file."""
        ...

    def close(self) -> None: ...
