"""Query latency and bytes on disk at several sizes, beside qdrant-client's local mode, in one run.

    python -m benchmarks queries BEIR_FOLDER [--sizes 5000 --sizes 50000]

The first 2,500 chunks are the dataset's own documents; the others repeat them with vectors turned by
random noise (seeded), so that no two are alike. Queries are the dataset's own, each embedded anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Annotated, Any

import numpy as np
import typer
from qdrant_client import QdrantClient, models

from benchmarks.harness import BeirFolder, Result, folder_bytes
from eval.data import BeirDataset, load_beir
from eval.metrics import percentiles
from eval.report.retrieval import scratch_rag
from rag.build.core import Rag
from rag.models import normalise
from rag.settings import load_settings
from rag.types import Chunk, Document, Embedding, IndexedChunk, Receipt, document_id_of, sha256_of

BASE, BATCH, QUERIES, PEER_QUERIES, NOISE = 2500, 500, 200, 25, 0.35
SIZES = [5000, 50000]
PEERS_COLLECTION = "bench"
# One document holds all chunks, so that one switch makes them visible.
CORPUS = Document(
    document_id_of("corpus"), "corpus", "corpus", sha256_of(b"corpus"), "", "text/plain", (), Receipt("beir", 0, 0)
)


def base_chunks(rag: Rag, dataset: BeirDataset, limit: int) -> list[IndexedChunk]:
    """The dataset's documents, embedded and encoded."""
    documents = dataset.documents[:limit]
    chunks = [
        Chunk(CORPUS.id, CORPUS.sha256, d.id, number, 0, len(d.text), d.text, title=d.title)
        for number, d in enumerate(documents)
    ]
    embeddings = rag.embedder.embed_documents([chunk.embedded_text for chunk in chunks])
    return [
        IndexedChunk(chunk, embedding, rag.lexical.encode_document(chunk.embedded_text))
        for chunk, embedding in zip(chunks, embeddings, strict=True)
    ]


def grown(base: list[IndexedChunk], size: int) -> Iterator[IndexedChunk]:
    """The base, then noisy copies of it."""
    random = np.random.default_rng(0)
    for number in range(size):
        one = base[number % len(base)]
        if number < len(base):
            yield one
            continue
        chunk = replace(one.chunk, page=number)
        yield IndexedChunk(
            chunk, Embedding(turned(one.embedding.dense, random), turned(one.embedding.tokens, random)), one.lexical
        )


def turned(rows: Any, random: np.random.Generator) -> Any:
    """Unit vectors moved by noise of a fixed share of their length."""
    noise = random.standard_normal(rows.shape).astype(np.float32)
    return normalise(rows + NOISE * normalise(noise))


def latency_ms(call: Callable[[str], object], queries: list[str]) -> dict[str, float]:
    """Median and 95th percentile."""
    for query in queries[:5]:
        call(query)
    elapsed = []
    for query in queries:
        started = time.perf_counter()
        call(query)
        elapsed.append(1000 * (time.perf_counter() - started))
    return percentiles(elapsed)


def measure_ours(rag: Rag, collection: str, base: list[IndexedChunk], size: int, queries: list[str]) -> dict[str, Any]:
    """Write, optimise, ask."""
    rag.store.create_collection(collection, rag.spec)
    batch: list[IndexedChunk] = []
    started = time.perf_counter()
    for chunk in grown(base, size):
        batch.append(chunk)
        if len(batch) == BATCH:
            rag.store.write_chunks(collection, batch)
            batch = []
    rag.store.write_chunks(collection, batch)
    rag.store.publish(collection, CORPUS, size)
    write_s = time.perf_counter() - started
    rag.store.optimize(collection)
    segments = rag.settings.data_dir / "collections" / collection / "segments"

    def hybrid(query: str) -> object:
        return rag.store.search(collection, rag.embedder.embed_query(query), rag.lexical.encode_query(query), k=100)

    figures = {
        "embed_query_ms": latency_ms(rag.embedder.embed_query, queries),
        "hybrid_query_ms": latency_ms(hybrid, queries),
        "full_retrieval_ms": latency_ms(lambda q: rag.retriever.search(q, collection=collection, k=8), queries),
        "chunks_written_per_s": round(size / write_s),
        "bytes_per_chunk": round(folder_bytes(segments) / size),
    }
    rag.store.drop_collection(collection)
    return figures


def measure_peer(rag: Rag, base: list[IndexedChunk], size: int, queries: list[str]) -> dict[str, Any]:
    """The same hybrid query on qdrant-client's local mode, which keeps everything in Python."""
    client = QdrantClient(":memory:")
    client.create_collection(
        PEERS_COLLECTION,
        vectors_config={"dense": models.VectorParams(size=rag.spec.dimension, distance=models.Distance.COSINE)},
        sparse_vectors_config={"bm25": models.SparseVectorParams(modifier=models.Modifier.IDF)},
    )
    batch: list[models.PointStruct] = []
    for number, chunk in enumerate(grown(base, size)):
        sparse = models.SparseVector(indices=list(chunk.lexical.indices), values=list(chunk.lexical.values))
        batch.append(models.PointStruct(id=number, vector={"dense": chunk.embedding.dense.tolist(), "bm25": sparse}))
        if len(batch) == BATCH:
            client.upsert(PEERS_COLLECTION, batch)
            batch = []
    if batch:
        client.upsert(PEERS_COLLECTION, batch)

    def hybrid(query: str) -> object:
        lexical = rag.lexical.encode_query(query)
        sparse = models.SparseVector(indices=list(lexical.indices), values=list(lexical.values))
        dense = rag.embedder.embed_query(query).dense.tolist()
        requests = [
            models.QueryRequest(query=dense, using="dense", limit=100),
            models.QueryRequest(query=sparse, using="bm25", limit=100),
        ]
        return client.query_batch_points(PEERS_COLLECTION, requests)

    return {"hybrid_query_ms": latency_ms(hybrid, queries[:PEER_QUERIES])}


def benchmark(
    folder: BeirFolder,
    sizes: Annotated[list[int], typer.Option(help="How many chunks; may be repeated.")] = SIZES,
) -> Result:
    dataset = load_beir(folder, "test")
    queries = list(dataset.queries.values())[:QUERIES]
    figures: dict[str, Any] = {}
    with scratch_rag(load_settings()) as (rag, collection):
        base = base_chunks(rag, dataset, BASE)
        for size in sizes:
            ours, peer = measure_ours(rag, collection, base, size, queries), measure_peer(rag, base, size, queries)
            ratio = peer["hybrid_query_ms"]["p50"] / ours["hybrid_query_ms"]["p50"]
            figures[str(size)] = {"footnote": ours, "qdrant_client_local": peer, "hybrid_p50_ratio": round(ratio, 1)}
    return Result({"chunks": figures})
