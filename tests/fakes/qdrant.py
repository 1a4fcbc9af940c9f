"""A Qdrant server, small and real: the REST API that a store speaks, over qdrant-client's own engine in memory."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic_core import to_json
from qdrant_client import QdrantClient, models

_SERVERS_OWN_KB = 10_000


@dataclass
class FakeQdrant:
    """Keeps collections until it is thrown away. With an `api_key` it refuses who does not give it.

    `fails` answers every request with status 500. `asked` counts requests by method and path, collections named `{}`.
    The engine knows no indexes: `indexing_kb` remembers the threshold that a collection was given.
    """

    api_key: str | None = None
    fails: bool = False
    asked: dict[str, int] = field(default_factory=dict)
    indexing_kb: dict[str, int] = field(default_factory=dict)
    _engine: QdrantClient = field(default_factory=lambda: QdrantClient(":memory:"))
    _turn: threading.Lock = field(default_factory=threading.Lock)  # the engine knows nothing of threads

    def app(self) -> FastAPI:
        """The server."""
        app = FastAPI()
        app.middleware("http")(self._admit)
        app.exception_handler(ValueError)(_refuse)
        self._serve_collections(app)
        self._serve_writes(app)
        self._serve_reads(app)
        return app

    async def _admit(self, request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        if self.api_key is not None and request.headers.get("api-key") != self.api_key:
            return Response("Must provide an API key or an Authorization bearer token", 401)
        if self.fails:
            return _complaint("Service internal error: out of disk", 500)
        parts = request.url.path.split("/")
        place = "/".join("{}" if index == 2 else part for index, part in enumerate(parts))
        with self._turn:
            self.asked[f"{request.method} {place}"] = self.asked.get(f"{request.method} {place}", 0) + 1
        return await go_on(request)

    def _serve_collections(self, app: FastAPI) -> None:
        engine = self._engine

        @app.get("/collections")
        def listed() -> Response:
            return self._answer(engine.get_collections)

        @app.get("/collections/{name}/exists")
        def exists(name: str) -> Response:
            return self._answer(lambda: {"exists": engine.collection_exists(name)})

        @app.get("/collections/{name}")
        def read(name: str) -> Response:
            return self._answer(lambda: self._info(name))

        @app.put("/collections/{name}")
        def create(name: str, body: models.CreateCollection) -> Response:
            return self._answer(
                lambda: engine.create_collection(
                    name, vectors_config=body.vectors, sparse_vectors_config=body.sparse_vectors
                )
            )

        @app.patch("/collections/{name}")
        def change(name: str, body: models.UpdateCollection) -> Response:
            return self._answer(lambda: self._change(name, body.optimizers_config))

        @app.delete("/collections/{name}")
        def drop(name: str) -> Response:
            return self._answer(lambda: engine.delete_collection(name))

        @app.put("/collections/{name}/index")
        def index(name: str, body: models.CreateFieldIndex) -> Response:
            return self._answer(lambda: self._done(name))

    def _serve_writes(self, app: FastAPI) -> None:
        engine = self._engine

        @app.put("/collections/{name}/points")
        def upsert(name: str, body: models.PointsList) -> Response:
            return self._answer(lambda: engine.upsert(name, body.points, update_filter=body.update_filter))

        @app.post("/collections/{name}/points/delete")
        def delete(name: str, body: models.PointsSelector) -> Response:
            return self._answer(lambda: engine.delete(name, body))

        @app.post("/collections/{name}/points/payload")
        def set_payload(name: str, body: models.SetPayload) -> Response:
            chosen = models.FilterSelector(filter=body.filter) if body.filter else body.points
            return self._answer(lambda: engine.set_payload(name, body.payload, points=chosen))

    def _serve_reads(self, app: FastAPI) -> None:
        engine = self._engine

        @app.post("/collections/{name}/points")
        def retrieve(name: str, body: models.PointRequest) -> Response:
            return self._answer(lambda: engine.retrieve(name, body.ids, with_payload=bool(body.with_payload)))

        @app.post("/collections/{name}/points/count")
        def count(name: str, body: models.CountRequest) -> Response:
            return self._answer(lambda: engine.count(name, count_filter=body.filter))

        @app.post("/collections/{name}/points/scroll")
        def scroll(name: str, body: models.ScrollRequest) -> Response:
            return self._answer(lambda: self._page(name, body))

        @app.post("/collections/{name}/points/query")
        def query(name: str, body: models.QueryRequest) -> Response:
            return self._answer(lambda: self._queried(name, [body])[0])

        @app.post("/collections/{name}/points/query/batch")
        def query_batch(name: str, body: models.QueryRequestBatch) -> Response:
            return self._answer(lambda: self._queried(name, body.searches))

    def _answer(self, work: Callable[[], Any]) -> Response:
        with self._turn:
            result = work()
        return Response(to_json({"result": result, "status": "ok", "time": 0.0}), media_type="application/json")

    def _info(self, name: str) -> models.CollectionInfo:
        info = self._engine.get_collection(name)
        info.config.optimizer_config.indexing_threshold = self.indexing_kb.get(name, _SERVERS_OWN_KB)
        return info

    def _change(self, name: str, diff: models.OptimizersConfigDiff | None) -> bool:
        self._engine.get_collection(name)
        if diff is not None and diff.indexing_threshold is not None:
            self.indexing_kb[name] = diff.indexing_threshold
        return True

    def _done(self, name: str) -> models.UpdateResult:
        self._engine.get_collection(name)
        return models.UpdateResult(operation_id=0, status=models.UpdateStatus.COMPLETED)

    def _page(self, name: str, body: models.ScrollRequest) -> models.ScrollResult:
        records, offset = self._engine.scroll(
            name,
            scroll_filter=body.filter,
            limit=body.limit or 10,
            offset=body.offset,
            with_payload=bool(body.with_payload),
        )
        return models.ScrollResult(points=records, next_page_offset=offset)

    def _queried(self, name: str, requests: list[models.QueryRequest]) -> list[models.QueryResponse]:
        """Every search is exact, so that parameters, of which the engine would warn, change nothing."""
        plain = [request.model_copy(update={"params": None}) for request in requests]
        return self._engine.query_batch_points(name, plain)


def _complaint(words: str, status: int) -> Response:
    return JSONResponse({"status": {"error": words}, "time": 0.0}, status)


def _refuse(_request: Request, exc: Exception) -> Response:
    """The engine's errors by what they say, as a server tells them."""
    words = str(exc)
    if "not found" in words:
        return _complaint(f"Not found: {words}", 404)
    return _complaint(f"Wrong input: {words}", 409 if "already exists" in words else 400)
