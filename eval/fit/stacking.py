"""Weigh what the verifier measures: a logistic regression whose coefficients have the signs they must have.

An encoder taught on rows like those that weigh it looks better than it is on data of a new kind. So every data set is
also weighed with the logits of an encoder that never saw it (stacked generalisation, Wolpert 1992, by data set), and
both views count the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from eval.fit.samples import Part, Sample, weights_of, with_encoder
from rag.errors import DatasetError
from rag.models import Logistic
from rag.types import FloatArray
from rag.verification import SIGNS

ALL = ""
"""The name of the encoder that saw every data set."""
Logits = Mapping[str, FloatArray]
"""By the data set that an encoder did not see, ALL for none: its logits of every sample, shape (n, 2)."""
_PENALTY = 0.2
_LEAST = 1e-4


def seen(samples: Sequence[Sample], logits: Logits, *, without: str = ALL) -> list[Sample]:
    """The samples as one encoder reads them: the one that saw everything, or everything but a data set."""
    return with_encoder(samples, logits[without])


def unseen(samples: Sequence[Sample], logits: Logits) -> list[Sample]:
    """The samples, each data set as an encoder reads it that never saw it."""
    chosen = np.array([logits[sample.dataset][i] for i, sample in enumerate(samples)])
    return with_encoder(samples, chosen)


def weigh(samples: Sequence[Sample], logits: Logits, *, without: str = ALL, drop: Sequence[str] = ()) -> Logistic:
    """The model of the rows that do not judge, but for those of one data set; `drop` are measures to do without.

    Rows that teach and weigh as encoders read them that never saw their data set; rows that weigh as one that did.

    Raises:
        DatasetError: only one label occurs.
    """
    new = [each for each in unseen(samples, logits) if each.part is not Part.JUDGE]
    known = [each for each in seen(samples, logits, without=without) if each.part is Part.WEIGH]
    views = [[each for each in view if each.dataset != without] for view in (new, known)]
    return fit([view for view in views if view], drop=drop)


def fit(views: Sequence[Sequence[Sample]], *, drop: Sequence[str] = ()) -> Logistic:
    """The model of these samples: every view, in it every data set, and in that both labels count the same.

    A ridge penalty on standardised measures, of the weight that ranked left-out data sets best; then Platt's scaling
    (1999), since shrunken coefficients say too little. A measure that would need the wrong sign gets no weight.

    Raises:
        DatasetError: only one label occurs, or no measure tells one from the other.
    """
    rows = [sample for view in views for sample in view]
    labels = np.array([sample.supported for sample in rows], dtype=np.float32)
    if len(set(labels)) < 2:  # noqa: PLR2004
        raise DatasetError("to fit a verifier, both supported and unsupported claims are needed")
    shares = [np.array(weights_of([(each.dataset, each.supported) for each in view])) / len(view) for view in views]
    weights = np.concatenate(shares).astype(np.float32) / np.float32(len(views))
    names = [name for name in SIGNS if name in rows[0].measured and name not in drop]
    raw = np.array([[sample.measured[name] for name in names] for sample in rows])
    means = np.average(raw, axis=0, weights=weights)
    scales = np.sqrt(np.average((raw - means) ** 2, axis=0, weights=weights))
    names, raw, means, scales = _varying(names, raw, means, scales)
    standard = (raw - means) / scales
    slopes = _slopes(standard, labels, weights, [SIGNS[name] for name in names])
    platt = LogisticRegression(C=1e6).fit((standard @ slopes)[:, None], labels, sample_weight=weights * len(rows))
    slopes = slopes * platt.coef_[0][0]
    kept = [i for i, slope in enumerate(slopes) if abs(slope) > _LEAST]
    if not kept:
        raise DatasetError("no measure tells supported from unsupported claims in these data sets")
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
