"""Detection of sentences without a claim, such as greetings and opinions, which cannot be verified.

A logistic regression on a sentence's embedding and a few surface features, fitted by `python -m eval.fit.claims` on
`eval/data/claim_sentences.jsonl` and stored in `claims_model.json`. The threshold is chosen so that hardly any claim is
lost. English only: in another language every sentence counts as a claim.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.errors import ModelCorrupt
from rag.models import SentenceVectors, sigmoid
from rag.text import content_stems, names, tokens, weight
from rag.types import FloatArray

CLAIMS_FILE = Path(__file__).with_name("claims_model.json")
SURFACE = ("number", "name", "first_person", "second_person", "exclaims", "asks", "leads_in", "length", "telling")
_FIRST_PERSON = frozenset("i i'm i'd i'll i've me my mine myself we we're our us".split())
_SECOND_PERSON = frozenset("you you're you'd you'll you've your yours".split())


def surface_features(sentence: str) -> list[float]:
    """The features of `SURFACE`, in that order; `telling` is the mean weight of the indicative words, 0 without any."""
    words = tokens(sentence)
    told = [weight(stem) for stem in content_stems(sentence)]
    ending = sentence.rstrip(" \"”’')*_")
    return [
        float(any(char.isdigit() for char in sentence)),
        float(bool(names(sentence))),
        float(bool(_FIRST_PERSON & set(words))),
        float(bool(_SECOND_PERSON & set(words))),
        float(ending.endswith("!")),
        float(ending.endswith("?")),
        float(ending.endswith(":")),
        math.log(1 + len(words)),
        sum(told) / len(told) if told else 0.0,
    ]


@dataclass(frozen=True, slots=True)
class ClaimModel:
    """Weights of the surface features and, optionally, of an embedding; from `threshold` on, a sentence has no
    claim.
    """

    surface: tuple[float, ...]
    embedding: FloatArray
    intercept: float
    threshold: float

    def __post_init__(self) -> None:
        if len(self.surface) != len(SURFACE) or not 0 < self.threshold <= 1:
            raise ModelCorrupt("the model of claims has a wrong size or threshold")

    def emptiness(self, measured: Sequence[float], vector: FloatArray | None) -> float:
        """The probability, 0..1, that a sentence carries no claim."""
        logit = self.intercept + sum(w * x for w, x in zip(self.surface, measured, strict=True))
        if vector is not None and len(self.embedding):
            logit += float(self.embedding @ vector)
        return sigmoid(logit)


def load_claim_model(name: str, path: Path = CLAIMS_FILE) -> ClaimModel:
    """The model called `name` (`vectors` or `words`) of a file that `eval.fit.claims` wrote.

    Raises:
        ModelCorrupt: the file is not such a file.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))["models"][name]
        return ClaimModel(
            tuple(float(stored["surface"][each]) for each in SURFACE),
            np.array(stored["embedding"], dtype=np.float32),
            float(stored["intercept"]),
            float(stored["threshold"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelCorrupt(f"{path.name} is not a model of claims: {exc!r}") from exc


class FittedClaims:
    """Detects claims with a fitted model; `embedder` must be the one that the model was fitted with, or None."""

    def __init__(self, model: ClaimModel, embedder: SentenceVectors | None = None) -> None:
        self._model = model
        self._embedder = embedder

    def carries_claim(self, sentence: str, language: str = "en") -> bool:
        return language != "en" or self.emptiness(sentence) < self._model.threshold

    def emptiness(self, sentence: str) -> float:
        """The probability, 0..1, that the sentence carries no claim."""
        vector = None if self._embedder is None else self._embedder.embed_sentences([sentence])[0]
        return self._model.emptiness(surface_features(sentence), vector)
