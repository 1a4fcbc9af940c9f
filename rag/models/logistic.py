"""A logistic regression from a JSON file, with required signs of its coefficients."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rag.errors import ModelCorrupt

_STEEPEST = 30.0


def sigmoid(logit: float) -> float:
    """The probability, 0..1, of log-odds; never so steep that it overflows."""
    return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, logit))))


def log_odds(probability: float) -> float:
    """The log-odds of a probability, 0..1; finite also for 0 and 1."""
    certain = 1 / (1 + math.exp(_STEEPEST))
    kept = min(max(probability, certain), 1 - certain)
    return math.log(kept / (1 - kept))


@dataclass(frozen=True, slots=True)
class Logistic:
    """sigmoid(intercept + sum of coefficient * (feature - mean) / scale)."""

    features: tuple[str, ...]
    coefficients: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    intercept: float

    def __post_init__(self) -> None:
        sizes = {len(self.features), len(self.coefficients), len(self.means), len(self.scales)}
        if len(sizes) != 1 or min(self.scales, default=0) <= 0:
            raise ModelCorrupt(f"a model of {', '.join(self.features)} has a wrong size or scale")

    def signed(self, signs: Mapping[str, int]) -> Self:
        """The same model, once each coefficient is known to have the sign that its feature must have.

        Raises:
            ModelCorrupt: naming the features whose coefficients have another sign or that have no sign.
        """
        columns = zip(self.features, self.coefficients, strict=True)
        if wrong := [name for name, slope in columns if signs.get(name, 0) * slope <= 0]:
            raise ModelCorrupt(f"a model has coefficients of the wrong sign: {', '.join(wrong)}")
        return self

    def probability(self, measured: Mapping[str, float]) -> float:
        """The probability, 0..1."""
        columns = zip(self.features, self.coefficients, self.means, self.scales, strict=True)
        logit = self.intercept + sum(slope * (measured[name] - mean) / scale for name, slope, mean, scale in columns)
        return sigmoid(logit)

    def as_json(self) -> dict[str, Any]:
        """The model as `load_logistic` reads it."""
        columns = zip(self.features, self.coefficients, self.means, self.scales, strict=True)
        features = [
            {"name": name, "coefficient": round(slope, 6), "mean": round(mean, 6), "scale": round(scale, 6)}
            for name, slope, mean, scale in columns
        ]
        return {"intercept": round(self.intercept, 6), "features": features}


def load_logistic(path: Path, name: str, signs: Mapping[str, int]) -> Logistic:
    """The model called `name` of a JSON file of `{"models": {name: {"intercept", "features"}}}`.

    Raises:
        ModelCorrupt: the file is not such a file, or a coefficient does not have the sign in `signs`.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))["models"][name]
        features = stored["features"]
        model = Logistic(
            tuple(str(each["name"]) for each in features),
            tuple(float(each["coefficient"]) for each in features),
            tuple(float(each["mean"]) for each in features),
            tuple(float(each["scale"]) for each in features),
            float(stored["intercept"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelCorrupt(f"{path.name} is not a model: {exc!r}") from exc
    return model.signed(signs)
