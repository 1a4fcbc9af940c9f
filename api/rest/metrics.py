"""`/metrics`: for Prometheus."""

from __future__ import annotations

import asyncio
from typing import cast

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.rest.access import ADMIN
from api.telemetry import CONTENT_TYPE, Metrics

router = APIRouter(dependencies=[ADMIN])


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Counters and durations of this process, of all tenants together."""
    told = await asyncio.to_thread(cast(Metrics, request.app.state.metrics).text)
    return Response(told, media_type=CONTENT_TYPE)
