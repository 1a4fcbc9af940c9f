"""Percentiles of measured times."""

from __future__ import annotations

from eval.metrics import percentiles


def test_the_median_and_the_95th_percentile_are_told() -> None:
    """Interpolated between neighbours, and rounded."""
    assert percentiles([1.0, 2.0, 3.0, 4.0]) == {"p50": 2.5, "p95": 3.85}
    assert percentiles([1 / 3], digits=3) == {"p50": 0.333, "p95": 0.333}


def test_nothing_measured_is_zero() -> None:
    """A run in which nothing was answered has figures too."""
    assert percentiles([]) == {"p50": 0.0, "p95": 0.0}
