"""Moderation: a Protocol, and a small local model.

The default is a linear model on the shipped embedding model's vector of each sentence, fitted by `python -m
eval.fit.moderation` on a few hundred sentences. docs/research/moderation.md has its quality, which is not sufficient
where moderation matters.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from rag.errors import ModelCorrupt
from rag.models import SentenceVectors
from rag.text import split
from rag.types import FloatArray

MODERATION_FILE = Path(__file__).with_name("moderation_model.json")
CATEGORIES = ("hate", "harassment", "self-harm", "sexual", "violence", "illegal")
"""`illegal`: asks how to commit a crime; `sexual`: explicit; `violence`: threatens, glorifies or dwells on it."""
MOST_SENTENCES = 64


@dataclass(frozen=True, slots=True)
class Moderation:
    """The result of moderating a text: its categories, the most probable first, and the highest score.

    Scores are between 0 and 1; `scores` has those that the moderator reports, by category.
    """

    flags: tuple[str, ...]
    score: float
    scores: Mapping[str, float] = field(default_factory=dict)


class Moderator(Protocol):
    """Judges texts, prompts and answers alike."""

    @property
    def name(self) -> str:
        """What is written into the record of an answer."""
        ...

    def check(self, text: str) -> Moderation:
        """The moderation of one text.

        Raises:
            ModelUnavailable: a moderator behind a URL does not answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A logistic regression a category on unit vectors: `weights` has shape (c, d), `intercepts` (c,).

    `thresholds`, shape (c,), are the probabilities from which the categories are flagged.
    """

    categories: tuple[str, ...]
    weights: FloatArray
    intercepts: FloatArray
    thresholds: FloatArray

    def probabilities(self, vectors: FloatArray) -> FloatArray:
        """For vectors of shape (n, d), probabilities of shape (n, c)."""
        logits: FloatArray = vectors @ self.weights.T + self.intercepts
        found: FloatArray = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
        return found


def load_linear_model(path: Path = MODERATION_FILE) -> LinearModel:
    """The model of a file that `eval.fit.moderation` wrote.

    Raises:
        ModelCorrupt: the file is not such a file.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))["categories"]
        columns = {key: np.array([row[key] for row in stored.values()], dtype=np.float32) for key in _COLUMNS}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise ModelCorrupt(f"{path.name} is not a moderation model: {exc!r}") from exc
    return LinearModel(tuple(stored), columns["weights"], columns["intercept"], columns["threshold"])


_COLUMNS = ("weights", "intercept", "threshold")


class LocalModerator:
    """Scores every sentence of a text by itself, so that one among many is seen; a text has the highest of its scores.

    Of a text with more than 64 sentences, the rest is judged as one. English.
    """

    name = "local"

    def __init__(self, embedder: SentenceVectors, model: LinearModel) -> None:
        self._embedder = embedder
        self._model = model

    def check(self, text: str) -> Moderation:
        parts = _parts(text)
        if not parts:
            return Moderation((), 0.0)
        highest = self._model.probabilities(self._embedder.embed_sentences(parts)).max(axis=0)
        scores = {name: round(float(score), 4) for name, score in zip(self._model.categories, highest, strict=True)}
        over = [n for n, s, t in zip(self._model.categories, highest, self._model.thresholds, strict=True) if s >= t]
        return Moderation(tuple(sorted(over, key=lambda name: -scores[name])), max(scores.values()), scores)


def _parts(text: str) -> list[str]:
    spans = split(text)
    parts = [text[span.start : span.end] for span in spans[:MOST_SENTENCES]]
    return parts if len(spans) <= MOST_SENTENCES else [*parts, text[spans[MOST_SENTENCES].start :]]
