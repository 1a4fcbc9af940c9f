"""`/healthz`: the process runs. `/readyz`: it can answer."""

from __future__ import annotations

import asyncio
import logging

from fastapi import APIRouter

from api.probe import probe_llm
from api.rest.access import OPEN
from api.rest.dependencies import Core
from api.rest.errors import hidden
from api.wire import Json
from rag.errors import ModelUnavailable
from rag.settings import Settings

router = APIRouter(dependencies=[OPEN])


@router.get("/healthz")
async def healthz() -> Json:
    """`ok` while the process serves."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(rag: Core) -> Json:
    """200 if the store is reachable and the embedding model is loaded; otherwise 503.

    The language model is reported but not required: without it answers are extractive.
    """
    collections = await asyncio.to_thread(rag.store.collections)
    dimension = await asyncio.to_thread(lambda: rag.embedder.dimension)
    return {
        "status": "ready",
        "store": {"collections": len(collections)},
        "embedder": {"name": rag.embedder.name, "dimension": dimension},
        "llm": await _llm(rag.settings),
    }


async def _llm(settings: Settings) -> Json:
    try:
        state = await probe_llm(settings)
    except ModelUnavailable as exc:
        return {"state": "unavailable", "why": hidden(exc, "it does not answer", level=logging.WARNING)}
    if state is None:
        return {"state": "not set"}
    return {"state": "ready", "name": state.name, "window_tokens": state.window_tokens}
