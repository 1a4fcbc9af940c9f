"""What a reader's log-odds are worth, learned from labelled claims."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from eval.data import LabelledClaim, load_rows
from eval.report.calibrate_reader import (
    SHIPPED_ROWS,
    TARGETS,
    OwnReading,
    as_lines,
    calibrate_reader,
    calibrate_reader_file,
    cross_validated,
    mode_figures,
    raw_reader,
)
from rag.errors import DatasetError, SettingError
from rag.settings import load_settings
from rag.verification.readers import ClaimInContext, read_calibrations
from tests.fakes.llm import FakeLlm, serving

ROWS = [
    LabelledClaim("made", f"Context {group}.", f"Claim {group} {number}.", number % 2 == 0)
    for group in range(12)
    for number in range(4)
]


UNSURE = [OwnReading(0.5, passes=True)] * len(ROWS)


class Rated:
    """A reader whose raw log-odds are given."""

    name = "rated"

    def __init__(self, rate: Callable[[LabelledClaim], float | None]) -> None:
        self._rates = {row.claim: rate(row) for row in ROWS}

    def logits(self, claims: Sequence[ClaimInContext]) -> list[float | None]:
        return [self._rates[asked.claim] for asked in claims]


def overconfident(row: LabelledClaim) -> float:
    """Right about three of the four claims of a context, and far surer than that."""
    group, number = (int(part) for part in row.claim.rstrip(".").split()[1:])
    right = number != 2 + group % 2
    return 9.0 if row.supported is right else -9.0


def test_an_overconfident_reader_is_scaled_to_what_it_is_right_in() -> None:
    """Right in three of four means three quarters."""
    found = calibrate_reader(Rated(overconfident), ROWS, UNSURE)
    assert found.ece_before == pytest.approx(0.25, abs=0.01)
    assert found.ece_after < 0.1
    assert found.calibration.probability(9.0) == pytest.approx(0.75, abs=0.05)
    assert found.auroc == pytest.approx(0.75)
    assert (found.rows, found.supported, found.undecided) == (48, 24, 0)


def test_claims_without_an_opinion_stay_even() -> None:
    """They are counted, and nothing is fitted on them."""
    found = calibrate_reader(Rated(lambda row: None if row.claim.endswith("0.") else overconfident(row)), ROWS, UNSURE)
    assert found.undecided == 12
    assert "12 undecided" in as_lines(found)[0]


def test_a_reader_that_says_the_opposite_is_not_kept() -> None:
    """Turned round it would be worth something, but nobody asked for that."""
    with pytest.raises(DatasetError, match="does not distinguish supported from unsupported"):
        calibrate_reader(Rated(lambda row: -1.0 if row.supported else 1.0), ROWS, UNSURE)


def test_a_mode_counts_what_the_verifier_would_release_by_itself() -> None:
    """Claims that a check bars are never released; of those that words speak against, the reader is not asked."""
    barred = [OwnReading(0.5, passes=row.supported) for row in ROWS]
    alone = calibrate_reader(Rated(overconfident), ROWS, UNSURE).modes["strict"]
    helped = calibrate_reader(Rated(overconfident), ROWS, barred).modes["strict"]
    assert alone.threshold is None
    assert (helped.precision, helped.recall) == (1.0, 0.75)  # of the others the reader says no
    hopeless = [OwnReading(0.05, passes=True)] * len(ROWS)
    assert calibrate_reader(Rated(overconfident), ROWS, hopeless).modes["balanced"].threshold is None


def test_no_context_is_on_both_sides() -> None:
    """Groups whose labels are their own cannot be told by a model that never saw them."""
    groups = np.repeat(np.arange(10), 10)
    labels = np.tile([True, False], 50)
    logits = np.where(labels, 2.0, -2.0)
    seen = cross_validated(logits, labels, groups)
    logits[groups == 0] *= -1
    assert np.all(cross_validated(logits, labels, groups)[groups == 0] < 0.5) == np.all(~labels[groups == 0])
    assert seen.shape == (100,)


def test_a_mode_starts_where_its_precision_is_reached() -> None:
    """Halfway to the next lower one; never, where none is, or where it would be reached by a few claims alone."""
    probabilities, labels = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, True])
    found = mode_figures(probabilities, labels, 0.9, least_released=2)
    assert (found.threshold, found.precision, found.recall) == (0.75, 1.0, pytest.approx(2 / 3, abs=1e-3))
    assert mode_figures(np.array([0.9, 0.8, 0.1]), labels[:3], 0.9, least_released=2).threshold == 0.5
    assert mode_figures(probabilities, ~labels, 0.9, least_released=2).threshold is None
    assert mode_figures(probabilities, labels, 0.9, least_released=3).threshold is None


@pytest.mark.slow
def test_one_command_asks_fits_and_keeps(tmp_path: Path) -> None:
    """By default with the rows that ship, under the reader's name; it counts from the next start."""
    truth = {row.claim: row.supported for row in load_rows(SHIPPED_ROWS)}

    def says(last: str) -> list[tuple[str, float]]:
        claim = last.partition("Claim: ")[2].partition("\n")[0]
        sure = 0.9 if truth[claim] else 0.2
        return [("yes", math.log(sure)), ("no", math.log(1 - sure))]

    told: list[tuple[int, int]] = []
    with serving(FakeLlm(first_tokens=says).app()) as url:
        settings = load_settings(llm_url=f"{url}/v1", data_dir=tmp_path)
        found = calibrate_reader_file(None, settings, lambda done, of: told.append((done, of)), once=True)
        assert calibrate_reader_file(None, settings, lambda _done, _all: None, once=True) is None
    assert found is not None
    assert told[-1] == (150, 150)
    assert found.auroc == 1.0
    assert read_calibrations(tmp_path) == {"llm:scripted-7b": found.calibration}
    assert set(found.calibration.thresholds) == set(TARGETS)
    strict = json.loads(json.dumps(found.as_json()))["modes"]["strict"]
    assert strict["precision"] >= TARGETS["strict"]
    assert 0.8 < strict["recall"] < 1, "what a check bars is not released, whatever the reader says"


def test_the_verifier_itself_has_another_command() -> None:
    """And too few rows are refused before anything is asked."""
    with pytest.raises(SettingError, match="footnote eval calibrate"):
        raw_reader(load_settings(reader="local"))


def test_too_few_rows_are_refused_before_anything_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"context": "a", "claim": "a", "label": 1}\n' * 30, encoding="utf-8")
    with pytest.raises(DatasetError, match="at least 20 rows"):
        calibrate_reader_file(path, load_settings(llm_url="http://localhost:1/v1"), lambda _done, _all: None)


def test_the_rows_that_ship_are_half_and_half_and_of_many_kinds() -> None:
    """Every context has as many true claims as false ones; none stands twice."""
    rows = load_rows(SHIPPED_ROWS)
    by_context = Counter((row.context, row.supported) for row in rows)
    assert set(by_context.values()) == {3}
    assert len({row.claim for row in rows}) == len(rows) == 150
    kinds = Counter(row.error for row in rows if not row.supported)
    assert {"number", "name", "unit", "negation", "swapped", "neighbour", "addition", "bound", "direction"} <= set(
        kinds
    )
