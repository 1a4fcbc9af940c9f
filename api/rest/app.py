"""The REST service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from api.keys import KeyRing
from api.library import opened_library
from api.memory import opened_memory
from api.rest import (
    answers,
    chat,
    documents,
    embeddings,
    errors,
    files,
    guarantee,
    handover,
    health,
    ingestions,
    models,
    pages,
    responses,
    search,
    store_files,
    store_listing,
    uploads,
    vector_stores,
)
from api.rest.edge import REQUEST_ID, Edge
from api.rest.guard import LOOPBACK, Guard, entrance
from api.rest.headers import SafeHeaders
from api.rest.hosts import KnownHosts
from api.rest.metrics import router as metrics_router
from api.rest.repeats import RepeatedWrites
from api.rest.throttle import Throttle, Throttled
from api.rest.tools import route as tools_route
from api.rest.tools import tools_of
from api.rest.watch import Watched
from api.scores import Scorer
from api.telemetry import Metrics, WatchedAnswerer, build_traces
from ingest.ingestion import Ingestion
from ingest.reading import page_painter
from rag.build.answerer import build_answerability
from rag.build.core import Rag, build
from rag.owner import Doorway
from rag.settings import Settings, load_settings


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
        app.state.traces = traces
        app.state.ingestion = ingestion
        app.state.doorway = doorway
        app.state.painter = painter = page_painter(core.settings)
        app.state.throttle = Throttle(core.settings)
        app.state.scorer = Scorer(build_answerability(core.settings), core.settings.language)
        queue = ingestion.queue if ingestion is not None else None
        try:
            with opened_memory(core.settings) as memory, opened_library(core, queue) as library:
                app.state.memory, app.state.library = memory, library
                app.state.metrics = metrics = Metrics(library.upkeep.counts)
                app.state.rag = replace(core, answerer=WatchedAnswerer(core.answerer, (metrics, traces)))
                app.state.entrance = entrance(core.settings, KeyRing(library.database))
                app.state.tools = tools = tools_of(core)
                async with tools.running():
                    yield
        finally:
            traces.close()
            await asyncio.to_thread(painter.close)
            await core.answerer.aclose()
            if rag is None:
                await asyncio.to_thread(core.close)

    app = FastAPI(
        title="Footnote",
        description="Answers from documents; every sentence carries a checked footnote.",
        lifespan=lifespan,
        responses=errors.DESCRIBED,
    )
    errors.install(app)
    app.add_middleware(RepeatedWrites)
    app.add_middleware(Throttled)
    app.add_middleware(Guard)
    app.add_middleware(KnownHosts, names=_trusted(chosen))
    if chosen.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=_listed(chosen.cors_origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["*"],
            expose_headers=[REQUEST_ID, "openai-poll-after-ms", "retry-after"],
        )
    app.add_middleware(SafeHeaders)
    app.add_middleware(Watched)
    app.add_middleware(Edge)
    for routes in (
        chat.router,
        responses.router,
        answers.router,
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
    ):
        app.include_router(routes)
    app.router.routes.append(tools_route)
    return app


def _trusted(settings: Settings) -> list[str]:
    """The names by which clients may call the service."""
    if settings.trusted_hosts is not None:
        return _listed(settings.trusted_hosts)
    return list(LOOPBACK) if settings.host in LOOPBACK else ["*"]


def _listed(value: str) -> list[str]:
    return [each.strip() for each in value.split(",") if each.strip()]
