"""Documents of files that were taken out, and collections of stores that were deleted, are erased when nobody works
on them any more; the remembered answers that have their words are forgotten with them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Protocol

from api.storage import Database, Upkeep, forget_documents
from rag.errors import QueueError
from rag.store import StoredDocument

_PATIENCE_S, _POLL_S = 10.0, 0.1
_AT_A_TIME = 500


class Busy(Protocol):
    """The part of the work queue that tells which documents are in hand."""

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
    """Erases from the vector store what the database says is gone. May be called at any time, and again."""

    def __init__(self, database: Database, store: ErasableStore, queue: Busy) -> None:
        self._database = database
        self._upkeep = Upkeep(database)
        self._store = store
        self._queue = queue

    def erase(self, store_id: str | None = None) -> int:
        """Erase what can be, of one store or of all; how much is left because it is being worked on.

        Raises:
            DatabaseFailed, QueueError, StoreError.
        """
        due = self._upkeep.to_erase(store_id)
        busy = self._queue.busy() if due else set()
        left, done = 0, []
        for file in due:
            if file.document_id in busy:
                left += 1
                continue
            wanted = self._upkeep.is_wanted(file.store_id, file.document_id)
            if not wanted and self._store.has_collection(file.store_id):
                self._store.delete(file.store_id, file.document_id)
                forget_documents(self._database, [file.document_id])
            done.append(file.number)
        if done:
            self._upkeep.mark_erased(done)
        return left + (self._drop_deleted(busy) if store_id is None else 0)

    def drop(self, collection: str) -> None:
        """Drop a collection once nobody works on its documents.

        Raises:
            QueueError: somebody does, and goes on doing so.
        """
        deadline = time.monotonic() + _PATIENCE_S
        while self._queue.busy():
            if time.monotonic() > deadline:
                raise QueueError(f"files are being read into {collection!r} or another store; try again later")
            time.sleep(_POLL_S)
        if self._store.has_collection(collection):
            self._drop(collection)

    def _drop_deleted(self, busy: set[str]) -> int:
        gone = set(self._upkeep.deleted_stores()) & set(self._store.collections())
        if gone and (busy or self._queue.busy()):
            return len(gone)
        for collection in sorted(gone):
            self._drop(collection)
        return 0

    def _drop(self, collection: str) -> None:
        documents = [document.id for document in self._store.documents(collection)]
        self._store.drop_collection(collection)
        for start in range(0, len(documents), _AT_A_TIME):
            forget_documents(self._database, documents[start : start + _AT_A_TIME])
