"""The REST service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.rest import (
    chat,
    documents,
    embeddings,
    errors,
    files,
    guarantee,
    handover,
    health,
    ingestions,
    layers,
    models,
    pages,
    responses,
    search,
    store_files,
    store_listing,
    stored_answers,
    uploads,
    vector_stores,
)
from api.rest.access import AccessTable
from api.rest.metrics import router as metrics_router
from api.rest.parts import running
from api.rest.stopping import Stop
from api.rest.tools import access as tools_access
from api.rest.tools import route as tools_route
from api.telemetry import build_traces
from ingest.ingestion import Ingestion
from rag.build.core import Rag, build
from rag.owner import Doorway
from rag.settings import Settings, load_settings

_ROUTERS = (
    chat.router,
    responses.router,
    stored_answers.router,
    models.router,
    files.router,
    uploads.router,
    pages.router,
    vector_stores.router,
    store_files.router,
    search.router,
    store_listing.router,
    documents.router,
    embeddings.router,
    ingestions.router,
    handover.router,
    guarantee.router,
    health.router,
    metrics_router,
)


def create_app(
    rag: Rag | None = None,
    settings: Settings | None = None,
    *,
    ingestion: Ingestion | None = None,
    doorway: Doorway | None = None,
) -> FastAPI:
    """The service around a core, which stays the caller's; without one it builds and closes its own.

    Its own user hands it work at `doorway`, if at all: files only where this process has an `ingestion`.

    Raises, when it starts and builds its own core:
        SettingError, ModelUnavailable, ModelCorrupt, StoreLocked, StoreUnavailable.
    """

    chosen = rag.settings if rag is not None else settings or load_settings()
    traces = build_traces(chosen)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        core = rag if rag is not None else await asyncio.to_thread(build, chosen)
        app.state.ingestion, app.state.doorway = ingestion, doorway
        try:
            async with running(app, core, ingestion, traces):
                yield
        finally:
            if rag is None:
                await asyncio.to_thread(core.close)

    app = FastAPI(
        title="Footnote",
        description="Answers from documents; every sentence carries a checked footnote.",
        lifespan=lifespan,
        responses=errors.DESCRIBED,
    )
    app.state.stop = Stop()
    every = (route for router in _ROUTERS for route in router.routes if isinstance(route, APIRoute))
    app.state.access = AccessTable(every, (tools_route, tools_access))
    errors.install(app)
    layers.install(app, chosen)
    for routes in _ROUTERS:
        app.include_router(routes)
    app.router.routes.append(tools_route)
    return app
