"""Embedding speed beside plain sentence-transformers, same model and texts, in one run.

    python -m benchmarks embedding BEIR_FOLDER

Ours gives dense and pooled token vectors; the peer, `SentenceTransformer.encode` in float32, dense vectors only.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from sentence_transformers import SentenceTransformer

from benchmarks.harness import BeirFolder, Result
from eval.data import load_beir
from rag.models.embedding_local import LocalEmbedder
from rag.models.weights import verify_shipped_model

TEXTS, ROUNDS = 256, 3


def texts_per_s(embed: Callable[[list[str]], object], texts: list[str]) -> float:
    """The best of a few rounds, after one that does not count."""
    embed(texts[:32])
    rates = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        embed(texts)
        rates.append(len(texts) / (time.perf_counter() - started))
    return max(rates)


def benchmark(folder: BeirFolder) -> Result:
    texts = [f"{d.title}\n{d.text}" for d in load_beir(folder, "test").documents[:TEXTS]]
    peer = SentenceTransformer(str(verify_shipped_model()), device="cpu")
    theirs = texts_per_s(lambda batch: peer.encode(batch, show_progress_bar=False), texts)
    embedder = LocalEmbedder()
    ours = texts_per_s(embedder.embed_documents, texts)
    tokens = sum(min(256, embedder.count_tokens(text)) for text in texts) / len(texts)
    return Result(
        {
            "texts": len(texts),
            "mean_tokens": round(tokens),
            "footnote_texts_per_s": round(ours, 1),
            "sentence_transformers_float32_texts_per_s": round(theirs, 1),
            "ratio": round(ours / theirs, 2),
        }
    )
