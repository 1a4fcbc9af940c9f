"""Do today's scores look like the ones a threshold was chosen on?"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

LATEST = 500
"""Live scores that are kept: the latest."""
FEWEST = 100
"""Live scores below which nothing is said."""
SURPRISE = 0.001
"""The alarm rings when chance alone would part the two samples this far less often than this."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What the comparison found: `distance` is the largest gap between the two cumulative distributions, 0..1.

    `waiting` until there are enough live scores; `distance` and `p_value` are None until then.
    """

    state: Literal["waiting", "quiet", "alarm"]
    live: int
    distance: float | None = None
    p_value: float | None = None


class DriftAlarm:
    """Holds the latest live scores against a calibration's, by the two-sample test of Kolmogorov and Smirnov.

    Sentences of one answer depend on each other and the alarm is asked again and again: both make chance alarms
    likelier than `SURPRISE` says, which is why that is small. Safe to use from several threads.
    """

    def __init__(self, calibrated: Sequence[float], *, latest: int = LATEST, fewest: int = FEWEST) -> None:
        self._calibrated = tuple(calibrated)
        self._fewest = fewest
        self._live: deque[float] = deque(maxlen=latest)

    def watch(self, score: float) -> None:
        """Remember a live score; the oldest is forgotten when there are too many."""
        self._live.append(score)

    def look(self) -> Drift:
        """The comparison of what is remembered now."""
        live = tuple(self._live)
        if len(live) < self._fewest or not self._calibrated:
            return Drift("waiting", len(live))
        from scipy.stats import ks_2samp  # takes half a second, and there is nothing to compare in a short process

        found = ks_2samp(live, self._calibrated, method="asymp")
        state: Literal["quiet", "alarm"] = "alarm" if found.pvalue < SURPRISE else "quiet"
        return Drift(state, len(live), round(float(found.statistic), 4), float(found.pvalue))
