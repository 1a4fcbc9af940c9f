"""What a chunk costs one core beside the forward pass: pooling its token vectors, and its BM25 terms.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m benchmarks chunk-costs BEIR_FOLDER

With the model on a GPU this is what remains for the processor. Texts are a data set's own, embedded for real.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

import typer
from sentence_transformers import SentenceTransformer

from benchmarks.harness import BeirFolder, Result
from eval.data import load_beir
from rag.models import pool_tokens
from rag.models.weights import verify_shipped_model
from rag.retrieval import Bm25Encoder
from rag.settings import load_settings

TEXTS, ROUNDS = 128, 3


def ms_each(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    """The best of a few rounds over all items, in milliseconds of the processor an item."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for item in items:
            work(item)
        rounds.append(1000 * (time.process_time() - started) / len(items))
    return round(min(rounds), 2)


def benchmark(folder: BeirFolder) -> Result:
    if os.environ.get("OMP_NUM_THREADS") != "1":
        raise typer.BadParameter("set OMP_NUM_THREADS=1 and OPENBLAS_NUM_THREADS=1, so that one core is measured")
    texts = [f"{d.title}\n{d.text}" for d in load_beir(folder, "test").documents[: 2 * TEXTS]]
    model = SentenceTransformer(str(verify_shipped_model()), device="cpu")
    model.max_seq_length = load_settings().chunk_tokens
    features = model.encode(texts[:TEXTS], output_value="token_embeddings", show_progress_bar=False)
    tokens = [feature.float().cpu().numpy() for feature in features]
    encoder = Bm25Encoder()
    for text in texts[TEXTS:]:  # the first texts fill the caches of terms, as any run does
        encoder.encode_document(text)
    kept = load_settings().token_vectors
    return Result(
        {
            "texts": TEXTS,
            "mean_tokens": round(sum(map(len, tokens)) / len(tokens)),
            f"pool_to_{kept}_ms": ms_each(lambda rows: pool_tokens(rows, kept), tokens),
            "pool_to_16_ms": ms_each(lambda rows: pool_tokens(rows, 16), tokens),
            "bm25_ms": ms_each(encoder.encode_document, texts[:TEXTS]),
            "bm25_terms": round(sum(len(encoder.encode_document(text).indices) for text in texts[:TEXTS]) / TEXTS),
        }
    )
