"""A Qdrant server as the store, over HTTP or gRPC; `:memory:` is qdrant-client's local mode, for tests."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import httpx
from grpc import RpcError
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from rag.errors import CollectionNotFound, StoreError, StoreUnavailable
from rag.filters import Filter
from rag.hosts import uses_proxy
from rag.store import points as layout
from rag.store.publishing import STAGED, PointSwitcher
from rag.store.reading import UNSTAGED, all_of
from rag.store.store import Candidates, CollectionSpec
from rag.types import Embedding, IndexedChunk, SparseVector

MEMORY = ":memory:"
_FETCH = 256
_BATCH, _BATCH_BYTES = 64, 16_000_000  # a server takes 32 MB in one request unless told otherwise
_NUMBER_BYTES = 21  # the longest a 32-bit float is written in JSON, with its comma
_NO_INDEXING, _INDEXING_KB = 0, 10_000  # the second is the server's own default
_POLL_S = 0.5
_FORBIDDEN = (401, 403)


class ServerStore(PointSwitcher):
    """Collections on a Qdrant server; `patience_s` is the longest that `optimize` waits for it.

    Raises:
        StoreUnavailable: from any method, when the server cannot be reached or refuses the key.
    """

    def __init__(
        self,
        url: str,
        *,
        api_key: str | None = None,
        grpc: bool = False,
        timeout_s: int = 60,
        patience_s: float = 600,
    ) -> None:
        self._url = url.rstrip("/")
        self._patience_s = patience_s
        self._turn: AbstractContextManager[object] = nullcontext()
        self._headers = {"api-key": api_key} if api_key else {}
        self._exact: models.SearchParams | None = None
        if url == MEMORY:  # which searches exactly at all times
            self._turn = threading.RLock()  # and knows nothing of threads
            self._client = QdrantClient(MEMORY)
        else:
            self._exact = models.SearchParams(exact=True)
            self._client = QdrantClient(
                url=url,
                api_key=api_key,
                prefer_grpc=grpc,
                timeout=timeout_s,
                check_compatibility=False,
                trust_env=uses_proxy(url),
            )

    def collections(self) -> list[str]:
        with self._speaking():
            return sorted(c.name for c in self._client.get_collections().collections)

    def has_collection(self, collection: str) -> bool:
        with self._speaking():
            return self._client.collection_exists(collection)

    def create_collection(self, collection: str, spec: CollectionSpec) -> None:
        with self._turn:
            if self.has_collection(collection):
                return
            try:
                self._create(collection, spec)
            except StoreError:
                if not self.has_collection(collection):  # else another process created it in this moment
                    raise
        if self._url != MEMORY:  # which has no payload indexes
            with self._speaking(collection):
                for name in layout.KEYWORD_FIELDS:
                    self._client.create_payload_index(collection, name, models.PayloadSchemaType.KEYWORD)

    def drop_collection(self, collection: str) -> None:
        with self._speaking(collection):
            self._client.delete_collection(collection)

    def write_chunks(self, collection: str, chunks: Sequence[IndexedChunk]) -> None:
        self._upsert(collection, (_chunk_point(indexed) for indexed in chunks), only_where=STAGED)

    def search(
        self, collection: str, query: Embedding, lexical: SparseVector, *, k: int, where: Filter | None = None
    ) -> Candidates:
        condition = _condition(all_of(UNSTAGED, where))
        return self._both_arms(collection, query, lexical, k, condition, params=None)

    def score(self, collection: str, query: Embedding, lexical: SparseVector, ids: Sequence[str]) -> Candidates:
        among = models.Filter(must=[models.HasIdCondition(has_id=list(ids))])
        return self._both_arms(collection, query, lexical, len(ids), among, params=self._exact)

    def max_sim(self, collection: str, query: Embedding, ids: Sequence[str]) -> dict[str, float]:
        if not ids:
            return {}
        with self._speaking(collection):
            found = self._client.query_points(
                collection,
                query=query.tokens.tolist(),
                using=layout.TOKENS,
                query_filter=models.Filter(must=[models.HasIdCondition(has_id=list(ids))]),
                search_params=self._exact,
                limit=len(ids),
                with_payload=False,
            )
        return layout.ordered((str(p.id), p.score) for p in found.points)

    def begin_bulk(self, collection: str) -> None:
        if not self._defers_indexing(collection):
            self._set_indexing(collection, _NO_INDEXING)

    def optimize(self, collection: str) -> None:
        if self._defers_indexing(collection):
            self._set_indexing(collection, _INDEXING_KB)
            time.sleep(_POLL_S)  # the server begins a moment later
        deadline_s = time.monotonic() + self._patience_s
        while not self._is_settled(collection) and time.monotonic() < deadline_s:
            time.sleep(_POLL_S)

    def erase(self, collection: str) -> bool:
        self._count(collection, UNSTAGED)  # it must be there
        return self._url == MEMORY

    def unerased(self, collection: str) -> bool:
        self._count(collection, UNSTAGED)  # it must be there
        return False

    def snapshot(self, collection: str, folder: Path) -> Path:
        with self._speaking(collection):
            made = self._client.create_snapshot(collection, wait=True)
            if made is None:
                raise StoreError(f"the Qdrant server at {self._url} made no snapshot of {collection!r}")
            target = folder / made.name
            _download(f"{self._url}/collections/{collection}/snapshots/{made.name}", self._headers, target)
            return target

    def restore(self, collection: str, snapshot: Path) -> None:
        url = f"{self._url}/collections/{collection}/snapshots/upload?priority=snapshot&wait=true"
        with self._speaking(), snapshot.open("rb") as body:
            sent = httpx.post(
                url, headers=self._headers, files={"snapshot": body}, timeout=None, trust_env=uses_proxy(url)
            )
            sent.raise_for_status()

    def close(self) -> None:
        self._client.close()

    def _create(self, collection: str, spec: CollectionSpec) -> None:
        with self._speaking():
            self._client.create_collection(
                collection,
                vectors_config=_vectors(spec),
                sparse_vectors_config={layout.BM25: models.SparseVectorParams(modifier=models.Modifier.IDF)},
            )

    def _defers_indexing(self, collection: str) -> bool:
        with self._speaking(collection):
            config = self._client.get_collection(collection).config
            return config.optimizer_config.indexing_threshold == _NO_INDEXING

    def _set_indexing(self, collection: str, threshold_kb: int) -> None:
        if self._url == MEMORY:  # which has no indexes
            return
        with self._speaking(collection):
            diff = models.OptimizersConfigDiff(indexing_threshold=threshold_kb)
            self._client.update_collection(collection, optimizers_config=diff)

    def _is_settled(self, collection: str) -> bool:
        with self._speaking(collection):
            return self._client.get_collection(collection).status == models.CollectionStatus.GREEN

    def _put(
        self, collection: str, points: Sequence[tuple[str, layout.Payload]], *, only_where: Filter | None = None
    ) -> None:
        made = (models.PointStruct(id=point_id, vector={}, payload=payload) for point_id, payload in points)
        self._upsert(collection, made, only_where=only_where)

    def _set_fields(self, collection: str, where: Filter, fields: layout.Payload) -> None:
        with self._speaking(collection):
            self._client.set_payload(collection, fields, points=_condition(where), wait=True)

    def _remove(self, collection: str, where: Filter) -> None:
        with self._speaking(collection):
            self._client.delete(collection, models.FilterSelector(filter=_condition(where)), wait=True)

    def _count(self, collection: str, where: Filter) -> int:
        with self._speaking(collection):
            return self._client.count(collection, count_filter=_condition(where), exact=True).count

    def _upsert(
        self, collection: str, points: Iterable[models.PointStruct], *, only_where: Filter | None = None
    ) -> None:
        condition = _condition(only_where) if only_where else None
        for batch in layout.batches(points, _size_bytes, most=_BATCH, most_bytes=_BATCH_BYTES):
            with self._speaking(collection):
                self._client.upsert(collection, batch, wait=True, update_filter=condition)

    def _both_arms(
        self,
        collection: str,
        query: Embedding,
        lexical: SparseVector,
        k: int,
        condition: models.Filter | None,
        *,
        params: models.SearchParams | None,
    ) -> Candidates:
        sparse = models.SparseVector(indices=list(lexical.indices), values=list(lexical.values))
        vectors: list[tuple[Any, str]] = [(query.dense.tolist(), layout.DENSE)]
        if lexical.indices:
            vectors.append((sparse, layout.BM25))
        requests = [
            models.QueryRequest(query=vector, using=name, filter=condition, params=params, limit=k, with_payload=False)
            for vector, name in vectors
        ]
        with self._speaking(collection):
            arms = [r.points for r in self._client.query_batch_points(collection, requests)] if k else [[], []]
        dense, *rest = [layout.ordered((str(p.id), p.score) for p in arm) for arm in arms]
        return Candidates(dense=dense, bm25=rest[0] if rest else {})

    def _retrieve(self, collection: str, ids: Sequence[str]) -> list[layout.Payload]:
        with self._speaking(collection):
            records = self._client.retrieve(collection, list(ids), with_payload=True)
        found = {str(record.id): record.payload for record in records if record.payload}
        return [found[i] for i in ids if i in found]

    def _scroll(self, collection: str, where: Filter) -> Iterator[layout.Payload]:
        condition, offset = _condition(where), None
        while True:
            with self._speaking(collection):
                records, offset = self._client.scroll(
                    collection, scroll_filter=condition, limit=_FETCH, offset=offset, with_payload=True
                )
            yield from (record.payload for record in records if record.payload)
            if offset is None:
                return

    @contextmanager
    def _speaking(self, collection: str | None = None) -> Iterator[None]:
        """Turn the client's errors into ours; `collection` is the one that must exist."""
        try:
            with self._turn:
                yield
        except (ResponseHandlingException, RpcError, httpx.HTTPError, OSError) as exc:
            raise StoreUnavailable(
                f"no answer from the Qdrant server at {self._url}: {exc}; "
                "is it running, and is FOOTNOTE_QDRANT_URL right?"
            ) from exc
        except UnexpectedResponse as exc:
            raise self._refusal(exc, collection) from exc
        except ValueError as exc:  # the in-memory client's way to say that a collection does not exist
            if collection is None or "not found" not in str(exc):
                raise
            raise CollectionNotFound(f"there is no collection {collection!r}") from exc

    def _refusal(self, exc: UnexpectedResponse, collection: str | None) -> StoreError:
        if exc.status_code in _FORBIDDEN:
            return StoreUnavailable(f"the Qdrant server at {self._url} refused the key in FOOTNOTE_QDRANT_API_KEY")
        if collection is not None and exc.status_code == httpx.codes.NOT_FOUND:
            return CollectionNotFound(f"there is no collection {collection!r}")
        told = f"the Qdrant server at {self._url} failed: {exc}"
        return StoreUnavailable(told) if httpx.codes.is_server_error(exc.status_code or 0) else StoreError(told)


