"""Does the evidence support the sentence? A Protocol, and the baseline that needs no language model.

The baseline is a logistic regression on a few measures of agreement, fitted by `python -m eval.fit_verifier`
and stored in `verifier_model.json`. More agreement never lowers its probability and more disagreement never
raises it: coefficients of the wrong sign are refused when the model is read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from rag.cues import direction_differs, negation_differs
from rag.errors import ModelCorrupt
from rag.evidence import EvidenceFinder, EvidencePool, Support
from rag.types import Evidence, Fault, Verdict
from rag.words import content_stems, stems, weighted_recall

MODEL_FILE = Path(__file__).with_name("verifier_model.json")
SIGNS: Mapping[str, int] = {
    "recall_of_best": 1,
    "bigram_recall": 1,
    "missing_numbers": -1,
    "missing_names": -1,
    "negation": -1,
    "direction": -1,
    "cosine": 1,
}
"""Every feature, and the sign its coefficient must have."""


class Verifier(Protocol):
    """Decides whether the hits of a question support a sentence."""

    def verify(self, sentence: str, pool: EvidencePool, *, question: str = "", before: Sequence[str] = ()) -> Verdict:
        """The verdict; `supported` only with at least one quote, and every number and name in a quote.

        `before` are the sentences of the answer that stand before this one, against which its pronouns are resolved.
        """
        ...


@dataclass(frozen=True, slots=True)
class FittedModel:
    """A logistic regression: sigmoid(intercept + sum of coefficient * (feature - mean) / scale)."""

    features: tuple[str, ...]
    coefficients: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    intercept: float

    def __post_init__(self) -> None:
        sizes = {len(self.features), len(self.coefficients), len(self.means), len(self.scales)}
        wrong = [n for n, c in zip(self.features, self.coefficients, strict=False) if SIGNS.get(n, 0) * c <= 0]
        if len(sizes) != 1 or wrong or min(self.scales, default=1) <= 0:
            raise ModelCorrupt(f"the verifier's model has a wrong size, scale or sign (features: {', '.join(wrong)})")

    def probability(self, measured: Mapping[str, float]) -> float:
        """The probability of support, 0..1."""
        logit = self.intercept
        for name, coefficient, mean, scale in zip(
            self.features, self.coefficients, self.means, self.scales, strict=True
        ):
            logit += coefficient * (measured[name] - mean) / scale
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def load_model(name: str, path: Path = MODEL_FILE) -> FittedModel:
    """The model called `name` of a file that `eval.fit_verifier` wrote.

    Raises:
        ModelCorrupt: the file is not such a file.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))["models"][name]
        features = stored["features"]
        return FittedModel(
            tuple(each["name"] for each in features),
            tuple(float(each["coefficient"]) for each in features),
            tuple(float(each["mean"]) for each in features),
            tuple(float(each["scale"]) for each in features),
            float(stored["intercept"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelCorrupt(f"{path.name} is not a verifier model: {exc!r}") from exc


def measure(sentence: str, support: Support, pool: EvidencePool) -> dict[str, float]:
    """The features of a sentence against the sentences chosen for it; `cosine` only where there are vectors."""
    language = pool.language
    words = stems(sentence, language)
    content = content_stems(sentence, language) or words
    rows = [pool.stems_of(index) for index in support.chosen]
    pairs = {pair for row in rows for pair in pairwise(row)}
    wanted_pairs = list(pairwise(words))
    quoted = " ".join(pool.candidates[index].text for index in support.chosen)
    measured = {
        "recall_of_best": max((weighted_recall(content, set(row)) for row in rows), default=0.0),
        "bigram_recall": sum(pair in pairs for pair in wanted_pairs) / max(1, len(wanted_pairs)),
        "missing_numbers": float(min(2, len(support.missing_numbers))),
        "missing_names": float(min(2, len(support.missing_names))),
        "negation": float(negation_differs(sentence, quoted)),
        "direction": float(direction_differs(sentence, quoted)),
    }
    return measured if support.cosine is None else measured | {"cosine": support.cosine}


class BaselineVerifier:
    """Finds quotes for a sentence and weighs how well they agree with it."""

    def __init__(self, finder: EvidenceFinder, model: FittedModel, *, threshold: float = 0.5) -> None:
        self._finder = finder
        self._model = model
        self._threshold = threshold

    def verify(self, sentence: str, pool: EvidencePool, *, question: str = "", before: Sequence[str] = ()) -> Verdict:
        exact = pool.verbatim(sentence)
        if exact is not None:
            return Verdict(sentence, 1.0, supported=True, evidence=(exact,))
        support = self._finder.support(sentence, pool)
        if not support.chosen:
            return Verdict(sentence, 0.0, supported=False, why="no evidence", fault="missing")
        measured = measure(sentence, support, pool)
        probability = self._model.probability(measured)
        quotes = pool.quotes(support.chosen)
        barred = support.missing_numbers or support.missing_names or measured["negation"] or measured["direction"]
        supported = probability >= self._threshold and not barred
        if supported:
            return Verdict(sentence, probability, supported, quotes)
        fault, why = reason(support, measured)
        return Verdict(sentence, probability, supported, quotes, why, fault)


def reason(support: Support, measured: Mapping[str, float]) -> tuple[Fault, str]:
    """Why a sentence is not supported, in the order in which a reader would check."""
    if support.missing_numbers:
        return "number", f"number not in the evidence: {', '.join(support.missing_numbers)}"
    if support.missing_names:
        return "name", f"name not in the evidence: {', '.join(support.missing_names)}"
    if measured["negation"]:
        return "negation", "negation differs"
    if measured["direction"]:
        return "relation", "direction differs"
    return "missing", "too little of it is in the evidence"


__all__ = ["BaselineVerifier", "Evidence", "FittedModel", "Verifier", "load_model", "measure", "reason"]
