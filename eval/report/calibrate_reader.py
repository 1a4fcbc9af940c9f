"""`footnote eval calibrate-reader`: the calibration of a reader from labelled claims.

Platt scaling, a logistic regression on the raw log-odds. All figures except the area under the curve, which scaling
does not change, are cross-validated, with all claims of a context in one fold (ignoring case and white space). The
share of supported claims is that of the rows; it is one half in the included ones. Then the pooled support is found
from which each mode reaches its target precision.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

from eval.data import LabelledClaim, hits_of, load_rows
from eval.metrics import auroc, calibration_error
from rag.build.answerer import build_finder, build_verifier
from rag.build.models import build_llm_reader, build_reader
from rag.errors import DatasetError, SettingError
from rag.models import sigmoid
from rag.settings import Settings
from rag.types import FloatArray, sha256_of
from rag.verification import LEAST_ASKED, decided_support, verifier_version
from rag.verification.readers import (
    EVEN,
    IDENTITY,
    LOCAL,
    Calibration,
    ClaimInContext,
    read_calibrations,
    write_calibration,
)

SHIPPED_ROWS = Path(__file__).parents[1] / "data" / "reader_rows.jsonl"
TARGETS: Mapping[str, float] = {"strict": 0.97, "balanced": 0.9}
"""The precision that each mode is after."""
WAY = 3
"""The number of the way in which thresholds are found: a calibration in another way is out of date."""
_FOLDS = 5
_BATCH = 16
_LEAST_ROWS = 20
_LEAST_RELEASED = 10
Told = Callable[[int, int], None]
"""Told how many rows are done, and of how many."""


class RawReader(Protocol):
    """A reader before its calibration."""

    @property
    def name(self) -> str:
        """What the calibration is kept under."""
        ...

    def logits(self, claims: Sequence[ClaimInContext]) -> Sequence[float | None]:
        """Raw log-odds of support for each claim; None where it has no opinion."""
        ...


class Yielding:
    """A reader that decides, and leaves every probability as it is: what is left is the verifier's own reading.

    The checks that a reader replaces do not apply beside it.
    """

    name, reads, calibration = "none", True, IDENTITY

    def probabilities(self, claims: Sequence[ClaimInContext]) -> list[float]:
        return [math.nextafter(EVEN, 1)] * len(claims)


@dataclass(frozen=True, slots=True)
class OwnReading:
    """The verifier's result for a claim without a reader: its support, 0..1, and whether no check rejects it."""

    support: float
    passes: bool


@dataclass(frozen=True, slots=True)
class ModeFigures:
    """From which support, pooled with the verifier's own, a mode's target is reached; with what precision and recall.

    All are 0..1; None if it never is.
    """

    target: float
    threshold: float | None
    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """The quality of a reader on labelled claims, and its calibration.

    `undecided` are claims with neither *yes* nor *no*; `ece` is the expected calibration error, before and after.
    """

    reader: str
    rows: int
    supported: int
    undecided: int
    auroc: float
    ece_before: float
    ece_after: float
    modes: Mapping[str, ModeFigures]
    calibration: Calibration

    def as_json(self) -> dict[str, Any]:
        """Everything, as one object."""
        return asdict(self)


def calibrate_reader_file(
    path: Path | None, settings: Settings, told: Told, *, once: bool = False
) -> ReaderReport | None:
    """Run the reader on the rows of a file, fit its calibration, and store it in the data folder.

    With `once`, None and nothing done if a calibration of this reader on these rows is stored already.

    Raises:
        DatasetError: the rows are malformed, too few or of one label, or the reader does not separate them.
        SettingError: FOOTNOTE_READER names no model.
        ModelUnavailable: the model cannot be reached, fails, or gives no log-probabilities.
    """
    rows = load_rows(path or SHIPPED_ROWS)
    _check(rows)
    reader = raw_reader(settings)
    if once and _is_kept(reader, rows, settings):
        return None
    found = calibrate_reader(reader, rows, own_readings(rows, settings), told)
    write_calibration(found.reader, found.calibration, settings.data_dir)
    return found


def _is_kept(reader: RawReader, rows: Sequence[LabelledClaim], settings: Settings) -> bool:
    """Whether a calibration on these rows is stored under the reader's name, which its server tells with a reply."""
    reader.logits([ClaimInContext(rows[0].claim, rows[0].context)])
    kept = read_calibrations(settings.data_dir).get(reader.name)
    return kept is not None and kept.rows_sha256 == digest_of(rows)


def raw_reader(settings: Settings) -> RawReader:
    """The reader of these settings, without what was kept of an earlier calibration.

    Raises:
        SettingError: it is the verifier itself, which `footnote eval calibrate` is for.
    """
    if settings.reader == LOCAL:
        raise SettingError("FOOTNOTE_READER=local names no model; `footnote eval calibrate` is for the verifier itself")
    if settings.reader in ("auto", "llm"):
        return build_llm_reader(settings)
    reader: Any = build_reader(settings)
    hub: RawReader = reader
    return hub


