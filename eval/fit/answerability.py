"""Fit the answerability model: `python -m eval.fit.answerability CLAPNQ.jsonl [--out FILE]`.

Only the training half is used, by the hash of the id; the other half is held out (`footnote eval answerability FILE
--half reporting`). The row of a question is that of its hit with the greatest cosine. Each answerable question also
yields a synthetic unanswerable one: its rarest word that the passage has, and the title has not, is replaced by a word
that occurs nowhere. Users ask such questions ("what does the new model cost?"); ClapNQ has hardly any. The
probabilities are calibrated on the real questions only, with equal weight for both labels. Deterministic.
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
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from eval.metrics import auroc
from eval.report.answerability import AskedOfPassages, load_questions, passages_as_hits
from rag.answers import ANSWERABILITY_FILE, VECTORS, WORDS, answerability_signals, hit_signals, wanted_stems
from rag.build.models import build_embedder
from rag.errors import DatasetError
from rag.models import Logistic
from rag.settings import load_settings
from rag.text import content_stems, weight
from rag.types import Hit, sha256_of

MODELS = {"vectors": VECTORS, "words": WORDS}
_PENALTY, _NO_PENALTY = 1.0, 1e6
_FOLDS, _ROUNDS = 10, 5
_FOREIGN = "\0"


def fit(
    rows: Sequence[Sequence[float]],
    labels: Sequence[bool],
    made: Sequence[Sequence[float] | None],
    names: Sequence[str],
) -> Logistic:
    """The model of these rows, one feature per column; its probabilities are calibrated (Platt) on the real rows only.

    Raises:
        ModelCorrupt: a coefficient has the wrong sign.
        DatasetError: all or none of the rows are answerable.
    """
    if len(set(labels)) != 2:  # noqa: PLR2004
        raise DatasetError("to fit, both answerable and unanswerable questions are needed")
    fitted = _regression(*together(rows, labels, made))
    scaler, regression = (step for _, step in fitted.steps)
    platt = LogisticRegression(C=_NO_PENALTY, class_weight="balanced")
    platt.fit(fitted.decision_function(np.array(rows)).reshape(-1, 1), labels)
    steepness, shift = float(platt.coef_[0][0]), float(platt.intercept_[0])
    slopes, centres, widths = (
        tuple(float(each) for each in column)
        for column in (steepness * regression.coef_[0], scaler.mean_, scaler.scale_)
    )
    return Logistic(tuple(names), slopes, centres, widths, steepness * float(regression.intercept_[0]) + shift)


def _regression(rows: Sequence[Sequence[float]], labels: Sequence[bool]) -> Pipeline:
    regression = LogisticRegression(C=_PENALTY, class_weight="balanced")
    return make_pipeline(StandardScaler(), regression).fit(np.array(rows), labels)


def rows_of(asked: Sequence[AskedOfPassages], hits: Sequence[Sequence[Hit]], names: Sequence[str]) -> list[list[float]]:
    """The signals of each question's nearest hit."""
    measured = [answerability_signals(each.question, of[0]) for each, of in zip(asked, hits, strict=True)]
    return [[each[name] for name in names] for each in measured]


def made_rows(
    asked: Sequence[AskedOfPassages], hits: Sequence[Sequence[Hit]], names: Sequence[str]
) -> list[list[float] | None]:
    """The same of the unanswerable question made from each answerable one; None where none can be made.

    The cosine stays that of the question as it was: one word among several moves it little.
    """
    found: list[list[float] | None] = []
    for each, of in zip(asked, hits, strict=True):
        stems = with_a_foreign_word(each.question, of[0]) if each.answerable else None
        measured = hit_signals(stems, of[0], "en") if stems else {}
        found.append([measured[name] for name in names] if stems else None)
    return found


def with_a_foreign_word(question: str, hit: Hit) -> list[str] | None:
    """The stems of a question with the rarest stem of the hit replaced; None if the question has only one."""
    wanted = list(dict.fromkeys(wanted_stems(question)))
    text, title = content_stems(hit.chunk.text), frozenset(content_stems(hit.chunk.title))
    there = [stem for stem in wanted if stem in text]
    beyond_title = [stem for stem in there if stem not in title] or there
    if len(wanted) == 1 or not beyond_title:
        return None
    replaced = max(beyond_title, key=weight)
    return [_FOREIGN if stem == replaced else stem for stem in wanted]


def together(
    rows: Sequence[Sequence[float]], labels: Sequence[bool], made: Sequence[Sequence[float] | None]
) -> tuple[list[Sequence[float]], list[bool]]:
    """The rows and, as unanswerable, those that were made."""
    others = [row for row in made if row is not None]
    return [*rows, *others], [*labels, *[False] * len(others)]


def cross_validated(
    rows: Sequence[Sequence[float]], labels: Sequence[bool], made: Sequence[Sequence[float] | None]
) -> float:
    """The mean AUROC of five rounds of ten folds: each fold's real questions, scored by a fit on the other folds."""
    found: list[float] = []
    for seed in range(_ROUNDS):
        probabilities = np.zeros(len(labels))
        for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(np.array(rows), labels):
            fold = together([rows[i] for i in train], [labels[i] for i in train], [made[i] for i in train])
            probabilities[test] = _regression(*fold).predict_proba(np.array([rows[i] for i in test]))[:, 1]
        found.append(auroc(labels, probabilities))
    return float(np.mean(found))


def fit_file(asked: Sequence[AskedOfPassages], hits: Sequence[Sequence[Hit]], out: Path) -> str:
    """Fit on these questions, write the models to `out`, and return how well they do in cross-validation."""
    labels = [each.answerable for each in asked]
    lines: list[str] = []
    models: dict[str, Any] = {}
    for name, names in MODELS.items():
        rows = rows_of(asked, hits, names)
        made = made_rows(asked, hits, names)
        models[name] = fit(rows, labels, made, names).as_json()
        score = cross_validated(rows, labels, made)
        lines.append(f"{name}: {', '.join(names)}: AUROC {score:.3f} in cross-validation")
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
    parser = argparse.ArgumentParser(prog="python -m eval.fit.answerability", description="Fit answerability.")
    parser.add_argument("file", type=Path, help="questions in ClapNQ's format")
    parser.add_argument("--out", type=Path, default=ANSWERABILITY_FILE)
    given = parser.parse_args(arguments)
    asked = [each for each in load_questions(given.file, "fitting") if any(text for _, text in each.passages)]
    hits = passages_as_hits(asked, build_embedder(load_settings()))
    sys.stdout.write(fit_file(asked, hits, given.out) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
