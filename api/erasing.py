"""Erases documents: no byte of their text is left in any file of Footnote."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from api.storage import SQLITE_FILE, forget_documents, open_database
from ingest.build import forget_records
from rag.settings import Settings
from rag.store import Store

_AT_A_TIME = 500


def erase(settings: Settings, store: Store, collection: str, document_ids: Sequence[str]) -> bool:
    """Erase deleted documents of a collection from the store's files, and wherever else their text is kept.

    Returns whether the store can do this; a server erases later.

    Raises:
        StoreError, QueueError, DatabaseFailed.
    """
    erased = store.erase(collection) if store.has_collection(collection) else settings.qdrant_url is None
    forget(settings, collection, document_ids)
    return erased


def forget(settings: Settings, collection: str, document_ids: Sequence[str]) -> None:
    """Erase data outside the store about deleted documents of a collection.

    These are records of their ingestion, answers that quote them, and the log of unexpected errors, which may contain
    any text. Data about the same documents in another collection stays.

    Raises:
        QueueError, DatabaseFailed.
    """
    forget_records(settings, collection, document_ids)
    if settings.database_url is not None or (settings.data_dir / SQLITE_FILE).exists():
        with closing(open_database(settings.database_url, settings.data_dir)) as database:
            for start in range(0, len(document_ids), _AT_A_TIME):
                forget_documents(database, collection, document_ids[start : start + _AT_A_TIME])
            database.compact()
    for log in settings.error_log.parent.glob(f"{settings.error_log.name}*"):
        log.unlink(missing_ok=True)
