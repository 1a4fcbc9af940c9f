"""Background maintenance: records outcomes, restarts lost work, deletes what has expired."""

from __future__ import annotations

import logging
import threading
from typing import Self

from api.library.library import Library
from api.storage import NotStored
from rag.errors import FootnoteError

_BUSY_S, _IDLE_S = 0.5, 5.0
_LATE_S = 30
_log = logging.getLogger("footnote.library")


class Keeper:
    """A thread that keeps a library in order until `close`. Each service process has one; they do not disturb each
    other."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="library", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Stop after the current work."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def tidy(self) -> bool:
        """Do once what is due; whether work is under way.

        Raises:
            DatabaseFailed, QueueError, StoreError.
        """
        library = self._library
        library.settle()
        self._resume()
        self._expire()
        left = library.eraser.erase()
        for file_id in set(library.upkeep.deleted_files()) & library.blobs.present():
            library.blobs.erase(file_id)
        return bool(left or library.upkeep.in_progress())

    def _resume(self) -> None:
        late = self._library.database.now() - _LATE_S
        for file in self._library.upkeep.in_progress():
            if file.run is None and file.created_at < late:
                self._library.of(file.tenant).resume(file)

    def _expire(self) -> None:
        for tenant in self._library.upkeep.tenants():
            own = self._library.of(tenant)
            for file_id in own.files.expired():
                own.remove_file(file_id)
            for upload_id in own.uploads.expired():
                own.uploads.end(upload_id, "expired")
                own.blobs.erase(upload_id)
            for store_id in own.stores.expired():
                own.empty_store(store_id)

    def _keep(self) -> None:
        wait_s = _BUSY_S
        while not self._closing.wait(wait_s):
            try:
                wait_s = _BUSY_S if self.tidy() else _IDLE_S
            except NotStored:  # a client was quicker
                wait_s = _BUSY_S
            except (FootnoteError, OSError) as exc:
                _log.warning("the upkeep of files and vector stores waits: %s", exc)
                wait_s = _IDLE_S
