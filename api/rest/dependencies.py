"""What every endpoint needs: the core, and a collection that exists."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, cast

from fastapi import Depends, Request

from rag.build.core import Rag
from rag.errors import CollectionNotFound
from rag.settings import COLLECTION_NAME


def rag_of(request: Request) -> Rag:
    """The core of the running service."""
    return cast(Rag, request.app.state.rag)


Core = Annotated[Rag, Depends(rag_of)]


async def existing_collection(rag: Rag, name: str) -> str:
    """The name, when there is such a collection; a name that none can have never reaches the store.

    Raises:
        CollectionNotFound, StoreUnavailable.
    """
    if not re.match(COLLECTION_NAME, name) or not await asyncio.to_thread(rag.store.has_collection, name):
        raise CollectionNotFound(f"there is no collection {name!r}; GET /v1/models lists them")
    return name
