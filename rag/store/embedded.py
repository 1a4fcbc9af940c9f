"""The embedded store: Qdrant's engine in this process, one folder a collection."""

from __future__ import annotations

import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import qdrant_edge as qe

from rag.errors import CollectionNotFound, StoreError, StoreLocked, StoreUnavailable
from rag.filters import Filter
from rag.owner import Doorway, Ownership
from rag.store import erasing
from rag.store import points as layout
from rag.store.publishing import STAGED, PointSwitcher
from rag.store.reading import UNSTAGED, all_of
from rag.store.store import Candidates, CollectionSpec
from rag.types import Embedding, IndexedChunk, SparseVector

_FETCH = 256
_HNSW_LINKS, _HNSW_CONSTRUCT, _HNSW_FULL_SCAN_KB = 16, 128, 10_000


class EmbeddedStore(PointSwitcher):
    """Collections in `folder`, owned by this process until `close`; others hand it work at `doorway`, if it takes any.

    The engine maps its files into memory, and a disk that fills up under such a map ends the process; so writing stops,
    with StoreUnavailable, while there is still `min_free_mb` of space.

    Raises:
        StoreLocked: on construction, when another process has owned the folder for `wait_s` seconds; names it.
        StoreUnavailable: on construction, when the folder cannot be written.
    """

    def __init__(
        self, folder: Path, *, min_free_mb: float = 0, wait_s: float = 0, doorway: Doorway | None = None
    ) -> None:
        self._folder = folder
        self._min_free_mb = min_free_mb
        self._shards: dict[str, qe.EdgeShard] = {}
        self._opening, self._erasing = threading.RLock(), threading.Lock()
        self._closed = False
        self._ownership = Ownership(folder, partial(_locked, folder), doorway=doorway, wait_s=wait_s)

    def collections(self) -> list[str]:
        return sorted(path.parent.name for path in self._folder.glob("*/edge_config.json"))

    def has_collection(self, collection: str) -> bool:
        return (self._path(collection) / erasing.CONFIG).exists()

    def create_collection(self, collection: str, spec: CollectionSpec) -> None:
        with self._opening:
            if self.has_collection(collection):
                return
            self._require_space()
            path = self._path(collection)
            path.mkdir(parents=True, exist_ok=True)
            shard = _engine(lambda: qe.EdgeShard.create(str(path), _config(spec)))
            for name in layout.KEYWORD_FIELDS:
                _engine(
                    partial(shard.update, qe.UpdateOperation.create_field_index(name, qe.PayloadSchemaType.Keyword))
                )
            self._shards[collection] = shard

    def drop_collection(self, collection: str) -> None:
        with self._opening:
            self._shard(collection).close()
            del self._shards[collection]
            shutil.rmtree(self._path(collection))

    def write_chunks(self, collection: str, chunks: Sequence[IndexedChunk]) -> None:
        self._upsert(collection, [_chunk_point(indexed) for indexed in chunks], only_where=STAGED)

    def search(
        self, collection: str, query: Embedding, lexical: SparseVector, *, k: int, where: Filter | None = None
    ) -> Candidates:
        condition = qe.Filter(must=[layout.translate(all_of(UNSTAGED, where), _MAKE)])
        return self._both_arms(collection, query, lexical, k, condition, exact=False)

    def score(self, collection: str, query: Embedding, lexical: SparseVector, ids: Sequence[str]) -> Candidates:
        among = qe.Filter(must=[qe.HasIdCondition(set(ids))])
        return self._both_arms(collection, query, lexical, len(ids), among, exact=True)

    def max_sim(self, collection: str, query: Embedding, ids: Sequence[str]) -> dict[str, float]:
        if not ids:
            return {}
        request = qe.QueryRequest(
            len(ids),
            query=qe.Query.Nearest(cast(Any, query.tokens), layout.TOKENS),
            filter=qe.Filter(must=[qe.HasIdCondition(set(ids))]),
            params=qe.SearchParams(exact=True),
        )
        found = self._on(collection, lambda shard: shard.query(request))
        return layout.ordered((str(p.id), p.score) for p in found)

    def begin_bulk(self, collection: str) -> None:
        self._shard(collection)  # indexes are built by `optimize` alone

    def optimize(self, collection: str) -> None:
        self._on(collection, erasing.compact)

    def erase(self, collection: str) -> bool:
        with self._erasing:
            unfinished = self._unfinished(collection)
            unfinished.touch()
            self._require_space(erasing.FILLING_BYTES)
            self._reopen(collection, thorough=True)
            try:
                self._on(collection, erasing.compact)
                self._on(collection, partial(erasing.turn_log, folder=self._path(collection) / "wal"))
            finally:
                self._reopen(collection, thorough=False)
            unfinished.unlink()
        return True

    def unerased(self, collection: str) -> bool:
        return self._unfinished(collection).exists()

    def snapshot(self, collection: str, folder: Path) -> Path:
        with self._opening:
            self._shard(collection).close()
            del self._shards[collection]
            target = folder / f"{collection}.tar"
            with tarfile.open(target, "w") as archive:
                archive.add(self._path(collection), arcname="collection")
            self._shard(collection)
            return target

    def restore(self, collection: str, snapshot: Path) -> None:
        with self._opening:
            if self.has_collection(collection):
                self.drop_collection(collection)
            unpacked = self._folder / f".restore-{collection}"
            with tarfile.open(snapshot) as archive:
                archive.extractall(unpacked, filter="data")
            (unpacked / "collection").rename(self._path(collection))
            unpacked.rmdir()

    def close(self) -> None:
        with self._opening:
            for shard in self._shards.values():
                shard.close()
            self._shards.clear()
            self._closed = True
            self._ownership.close()

    def _path(self, collection: str) -> Path:
        return self._folder / collection

    def _unfinished(self, collection: str) -> Path:
        self._shard(collection)  # it must be there
        return self._path(collection) / erasing.UNFINISHED

    def _shard(self, collection: str) -> qe.EdgeShard:
        with self._opening:
            if collection not in self._shards:
                if self._closed:
                    raise StoreError(f"the store in {self._folder} was closed meanwhile")
                if not self.has_collection(collection):
                    raise CollectionNotFound(f"there is no collection {collection!r}")
                self._load(collection, thorough=False)
            return self._shards[collection]

    def _load(self, collection: str, *, thorough: bool) -> None:
        path = self._path(collection)
        erasing.set_thorough(path, thorough=thorough)
        self._shards[collection] = _engine(lambda: qe.EdgeShard.load(str(path)))

    def _reopen(self, collection: str, *, thorough: bool) -> None:
        """Close a collection and open it with that option; calls that come in between wait."""
        with self._opening:
            self._shard(collection).close()
            del self._shards[collection]
            self._load(collection, thorough=thorough)

    def _on(self, collection: str, call: Callable[[qe.EdgeShard], _T]) -> _T:
        """One call of the engine; again, where the collection was closed and opened meanwhile."""
        while True:
            shard = self._shard(collection)
            try:
                return _engine(partial(call, shard))
            except StoreError:
                if self._shards.get(collection) is shard:
                    raise

    def _put(
        self, collection: str, points: Sequence[tuple[str, layout.Payload]], *, only_where: Filter | None = None
    ) -> None:
        for start in range(0, len(points), _FETCH):
            batch = [qe.Point(point_id, {}, payload) for point_id, payload in points[start : start + _FETCH]]
            self._upsert(collection, batch, only_where=only_where)

    def _set_fields(self, collection: str, where: Filter, fields: layout.Payload) -> None:
        condition = qe.Filter(must=[layout.translate(where, _MAKE)])
        self._update(collection, qe.UpdateOperation.set_payload_by_filter(condition, fields))

    def _remove(self, collection: str, where: Filter) -> None:
        condition = qe.Filter(must=[layout.translate(where, _MAKE)])
        self._update(collection, qe.UpdateOperation.delete_points_by_filter(condition))

    def _count(self, collection: str, where: Filter) -> int:
        request = qe.CountRequest(exact=True, filter=qe.Filter(must=[layout.translate(where, _MAKE)]))
        return self._on(collection, lambda shard: shard.count(request))

    def _upsert(self, collection: str, points: list[qe.Point], *, only_where: Filter | None = None) -> None:
        self._shard(collection)
        self._require_space()
        if points:
            condition = qe.Filter(must=[layout.translate(only_where, _MAKE)]) if only_where else None
            self._update(collection, qe.UpdateOperation.upsert_points(points, condition=condition))

    def _update(self, collection: str, operation: qe.UpdateOperation) -> None:
        self._on(collection, lambda shard: shard.update(operation))

    def _require_space(self, more_bytes: int = 0) -> None:
        free_mb = (shutil.disk_usage(self._folder).free - more_bytes) / 1e6
        if free_mb < self._min_free_mb:
            raise StoreUnavailable(
                f"the disk that holds {self._folder} has {free_mb:.0f} MB left, and writing stops below "
                f"{self._min_free_mb:.0f} MB (FOOTNOTE_MIN_FREE_MB): free some space, or set FOOTNOTE_DATA_DIR to "
                "another disk; what was written before is kept"
            )

    def _both_arms(
        self,
        collection: str,
        query: Embedding,
        lexical: SparseVector,
        k: int,
        condition: qe.Filter | None,
        *,
        exact: bool,
    ) -> Candidates:
        params = qe.SearchParams(exact=exact)
        sparse = qe.SparseVector(list(lexical.indices), list(lexical.values))
        vectors: list[tuple[Any, str]] = [
            (query.dense, layout.DENSE),
            *([(sparse, layout.BM25)] if lexical.indices else []),
        ]
        requests = [
            qe.QueryRequest(k, query=qe.Query.Nearest(vector, name), filter=condition, params=params)
            for vector, name in vectors
        ]
        batch = qe.QueryBatchRequest(requests)
        arms = self._on(collection, lambda shard: shard.query_batch(batch)) if k else [[], []]
        dense, *rest = [layout.ordered((str(p.id), p.score) for p in arm) for arm in arms]
        return Candidates(dense=dense, bm25=rest[0] if rest else {})

    def _retrieve(self, collection: str, ids: Sequence[str]) -> list[layout.Payload]:
        records = self._on(collection, lambda shard: shard.retrieve(list(ids), with_payload=True, with_vector=False))
        found = {str(record.id): record.payload for record in records if record.payload}
        return [found[i] for i in ids if i in found]

    def _scroll(self, collection: str, where: Filter) -> Iterator[layout.Payload]:
        condition = qe.Filter(must=[layout.translate(where, _MAKE)])
        offset = None
        while True:
            request = qe.ScrollRequest(offset=offset, limit=_FETCH, filter=condition, with_payload=True)
            records, offset = self._on(collection, partial(_scrolled, request))
            yield from (record.payload for record in records if record.payload)
            if offset is None:
                return


