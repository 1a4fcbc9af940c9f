"""`/v1/models`: the names that a request may give as the model."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from api.rest.access import READ
from api.rest.dependencies import Core
from api.rest.errors import model_not_found
from api.wire import MODEL, Json
from rag.build.core import Rag

router = APIRouter(prefix="/v1/models", dependencies=[READ])


@router.get("")
async def list_models(rag: Core) -> Json:
    """The model `footnote` for the default collection, one model per collection, and the embedding model."""
    return {"object": "list", "data": [_model(name) for name in await _names(rag)]}


@router.get("/{model:path}")
async def retrieve_model(model: str, rag: Core) -> Json:
    """One of them."""
    if model not in await _names(rag):
        raise model_not_found(model, "GET /v1/models lists them")
    return _model(model)


async def _names(rag: Rag) -> list[str]:
    collections = await asyncio.to_thread(rag.store.collections)
    return [MODEL, *(f"{MODEL}:{collection}" for collection in collections), rag.embedder.name]


def _model(name: str) -> Json:
    return {"id": name, "object": "model", "created": 0, "owned_by": MODEL}
