"""Uploaded files and vector stores: the parts that all tenants share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from api.erasing import erase
from api.library.erasing import Eraser
from api.library.outcomes import Settler
from api.library.tenant import TenantLibrary
from api.library.work import NoQueue, QueueFull, WorkQueue
from api.storage import (
    Blobs,
    Database,
    Upkeep,
    open_database,
)
from rag.build.core import Rag
from rag.settings import Settings


class Library:
    """What all tenants share; `of` is the library as one of them has it."""

    def __init__(self, rag: Rag, database: Database, blobs: Blobs, queue: WorkQueue) -> None:
        self.rag = rag
        self.database = database
        self.blobs = blobs
        self.queue = queue
        self.upkeep = Upkeep(database)
        self.settler = Settler(self.upkeep, queue, blobs.folder)
        self.eraser = Eraser(database, rag.store, queue, partial(erase, rag.settings, rag.store))

    def of(self, tenant: str) -> TenantLibrary:
        """The library of a tenant."""
        return TenantLibrary(self, tenant)

    def owner_of(self, collection: str) -> str | None:
        """The tenant of a store's collection; None for one that no client made.

        Raises:
            DatabaseFailed.
        """
        return self.upkeep.owner_of(collection)

    def settle(self, store_id: str | None = None) -> None:
        """Note what became of the files that are worked on, in one store or in all.

        Raises:
            DatabaseFailed, QueueError, StoreError.
        """
        for file, result in self.settler.settle(self.upkeep.in_progress(store_id)):
            if result.status == "unchanged":  # it was there before, and may have had other attributes
                self.rag.store.set_metadata(file.store_id, file.document_id, file.attributes)

    def require_room(self, files: int) -> None:
        """Checks that this many more files may wait for ingestion.

        Raises:
            QueueFull, DatabaseFailed.
        """
        most = self.rag.settings.max_waiting_files
        if files and self.upkeep.waiting() + files > most:
            raise QueueFull(
                f"more than {most} files would be waiting to be read (FOOTNOTE_MAX_WAITING_FILES); try again later"
            )

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def open_library(
    settings: Settings, rag: Rag, queue: WorkQueue | None, *, now: Callable[[], int] | None = None
) -> Library:
    """The library of these settings over a core's store.

    Raises:
        DatabaseFailed.
    """
    clock = {} if now is None else {"now": now}
    database = open_database(settings.database_url, settings.data_dir, **clock)
    blobs = Blobs(settings.files_dir or settings.data_dir / "files")
    return Library(rag, database, blobs, queue or NoQueue())
