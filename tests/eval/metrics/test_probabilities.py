"""Ranking and calibration of probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from eval.metrics import auroc, calibration_error

labelled = st.lists(st.tuples(st.booleans(), st.integers(0, 3)), min_size=2).filter(
    lambda rows: len({label for label, _ in rows}) == 2
)


@given(labelled)
@settings(deadline=None)
def test_auroc_is_that_of_scikit_learn(rows: list[tuple[bool, int]]) -> None:
    """Ties included."""
    labels, scores = [label for label, _ in rows], [float(score) for _, score in rows]
    assert auroc(labels, scores) == pytest.approx(roc_auc_score(labels, scores))


def test_auroc_counts_ties_half() -> None:
    """As the probability that a true one outranks a false one."""
    assert auroc([True, False], [0.9, 0.1]) == 1.0
    assert auroc([True, False, False], [0.5, 0.5, 0.1]) == 0.75
    assert auroc(np.array([True, False, True, False]), np.array([0.9, 0.8, 0.6, 0.1])) == 0.75


@pytest.mark.parametrize("label", [True, False])
def test_one_label_alone_ranks_nothing(label: bool) -> None:
    """A figure would mean nothing."""
    with pytest.raises(ValueError, match="both labels"):
        auroc([label, label], [0.1, 0.9])


def test_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    """Four questions in four bins."""
    labels, said = [True, False, True, False], [0.9, 0.8, 0.6, 0.1]
    assert calibration_error(labels, said) == pytest.approx((0.1 + 0.8 + 0.4 + 0.1) / 4)


def test_within_a_bin_errors_cancel_out() -> None:
    """Of ten claims at 0.55, five or six should be true."""
    assert calibration_error([True] * 11 + [False] * 9, [0.55] * 20) == pytest.approx(0)


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), min_size=1))
def test_calibration_error_is_a_share(pairs: list[tuple[float, bool]]) -> None:
    """Between 0 and 1, and 0 for what is certain and right."""
    probabilities = np.array([p for p, _ in pairs], dtype=np.float32)
    labels = np.array([label for _, label in pairs])
    assert 0 <= calibration_error(labels, probabilities) <= 1
    assert calibration_error(labels, labels.astype(np.float32)) == 0
