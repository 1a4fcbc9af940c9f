"""`/v1/vector_stores`: vector stores. The id of a store is the name of its collection."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from api.library import Given, TenantLibrary
from api.rest.access import READ, WRITE
from api.rest.callers import Own
from api.rest.dependencies import Core
from api.rest.listing import PageOf
from api.storage import StoreChanges
from api.wire import ChangeStore, CreateStore, Json, listing_to_json, store_to_json

router = APIRouter(prefix="/v1/vector_stores")


@router.post("", dependencies=[WRITE])
async def create(body: CreateStore, rag: Core, own: Own) -> Json:
    """Create a store, and add the given files to it."""
    chunking = body.chunking_strategy.to_json() if body.chunking_strategy else {}
    store = await asyncio.to_thread(
        own.create_store,
        name=body.name,
        description=body.description,
        labels=body.metadata or {},
        expires_days=body.expires_after.days if body.expires_after else None,
        files=[Given(file_id, chunking=chunking) for file_id in dict.fromkeys(body.file_ids)],
    )
    return store_to_json(store, now=own.now())


@router.get("", dependencies=[READ])
async def listed(own: Own, page: PageOf) -> Json:
    """The stores, newest first, including collections that were filled in other ways."""

    def found(own: TenantLibrary) -> Json:
        own.adopt()
        stores = own.stores.page(page)
        return listing_to_json([store_to_json(each, now=own.now()) for each in stores.rows], has_more=stores.has_more)

    return await asyncio.to_thread(found, own)


@router.get("/{store_id}", dependencies=[READ])
async def one(store_id: str, own: Own) -> Json:
    """One store with the current counts of its files."""
    return store_to_json(await asyncio.to_thread(own.store, store_id), now=own.now())


@router.post("/{store_id}", dependencies=[WRITE])
async def change(store_id: str, body: ChangeStore, own: Own) -> Json:
    """Change the name, the metadata or the expiry."""
    await asyncio.to_thread(own.adopt)
    changes = StoreChanges(body.name, body.metadata, body.expires_days)
    return store_to_json(await asyncio.to_thread(own.stores.change, store_id, changes), now=own.now())


@router.delete("/{store_id}", dependencies=[WRITE])
async def delete(store_id: str, own: Own) -> Json:
    """Delete a store with all of its documents; the files stay."""
    await asyncio.to_thread(own.delete_store, store_id)
    return {"id": store_id, "object": "vector_store.deleted", "deleted": True}