def calibrate_reader(
    reader: RawReader,
    rows: Sequence[LabelledClaim],
    own: Sequence[OwnReading],
    told: Told = lambda _done, _all: None,
) -> ReaderReport:
    """The figures of a reader on labelled rows, and the resulting calibration; `own` has the verifier's result per row.

    Raises:
        DatasetError: the reader does not separate the rows. ModelUnavailable: as the reader does.
    """
    said: list[float | None] = []
    for start in range(0, len(rows), _BATCH):
        said += reader.logits([ClaimInContext(row.claim, row.context) for row in rows[start : start + _BATCH]])
        told(len(said), len(rows))
    decided = np.array([logit is not None for logit in said])
    logits = np.array([0.0 if logit is None else logit for logit in said])
    labels = np.array([row.supported for row in rows])
    groups = np.array([_group_of(row.context) for row in rows])
    before, after = np.full(len(rows), EVEN), np.full(len(rows), EVEN)
    before[decided] = [sigmoid(logit) for logit in logits[decided]]
    model = LogisticRegression().fit(logits[decided, None], labels[decided])
    if model.coef_[0][0] <= 0:
        raise DatasetError(f"{reader.name} does not distinguish supported from unsupported claims; nothing was stored")
    after[decided] = cross_validated(logits[decided], labels[decided], groups[decided])
    pooled = np.array([_pooled(mine, float(read)) for mine, read in zip(own, after, strict=True)])
    pooled[~decided] = -1.0  # of these the words decide
    modes = {mode: mode_figures(pooled, labels, target) for mode, target in TARGETS.items()}
    calibration = Calibration(
        slope=round(float(model.coef_[0][0]), 6),
        intercept=round(float(model.intercept_[0]), 6),
        rows=len(rows),
        rows_sha256=digest_of(rows),
        thresholds={mode: each.threshold for mode, each in modes.items() if each.threshold is not None},
    )
    return ReaderReport(
        reader=reader.name,
        rows=len(rows),
        supported=int(labels.sum()),
        undecided=int((~decided).sum()),
        auroc=round(float(auroc(labels, logits)), 4),
        ece_before=round(calibration_error(labels, before), 4),
        ece_after=round(calibration_error(labels, after), 4),
        modes=modes,
        calibration=calibration,
    )


def digest_of(rows: Sequence[LabelledClaim]) -> str:
    """The digest under which a calibration names its rows, the verifier, and this way to a threshold."""
    told = "\n".join(f"{row.context}\t{row.claim}\t{row.supported}" for row in rows)
    return sha256_of(f"{WAY} {verifier_version()}\n{told}".encode())


def own_readings(rows: Sequence[LabelledClaim], settings: Settings) -> list[OwnReading]:
    """The result of the verifier of these settings for each claim and its context, as before a reader is used."""
    finder = build_finder(settings)
    verifier = build_verifier(settings, finder, threshold=0.0, reader=Yielding())
    verdicts = (verifier.verify(row.claim, finder.pool(hits_of(row.context))) for row in rows)
    return [OwnReading(verdict.support, verdict.supported) for verdict in verdicts]


def _pooled(own: OwnReading, read: float) -> float:
    if not own.passes:
        return -1.0
    return decided_support(own.support, read) if own.support >= LEAST_ASKED else own.support


def cross_validated(logits: FloatArray, labels: Any, groups: Any) -> FloatArray:
    """The probability of each row by a model that saw no row of its group, shape (n,)."""
    folds = StratifiedGroupKFold(min(_FOLDS, len(set(groups.tolist()))), shuffle=True, random_state=0)
    shares = cross_val_predict(
        LogisticRegression(), logits[:, None], labels, groups=groups, cv=folds, method="predict_proba"
    )
    found: FloatArray = shares[:, 1]
    return found


def mode_figures(
    probabilities: FloatArray, labels: Any, target: float, *, least_released: int = _LEAST_RELEASED
) -> ModeFigures:
    """The probability from which so large a share of the claims is supported, and what is released then.

    It lies halfway between the lowest probability of which that is so, and the one below it, but not below even odds. A
    claim of a probability below 0 is never released. None where fewer than `least_released` claims would be: a share of
    a few means nothing.
    """
    told = sorted(set(probabilities.tolist()))
    for at, lowest in enumerate(told):
        out = probabilities >= lowest
        if lowest < EVEN or out.sum() < least_released:
            continue
        precision = float(labels[out].mean())
        if precision >= target:
            below = max(0.0, told[at - 1]) if at else 0.0
            threshold = max(EVEN, (lowest + below) / 2)
            recall = float(labels[out].sum() / labels.sum())
            return ModeFigures(target, threshold, round(precision, 4), round(recall, 4))
    return ModeFigures(target, None, None, None)


def as_lines(found: ReaderReport) -> list[str]:
    """The report in words."""
    kept = found.calibration
    lines = [
        f"{found.reader}: {found.rows} claims, {found.supported} of them supported, {found.undecided} undecided",
        f"AUROC {found.auroc:.3f}; expected calibration error {found.ece_before:.3f}, scaled {found.ece_after:.3f}",
    ]
    for mode, each in found.modes.items():
        if each.threshold is None:
            lines.append(f"{mode}: a precision of {each.target:.0%} is not reached")
        else:
            lines.append(
                f"{mode} (precision {each.target:.0%}): from a support of {each.threshold:.3f}, "
                f"precision {each.precision:.1%}, recall {each.recall:.1%}"
            )
    return [*lines, f"kept: probability = sigmoid({kept.slope:.3f} * log-odds {kept.intercept:+.3f})"]


def _group_of(context: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", context).casefold().split())


def _check(rows: Sequence[LabelledClaim]) -> None:
    groups = {label: {_group_of(row.context) for row in rows if row.supported is label} for label in (True, False)}
    if len(rows) < _LEAST_ROWS or min(map(len, groups.values())) < 2:  # noqa: PLR2004
        raise DatasetError(
            f"to calibrate a reader, at least {_LEAST_ROWS} rows are needed, and of each label some from two contexts"
        )
