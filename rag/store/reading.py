"""Reads documents, pages and chunks from points, for both stores."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from rag.errors import StoreError
from rag.filters import Combine, Compare, Filter
from rag.store import points as layout
from rag.store.store import StoredDocument
from rag.types import Chunk, Document, Page

VISIBLE = Compare("kind", "eq", "chunk")
UNSTAGED = Compare("kind", "ne", "staged")  # of points with vectors the same as VISIBLE, and quicker to check
_ATTEMPTS = 5


def all_of(*filters: Filter | None) -> Filter:
    """Points that match all of these; None matches every point."""
    return Combine("and", tuple(part for part in filters if part is not None))


def of_document(document_id: str) -> Compare:
    """Every point of a document, whatever its version."""
    return Compare("document_id", "eq", document_id)


def of_version(document_id: str, sha256: str) -> Filter:
    """Every point of one version."""
    return all_of(of_document(document_id), Compare("sha256", "eq", sha256))


class PointReader(ABC):
    """The reading half of a store, from three ways to reach its points."""

    @abstractmethod
    def _retrieve(self, collection: str, ids: Sequence[str]) -> list[layout.Payload]:
        """Payloads of these points, in this order; unknown ids are left out."""

    @abstractmethod
    def _scroll(self, collection: str, where: Filter) -> Iterator[layout.Payload]:
        """Payloads of all points that match, a few at a time."""

    @abstractmethod
    def _count(self, collection: str, where: Filter) -> int:
        """How many points match, exactly."""

    def documents(self, collection: str) -> Iterator[StoredDocument]:
        records = [layout.stored_of(p) for p in self._scroll(collection, Compare("kind", "eq", "document"))]
        yield from sorted(records, key=lambda record: record.id)

    def document(self, collection: str, document_id: str) -> Document | None:
        for _ in range(_ATTEMPTS):  # a version may be replaced between its record and its pages
            records = self._retrieve(collection, [layout.document_point_id(document_id)])
            if not records:
                return None
            wanted = all_of(of_version(document_id, records[0]["sha256"]), Compare("kind", "eq", "page"))
            pages = [layout.page_of(payload) for payload in self._scroll(collection, wanted)]
            if len(pages) == records[0]["pages"]:
                return layout.document_of(records[0], pages)
        raise StoreError(
            f"the pages of document {document_id} in {collection!r} are not those its record names: read it again, "
            "and if that does not help, ingest its file again"
        )

    def page(self, collection: str, document_id: str, sha256: str, number: int) -> Page | None:
        found = self._retrieve(collection, [layout.page_point_id(document_id, sha256, number)])
        return layout.page_of(found[0]) if found else None

    def stored(self, collection: str, document_ids: Sequence[str]) -> dict[str, StoredDocument]:
        places = [layout.document_point_id(document_id) for document_id in dict.fromkeys(document_ids)]
        records = (layout.stored_of(payload) for payload in self._retrieve(collection, places))
        return {record.id: record for record in records}

    def versions(self, collection: str, document_ids: Sequence[str]) -> dict[str, str]:
        return {key: record.sha256 for key, record in self.stored(collection, document_ids).items()}

    def clock(self, collection: str) -> int:
        found = self._retrieve(collection, [layout.CLOCK_POINT_ID])
        return int(found[0][layout.CLOCK_FIELD]) if found else 0

    def staged(self, collection: str) -> list[tuple[str, str]]:
        begun = self._scroll(collection, Compare("kind", "in", ("staged", "unfinished")))
        return sorted({(payload["document_id"], payload["sha256"]) for payload in begun})

    def chunks(self, collection: str, ids: Sequence[str]) -> list[Chunk]:
        found = self._retrieve(collection, ids)
        return [layout.chunk_of(payload) for payload in found if payload["kind"] == "chunk"]

    def all_chunks(self, collection: str) -> Iterator[Chunk]:
        current = {record.id: record.sha256 for record in self.documents(collection)}
        for payload in self._scroll(collection, VISIBLE):
            if current.get(payload["document_id"]) == payload["sha256"]:
                yield layout.chunk_of(payload)

    def count(self, collection: str, where: Filter | None = None) -> int:
        return self._count(collection, all_of(VISIBLE, where))
