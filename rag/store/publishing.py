"""Publishes, discards and deletes document versions, for both stores.

docs/adr/0007-one-switch.md describes the switch, and why no search sees half a version.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from rag.errors import StoreError
from rag.filters import Combine, Compare, Filter
from rag.store import points as layout
from rag.store.reading import PointReader, all_of, of_document, of_version
from rag.types import Document, Scalar

STAGED = Compare("kind", "eq", "staged")
_CHUNKS = Compare("kind", "in", ("staged", "chunk"))
_TOLD = Compare("kind", "in", ("staged", "chunk", "document"))
_NO_RECORD = Compare("kind", "ne", "document")


class PointSwitcher(PointReader):
    """The half of a store that makes versions current and removes them, from three ways to change its points."""

    @abstractmethod
    def _put(
        self, collection: str, points: Sequence[tuple[str, layout.Payload]], *, only_where: Filter | None = None
    ) -> None:
        """Write points that have no vectors, by id; of those that exist, overwrite only those that match."""

    @abstractmethod
    def _set_fields(self, collection: str, where: Filter, fields: layout.Payload) -> None:
        """Overwrite these fields of all points that match."""

    @abstractmethod
    def _remove(self, collection: str, where: Filter) -> None:
        """Delete all points that match."""

    def publish(self, collection: str, document: Document, chunks: int) -> None:
        for step in self._steps(collection, document, chunks):
            step()

    def discard(self, collection: str, document_id: str, sha256: str) -> None:
        if self.versions(collection, [document_id]).get(document_id) == sha256:
            self._clear(collection, document_id, sha256)
        else:
            self._remove(collection, all_of(of_version(document_id, sha256), _NO_RECORD))

    def delete(self, collection: str, document_id: str) -> None:
        for step in self._steps_of_deletion(collection, document_id):
            step()

    def set_metadata(
        self, collection: str, document_id: str, metadata: Mapping[str, Scalar], *, without: Sequence[str] = ()
    ) -> None:
        found = self._retrieve(collection, [layout.document_point_id(document_id)])
        if not found:
            return
        kept = {key: value for key, value in found[0]["metadata"].items() if key not in without}
        self._set_fields(
            collection, all_of(of_document(document_id), _TOLD), layout.metadata_fields({**kept, **metadata})
        )

    def _steps(self, collection: str, document: Document, chunks: int) -> tuple[Callable[[], None], ...]:
        """The steps of `publish`. After each of them a crash is harmless, and beginning again is right."""
        return (
            partial(self._require_whole, collection, document, chunks),
            partial(self._write_pages, collection, document),
            partial(self._unstage, collection, document),
            partial(self._switch, collection, document, chunks),
            partial(self._clear, collection, document.id, document.sha256),
        )

    def _steps_of_deletion(self, collection: str, document_id: str) -> tuple[Callable[[], None], ...]:
        """The steps of `delete`. Once the record is removed, readers do not see the document any more."""
        everything = of_document(document_id)
        complaint = f"document {document_id} in {collection!r} is not wholly deleted"
        return (
            partial(self._mark_current, collection, document_id),
            partial(self._remove, collection, all_of(everything, Compare("kind", "eq", "document"))),
            partial(self._remove, collection, everything),
            partial(self._require_none, collection, everything, complaint),
        )

    def _mark_current(self, collection: str, document_id: str) -> None:
        current = self.versions(collection, [document_id])
        self._put(collection, [layout.unfinished_point(document_id, sha256) for sha256 in current.values()])

    def _require_whole(self, collection: str, document: Document, chunks: int) -> None:
        found = self._count(collection, all_of(of_version(document.id, document.sha256), _CHUNKS))
        if found != chunks:
            raise StoreError(
                f"version {document.sha256[:12]} of {document.source} in {collection!r} is incomplete: it has {found} "
                f"chunks of {chunks}; discard it and write it again"
            )

    def _write_pages(self, collection: str, document: Document) -> None:
        self._put(
            collection,
            [
                layout.unfinished_point(
                    document.id, document.sha256
                ),  # so that `staged` tells of it if nothing comes after
                *(layout.page_point(document, page) for page in document.pages),
            ],
        )

    def _unstage(self, collection: str, document: Document) -> None:
        self._set_fields(collection, all_of(of_version(document.id, document.sha256), STAGED), {"kind": "chunk"})

    def _switch(self, collection: str, document: Document, chunks: int) -> None:
        before = self.stored(collection, [document.id]).get(document.id)
        again = before is not None and before.sha256 == document.sha256
        number = before.switch if before is not None and again else self._tick(collection)
        record = layout.document_payload(document, chunks, number)
        self._put(collection, [(layout.document_point_id(document.id), record)])

    def _tick(self, collection: str) -> int:
        """A number above the clock as it stands; the clock is put forward to it, and never back."""
        number = self.clock(collection) + 1
        earlier = Compare(layout.CLOCK_FIELD, "lt", number)
        self._put(collection, [(layout.CLOCK_POINT_ID, layout.clock_payload(number))], only_where=earlier)
        return number

    def _clear(self, collection: str, document_id: str, sha256: str) -> None:
        """Remove everything of a document but its record and this version of it, and prove it."""
        unfinished = Compare("kind", "in", ("staged", "unfinished"))
        beside = Combine("or", (Compare("sha256", "ne", sha256), unfinished))
        others = all_of(of_document(document_id), _NO_RECORD, beside)
        self._remove(collection, others)
        self._require_none(
            collection, others, f"something of older versions of document {document_id} in {collection!r} is left"
        )

    def _require_none(self, collection: str, where: Filter, complaint: str) -> None:
        left = self._count(collection, where)
        if left:
            raise StoreError(f"{complaint}: {left} points are still there; delete again")
