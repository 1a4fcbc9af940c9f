"""The drift alarm: whether current scores follow the distribution of the calibration."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

LATEST = 500
"""Number of latest scores that are compared."""
FEWEST = 100
"""Minimum number of scores for a comparison."""
SURPRISE = 0.001
"""The alarm is raised if the p-value is below this."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The result of a comparison: `distance` is the largest gap between the two cumulative distributions, 0..1.

    `waiting` until there are enough live scores; `distance` and `p_value` are None until then.
    """

    state: Literal["waiting", "quiet", "alarm"]
    live: int
    distance: float | None = None
    p_value: float | None = None


class DriftAlarm:
    """Compares the latest scores with those of the calibration by the two-sample Kolmogorov-Smirnov test.

    Sentences of one answer are not independent, and the test is repeated: both make false alarms more frequent than
    `SURPRISE`, which is therefore small. Safe to use from several threads.
    """

    def __init__(self, calibrated: Sequence[float], *, latest: int = LATEST, fewest: int = FEWEST) -> None:
        self._calibrated = tuple(calibrated)
        self._fewest = fewest
        self._live: deque[float] = deque(maxlen=latest)

    def watch(self, score: float) -> None:
        """Add a score; beyond the maximum the oldest is dropped."""
        self._live.append(score)

    def look(self) -> Drift:
        """Compare the current scores."""
        live = tuple(self._live)
        if len(live) < self._fewest or not self._calibrated:
            return Drift("waiting", len(live))
        from scipy.stats import ks_2samp  # takes half a second, and there is nothing to compare in a short process

        found = ks_2samp(live, self._calibrated, method="asymp")
        state: Literal["quiet", "alarm"] = "alarm" if found.pvalue < SURPRISE else "quiet"
        return Drift(state, len(live), round(float(found.statistic), 4), float(found.pvalue))
