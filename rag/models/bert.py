"""The forward pass of BERT (Devlin et al. 2019) in NumPy, float32.

For a process that answers one question: importing torch takes seconds, embedding the few hundred short texts of a
question a fraction of one. Torch does the bulk work, also in bfloat16.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from rag.models.cores import use_one_core
from rag.types import FloatArray

_EPSILON = 1e-12
_ROWS = 32  # of a block that stays in the processor's cache while the activation is computed


@dataclass(frozen=True, slots=True)
class _Linear:
    weight: FloatArray  # (in, out)
    bias: FloatArray

    def __call__(self, rows: FloatArray) -> FloatArray:
        out: FloatArray = rows @ self.weight
        out += self.bias
        return out


@dataclass(frozen=True, slots=True)
class _Norm:
    weight: FloatArray
    bias: FloatArray

    def __call__(self, rows: FloatArray) -> FloatArray:
        """Layer normalisation of rows, which it may overwrite."""
        rows -= rows.mean(axis=1, keepdims=True)
        rows /= np.sqrt(np.einsum("td,td->t", rows, rows)[:, None] / rows.shape[1] + _EPSILON)
        rows *= self.weight
        rows += self.bias
        return rows


@dataclass(frozen=True, slots=True)
class _Layer:
    attention: _Linear  # queries, keys and values side by side
    mixed: _Linear
    attended: _Norm
    widened: _Linear
    narrowed: _Linear
    done: _Norm


class Bert:
    """Texts as token ids to the last hidden state of each token.

    Args:
        weights: named as `transformers.BertModel` names them, behind `prefix`; a pooler is not read.
        heads: of attention; they divide the width.
    """

    def __init__(self, weights: Mapping[str, FloatArray], *, heads: int, prefix: str = "") -> None:
        self._weights = {name.removeprefix(prefix): tensor for name, tensor in weights.items()}
        self._heads = heads
        self._words = self._weights["embeddings.word_embeddings.weight"]
        self._places = self._weights["embeddings.position_embeddings.weight"]
        self._segments = self._weights["embeddings.token_type_embeddings.weight"]
        self._embedded = self._norm("embeddings")
        layers = {name.split(".")[2] for name in self._weights if name.startswith("encoder.layer.")}
        use_one_core()
        self._layers = [self._layer(f"encoder.layer.{number}") for number in range(len(layers))]

    @property
    def width(self) -> int:
        """Of a hidden state."""
        return int(self._words.shape[1])

    def __call__(
        self, texts: Sequence[Sequence[int]], segments: Sequence[Sequence[int]] | None = None
    ) -> list[FloatArray]:
        """For every text an array (tokens, width); nothing is padded: all texts' tokens lie one after another.

        `segments` has a number for every token; without it all are of the first.
        """
        if not texts:
            return []
        ends = [0, *accumulate(map(len, texts))]
        spans = [slice(start, end) for start, end in pairwise(ends)]
        places = np.concatenate([np.arange(len(text)) for text in texts])
        kinds = np.concatenate(segments) if segments is not None else np.zeros(ends[-1], dtype=np.int64)
        states = self._embedded(self._words[np.concatenate(texts)] + self._places[places] + self._segments[kinds])
        for layer in self._layers:
            states = layer.attended(states + layer.mixed(self._attend(layer.attention(states), spans)))
            states = layer.done(states + layer.narrowed(_gelu(layer.widened(states))))
        return [states[span] for span in spans]

    def _attend(self, projected: FloatArray, spans: Sequence[slice]) -> FloatArray:
        """Each token's mean of its text's values, weighted by how its query meets their keys, for each head."""
        tokens, width = len(projected), projected.shape[1] // 3
        queries, keys, values = projected.reshape(tokens, 3, self._heads, -1).transpose(1, 2, 0, 3)
        out = np.empty((tokens, self._heads, width // self._heads), dtype=np.float32)
        scale = np.float32((width // self._heads) ** -0.5)
        for span in spans:
            scores = (queries[:, span] * scale) @ keys[:, span].transpose(0, 2, 1)
            scores -= scores.max(axis=2, keepdims=True)
            np.exp(scores, out=scores)
            scores /= scores.sum(axis=2, keepdims=True)
            out[span] = (scores @ values[:, span]).transpose(1, 0, 2)
        return out.reshape(tokens, width)

    def _layer(self, name: str) -> _Layer:
        projections = [self._linear(f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
        together = _Linear(
            np.concatenate([each.weight for each in projections], axis=1),
            np.concatenate([each.bias for each in projections]),
        )
        return _Layer(
            together,
            self._linear(f"{name}.attention.output.dense"),
            self._norm(f"{name}.attention.output"),
            self._linear(f"{name}.intermediate.dense"),
            self._linear(f"{name}.output.dense"),
            self._norm(f"{name}.output"),
        )

    def _linear(self, name: str) -> _Linear:
        return _Linear(self._weights[f"{name}.weight"].T, self._weights[f"{name}.bias"])

    def _norm(self, name: str) -> _Norm:
        return _Norm(self._weights[f"{name}.LayerNorm.weight"], self._weights[f"{name}.LayerNorm.bias"])


def _gelu(rows: FloatArray) -> FloatArray:
    """x Φ(x), in place, by max(x, 0) - |x| erfc(|x| / √2) / 2.

    NumPy has no error function, and importing SciPy's takes a quarter of a second; this is 7.1.26 of Abramowitz and
    Stegun (1964), right to 1.5e-7.
    """
    for start in range(0, len(rows), _ROWS):
        block: npt.NDArray[np.float32] = rows[start : start + _ROWS]
        size = np.abs(block)
        z = size * np.float32(0.5**0.5)
        t = 1 / (1 + np.float32(0.3275911) * z)
        tail = np.full_like(t, _ERFC[0])
        for coefficient in _ERFC[1:]:
            tail *= t
            tail += coefficient
        tail *= t * np.exp(-z * z)
        np.maximum(block, 0, out=block)
        block -= size * tail * np.float32(0.5)
    return rows


_ERFC = np.array([1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592], dtype=np.float32)
