"""Where documents, chunks and vectors live: one Protocol, and two real stores (`embedded`, `server`) behind it."""

from rag.store.store import Candidates, CollectionSpec, Store, StoredDocument

__all__ = [
    "Candidates",
    "CollectionSpec",
    "Store",
    "StoredDocument",
]