class _Maker:
    """Filters of the Qdrant client."""

    def match(self, key: str, value: str | int | bool) -> Any:
        return models.FieldCondition(key=key, match=models.MatchValue(value=value))

    def between(self, key: str, **bounds: float) -> Any:
        return models.FieldCondition(key=key, range=models.Range(**bounds))

    def group(self, *, must: Sequence[Any] = (), should: Sequence[Any] = (), must_not: Sequence[Any] = ()) -> Any:
        return models.Filter(must=list(must) or None, should=list(should) or None, must_not=list(must_not) or None)


_MAKE = _Maker()


def _chunk_point(indexed: IndexedChunk) -> models.PointStruct:
    vectors: dict[str, Any] = {layout.DENSE: indexed.embedding.dense.tolist()}
    if len(indexed.embedding.tokens):
        vectors[layout.TOKENS] = indexed.embedding.tokens.tolist()
    if indexed.lexical.indices:
        vectors[layout.BM25] = models.SparseVector(
            indices=list(indexed.lexical.indices), values=list(indexed.lexical.values)
        )
    return models.PointStruct(id=indexed.chunk.id, vector=vectors, payload=layout.chunk_payload(indexed.chunk))


def _condition(where: Filter) -> models.Filter:
    return models.Filter(must=[layout.translate(where, _MAKE)])


