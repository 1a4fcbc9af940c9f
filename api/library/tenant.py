"""Files and vector stores of a tenant, and the work of adding a file to a store."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from api.library.outcomes import NothingToRetry
from api.library.work import NoQueue
from api.storage import (
    Attached,
    Blobs,
    FileBatch,
    Files,
    FileStatus,
    Incoming,
    Listing,
    NewFile,
    PageRequest,
    StoredFile,
    StoreFile,
    StoreFiles,
    Uploads,
    VectorStore,
    VectorStores,
)
from ingest.events import FileProgress
from ingest.work import FileTask, RunRequest
from rag.types import Scalar, document_id_of

if TYPE_CHECKING:
    from api.library.library import Library

_ALL = 1_000_000
MADE_HERE = "vs_"  # collections of these names are made by this service alone


@dataclass(frozen=True, slots=True)
class Given:
    """A file that a client wants in a store."""

    file_id: str
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    chunking: Mapping[str, object] = field(default_factory=dict)


class TenantLibrary:
    """Files and vector stores of one tenant.

    Methods raise NotStored for what this tenant does not have, DatabaseFailed, QueueError and StoreError.
    """

    def __init__(self, library: Library, tenant: str) -> None:
        self._library = library
        self.tenant = tenant
        self.files = Files(library.database, tenant)
        self.uploads = Uploads(library.database, tenant)
        self.stores = VectorStores(library.database, tenant)
        self.store_files = StoreFiles(library.database, tenant)

    @property
    def blobs(self) -> Blobs:
        """The bytes of files."""
        return self._library.blobs

    def now(self) -> int:
        """Seconds of the Unix epoch."""
        return self._library.database.now()

    def receiving(self, file_id: str, filename: str) -> AbstractContextManager[Incoming]:
        """The bytes of a new file as they come."""
        return self.blobs.receiving(file_id, filename)

    def keep(self, new: NewFile) -> StoredFile:
        """Remember a file whose bytes have come."""
        try:
            return self.files.add(new)
        except BaseException:
            self.blobs.erase(new.id)
            raise

    def delete_file(self, file_id: str) -> None:
        """Delete a file, out of every store too; its bytes and its documents are erased."""
        self.files.get(file_id)
        self.remove_file(file_id)

    def remove_file(self, file_id: str) -> None:
        """The same for a file that may have expired."""
        for file in self.store_files.everywhere(file_id):
            self.store_files.detach(file.store_id, file_id)
        self.files.delete(file_id)
        self.blobs.erase(file_id)
        self._library.eraser.withdraw()

    def empty_store(self, store_id: str) -> None:
        """Erase the contents of a store that has expired; the store itself can still be seen."""
        for file in self.store_files.page(store_id, PageRequest(limit=_ALL)).rows:
            self.store_files.detach(store_id, file.file_id)
        self._library.eraser.withdraw(store_id)

    def create_store(
        self,
        *,
        name: str,
        description: str | None,
        labels: Mapping[str, object],
        expires_days: int | None,
        files: Sequence[Given],
    ) -> VectorStore:
        """A new store, which these files are put into."""
        for given in files:
            self.files.get(given.file_id)
        self._library.require_room(len(files))
        store_id = new_id(MADE_HERE.rstrip("_"))
        self._library.rag.store.create_collection(store_id, self._library.rag.spec)
        self.stores.add(store_id, name=name, description=description, labels=labels, expires_days=expires_days)
        if files:
            self.attach(store_id, files)
        return self.stores.get(store_id)

    def store(self, store_id: str) -> VectorStore:
        """A store as it is now."""
        self.adopt()
        store = self.stores.get(store_id)
        if not store.counts.in_progress:
            return store
        self._library.settle(store_id)
        return self.stores.get(store_id)

    def adopt(self) -> None:
        """Collections that were filled on the command line belong to the tenant of a service without keys."""
        if not self.tenant:
            names = self._library.rag.store.collections()
            self.stores.adopt(name for name in names if not name.startswith(MADE_HERE))

    def delete_store(self, store_id: str) -> None:
        """Delete a store with all of its documents; the files themselves stay."""
        self.store(store_id)
        for run in {file.run for file in self._library.upkeep.in_progress(store_id) if file.run}:
            self._library.queue.cancel(run)
        if not store_id.startswith(MADE_HERE):
            self._library.eraser.drop(store_id)
        self.stores.delete(store_id)
        self._library.eraser.drop_deleted()

    def attach(self, store_id: str, files: Sequence[Given], *, batch_id: str | None = None) -> list[StoreFile]:
        """Put files into a store; the work on those that are new there begins."""
        attached = [self.as_attached(given) for given in files]
        if isinstance(self._library.queue, NoQueue):
            raise self._library.queue.missing()
        self._library.require_room(len(files))
        if batch_id is None:
            found = self.store_files.attach(store_id, attached)
        else:
            found = self.store_files.batch(batch_id, store_id, attached)
        self._begin(store_id, [file for file, new in found if new])
        return [self.store_files.get(store_id, file.file_id) for file, _ in found]

    def retry(self, store_id: str, file_id: str) -> StoreFile:
        """Begin the work on a file anew.

        Raises:
            NothingToRetry: it did not fail, and was not cancelled.
        """
        file = self.store_file(store_id, file_id)
        if file.status not in ("failed", "cancelled"):
            raise NothingToRetry(f"the file is {file.status}; only one that failed or was cancelled can be tried again")
        self._library.require_room(1)
        self._begin(store_id, [file])
        return self.store_files.get(store_id, file_id)

    def store_file(self, store_id: str, file_id: str) -> StoreFile:
        """A file in a store as it is now."""
        self.adopt()
        file = self.store_files.get(store_id, file_id)
        if file.status != "in_progress":
            return file
        self._library.settle(store_id)
        return self.store_files.get(store_id, file_id)

    def progress(self, file: StoreFile) -> FileProgress | None:
        """How far the work on a file is."""
        return self._library.settler.progress(file) if file.status == "in_progress" else None

    def page_of_files(
        self, store_id: str, request: PageRequest, *, status: FileStatus | None = None, batch_id: str | None = None
    ) -> Listing[StoreFile]:
        """A page of the files of a store or batch, as they are now."""
        self.store(store_id)
        return self.store_files.page(store_id, request, status=status, batch_id=batch_id)

    def detach(self, store_id: str, file_id: str) -> None:
        """Take a file out of a store: its document is erased, the file itself stays."""
        self.adopt()
        self.store_files.detach(store_id, file_id)
        self._library.eraser.withdraw(store_id)

    def delete_document(self, store_id: str, document_id: str) -> None:
        """Erase a document of a store that is no uploaded file.

        Raises:
            BeingRead.
        """
        self.store(store_id)
        self._library.eraser.delete(store_id, document_id)

    def change_attributes(self, store_id: str, file_id: str, attributes: Mapping[str, Scalar]) -> StoreFile:
        """Replace the attributes of a file, by which searches filter."""
        before = self.store_file(store_id, file_id)
        file = self.store_files.change_attributes(store_id, file_id, attributes)
        if before.status == "completed":
            self._library.rag.store.set_metadata(
                store_id, file.document_id, file.attributes, without=tuple(before.attributes)
            )
        return file

    def batch(self, store_id: str, batch_id: str) -> FileBatch:
        """A batch as it is now."""
        batch = self.store_files.get_batch(store_id, batch_id)
        if not batch.counts.in_progress:
            return batch
        self._library.settle(store_id)
        return self.store_files.get_batch(store_id, batch_id)

    def cancel_batch(self, store_id: str, batch_id: str) -> FileBatch:
        """Cancel what is not done of a batch."""
        self.batch(store_id, batch_id)
        batch, cancelled = self.store_files.cancel_batch(store_id, batch_id)
        for run in {file.run for file in cancelled if file.run}:
            self._library.queue.cancel(run)
        self._library.eraser.withdraw(store_id)
        return batch

    def as_attached(self, given: Given) -> Attached:
        """The database record of a file in a store."""
        file = self.files.get(given.file_id)
        return Attached(file.id, document_id_of(self._source(file)), given.attributes, dict(given.chunking))

    def resume(self, file: StoreFile) -> None:
        """Begin the work on a file that was never handed to the queue: a process ended before it could."""
        self._begin(file.store_id, [file])

    def _begin(self, store_id: str, files: Sequence[StoreFile]) -> None:
        if not files:
            return
        stored = [self.files.get(file.file_id) for file in files]
        tasks = tuple(
            FileTask(store_id, self._source(known), known.filename, dict(file.attributes), *_cut(file.chunking))
            for file, known in zip(files, stored, strict=True)
        )
        run = self._library.queue.start(RunRequest(store_id, files=tasks))
        self.store_files.begin([file.number for file in files], run)

    def _source(self, file: StoredFile) -> str:
        return self.blobs.path_of(file.id, file.filename).as_posix()


def _cut(chunking: Mapping[str, Any]) -> tuple[int | None, int]:
    """The longest chunk and the overlap of a chunking strategy."""
    static = chunking.get("static")
    return (static["max_chunk_size_tokens"], static["chunk_overlap_tokens"]) if static else (None, 0)


def new_id(kind: str) -> str:
    """An unguessable id of a kind, such as `file-…`."""
    joint = "-" if kind == "file" else "_"
    return f"{kind}{joint}{secrets.token_hex(12)}"
