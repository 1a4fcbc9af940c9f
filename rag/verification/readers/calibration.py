"""Calibration of a reader's log-odds by Platt scaling, stored per reader in the data folder.

The raw probabilities of a model are not calibrated: *yes* with 99% is not correct in 99 of 100 cases. `footnote eval
calibrate-reader` fits a slope and an intercept on labelled claims (Platt, Probabilistic outputs for support vector
machines, 1999), which the reader applies. Without them it uses the raw log-odds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rag.errors import SettingError
from rag.models import sigmoid

FILE = "readers.json"
EVEN = 0.5
"""The neutral probability: pooling with it changes nothing, and no threshold lies below it."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The probability of support is `sigmoid(slope * logit + intercept)`.

    `thresholds` has, by mode, the pooled support from which the fitting rows reach the mode's target precision; a mode
    that does not reach it is missing. `rows` and `rows_sha256` are the number and the digest of the fitting rows, 0 and
    empty without a fit.
    """

    slope: float = 1.0
    intercept: float = 0.0
    rows: int = 0
    rows_sha256: str = ""
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.slope > 0:
            raise ValueError("the slope must be above 0")

    def probability(self, logit: float) -> float:
        """The probability, 0..1, of raw log-odds; it rises with them."""
        return sigmoid(self.slope * logit + self.intercept)


IDENTITY = Calibration()


def read_calibrations(data_dir: Path) -> dict[str, Calibration]:
    """The calibrations in the data folder, by name of the reader.

    Raises:
        SettingError: the file has no valid calibrations.
    """
    path = data_dir / FILE
    if not path.exists():
        return {}
    try:
        stored: Mapping[str, Mapping[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["readers"]
        return {name: _calibration(found) for name, found in stored.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise SettingError(f"{path} holds no calibrations ({exc!r}); remove it, or calibrate again") from exc


def write_calibration(name: str, calibration: Calibration, data_dir: Path) -> Path:
    """Store the calibration of the reader `name`, replacing an earlier one; other readers keep theirs."""
    kept = read_calibrations(data_dir) | {name: calibration}
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / FILE
    scratch = path.with_suffix(".new")
    stored = {"readers": {each: asdict(kept[each]) for each in sorted(kept)}}
    scratch.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    scratch.replace(path)
    return path


def _calibration(stored: Mapping[str, Any]) -> Calibration:
    return Calibration(
        slope=float(stored["slope"]),
        intercept=float(stored["intercept"]),
        rows=int(stored["rows"]),
        rows_sha256=str(stored["rows_sha256"]),
        thresholds={str(mode): max(float(value), EVEN) for mode, value in stored["thresholds"].items()},
    )
