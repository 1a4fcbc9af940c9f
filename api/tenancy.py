"""Limits the core to one caller: the collections of a tenant, and the documents of some groups.

Routes are handed such a core and never the whole one, so that none can go round it.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from api.storage import Scope
from rag.answering import Answering
from rag.build.core import Rag
from rag.errors import CollectionNotFound, FootnoteError
from rag.events import Event
from rag.filters import Combine, Compare, Filter
from rag.models import Message
from rag.retrieval import Retriever
from rag.store import Store
from rag.types import AS_SET, Document, Hit, Page, Weighing

GROUP = "group"
"""The attribute of a document that keys are limited by."""
_EVERYTHING: frozenset[Scope] = frozenset({"read", "write", "admin"})


class BeyondGroups(FootnoteError):
    """A caller limited to groups asked for more."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request. The tenant of a service without keys has an empty name.

    With `groups`, only documents whose attribute `group` is one of them are reached. `owner` is who runs the service,
    at the machine it runs on.
    """

    tenant: str = ""
    scopes: frozenset[Scope] = _EVERYTHING
    groups: frozenset[str] = field(default_factory=frozenset)
    key_id: str | None = None
    owner: bool = False

    def only(self, where: Filter | None) -> Filter | None:
        """A filter of this caller, and only of documents that the caller may see."""
        if not self.groups:
            return where
        mine = Compare(GROUP, "in", tuple(sorted(self.groups)))
        return mine if where is None else Combine("and", (mine, where))


def bound(rag: Rag, caller: Caller, owner_of: Callable[[str], str | None]) -> Rag:
    """The core limited to the caller.

    `owner_of` returns the tenant of a collection; None: it was not created over HTTP, and belongs to the tenant without
    a name.
    """
    if caller.owner:
        return rag
    reach = _Reach(caller, owner_of)
    return replace(
        rag,
        store=cast(Store, _OwnStore(rag.store, reach)),
        retriever=_OwnRetriever(rag.retriever, reach),
        answerer=_OwnAnswerer(rag.answerer, reach),
    )


class _Reach:
    """Which collections are the caller's."""

    def __init__(self, caller: Caller, owner_of: Callable[[str], str | None]) -> None:
        self.caller = caller
        self._owner_of = owner_of
        self._known: dict[str, bool] = {}
        self._lock = threading.Lock()

    def has(self, collection: str) -> bool:
        with self._lock:
            if collection not in self._known:
                self._known[collection] = (self._owner_of(collection) or "") == self.caller.tenant
            return self._known[collection]

    def require(self, collection: str) -> None:
        if not self.has(collection):
            raise CollectionNotFound(f"there is no collection {collection!r}")


class _OwnStore:
    """A store of which every method answers for the caller's collections alone, also those that come later."""

    def __init__(self, store: Store, reach: _Reach) -> None:
        self._store = store
        self._reach = reach

    def collections(self) -> list[str]:
        return [name for name in self._store.collections() if self._reach.has(name)]

    def has_collection(self, collection: str) -> bool:
        return self._reach.has(collection) and self._store.has_collection(collection)

    def document(self, collection: str, document_id: str) -> Document | None:
        self._reach.require(collection)
        found = self._store.document(collection, document_id)
        groups = self._reach.caller.groups
        return found if found is None or not groups or found.metadata.get(GROUP) in groups else None

    def page(self, collection: str, document_id: str, sha256: str, number: int) -> Page | None:
        self._reach.require(collection)
        if self._reach.caller.groups and self.document(collection, document_id) is None:
            return None
        return self._store.page(collection, document_id, sha256, number)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def guarded(collection: str, *arguments: Any, **options: Any) -> Any:
            self._reach.require(collection)
            if self._reach.caller.groups:
                raise BeyondGroups("this key can only ask and search, in the documents of its groups")
            return method(collection, *arguments, **options)

        return guarded


class _OwnRetriever(Retriever):
    """Searches the caller's collections alone."""

    def __init__(self, retriever: Retriever, reach: _Reach) -> None:
        self._inner = retriever
        self._reach = reach

    def search(
        self, question: str, *, collection: str, k: int, where: Filter | None = None, weighing: Weighing = AS_SET
    ) -> list[Hit]:
        self._reach.require(collection)
        only = self._reach.caller.only(where)
        return self._inner.search(question, collection=collection, k=k, where=only, weighing=weighing)


class _OwnAnswerer:
    """Answers from the caller's collections alone."""

    def __init__(self, answerer: Answering, reach: _Reach) -> None:
        self._inner = answerer
        self._reach = reach

    def answer(
        self,
        question: str,
        *,
        collection: str,
        where: Filter | None = None,
        history: Sequence[Message] = (),
        weighing: Weighing = AS_SET,
    ) -> AsyncGenerator[Event, None]:
        self._reach.require(collection)
        only = self._reach.caller.only(where)
        return self._inner.answer(question, collection=collection, where=only, history=history, weighing=weighing)

    async def aclose(self) -> None:
        """The answerer is not the caller's to close."""
