"""Quality of the verifier on labelled claims: `footnote eval verifier FILE.jsonl`.

Figures: area under the ROC curve, balanced accuracy at a threshold of 0.5, expected calibration error (Naeini et al.
2015, ten bins of equal width), milliseconds per claim, the two overlap baselines, and the faults of rejected claims.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import balanced_accuracy_score

from eval.data import LabelledClaim, hits_of
from eval.metrics import Overlap, auroc, calibration_error, percentiles
from rag.errors import DatasetError
from rag.evidence import EvidenceFinder, EvidencePool
from rag.types import Verdict
from rag.verification import Verifier

EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Checked:
    """One claim with its verdict, how long that took, and its overlap with the whole context (0..1)."""

    row: LabelledClaim
    verdict: Verdict
    ms: float
    unigram: float
    bigram: float


def check(
    rows: Sequence[LabelledClaim],
    finder: EvidenceFinder,
    verifier: Verifier,
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Checked]:
    """Every row's verdict. The pool of a context is made beforehand, as it is while a model writes, and not timed."""
    found: list[Checked] = []
    pools: dict[str, tuple[EvidencePool, Overlap]] = {}
    for done, row in enumerate(rows, 1):
        if row.context not in pools:
            made = _ready(finder.pool(hits_of(row.context)))
            pools = {row.context: (made, Overlap(made))}  # rows of one context stand together
        pool, overlap = pools[row.context]
        started = time.perf_counter()
        verdict = verifier.verify(row.claim, pool)
        ms = 1000 * (time.perf_counter() - started)
        shares = overlap.of(row.claim)
        found.append(Checked(row, verdict, ms, shares["words_found"], shares["pairs_found"]))
        told(done, len(rows))
    return found


def report(checked: Sequence[Checked]) -> dict[str, Any]:
    """The figures as the JSON that docs/research/verifier.md describes.

    Raises:
        DatasetError: there is no row, or all have the same label, so that nothing can be ranked.
    """
    labels = np.array([each.row.supported for each in checked])
    if len(set(labels.tolist())) < 2:  # noqa: PLR2004
        raise DatasetError("to measure a verifier, both supported and unsupported claims are needed")
    support = np.array([each.verdict.support for each in checked])
    return {
        "n": len(checked),
        "supported": int(labels.sum()),
        "auc": _rounded(auroc(labels, support)),
        "balanced_accuracy": _rounded(balanced_accuracy_score(labels, support >= EVEN)),
        "ece": _rounded(calibration_error(labels, support)),
        "released": released(checked),
        "ms_per_claim": percentiles([each.ms for each in checked], 1),
        "baselines": {
            "unigram": _rounded(auroc(labels, [each.unigram for each in checked])),
            "bigram": _rounded(auroc(labels, [each.bigram for each in checked])),
        },
        "by_error": by_error(checked),
    }


def released(checked: Sequence[Checked]) -> dict[str, Any]:
    """What the threshold in force lets through: how many, how many of them rightly, and how much of what is right."""
    out = [each for each in checked if each.verdict.supported]
    right = sum(each.row.supported for each in out)
    supported = sum(each.row.supported for each in checked)
    return {
        "n": len(out),
        "precision": _rounded(right / len(out)) if out else None,
        "recall": _rounded(right / supported) if supported else None,
    }


def by_error(checked: Sequence[Checked]) -> dict[str, Mapping[str, float]]:
    """The faults of rejected claims: how often, and how many of them are unsupported.

    If rows name their error, also the share of the claims of each error that are rejected.
    """
    faults = Counter(str(each.verdict.fault) for each in checked if not each.verdict.supported)
    found: dict[str, dict[str, float]] = {}
    for fault, count in sorted(faults.items()):
        named = [each for each in checked if str(each.verdict.fault) == fault and not each.verdict.supported]
        found[fault] = {"rejected": count, "rightly": _rounded(sum(not c.row.supported for c in named) / count)}
    for error in sorted({each.row.error for each in checked if each.row.error}):
        made = [each for each in checked if each.row.error == error]
        caught = sum(not each.verdict.supported for each in made) / len(made)
        found.setdefault(error, {}).update({"made": len(made), "caught": _rounded(caught)})
    return dict(found)


def _ready(pool: EvidencePool) -> EvidencePool:
    """The pool with everything made that a first claim would have to wait for."""
    pool.prepare()
    return pool


def _rounded(value: float) -> float:
    return round(float(value), 4)
