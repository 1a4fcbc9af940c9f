"""A logistic regression as data: a few coefficients in a JSON file, each of the sign it must have."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelCorrupt

_STEEPEST = 30.0


def sigmoid(logit: float) -> float:
    """The probability, 0..1, of log-odds; never so steep that it overflows."""
    return 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, logit))))


@dataclass(frozen=True, slots=True)
class Logistic:
    """sigmoid(intercept + sum of coefficient * (signal - mean) / scale): more of any signal never lowers it."""

    signals: tuple[str, ...]
    coefficients: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    intercept: float

    def __post_init__(self) -> None:
        sizes = {len(self.signals), len(self.coefficients), len(self.means), len(self.scales)}
        if len(sizes) != 1 or min(self.scales, default=0) <= 0 or min(self.coefficients, default=0) <= 0:
            raise ModelCorrupt(f"a model of {', '.join(self.signals)} has a wrong size, scale or sign")

    def probability(self, measured: Mapping[str, float]) -> float:
        """The probability, 0..1."""
        columns = zip(self.signals, self.coefficients, self.means, self.scales, strict=True)
        logit = self.intercept + sum(slope * (measured[name] - mean) / scale for name, slope, mean, scale in columns)
        return sigmoid(logit)


def load_logistic(path: Path, name: str) -> Logistic:
    """The model called `name` of a JSON file of `{"models": {name: {"intercept", "signals"}}}`.

    Raises:
        ModelCorrupt: the file is not such a file.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))["models"][name]
        signals = stored["signals"]
        return Logistic(
            tuple(str(each["name"]) for each in signals),
            tuple(float(each["coefficient"]) for each in signals),
            tuple(float(each["mean"]) for each in signals),
            tuple(float(each["scale"]) for each in signals),
            float(stored["intercept"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelCorrupt(f"{path.name} is not a model: {exc!r}") from exc
