"""Embedding in this process with sentence-transformers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, TypeVar

import numpy as np
import torch
from sentence_transformers import CrossEncoder, SentenceTransformer
from transformers.utils import logging as transformers_logging

from rag.errors import ModelUnavailable
from rag.models.cores import use_one_core
from rag.models.embedding import normalise, pool_tokens
from rag.models.tokens import TokenCounter
from rag.models.weights import verify_shipped_model
from rag.models.word_tokens import IntArray, WordTokens
from rag.settings import SHIPPED_MODEL
from rag.types import Embedding, FloatArray

_CHARACTERS_A_TOKEN = 4
_NATIVE_BFLOAT16 = ("avx512_bf16", "amx_bf16")
_Output = TypeVar("_Output")


class LocalEmbedder:
    """A sentence-transformers model; dense and token vectors come from the same forward pass.

    On a CPU, batches run in parallel in `threads` threads of one core each: threads that share one batch wait for each
    other at every layer, and longer if other processes use the cores too.

    Args:
        model: `all-MiniLM-L6-v2` (shipped), a folder, or a name on Hugging Face.
        dtype: `auto` uses bfloat16 if the CPU supports it natively.
        token_vectors: maximum token vectors per document, after pooling; a query keeps all of its own.

    Raises:
        ModelUnavailable: the model cannot be loaded.
        ModelCorrupt: the weights of the shipped model are not the published ones.
    """

    def __init__(
        self,
        model: str = SHIPPED_MODEL,
        *,
        dtype: Literal["auto", "float32", "bfloat16"] = "auto",
        device: str = "cpu",
        batch: int = 32,
        max_tokens: int = 256,
        token_vectors: int = 40,
        threads: int = 2,
    ) -> None:
        self._name = model
        self._batch = batch
        self._token_vectors = token_vectors
        self._model = _load(model, dtype=_dtype(dtype, device), device=device)
        self._max_tokens = min(max_tokens, self._model.max_seq_length or max_tokens)
        self._model.max_seq_length = self._max_tokens
        self._tokenizer = self._model.tokenizer
        self._counter = TokenCounter(self._tokenizer.backend_tokenizer.to_str())
        self._words = WordTokens(self._tokenizer.get_vocab(), self._tokenizer.all_special_ids)
        if device == "cpu":
            torch.set_num_threads(1)
        use_one_core()
        self._most_threads = threads if device == "cpu" else 1
        self._threads = ThreadPoolExecutor(self._most_threads, thread_name_prefix="embedding")
        self._encode([""], output_value=None)  # sets the tokenizer up, which threads must not do at once

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

    def embed_documents(self, texts: Sequence[str]) -> list[Embedding]:
        return self._in_batches(texts, self._embed_batch)

    def embed_sentences(self, texts: Sequence[str]) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        rows: list[FloatArray] = self._in_batches(texts, self._dense_batch)
        return np.stack(rows)

    def embed_words(self, texts: Sequence[str]) -> list[Embedding]:
        return self._in_batches(texts, self._word_batch)

    def embed_query(self, text: str) -> Embedding:
        [(dense, tokens, _)] = map(_unpack, self._encode([text], None))
        return Embedding(dense, normalise(tokens))

    @property
    def count_tokens(self) -> TokenCounter:
        return self._counter

    def _in_batches(self, texts: Sequence[str], embed: Callable[[list[str]], list[_Output]]) -> list[_Output]:
        """One output a text, in order; texts of like length share a batch, the longest come first."""
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        batches = self._cut(order, texts)
        outputs = self._threads.map(lambda batch: embed([texts[i] for i in batch]), batches)
        found = dict(zip(order, itertools.chain.from_iterable(outputs), strict=True))
        return [found[i] for i in range(len(texts))]

    def _cut(self, order: Sequence[int], texts: Sequence[str]) -> list[Sequence[int]]:
        """Batches of about as many tokens, padding counted, as `batch` of the longest texts have.

        What a batch costs beside the forward pass does not depend on its texts, so short texts go in larger batches;
        but never in fewer batches than there are threads.
        """
        share = max(self._batch, math.ceil(len(order) / self._most_threads))
        batches: list[Sequence[int]] = []
        start = 0
        while start < len(order):
            tokens = min(self._max_tokens, 1 + len(texts[order[start]]) // _CHARACTERS_A_TOKEN)
            size = min(share, self._batch * self._max_tokens // tokens)
            batches.append(order[start : start + size])
            start += size
        return batches

    def _embed_batch(self, texts: list[str]) -> list[Embedding]:
        """Pooled at once: the unpooled vectors of one batch a thread are all that is held of them."""
        return [
            Embedding(dense, pool_tokens(tokens[self._words.unpunctuated(ids)], self._token_vectors))
            for dense, tokens, ids in map(_unpack, self._encode(texts, None))
        ]

    def _word_batch(self, texts: list[str]) -> list[Embedding]:
        found = map(_unpack, self._encode(texts, None))
        return [Embedding(dense, normalise(tokens[self._words.alone(ids)])) for dense, tokens, ids in found]

    def _dense_batch(self, texts: list[str]) -> list[FloatArray]:
        return [normalise(row.float().cpu().numpy()) for row in self._encode(texts, "sentence_embedding")]

    def _encode(self, texts: list[str], output_value: Literal["sentence_embedding"] | None) -> list[Any]:
        return list(
            self._model.encode(
                texts,
                output_value=output_value,
                batch_size=max(1, len(texts)),
                show_progress_bar=False,
                convert_to_numpy=False,
            )
        )


def _unpack(feature: dict[str, Any]) -> tuple[FloatArray, FloatArray, IntArray]:
    mask = feature["attention_mask"].bool()
    dense = feature["sentence_embedding"].float().cpu().numpy()
    tokens = feature["token_embeddings"][mask].float().cpu().numpy()
    return normalise(dense), tokens, feature["input_ids"][mask].cpu().numpy()


class LocalCrossEncoder:
    """A sentence-transformers cross-encoder: reads question and passage together.

    Raises:
        ModelUnavailable: when the model cannot be loaded.
    """

    def __init__(self, model: str, *, device: str = "cpu") -> None:
        try:
            self._model = CrossEncoder(model, device=device)
        except (OSError, ValueError) as exc:
            raise ModelUnavailable(f"cannot load FOOTNOTE_CROSS_ENCODER_MODEL={model!r}: {exc}") from exc

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        """One relevance score a passage; higher is better."""
        pairs = [(question, passage) for passage in passages]
        return [float(score) for score in self._model.predict(pairs, show_progress_bar=False)]


def _load(model: str, *, dtype: torch.dtype, device: str) -> SentenceTransformer:
    path = str(verify_shipped_model()) if model == SHIPPED_MODEL else model
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(path, device=device, model_kwargs={"dtype": dtype})
    except (OSError, ValueError) as exc:
        raise ModelUnavailable(f"cannot load FOOTNOTE_EMBEDDING_MODEL={model!r}: {exc}") from exc


def best_dtype(device: str) -> torch.dtype:
    """bfloat16 where the device computes it natively, else float32."""
    native = device != "cpu" or any(torch.cpu.get_capabilities().get(name) for name in _NATIVE_BFLOAT16)
    return torch.bfloat16 if native else torch.float32


def _dtype(wanted: str, device: str) -> torch.dtype:
    if wanted == "auto":
        return best_dtype(device)
    return torch.bfloat16 if wanted == "bfloat16" else torch.float32
