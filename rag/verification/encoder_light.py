"""The verifier's encoder without a framework, for the sentences of one answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.errors import ModelCorrupt
from rag.models.bert import Bert
from rag.models.weights import ShippedModel, tensors_of
from rag.types import FloatArray
from rag.verification.pairs import HEADS, SHARED, WEIGHTS_FILE, PairTokenizer, read_weights


class LightSupportEncoder:
    """The fitted encoder in NumPy, float32: ready at once, and slower than `LocalSupportEncoder` from then on.

    Args:
        shipped: the embedding model, whose word embeddings the encoder shares.
        version: the sha256 that the weights must have.

    Raises:
        ModelCorrupt: they are missing, or others.
    """

    def __init__(self, shipped: ShippedModel, version: str, path: Path = WEIGHTS_FILE) -> None:
        weights = tensors_of(read_weights(version, path))
        try:
            self._head, self._bias = weights["head.weight"].T, weights["head.bias"]
            weights[f"bert.{SHARED}"] = shipped.weights[SHARED]
            self._bert = Bert(weights, heads=shipped.heads, prefix="bert.")
        except KeyError as exc:
            raise ModelCorrupt(f"{path.name} does not hold the support encoder: {exc} is missing") from exc
        self._tokenizer = PairTokenizer(shipped.folder)

    def logits(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        if not pairs:
            return np.zeros((0, HEADS), dtype=np.float32)
        rows = self._tokenizer.rows(pairs)
        states = self._bert([ids for ids, _ in rows], [segments for _, segments in rows])
        read = np.stack([np.concatenate([each[0], each.mean(axis=0)]) for each in states])
        found: FloatArray = read @ self._head + self._bias
        return found
