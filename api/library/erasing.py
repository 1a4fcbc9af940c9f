"""Erases documents of removed files and collections of deleted stores once no work on them is in progress, with the
stored answers that quote them.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from api.storage import Database, StoreFile, Upkeep, forget_documents
from rag.errors import QueueError
from rag.store import StoredDocument

_PATIENCE_S, _POLL_S = 10.0, 0.1


Erase = Callable[[str, Sequence[str]], object]
"""Leaves no byte of deleted documents of a collection: `api.erasing.erase`."""


class BeingRead(QueueError):
    """Files are being ingested that somebody wants to delete."""


class Busy(Protocol):
    """The part of the work queue that reports which documents are in progress."""

    def busy(self, besides: str = "") -> set[str]: ...


class ErasableStore(Protocol):
    """The part of `rag.store.Store` that is needed here."""

    def collections(self) -> list[str]: ...

    def has_collection(self, collection: str) -> bool: ...

    def delete(self, collection: str, document_id: str) -> None: ...

    def documents(self, collection: str) -> Iterator[StoredDocument]: ...

    def drop_collection(self, collection: str) -> None: ...

    def erase(self, collection: str) -> bool: ...


class Eraser:
    """Erases from the vector store what the database marks as removed. May be called at any time and repeatedly."""

    def __init__(self, database: Database, store: ErasableStore, queue: Busy, erase: Erase) -> None:
        self._database = database
        self._upkeep = Upkeep(database)
        self._store = store
        self._queue = queue
        self._erase = erase

    def withdraw(self, store_id: str | None = None) -> None:
        """Remove documents without work in progress from the collections, so that no search finds them; fast.

        Raises:
            DatabaseFailed, QueueError, StoreError.
        """
        self._withdraw(store_id)

    def erase(self) -> int:
        """Leave no byte of what was taken out, and drop what was deleted; how much is left, because it is worked on.

        Raises:
            DatabaseFailed, QueueError, StoreError.
        """
        gone, unwanted, left = self._withdraw(None)
        for collection, ids in _by_store(unwanted).items():
            self._erase(collection, ids)
        if gone:
            self._upkeep.mark_erased([file.number for file in gone])
        return left + self.drop_deleted()

    def delete(self, collection: str, document_id: str) -> None:
        """Delete a document, and leave no byte of it.

        Raises:
            BeingRead.
            DatabaseFailed, StoreError.
        """
        if document_id in self._queue.busy():
            raise BeingRead(f"document {document_id} is being read; delete it when that has ended")
        self._store.delete(collection, document_id)
        self._erase(collection, [document_id])

    def drop(self, collection: str) -> None:
        """Drop a collection once there is no work on its documents.

        Raises:
            BeingRead: the work does not end in time.
        """
        deadline = time.monotonic() + _PATIENCE_S
        while self._queue.busy():
            if time.monotonic() > deadline:
                raise BeingRead(f"files are being read into {collection!r} or another store; try again later")
            time.sleep(_POLL_S)
        if self._store.has_collection(collection):
            self._drop(collection)

    def _withdraw(self, store_id: str | None) -> tuple[list[StoreFile], list[StoreFile], int]:
        """What was taken out and nobody works on; of that, what is in no store again; and how many are worked on."""
        due = self._upkeep.to_erase(store_id)
        busy = self._queue.busy() if due else set()
        gone = [file for file in due if file.document_id not in busy]
        unwanted = [file for file in gone if not self._upkeep.is_wanted(file.store_id, file.document_id)]
        for file in unwanted:
            if self._store.has_collection(file.store_id):
                self._store.delete(file.store_id, file.document_id)
        for collection, ids in _by_store(unwanted).items():
            forget_documents(self._database, collection, ids)
        return gone, unwanted, len(due) - len(gone)

    def drop_deleted(self) -> int:
        """Drop the collections of deleted stores; how many are left, because files are being read into stores.

        Raises:
            DatabaseFailed, QueueError, StoreError.
        """
        gone = set(self._upkeep.deleted_stores()) & set(self._store.collections())
        if gone and self._queue.busy():
            return len(gone)
        for collection in sorted(gone):
            self._drop(collection)
        return 0

    def _drop(self, collection: str) -> None:
        documents = [document.id for document in self._store.documents(collection)]
        self._store.drop_collection(collection)
        self._erase(collection, documents)


def _by_store(files: Iterable[StoreFile]) -> dict[str, list[str]]:
    """The documents that files are, by store."""
    documents: dict[str, list[str]] = defaultdict(list)
    for file in files:
        documents[file.store_id].append(file.document_id)
    return documents
