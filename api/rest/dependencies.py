"""Dependencies of every endpoint: the core, and a collection that exists."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Annotated, cast
from urllib.parse import quote, urlencode

from fastapi import Depends, Request

from api.library import Library
from api.memory import Memory
from api.rest.errors import model_not_found
from api.storage import Answers
from api.tenancy import Caller, bound
from api.wire import MODEL, PageUrl, Refused
from rag.build.core import Rag
from rag.errors import CollectionNotFound
from rag.settings import COLLECTION_NAME
from rag.types import Evidence


def rag_of(request: Request) -> Rag:
    """The core of the running service, as the caller may use it."""
    state = request.app.state
    return bound(cast(Rag, state.rag), cast(Caller, request.state.caller), cast(Library, state.library).owner_of)


Core = Annotated[Rag, Depends(rag_of)]


def answers_of(request: Request) -> Answers | None:
    """The answers that are kept and the caller may see; None where none are kept."""
    return cast(Memory, request.app.state.memory).of(cast(Caller, request.state.caller))


Kept = Annotated[Answers | None, Depends(answers_of)]


async def existing_collection(rag: Rag, name: str) -> str:
    """The name, when there is such a collection; a name that none can have never reaches the store.

    Raises:
        CollectionNotFound, StoreUnavailable.
    """
    if not re.match(COLLECTION_NAME, name) or not await asyncio.to_thread(rag.store.has_collection, name):
        raise CollectionNotFound(f"there is no collection {name!r}; GET /v1/models lists them")
    return name


def collection_named(model: str, collection: str | None, stores: Sequence[str] | None, default: str) -> str:
    """The collection asked: the one named, else that of the vector store, else the one in the model's name.

    Raises:
        Refused: another model than `footnote` is named, or more than one vector store.
    """
    name, _, chosen = model.partition(":")
    if name != MODEL:
        raise model_not_found(model, f"use {MODEL!r} or '{MODEL}:COLLECTION'")
    if stores and len(stores) > 1:
        raise Refused("one vector store is searched: name one", param="vector_store_ids")
    return collection or (stores[0] if stores else "") or chosen or default


def page_url(request: Request, collection: str) -> PageUrl:
    """Where the service shows the pages of a collection's documents, as seen by this client."""
    base = f"{request.base_url}v1/vector_stores/{quote(collection)}/documents"

    def url(evidence: Evidence) -> str:
        place = urlencode({"sha256": evidence.sha256, "start": evidence.start, "end": evidence.end})
        return f"{base}/{evidence.document_id}/pages/{evidence.page}?{place}"

    return url
