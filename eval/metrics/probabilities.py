"""Ranking quality and calibration of probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

_BINS = 10
Labels = Sequence[bool] | NDArray[np.bool_]
Scores = Sequence[float] | NDArray[np.floating]


def auroc(labels: Labels, scores: Scores) -> float:
    """The chance that a true one scores above a false one, ties counting half: the area under the ROC curve.

    Computed from the sum of ranks (Mann and Whitney, 1947), which has no rounding error but that of the last division.

    Raises:
        ValueError: all labels are the same, so that there is nothing to rank.
    """
    true = np.asarray(labels, dtype=bool)
    yes, no = int(true.sum()), int((~true).sum())
    if not yes or not no:
        raise ValueError("to rank, both labels are needed")
    return float((rankdata(scores)[true].sum() - yes * (yes + 1) / 2) / (yes * no))


def calibration_error(labels: Labels, probabilities: Scores) -> float:
    """The expected calibration error over ten bins of equal width (Naeini et al., 2015)."""
    said = np.asarray(probabilities, dtype=float)
    bins = np.minimum((said * _BINS).astype(int), _BINS - 1)
    gaps = np.bincount(bins, weights=np.asarray(labels, dtype=float) - said)
    return float(np.abs(gaps).sum() / len(said))
