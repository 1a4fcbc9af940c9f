"""Fit the detection of sentences with a claim: `python -m eval.fit.claims [--out FILE]`.

The sentences were written for the project (`claim_sentences.jsonl`), on varied subjects and of both kinds, many of them
because a word list would misclassify them. Seven tenths, by a hash of the text, fit the model; its penalty and its
threshold are chosen by cross-validation on these. The rest is held out for evaluation. Deterministic.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from eval.data import hash_number, parse_jsonl
from eval.metrics import auroc
from rag.answers import CLAIMS_FILE, SURFACE, ClaimModel, surface_features
from rag.build.models import build_embedder
from rag.errors import DatasetError
from rag.models import SentenceVectors
from rag.settings import load_settings
from rag.types import FloatArray

SENTENCES = Path(__file__).parents[1] / "data" / "claim_sentences.jsonl"
LOST_CLAIMS, LEAST_CERTAIN = 0.005, 0.8
_PENALTIES = (0.003, 0.01, 0.03, 0.1, 0.3)
_FOLDS = 5
_TENTHS, _FITTING = 10, 7


@dataclass(frozen=True, slots=True)
class Sentence:
    """A labelled sentence; `kind` is its category."""

    text: str
    claim: bool
    kind: str

    @property
    def held_out(self) -> bool:
        """Whether it is held out to evaluate the model: by a hash, the same on every machine."""
        return hash_number(self.text) % _TENTHS >= _FITTING


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How a model does on sentences: of both kinds, how many, and the share that it takes for no claim."""

    claims: int
    claims_lost: float
    empty: int
    empty_recognised: float
    auc: float


def load_sentences(path: Path = SENTENCES) -> list[Sentence]:
    """The sentences of a file, one JSON object a line.

    Raises:
        DatasetError: naming the line that is malformed.
    """
    return list(parse_jsonl(path, lambda row: Sentence(str(row["text"]), bool(row["claim"]), str(row.get("kind", "")))))


def fit(sentences: Sequence[Sentence], vectors: FloatArray | None) -> ClaimModel:
    """The model of these sentences; `vectors` has a row for each, or is None for a model with surface features only.

    Raises:
        DatasetError: there are too few of a kind to cross-validate.
    """
    empty = np.array([not sentence.claim for sentence in sentences])
    if min(empty.sum(), (~empty).sum()) < _FOLDS:
        raise DatasetError(f"at least {_FOLDS} sentences with a claim and {_FOLDS} without are needed")
    measured = np.array([surface_features(sentence.text) for sentence in sentences])
    columns = measured if vectors is None else np.hstack([measured, vectors])
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)

    def predicted(penalty: float) -> Any:
        return cross_val_predict(_pipeline(penalty), columns, empty, cv=folds, method="predict_proba")[:, 1]

    penalty = max(_PENALTIES, key=lambda each: auroc(empty, predicted(each)))
    threshold = _threshold(predicted(penalty)[~empty])
    return _plain(_pipeline(penalty).fit(columns, empty), threshold)


def evaluate(model: ClaimModel, sentences: Sequence[Sentence], vectors: FloatArray | None) -> Evaluation:
    """How the model does on sentences that it was not fitted on."""
    scores = np.array(
        [
            model.emptiness(surface_features(sentence.text), None if vectors is None else vectors[place])
            for place, sentence in enumerate(sentences)
        ]
    )
    empty = np.array([not sentence.claim for sentence in sentences])
    taken = scores >= model.threshold
    return Evaluation(
        int((~empty).sum()),
        float(taken[~empty].mean()),
        int(empty.sum()),
        float(taken[empty].mean()),
        auroc(empty, scores),
    )


def as_json(model: ClaimModel) -> dict[str, Any]:
    """The model as `rag.answers.claims.load_claim_model` reads it."""
    return {
        "threshold": round(model.threshold, 4),
        "intercept": round(model.intercept, 4),
        "surface": {name: round(value, 4) for name, value in zip(SURFACE, model.surface, strict=True)},
        "embedding": [round(float(value), 3) for value in model.embedding],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, print how well it does on the sentences held out, and write the model."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit.claims", description="Fit the model of claims.")
    parser.add_argument("--out", type=Path, default=CLAIMS_FILE)
    parser.add_argument(
        "--also", type=Path, nargs="*", default=[], help="other files to evaluate on: {text, claim} a line"
    )
    given = parser.parse_args(arguments)
    embedder = build_embedder(load_settings())
    sys.stdout.write(
        fit_and_write(load_sentences(), given.out, embedder, {p.stem: load_sentences(p) for p in given.also})
    )
    return 0


def fit_and_write(
    sentences: Sequence[Sentence], out: Path, embedder: SentenceVectors, also: dict[str, list[Sentence]]
) -> str:
    """Fit both models, write them, and return the table of how they do."""
    fitting = [each for each in sentences if not each.held_out]
    sets = {"held out": [each for each in sentences if each.held_out], **also}
    vectors = _vectors(fitting, embedder)
    models = {"vectors": fit(fitting, vectors), "words": fit(fitting, None)}
    stored = {"sentences": len(fitting), "models": {name: as_json(model) for name, model in models.items()}}
    out.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")
    lines = [f"{'model':<9}{'sentences':<22}{'claims':>7}{'lost':>7}{'empty':>7}{'found':>7}{'AUC':>7}"]
    for name, model in models.items():
        for title, rows in sets.items():
            found = evaluate(model, rows, _vectors(rows, embedder) if name == "vectors" else None)
            lines.append(_line(name, title, found))
    return "\n".join(lines) + "\n"


def _line(name: str, title: str, found: Evaluation) -> str:
    lost, recognised, auc = (100 * share for share in (found.claims_lost, found.empty_recognised, found.auc))
    return f"{name:<9}{title:<22}{found.claims:>7}{lost:>7.1f}{found.empty:>7}{recognised:>7.1f}{auc:>7.1f}"


def _pipeline(penalty: float) -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(C=penalty, max_iter=2000, class_weight="balanced"))


def _threshold(of_claims: Any) -> float:
    """The score that at most the share `LOST_CLAIMS` of claims reaches, and never below `LEAST_CERTAIN`."""
    return float(min(0.999, max(LEAST_CERTAIN, np.quantile(of_claims, 1 - LOST_CLAIMS, method="higher") + 1e-4)))


def _plain(pipeline: Any, threshold: float) -> ClaimModel:
    """The weights without the scaling."""
    scaler, regression = pipeline[0], pipeline[1]
    weights = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - (weights * scaler.mean_).sum())
    own = len(SURFACE)
    return ClaimModel(
        tuple(float(value) for value in weights[:own]), weights[own:].astype(np.float32), intercept, threshold
    )


def _vectors(sentences: Sequence[Sentence], embedder: SentenceVectors) -> FloatArray:
    return embedder.embed_sentences([sentence.text for sentence in sentences])


if __name__ == "__main__":
    raise SystemExit(main())
