"""`GET /v1/guarantee`: the certificate of released sentences, and the drift of the scores."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from api.rest.access import READ
from api.rest.dependencies import Core
from api.wire import Json

router = APIRouter(dependencies=[READ])


@router.get("/v1/guarantee")
async def guarantee(rag: Core) -> Json:
    """State of the certificate (`none`, `valid`, `void`), what changed, the certificate, and the drift of the
    scores.
    """
    return await asyncio.to_thread(rag.guarantee.as_json)