def _scrolled(request: qe.ScrollRequest, shard: qe.EdgeShard) -> tuple[list[qe.Record], Any]:
    return shard.scroll(request)


class _Maker:
    """Filters of the embedded engine."""

    def match(self, key: str, value: str | int | bool) -> Any:
        if isinstance(value, bool):
            return qe.FieldCondition(layout.FLAGS, match=qe.MatchValue(layout.flag(key, value)))
        return qe.FieldCondition(key, match=qe.MatchValue(value))

    def between(self, key: str, **bounds: float) -> Any:
        return qe.FieldCondition(key, range=qe.RangeFloat(**bounds))

    def group(self, *, must: Sequence[Any] = (), should: Sequence[Any] = (), must_not: Sequence[Any] = ()) -> Any:
        return qe.Filter(must=list(must) or None, should=list(should) or None, must_not=list(must_not) or None)


_MAKE = _Maker()
_T = TypeVar("_T")


def _engine(call: Callable[[], _T]) -> _T:
    """Run one call of the engine, whose every failure is a bare Exception."""
    try:
        return call()
    except StoreError:
        raise
    except Exception as exc:  # the engine raises nothing narrower
        raise StoreError(f"the embedded store failed: {exc}") from exc


def _locked(folder: Path, who: str) -> StoreLocked:
    return StoreLocked(
        f"{folder} is in use by {who}, and an embedded store has one owner at a time. Wait for it (longer: "
        "FOOTNOTE_STORE_WAIT_S), ask that service over REST, or run a Qdrant server and set FOOTNOTE_QDRANT_URL"
    )


