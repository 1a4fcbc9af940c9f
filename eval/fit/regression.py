"""Logistic regression with required signs of the coefficients."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from eval.fit.samples import Sample, weights_of
from rag.errors import DatasetError
from rag.models import Logistic
from rag.types import FloatArray
from rag.verification import SIGNS

_PENALTY = 0.2
_LEAST = 1e-4


def fit(samples: Sequence[Sample], *, drop: Sequence[str] = ()) -> Logistic:
    """The model of these samples, without some features; data sets, and both labels within each, have equal weight.

    A ridge penalty on standardised features, with the weight that ranked left-out data sets best; then Platt scaling
    (1999), because shrunken coefficients give probabilities too close to 0.5. A feature that would need the wrong sign
    gets no weight.

    Raises:
        DatasetError: only one label occurs, or no feature separates the labels.
    """
    labels = np.array([sample.supported for sample in samples], dtype=np.float32)
    if len(set(labels)) < 2:  # noqa: PLR2004
        raise DatasetError("to fit a verifier, both supported and unsupported claims are needed")
    counts = weights_of([(each.dataset, each.supported) for each in samples])
    weights = np.array(counts, dtype=np.float32) / np.float32(len(samples))
    names = [name for name in SIGNS if name in samples[0].measured and name not in drop]
    raw = np.array([[sample.measured[name] for name in names] for sample in samples])
    means = np.average(raw, axis=0, weights=weights)
    scales = np.sqrt(np.average((raw - means) ** 2, axis=0, weights=weights))
    names, raw, means, scales = _varying(names, raw, means, scales)
    standard = (raw - means) / scales
    slopes = _slopes(standard, labels, weights, [SIGNS[name] for name in names])
    platt = LogisticRegression(C=1e6).fit((standard @ slopes)[:, None], labels, sample_weight=weights * len(samples))
    slopes = slopes * platt.coef_[0][0]
    kept = [i for i, slope in enumerate(slopes) if abs(slope) > _LEAST]
    if not kept:
        raise DatasetError("no feature distinguishes supported from unsupported claims in these data sets")
    columns = [tuple(float(column[i]) for i in kept) for column in (slopes, means, scales)]
    return Logistic(tuple(names[i] for i in kept), columns[0], columns[1], columns[2], float(platt.intercept_[0]))


def _varying(
    names: list[str], raw: FloatArray, means: FloatArray, scales: FloatArray
) -> tuple[list[str], FloatArray, FloatArray, FloatArray]:
    kept = scales > _LEAST
    return [name for name, varies in zip(names, kept, strict=True) if varies], raw[:, kept], means[kept], scales[kept]


def _slopes(standard: FloatArray, labels: FloatArray, weights: FloatArray, signs: Sequence[int]) -> FloatArray:
    """Coefficients of the signs given, shape (k,), that minimise weighted cross-entropy and the penalty."""

    def loss(at: FloatArray) -> tuple[float, FloatArray]:
        probabilities = 1 / (1 + np.exp(-(standard @ at[:-1] + at[-1])))
        entropy = -np.log(np.where(labels == 1, probabilities, 1 - probabilities) + 1e-12)
        wrong = weights * (probabilities - labels)
        slope = np.append(standard.T @ wrong + 2 * _PENALTY * at[:-1], wrong.sum())
        return float(weights @ entropy + _PENALTY * at[:-1] @ at[:-1]), slope

    bounds = [(0, None) if sign > 0 else (None, 0) for sign in signs]
    found = minimize(loss, np.zeros(len(signs) + 1), jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B")
    slopes: FloatArray = found.x[:-1]
    return slopes
