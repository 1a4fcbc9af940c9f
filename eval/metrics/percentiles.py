"""Measured times as median and 95th percentile."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def percentiles(values: Sequence[float], digits: int = 2) -> dict[str, float]:
    """`p50` and `p95`, rounded; 0 where nothing was measured."""
    p50, p95 = np.percentile(values or [0.0], [50, 95])
    return {"p50": round(float(p50), digits), "p95": round(float(p95), digits)}
