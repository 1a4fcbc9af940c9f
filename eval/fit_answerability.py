"""Fit the answerability model: `python -m eval.fit_answerability CLAPNQ.jsonl [--out rag/answerability_model.json]`.

Only the fitting half is used, by the hash of the id; the other half judges (`footnote eval answerability FILE --half
reporting`). A question's row is that of its hit with the greatest cosine. Both labels weigh the same, so that 0.5 is
the even threshold. Same data, same model.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from eval.answerability import AskedOfPassages, auroc, load_questions, passages_as_hits
from rag.answerability import MODEL_FILE, VECTORS, WORDS, signals
from rag.build import build_embedder
from rag.errors import DatasetError
from rag.logistic import Logistic
from rag.settings import load_settings
from rag.types import Hit, sha256_of

MODELS = {"vectors": VECTORS, "words": WORDS}
_PENALTY = 1.0
_FOLDS, _ROUNDS = 10, 5


def fit(rows: Sequence[Sequence[float]], labels: Sequence[bool], names: Sequence[str]) -> Logistic:
    """The model of these rows, a signal a column.

    Raises:
        ModelCorrupt: a signal speaks against what it stands for.
        DatasetError: all or none of the rows are answerable.
    """
    if len(set(labels)) != 2:  # noqa: PLR2004
        raise DatasetError("to fit, both answerable and unanswerable questions are needed")
    raw = np.array(rows)
    means, scales = raw.mean(axis=0), np.maximum(raw.std(axis=0), 1e-9)
    regression = LogisticRegression(C=_PENALTY, class_weight="balanced").fit((raw - means) / scales, labels)
    slopes, centres, widths = (tuple(float(each) for each in column) for column in (regression.coef_[0], means, scales))
    return Logistic(tuple(names), slopes, centres, widths, float(regression.intercept_[0]))


def rows_of(asked: Sequence[AskedOfPassages], hits: Sequence[Sequence[Hit]], names: Sequence[str]) -> list[list[float]]:
    """The signals of each question's nearest hit."""
    measured = [signals(each.question, of[0]) for each, of in zip(asked, hits, strict=True)]
    return [[each[name] for name in names] for each in measured]


def cross_validated(rows: Sequence[Sequence[float]], labels: Sequence[bool]) -> float:
    """The mean AUROC of five rounds of ten folds, each fold judged by a fit on the others."""
    raw, truth = np.array(rows), np.array(labels)
    found: list[float] = []
    for seed in range(_ROUNDS):
        probabilities = np.zeros(len(truth))
        for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(raw, truth):
            means, scales = raw[train].mean(axis=0), np.maximum(raw[train].std(axis=0), 1e-9)
            regression = LogisticRegression(C=_PENALTY, class_weight="balanced")
            regression.fit((raw[train] - means) / scales, truth[train])
            probabilities[test] = regression.predict_proba((raw[test] - means) / scales)[:, 1]
        found.append(auroc(list(labels), [float(p) for p in probabilities]))
    return float(np.mean(found))


def as_json(model: Logistic) -> dict[str, Any]:
    """The model as `rag.logistic.load_logistic` reads it."""
    columns = zip(model.signals, model.coefficients, model.means, model.scales, strict=True)
    listed = [
        {"name": name, "coefficient": round(slope, 6), "mean": round(mean, 6), "scale": round(scale, 6)}
        for name, slope, mean, scale in columns
    ]
    return {"intercept": round(model.intercept, 6), "signals": listed}


def fit_file(asked: Sequence[AskedOfPassages], hits: Sequence[Sequence[Hit]], out: Path) -> str:
    """Fit on these questions, write the models to `out`, and return how well they do in cross-validation."""
    labels = [each.answerable for each in asked]
    lines: list[str] = []
    models: dict[str, Any] = {}
    for name, names in MODELS.items():
        rows = rows_of(asked, hits, names)
        models[name] = as_json(fit(rows, labels, names))
        lines.append(f"{name}: {', '.join(names)}: AUROC {cross_validated(rows, labels):.3f} in cross-validation")
    words = "\n".join(f"{each.id}\t{each.question}\t{each.answerable}\t{each.passages}" for each in asked)
    stored = {
        "fitted_on": len(asked),
        "data_sha256": sha256_of(words.encode()),
        "date": datetime.now(UTC).date().isoformat(),
        "models": models,
    }
    out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments, fit, print."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit_answerability", description="Fit answerability.")
    parser.add_argument("file", type=Path, help="questions in ClapNQ's format")
    parser.add_argument("--out", type=Path, default=MODEL_FILE)
    given = parser.parse_args(arguments)
    asked = [each for each in load_questions(given.file, "fitting") if any(text for _, text in each.passages)]
    hits = passages_as_hits(asked, build_embedder(load_settings()))
    sys.stdout.write(fit_file(asked, hits, given.out) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
