"""Reading documents, pages and chunks back: the same on every store that keeps points."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from rag.filters import Compare, Filter
from rag.store import StoredDocument
from rag.store import points as layout
from rag.types import Chunk, Document, Page


class PointReader(ABC):
    """The reading half of a store, from two ways to fetch payloads."""

    @abstractmethod
    def _retrieve(self, collection: str, ids: Sequence[str]) -> list[layout.Payload]:
        """Payloads of these points, in this order; unknown ids are left out."""

    @abstractmethod
    def _scroll(
        self, collection: str, where: Filter, kinds: tuple[str, ...] = ("document",)
    ) -> Iterator[layout.Payload]:
        """Payloads of all points of these kinds that match."""

    def documents(self, collection: str) -> Iterator[StoredDocument]:
        records = [layout.stored_of(p) for p in self._scroll(collection, Compare("kind", "eq", "document"))]
        yield from sorted(records, key=lambda record: record.id)

    def document(self, collection: str, document_id: str) -> Document | None:
        payloads = list(self._scroll(collection, Compare("document_id", "eq", document_id), kinds=("document", "page")))
        record = next((p for p in payloads if p["kind"] == "document"), None)
        if record is None:
            return None
        pages = (layout.page_of(p) for p in payloads if p["kind"] == "page" and p["sha256"] == record["sha256"])
        return layout.document_of(record, pages)

    def page(self, collection: str, document_id: str, sha256: str, number: int) -> Page | None:
        found = self._retrieve(collection, [layout.page_point_id(document_id, sha256, number)])
        return layout.page_of(found[0]) if found else None

    def chunks(self, collection: str, ids: Sequence[str]) -> list[Chunk]:
        return [layout.chunk_of(payload) for payload in self._retrieve(collection, ids)]
