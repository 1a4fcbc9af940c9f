"""Fit the local moderator: `python -m eval.fit.moderation [--out rag/safety/moderation_model.json]`.

One logistic regression per category on the shipped embedding model's vectors of `eval/data/moderation_fit.jsonl`. The
penalty and the thresholds are chosen on that file only, by cross-validation; `eval/data/moderation_held_out.jsonl` is
used only for the printed figures. Deterministic.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from eval.metrics import auroc
from eval.report.moderation import FIT_FILE, HELD_OUT_FILE, LabelledText, evaluate_moderator, load_texts, show
from rag.build.models import build_embedder
from rag.safety import CATEGORIES, MODERATION_FILE, LocalModerator, load_linear_model
from rag.settings import load_settings
from rag.types import FloatArray, sha256_of

PENALTIES = (1.0, 3.0, 10.0, 30.0)
FALSE_ALARMS = 0.01
"""So many of the safe texts may be flagged by one category in cross-validation. Nearly all that a collection is asked
is safe: precision on a balanced set would say little about how often a moderator cries wolf."""
_FOLDS = 5
_SEED = 0
_LOWEST, _HIGHEST = 0.2, 0.95


def fit(rows: Sequence[LabelledText], vectors: FloatArray) -> dict[str, Any]:
    """The model of these rows, as `rag.safety.moderation.load_linear_model` reads it."""
    return {
        "fitted_on": len(rows),
        "data_sha256": sha256_of(json.dumps([[row.text, sorted(row.flags)] for row in rows]).encode()),
        "categories": {
            name: _fit_one(
                np.array([name in row.flags for row in rows]), np.array([bool(row.flags) for row in rows]), vectors
            )
            for name in CATEGORIES
        },
    }


def _fit_one(labels: npt.NDArray[np.bool_], unsafe: npt.NDArray[np.bool_], vectors: FloatArray) -> dict[str, Any]:
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    tried = []
    for penalty in PENALTIES:
        held = cross_val_predict(_regression(penalty), vectors, labels, cv=folds, method="predict_proba")[:, 1]
        tried.append((auroc(labels, held), -penalty, held))
    best = max(tried, key=lambda each: each[:2])
    model = _regression(-best[1]).fit(vectors, labels)
    return {
        "weights": [round(float(weight), 4) for weight in model.coef_[0]],
        "intercept": round(float(model.intercept_[0]), 4),
        "threshold": round(threshold_for(best[2][~unsafe]), 3),
    }


def _regression(penalty: float) -> LogisticRegression:
    return LogisticRegression(C=penalty, class_weight="balanced", max_iter=2000)


def threshold_for(safe_scores: npt.NDArray[np.float64]) -> float:
    """The lowest threshold, in steps of a hundredth, that so few safe texts reach; the highest when none is."""
    for threshold in np.arange(_LOWEST, _HIGHEST, 0.01):
        if (safe_scores >= threshold).sum() <= FALSE_ALARMS * len(safe_scores):
            return float(threshold)
    return _HIGHEST


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the model, write it, and print how well it does on the held-out half."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit.moderation", description="Fit the local moderator.")
    parser.add_argument("--out", type=Path, default=MODERATION_FILE)
    given = parser.parse_args(arguments)
    embedder = build_embedder(load_settings())
    rows = load_texts(FIT_FILE)
    model = fit(rows, embedder.embed_sentences([row.text for row in rows]))
    given.out.write_text(json.dumps(model) + "\n", encoding="utf-8")
    result = evaluate_moderator(LocalModerator(embedder, load_linear_model(given.out)), load_texts(HELD_OUT_FILE))
    sys.stdout.write(json.dumps(result) + "\n")
    show(result, Console(highlight=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
