"""What a language model as a reader is worth, and how its word is best weighed with the verifier's.

    python -m benchmarks reader LABELLED_FOLDER --replies replies.jsonl [--each 15]

Every claim of `python -m benchmarks claim-sample` is put to the language model of FOOTNOTE_READER_URL or
FOOTNOTE_LLM_URL, barred or not, with the window that the verifier reads. Replies are kept in the file, and those that
it has are not asked for again. Prints the AUC of each data set for the verifier, the reader and both, and what four
rules would release in each mode, before clauses are looked at; then the same for the reader calibrated, cross-validated
over the same claims.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.harness import LabelledFolder, Result
from benchmarks.verifier.claim_sample import held_out_rows, sample
from benchmarks.verifier.replies import KeptReplies
from eval.data import LabelledClaim, hits_of
from eval.metrics import auroc, percentiles
from eval.report.calibrate_reader import cross_validated
from rag.build.answerer import build_finder
from rag.build.models import build_llm_reader
from rag.models import log_odds, sigmoid
from rag.settings import Settings, load_settings
from rag.verification import (
    CheckedVerifier,
    load_model,
    load_modes,
    pooled_support,
    reader_could_decide,
    window_for,
)
from rag.verification.checks import CHECKS
from rag.verification.readers import ClaimInContext

Row = dict[str, Any]
Rule = Callable[[float, float, float], float]


def _product(support: float, read: float, threshold: float) -> float:
    return pooled_support(support, read) if reader_could_decide(support, threshold) else support


RULES: Mapping[str, Rule] = {
    "no reader": lambda support, _read, _threshold: support,
    "the lesser": lambda support, read, _threshold: min(support, read),
    "mean of log-odds": lambda support, read, _threshold: sigmoid(
        (log_odds(support) + log_odds(min(max(read, 0.01), 0.99))) / 2
    ),
    "product of odds": _product,
}


def read_all(claims: Sequence[tuple[str, LabelledClaim]], settings: Settings, replies: Path) -> list[Row]:
    """Each claim with its label, its support, whether no fact bars it, and the reader's probability."""
    finder, reader = build_finder(settings), KeptReplies(build_llm_reader(settings), replies)
    facts = [check for check in CHECKS if not check.only_without_reader]
    barring = CheckedVerifier(finder, load_model("vectors"), threshold=0.0, checks=facts)
    rows = []
    for name, claim in claims:
        pool = finder.pool(hits_of(claim.context))
        verdict = barring.verify(claim.claim, pool)
        window = window_for(claim.claim, finder.support(claim.claim, pool), pool)
        read = reader.probabilities([ClaimInContext(claim.claim, window)])[0]
        row = {"set": name, "label": claim.supported, "support": verdict.support, "passes": verdict.supported}
        rows.append(row | {"reader": read, "context": claim.context})
    return rows


def calibrated(rows: Sequence[Row]) -> list[Row]:
    """The rows with what a reader's word is worth after a calibration on other rows: no context on both sides."""
    logits = np.array([log_odds(row["reader"]) for row in rows])
    labels, groups = np.array([row["label"] for row in rows]), np.array([row["context"] for row in rows])
    found = cross_validated(logits, labels, groups)
    return [row | {"reader": float(value)} for row, value in zip(rows, found, strict=True)]


def areas(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """AUC by data set and their mean, in percent."""
    scores = {
        "verifier": [row["support"] for row in rows],
        "reader": [row["reader"] for row in rows],
        "both": [pooled_support(row["support"], row["reader"]) for row in rows],
    }
    names, labels = np.array([row["set"] for row in rows]), np.array([row["label"] for row in rows])
    found: dict[str, dict[str, float]] = {}
    for who, given in scores.items():
        of = {str(n): 100 * auroc(labels[names == n], np.array(given)[names == n]) for n in np.unique(names)}
        found[who] = {key: round(value, 1) for key, value in (of | {"mean": float(np.mean(list(of.values())))}).items()}
    return found


def released(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """By mode and rule how many claims are released, precision and recall; and of a reader that always says yes."""
    found: dict[str, dict[str, Any]] = {}
    open_ = [row for row in rows if row["passes"]]
    for mode, least in load_modes().items():
        by = {
            name: [row["label"] for row in open_ if rule(row["support"], row["reader"], least) >= least]
            for name, rule in RULES.items()
        }
        by["product of odds, yes to all"] = [
            row["label"] for row in open_ if _product(row["support"], 1.0, least) >= least
        ]
        supported = sum(row["label"] for row in rows)
        found[mode] = {name: _figures(labels, supported) for name, labels in by.items()}
    return found


def _figures(labels: Sequence[bool], supported: int) -> dict[str, float]:
    right = sum(labels)
    shares = {"precision": right / max(1, len(labels)), "recall": right / supported}
    return {"released": len(labels)} | {name: round(100 * share, 1) for name, share in shares.items()}


def benchmark(
    folder: LabelledFolder,
    replies: Annotated[Path, typer.Option(help="File of the reader's replies.")],
    each: Annotated[int, typer.Option(help="Claims of each label a data set.")] = 15,
) -> Result:
    settings = load_settings()
    claims = [(name, row) for name, rows in held_out_rows(folder).items() for row in sample(rows, each)]
    rows = read_all(claims, settings, replies)
    better = calibrated(rows)
    return Result(
        {
            "claims": len(rows),
            "model": settings.reader_model or settings.llm_model,
            "says_yes": percentiles([row["reader"] for row in rows]),
            "auc": areas(rows),
            "released": released(rows),
            "calibrated": {"auc": areas(better), "released": released(better)},
        }
    )
