"""The first and last step of a run over many files: list the sources, and prune."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass

from ingest.events import FileResult
from ingest.sources import Sources, vanished
from ingest.work.files import DocumentStore
from ingest.work.records import FileTask, Json, RunRequest, result_from_json
from rag.errors import StoreError
from rag.store import StoredDocument

_AGAIN = "Run the command again"


@dataclass(frozen=True, slots=True)
class Plan:
    """The sources of a run, their bytes as far as sizes are known, and the results of what is not to be read."""

    tasks: tuple[FileTask, ...]
    size_bytes: int = 0
    settled: tuple[FileResult, ...] = ()

    def to_json(self) -> Json:
        """Plain data; `from_json` is its inverse."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Json) -> Plan:
        """The plan of plain data."""
        tasks = tuple(FileTask.from_json(task) for task in raw["tasks"])
        settled = tuple(result_from_json(result) for result in raw["settled"])
        return cls(tasks, raw["size_bytes"], settled)


class RunWork:
    """The first and the last step of a run. Each may be repeated.

    `expand` makes the list of sources out of a request.
    """

    def __init__(self, store: DocumentStore, expand: Callable[[RunRequest], Sources]) -> None:
        self._store = store
        self._expand = expand

    def plan(self, request: RunRequest) -> Plan:
        """List the sources.

        Raises:
            StoreError: the store failed.
        """
        sources = self._expand(request)
        if self._store.has_collection(request.collection):
            self._store.begin_bulk(request.collection)
        skipped = (FileResult(each.source, "skipped", reason=each.reason) for each in sources.skipped)
        missing = (FileResult(each.source, "failed", reason=each.reason) for each in sources.missing)
        return Plan(
            (
                *request.files,
                *(FileTask(request.collection, item.source, item.name, given=item.given) for item in sources.items),
            ),
            sum(item.size_bytes for item in sources.items),
            (*skipped, *missing),
        )

    def finish(self, request: RunRequest, busy: Callable[[], Collection[str]]) -> list[FileResult]:
        """Remove what vanished from the sources, when that was asked for, and what was left unfinished; build indexes.

        `busy` names the documents that other runs are working on.

        Raises:
            StoreError: the store failed.
        """
        collection = request.collection
        if not self._store.has_collection(collection):
            return []
        self.tidy(request, busy)
        return self._prune(request) if request.prune else []

    def tidy(self, request: RunRequest, busy: Callable[[], Collection[str]]) -> None:
        """Remove what was left unfinished, and build indexes: also after a run that was stopped.

        Raises:
            StoreError: the store failed.
        """
        if self._store.has_collection(request.collection):
            self._sweep(request.collection, busy)
            self._store.optimize(request.collection)

    def _sweep(self, collection: str, busy: Callable[[], Collection[str]]) -> None:
        """Discard what runs that failed have left unfinished."""
        staged = self._store.staged(collection)  # before asking who is busy: who comes later is not among them
        others = busy() if staged else ()
        for document_id, sha256 in staged:
            if document_id not in others:
                self._store.discard(collection, document_id, sha256)

    def _prune(self, request: RunRequest) -> list[FileResult]:
        """One result for each vanished document. Those that cannot be deleted are tried again after the others, and
        fail then; so does the collection, if the bytes of what was deleted cannot be erased."""
        collection = request.collection
        gone = vanished(self._store.documents(collection), self._expand(request))
        results = [self._pruned(collection, document) for document in gone]
        for place, document in enumerate(gone):
            if results[place].status == "failed":
                results[place] = self._pruned(collection, document)
        if any(result.status == "pruned" for result in results) or self._store.unerased(collection):
            try:
                self._store.erase(collection)
            except StoreError as exc:
                reason = f"what was deleted is not erased from its files yet ({exc}). {_AGAIN}"
                results.append(FileResult(collection, "failed", reason=reason, fault="system"))
        return results

    def _pruned(self, collection: str, document: StoredDocument) -> FileResult:
        try:
            self._store.delete(collection, document.id)
        except StoreError as exc:
            reason = f"its source is gone, and it could not be deleted ({exc}). {_AGAIN}"
            return FileResult(document.source, "failed", document.id, reason=reason, fault="system")
        return FileResult(document.source, "pruned", document.id, chunks=document.chunks)
