"""The store of documents, chunks and vectors: a Protocol and two implementations, `embedded` and `server`."""

from rag.store.store import Candidates, CollectionSpec, Store, StoredDocument

__all__ = [
    "Candidates",
    "CollectionSpec",
    "Store",
    "StoredDocument",
]