def _chunk_point(indexed: IndexedChunk) -> qe.Point:
    vectors: dict[str, Any] = {layout.DENSE: indexed.embedding.dense}
    if len(indexed.embedding.tokens):
        vectors[layout.TOKENS] = indexed.embedding.tokens
    if indexed.lexical.indices:
        vectors[layout.BM25] = qe.SparseVector(list(indexed.lexical.indices), list(indexed.lexical.values))
    payload = layout.chunk_payload(indexed.chunk) | layout.metadata_fields(indexed.chunk.metadata)
    return qe.Point(indexed.chunk.id, vectors, payload)


def _config(spec: CollectionSpec) -> qe.EdgeConfig:
    datatype = {"turbo8": qe.VectorStorageDatatype.Turbo8, "float16": qe.VectorStorageDatatype.Float16}
    quantization = {
        "none": None,
        "int8": qe.ScalarQuantizationConfig(qe.ScalarType.Int8, quantile=0.99),
        "binary": qe.BinaryQuantizationConfig(),
    }
    dense = qe.EdgeVectorParams(
        spec.dimension,
        qe.Distance.Dot,
        datatype=qe.VectorStorageDatatype.Float16,
        quantization_config=quantization[spec.dense_quantization],
        hnsw_config=qe.HnswIndexConfig(_HNSW_LINKS, _HNSW_CONSTRUCT, _HNSW_FULL_SCAN_KB),
    )
    tokens = qe.EdgeVectorParams(
        spec.dimension,
        qe.Distance.Dot,
        multivector_config=qe.MultiVectorConfig(qe.MultiVectorComparator.MaxSim),
        datatype=datatype[spec.token_storage],
        hnsw_config=qe.HnswIndexConfig(0, _HNSW_CONSTRUCT, _HNSW_FULL_SCAN_KB),
    )
    return qe.EdgeConfig(
        vectors={layout.DENSE: dense, layout.TOKENS: tokens},
        sparse_vectors={layout.BM25: qe.EdgeSparseVectorParams(modifier=qe.Modifier.Idf)},
    )
