"""The simulation of the guarantee: what a run is, and that promises are kept."""

from __future__ import annotations

import pytest

from benchmarks.verifier.guarantee import Run, as_table, evaluated, simulate, summary
from eval.metrics.calibration import Scored


def claims(number: int) -> list[Scored]:
    """Claims of which the upper half is nearly always supported and the lower half seldom."""
    return [
        Scored(number % 40 > 0 if place >= 0.5 else number % 3 == 0, place)
        for number, place in ((index, (index * 37 % number) / number) for index in range(number))
    ]


def test_a_threshold_is_evaluated_by_what_it_releases() -> None:
    """Risk among the released, coverage among all; barred claims are not released."""
    scored = [Scored(True, 0.9), Scored(False, 0.8), Scored(False, 0.9, barred=True), Scored(True, 0.1)]
    assert evaluated(scored, 0.5) == Run(0.5, 0.5, 0.5)
    assert evaluated(scored, 0.95) == Run(0.0, 0.0, 0.95)


def test_promises_are_kept_in_nine_of_ten_runs() -> None:
    """Of runs on claims drawn with replacement at most a tenth lies above the target; the same runs come again."""
    runs = simulate(claims(800), 0.1, replace=True, runs=100)
    assert runs == simulate(claims(800), 0.1, replace=True, runs=100)
    found = summary(runs, 0.1)
    assert found["exceeded"] is not None
    assert found["exceeded"] <= 0.1
    assert found["coverage"] is not None
    assert found["coverage"] > 0.3


def test_halves_are_evaluated_on_what_was_not_calibrated_on() -> None:
    """Each run sees the other half of the claims only, drawn anew: of 90 of them, about half are true and released."""
    runs = simulate([Scored(True, 0.9)] * 90 + [Scored(False, 0.0)] * 90, 0.2, replace=False, runs=20)
    shares = [run.coverage for run in runs if run]
    assert all(run and run.risk == 0 for run in runs)
    assert len(set(shares)) > 1
    assert all(share * 90 == pytest.approx(round(share * 90)) and 0.3 < share < 0.7 for share in shares)


def test_refused_runs_count_as_kept_and_have_no_mean() -> None:
    """Nothing was released, so nothing unsupported was."""
    found = summary([None, None], 0.05)
    assert (found["refused"], found["exceeded"], found["coverage"]) == (1.0, 0.0, None)
    table = as_table({"0.05": {"labels": 9, "other_half": found, "population": found}})
    assert "| 5% | 9 | 100.0% | 0.0% | 0.0% |  |  |" in table
