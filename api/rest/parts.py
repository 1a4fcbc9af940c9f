"""The parts of a running service, in the app's state for its endpoints."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from fastapi import FastAPI

from api.keys import KeyRing
from api.library import opened_library
from api.memory import opened_memory
from api.rest.guard import entrance
from api.rest.hidden_failures import DiscreetAnswerer
from api.rest.throttle import Throttle
from api.rest.tools import tools_of
from api.scores import Scorer
from api.telemetry import Metrics, Traces, WatchedAnswerer
from ingest.ingestion import Ingestion
from ingest.reading import page_renderer
from rag.build.answerer import build_answerability
from rag.build.core import Rag


@asynccontextmanager
async def running(app: FastAPI, core: Rag, ingestion: Ingestion | None, traces: Traces) -> AsyncIterator[None]:
    """The parts around a core, until the end of the block; the core stays the caller's.

    Raises:
        DatabaseFailed, QueueError.
    """
    state, settings = app.state, core.settings
    async with AsyncExitStack() as parts:
        parts.push_async_callback(core.answerer.aclose)
        state.traces = traces
        parts.callback(traces.close)
        state.painter = painter = page_renderer(settings)
        parts.push_async_callback(asyncio.to_thread, painter.close)
        state.throttle = Throttle(settings)
        state.scorer = Scorer(build_answerability(settings), settings.language)
        state.memory = parts.enter_context(opened_memory(settings))
        queue = ingestion.queue if ingestion is not None else None
        state.library = library = parts.enter_context(opened_library(core, queue))
        state.metrics = metrics = Metrics(library.upkeep.counts)
        state.rag = replace(core, answerer=DiscreetAnswerer(WatchedAnswerer(core.answerer, (metrics, traces))))
        state.entrance = entrance(settings, KeyRing(library.database))
        state.tools = tools = tools_of(core)
        await parts.enter_async_context(tools.running())
        yield
