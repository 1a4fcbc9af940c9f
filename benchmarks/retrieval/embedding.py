"""Embedding speed beside plain sentence-transformers, same model and texts, in one run; and what its time goes into.

    python -m benchmarks embedding BEIR_FOLDER

Ours gives dense and pooled token vectors; the peer, `SentenceTransformer.encode` in float32, dense vectors only.
`costs` are of processor time, which other programs on the machine change little: the share of the model's forward pass,
that of the kernel, tokens a processor second of the whole and of the forward pass alone, and by how much the peak of
the memory rose meanwhile.
"""

from __future__ import annotations

import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Transformer
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

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


@dataclass
class ForwardPasses:
    """The processor time that transformers' forward passes took, in whichever threads."""

    spent_s: float = 0.0
    _begun: threading.local = field(default_factory=threading.local)
    _adding: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, module: object, _inputs: object) -> None:
        if isinstance(module, Transformer):
            self._begun.at = time.thread_time()

    def end(self, module: object, _inputs: object, _outputs: object) -> None:
        if isinstance(module, Transformer):
            with self._adding:
                self.spent_s += time.thread_time() - self._begun.at


@contextmanager
def counted() -> Iterator[ForwardPasses]:
    """Forward passes are counted within the block."""
    passes = ForwardPasses()
    hooks = [register_module_forward_pre_hook(passes.begin), register_module_forward_hook(passes.end)]
    try:
        yield passes
    finally:
        for hook in hooks:
            hook.remove()


def costs(embed: Callable[[list[str]], object], texts: list[str], tokens: int) -> dict[str, Any]:
    """What the processor time of embedding these texts goes into; `tokens` is how many they have in all."""
    with counted() as passes:
        started, peak_kib = os.times(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        embed(texts)
        ended = os.times()
    kernel_s = ended.system - started.system
    whole_s = ended.user - started.user + kernel_s
    return {
        "tokens_per_cpu_s": round(tokens / whole_s),
        "tokens_per_cpu_s_of_forward_pass": round(tokens / passes.spent_s),
        "forward_pass_percent": round(100 * passes.spent_s / whole_s, 1),
        "kernel_percent": round(100 * kernel_s / whole_s, 1),
        "peak_memory_rise_mib": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak_kib) // 1024,
    }


def benchmark(folder: BeirFolder) -> Result:
    texts = [f"{d.title}\n{d.text}" for d in load_beir(folder, "test").documents[:TEXTS]]
    embedder = LocalEmbedder()
    tokens = sum(min(256, embedder.count_tokens(text)) for text in texts)
    embedder.embed_documents(texts[:32])
    spent = costs(embedder.embed_documents, texts, tokens)
    ours = texts_per_s(embedder.embed_documents, texts)
    peer = SentenceTransformer(str(verify_shipped_model()), device="cpu")
    theirs = texts_per_s(lambda batch: peer.encode(batch, show_progress_bar=False), texts)
    return Result(
        {
            "texts": len(texts),
            "mean_tokens": round(tokens / len(texts)),
            "footnote_texts_per_s": round(ours, 1),
            "sentence_transformers_float32_texts_per_s": round(theirs, 1),
            "ratio": round(ours / theirs, 2),
            "costs": spent,
        }
    )
