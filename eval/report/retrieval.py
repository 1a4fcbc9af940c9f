"""Quality of each stage of retrieval on a data set in BEIR's format."""

from __future__ import annotations

import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eval.data import BeirDataset, BeirDocument
from eval.metrics import percentiles, ranking_metrics
from rag.build.core import Rag, build
from rag.retrieval import Ranking
from rag.settings import Settings
from rag.types import Chunk, Document, IndexedChunk, Receipt, document_id_of, sha256_of

_BATCH = 256
_DEPTH = 100
# One document holds the corpus, so that one switch makes all of it visible.
_CORPUS = Document(
    id=document_id_of("corpus"),
    source="corpus",
    filename="corpus",
    sha256=sha256_of(b"corpus"),
    title="",
    media_type="text/plain",
    pages=(),
    receipt=Receipt("beir", pages=0, characters=0),
)
Progress = Callable[[str, int, int], None]


def evaluate_retrieval(dataset: BeirDataset, settings: Settings, progress: Progress) -> dict[str, Any]:
    """Index the corpus, one chunk a document, in a store of its own that is removed afterwards; rank all queries.

    Metrics are percentages; `index_s` seconds; `query_ms` milliseconds of a whole search, its embedding included.
    """
    with scratch_rag(settings) as (rag, collection):
        started = time.perf_counter()
        names = index_corpus(rag, collection, dataset.documents, progress)
        index_s = time.perf_counter() - started
        rankings, elapsed_ms = _rank_all(rag, collection, dataset.queries, progress)
    stages = {
        stage: ranking_metrics(dataset.qrels, _run(rankings, names, stage))
        for stage in ("bm25", "dense", "fused", "reranked")
    }
    return {
        **stages["reranked"],
        "queries": len(dataset.queries),
        "documents": len(dataset.documents),
        "index_s": round(index_s, 1),
        "query_ms": percentiles(elapsed_ms),
        "stages": stages,
    }


@contextmanager
def scratch_rag(settings: Settings) -> Iterator[tuple[Rag, str]]:
    """A core and the name of a collection of its own, on the store the settings name; gone afterwards."""
    collection = f"eval-{uuid.uuid4().hex[:12]}"
    folder = Path(tempfile.mkdtemp(prefix="footnote-eval-"))
    rag = build(settings.model_copy(update={"data_dir": folder}))
    try:
        yield rag, collection
    finally:
        if rag.store.has_collection(collection):
            rag.store.drop_collection(collection)
        rag.close()
        shutil.rmtree(folder, ignore_errors=True)


def index_corpus(rag: Rag, collection: str, documents: tuple[BeirDocument, ...], progress: Progress) -> dict[str, str]:
    """Embed and store the corpus; returns chunk id to document id."""
    rag.store.create_collection(collection, rag.spec)
    names: dict[str, str] = {}
    for start in range(0, len(documents), _BATCH):
        chunks = [_chunk(start + n, document) for n, document in enumerate(documents[start : start + _BATCH], start=1)]
        embeddings = rag.embedder.embed_documents([chunk.embedded_text for chunk in chunks])
        indexed = [
            IndexedChunk(chunk, embedding, rag.lexical.encode_document(chunk.embedded_text))
            for chunk, embedding in zip(chunks, embeddings, strict=True)
        ]
        rag.store.write_chunks(collection, indexed)
        names |= {chunk.id: chunk.filename for chunk in chunks}
        progress("index", min(start + _BATCH, len(documents)), len(documents))
    rag.store.publish(collection, _CORPUS, len(names))
    rag.store.optimize(collection)
    return names


def _chunk(page: int, document: BeirDocument) -> Chunk:
    return Chunk(
        document_id=_CORPUS.id,
        sha256=_CORPUS.sha256,
        filename=document.id,
        page=page,
        start=0,
        end=len(document.text),
        text=document.text,
        title=document.title,
    )


def _rank_all(
    rag: Rag, collection: str, queries: Mapping[str, str], progress: Progress
) -> tuple[dict[str, Ranking], list[float]]:
    rankings: dict[str, Ranking] = {}
    elapsed_ms: list[float] = []
    for done, (query, text) in enumerate(queries.items(), start=1):
        started = time.perf_counter()
        rankings[query] = rag.retriever.rank(text, collection=collection)
        elapsed_ms.append(1000 * (time.perf_counter() - started))
        progress("search", done, len(queries))
    return rankings, elapsed_ms


def _run(rankings: Mapping[str, Ranking], names: Mapping[str, str], stage: str) -> dict[str, dict[str, float]]:
    """One stage's run, at most 100 documents a query."""
    return {
        query: {names[chunk]: score for chunk, score in list(_stage(ranking, stage).items())[:_DEPTH]}
        for query, ranking in rankings.items()
    }


def _stage(ranking: Ranking, stage: str) -> Mapping[str, float]:
    return {
        "bm25": ranking.arms.bm25,
        "dense": ranking.arms.dense,
        "fused": ranking.fused,
        "reranked": ranking.final,
    }[stage]