def _size_bytes(point: models.PointStruct) -> int:
    """A bound on what a point takes in a request."""
    vectors = point.vector if isinstance(point.vector, dict) else {}
    numbers = sum(_numbers(vector) for vector in vectors.values())
    return _NUMBER_BYTES * numbers + len(json.dumps(point.payload))


def _numbers(vector: Any) -> int:
    if isinstance(vector, models.SparseVector):
        return 2 * len(vector.indices)
    return sum(map(len, vector)) if vector and isinstance(vector[0], list) else len(vector)


def _vectors(spec: CollectionSpec) -> dict[str, models.VectorParams]:
    datatype = {"turbo8": models.Datatype.TURBO8, "float16": models.Datatype.FLOAT16}
    quantization: dict[str, Any] = {
        "none": None,
        "int8": models.ScalarQuantization(
            scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, quantile=0.99)
        ),
        "binary": models.BinaryQuantization(binary=models.BinaryQuantizationConfig()),
    }
    return {
        layout.DENSE: models.VectorParams(
            size=spec.dimension,
            distance=models.Distance.DOT,
            datatype=models.Datatype.FLOAT16,
            quantization_config=quantization[spec.dense_quantization],
        ),
        layout.TOKENS: models.VectorParams(
            size=spec.dimension,
            distance=models.Distance.DOT,
            datatype=datatype[spec.token_storage],
            multivector_config=models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM),
            hnsw_config=models.HnswConfigDiff(m=0),
        ),
    }


def _download(url: str, headers: dict[str, str], target: Path) -> None:
    with (
        httpx.stream("GET", url, headers=headers, timeout=None, trust_env=uses_proxy(url)) as response,
        target.open("wb") as file,
    ):
        response.raise_for_status()
        for piece in response.iter_bytes():
            file.write(piece)
