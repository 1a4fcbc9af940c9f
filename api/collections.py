"""The commands `footnote collection …`, in the store of this process or of a running service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from rag.errors import CollectionNotFound, StoreError
from rag.handover import PREFIX, ServiceClient
from rag.store import Store, StoredDocument
from rag.store.digest import digest


@dataclass(frozen=True, slots=True)
class Deleted:
    """A document that was deleted; None: it was before, and now its erasure was finished.

    `erased`: no byte of its words is left. Else `unfinished` says why not, or the store's server will see to that.
    """

    document: StoredDocument | None
    erased: bool
    unfinished: str | None = None


class Collections(Protocol):
    """All collections of one store.

    Every method but `names` raises CollectionNotFound for an unknown collection.
    """

    def names(self) -> Iterable[str]:
        """The name of each, sorted."""
        ...

    def documents(self, collection: str) -> Iterable[StoredDocument]:
        """Every document, ordered by id."""
        ...

    def digest(self, collection: str) -> str:
        """One sha256 over the content."""
        ...

    def delete(self, collection: str, wanted: str, ids: Sequence[str]) -> Deleted:
        """Delete the document with the first of these ids that exists; return what it was.

        Where there is none, an erasure that did not finish before is finished.

        Raises:
            StoreError: there is none, and nothing to finish.
        """
        ...

    def drop(self, collection: str) -> int:
        """Delete a collection, and return how many documents it had."""
        ...


Erase = Callable[[str, Sequence[str]], bool]


class CollectionsHere:
    """Those of a store that is open in this process.

    `erase` takes what was deleted of a collection out of all files, by the ids of its documents: `api.erasing.erase`.
    """

    def __init__(self, store: Store, erase: Erase) -> None:
        self._store = store
        self._erase = erase

    def names(self) -> Iterable[str]:
        return self._store.collections()

    def documents(self, collection: str) -> Iterable[StoredDocument]:
        return self._store.documents(collection)

    def digest(self, collection: str) -> str:
        return digest(self._store, collection)

    def delete(self, collection: str, wanted: str, ids: Sequence[str]) -> Deleted:
        if not self._store.has_collection(collection):
            raise CollectionNotFound(f"there is no collection {collection!r}")
        found = self._store.stored(collection, ids)
        document = next((found[each] for each in ids if each in found), None)
        if document is None and not self._store.unerased(collection):
            raise StoreError(
                f"no document {wanted!r} in {collection!r}: `footnote collection documents {collection}` lists them all"
            )
        if document is not None:
            self._store.delete(collection, document.id)
        try:
            return Deleted(document, self._erase(collection, [document.id] if document else ids))
        except StoreError as exc:
            return Deleted(document, False, unfinished=str(exc))

    def drop(self, collection: str) -> int:
        ids = [document.id for document in self._store.documents(collection)]
        self._store.drop_collection(collection)
        self._erase(collection, ids)
        return len(ids)


class CollectionsThere:
    """Those of the service that owns the store."""

    def __init__(self, service: ServiceClient) -> None:
        self._service = service

    def names(self) -> Iterable[str]:
        return (line["name"] for line in self._service.lines(f"{PREFIX}/collections", {}))

    def documents(self, collection: str) -> Iterable[StoredDocument]:
        for line in self._service.lines(f"{PREFIX}/documents", {"collection": collection}):
            yield StoredDocument(**line)

    def digest(self, collection: str) -> str:
        [line] = self._service.lines(f"{PREFIX}/digest", {"collection": collection})
        return str(line["digest"])

    def delete(self, collection: str, wanted: str, ids: Sequence[str]) -> Deleted:
        [line] = self._service.lines(f"{PREFIX}/delete", {"collection": collection, "wanted": wanted, "ids": list(ids)})
        document = line["document"]
        return Deleted(document and StoredDocument(**document), line["erased"], line.get("unfinished"))

    def drop(self, collection: str) -> int:
        [line] = self._service.lines(f"{PREFIX}/drop", {"collection": collection})
        return int(line["documents"])


def document_to_json(document: StoredDocument) -> dict[str, str | int]:
    """A document of a listing as one line."""
    return asdict(document)
