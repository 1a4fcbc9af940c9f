"""Fit the baseline verifier: `python -m eval.fit_verifier DATA_DIR [--out rag/verifier_model.json]`.

Every dataset weighs the same and within it both labels weigh the same, so that probabilities are calibrated
for an even prior and 0.5 is the balanced threshold. Rows are halved by the hash of their context: no context is
in both halves. Same data, same model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from eval.groundedness import LabelledClaim, balanced_order, hits_of, load_folder
from rag.build import build_embedder
from rag.errors import DatasetError
from rag.evidence import EvidenceFinder, EvidencePool, SentenceEmbedder
from rag.settings import load_settings
from rag.types import sha256_of
from rag.verifier import MODEL_FILE, SIGNS, FittedModel, measure
from rag.words import tokens

ROWS_PER_DATASET = 250
_PENALTY = 1.0
_HALVES = 2
_EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled claim as measured, with the two overlaps that a verifier must beat."""

    dataset: str
    held_out: bool
    supported: bool
    measured: Mapping[str, float]
    unigram_overlap: float
    bigram_overlap: float


@dataclass(frozen=True, slots=True)
class Result:
    """How well one dataset's held-out half is judged; `left_out_auc` by a model that never saw the dataset."""

    dataset: str
    rows: int
    auc: float
    balanced_accuracy: float
    unigram_auc: float
    bigram_auc: float
    left_out_auc: float


def samples_of(rows: Sequence[LabelledClaim], finder: EvidenceFinder) -> list[Sample]:
    """Every row measured against the pool of its context."""
    pools: dict[str, EvidencePool] = {}
    found: list[Sample] = []
    for row in rows:
        if row.context not in pools:
            pools[row.context] = finder.pool(hits_of(row.context))
        pool = pools[row.context]
        measured = measure(row.claim, finder.support(row.claim, pool), pool)
        unigram, bigram = _overlaps(row.claim, row.context)
        found.append(Sample(row.dataset, is_held_out(row.context), row.supported, measured, unigram, bigram))
    return found


def is_held_out(context: str) -> bool:
    """Whether rows of this context judge the model, by a hash: the same on every machine."""
    return int(sha256_of(context.encode())[:8], 16) % _HALVES == 1


def fit(samples: Sequence[Sample]) -> FittedModel:
    """The model of these samples; features whose coefficient would have the wrong sign are left out.

    Raises:
        DatasetError: only one label occurs.
    """
    if len({sample.supported for sample in samples}) < 2:  # noqa: PLR2004
        raise DatasetError("to fit a verifier, both supported and unsupported claims are needed")
    names = [name for name in SIGNS if name in samples[0].measured and _varies(samples, name)]
    labels = np.array([sample.supported for sample in samples], dtype=int)
    weights = _weights(samples)
    while True:
        raw = np.array([[sample.measured[name] for name in names] for sample in samples])
        means = np.average(raw, axis=0, weights=weights)
        scales = np.sqrt(np.average((raw - means) ** 2, axis=0, weights=weights))
        regression = LogisticRegression(C=_PENALTY, max_iter=2000)
        regression.fit((raw - means) / scales, labels, sample_weight=weights)
        slopes = [float(slope) for slope in regression.coef_[0]]
        wrong = [
            (slope * SIGNS[name], name) for name, slope in zip(names, slopes, strict=True) if slope * SIGNS[name] <= 0
        ]
        if not wrong:
            break
        names.remove(min(wrong)[1])
    return FittedModel(
        tuple(names),
        tuple(slopes),
        tuple(map(float, means)),
        tuple(map(float, scales)),
        float(regression.intercept_[0]),
    )


def judge(samples: Sequence[Sample]) -> list[Result]:
    """Held-out results of every dataset, by one model of all train halves and by one that leaves the dataset out."""
    model = fit([sample for sample in samples if not sample.held_out])
    results: list[Result] = []
    for dataset in sorted({sample.dataset for sample in samples}):
        judged = [sample for sample in samples if sample.held_out and sample.dataset == dataset]
        others = [sample for sample in samples if not sample.held_out and sample.dataset != dataset]
        scores = [model.probability(sample.measured) for sample in judged]
        foreign = fit(others) if others else model
        results.append(
            Result(
                dataset,
                len(judged),
                _auc(judged, scores),
                float(balanced_accuracy_score([s.supported for s in judged], [score >= _EVEN for score in scores])),
                _auc(judged, [sample.unigram_overlap for sample in judged]),
                _auc(judged, [sample.bigram_overlap for sample in judged]),
                _auc(judged, [foreign.probability(sample.measured) for sample in judged]),
            )
        )
    return results


def as_table(results: Sequence[Result]) -> str:
    """The results in percent, one dataset a line, and their mean."""
    lines = [f"{'dataset':<16}{'rows':>6}{'AUC':>8}{'BAcc':>8}{'1-gram':>8}{'2-gram':>8}{'left out':>10}"]
    lines += [_line(each.dataset, each.rows, _figures(each)) for each in results]
    means = [float(np.mean([_figures(each)[column] for each in results])) for column in range(5)]
    return "\n".join([*lines, _line("mean", sum(each.rows for each in results), means)])


def as_json(model: FittedModel) -> dict[str, Any]:
    """The model as `rag.verifier.load_model` reads it."""
    columns = zip(model.features, model.coefficients, model.means, model.scales, strict=True)
    features = [
        {"name": name, "coefficient": round(slope, 6), "mean": round(mean, 6), "scale": round(scale, 6)}
        for name, slope, mean, scale in columns
    ]
    return {"intercept": round(model.intercept, 6), "features": features}


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the model, print how well it does, and write it."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit_verifier", description="Fit the baseline verifier.")
    parser.add_argument("data", type=Path, help="folder of *.jsonl files of {context, claim, label}")
    parser.add_argument("--out", type=Path, default=MODEL_FILE)
    parser.add_argument("--rows", type=int, default=ROWS_PER_DATASET, help="most rows of one dataset")
    given = parser.parse_args(arguments)
    report = fit_folder(given.data, given.out, build_embedder(load_settings()), rows=given.rows)
    sys.stdout.write(report + "\n")
    return 0


def fit_folder(folder: Path, out: Path, embedder: SentenceEmbedder, *, rows: int) -> str:
    """Fit on a folder of datasets, write the model to `out`, and return the tables of results."""
    datasets = {name: balanced_order(found)[:rows] for name, found in load_folder(folder).items()}
    chosen = [row for found in datasets.values() for row in found]
    samples = samples_of(chosen, EvidenceFinder(embedder))
    variants = {"vectors": samples, "words": [_without_vectors(sample) for sample in samples]}
    models = {name: fit([each for each in variant if not each.held_out]) for name, variant in variants.items()}
    stored = {
        "fitted_on": {name: len(found) for name, found in datasets.items()},
        "data_sha256": _digest(chosen),
        "date": datetime.now(UTC).date().isoformat(),
        "models": {name: as_json(model) for name, model in models.items()},
    }
    out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return "\n\n".join(f"{name}\n{as_table(judge(variant))}" for name, variant in variants.items())


def _without_vectors(sample: Sample) -> Sample:
    return replace(sample, measured={name: value for name, value in sample.measured.items() if name != "cosine"})


def _digest(rows: Sequence[LabelledClaim]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps([row.dataset, row.context, row.claim, row.supported]).encode())
    return digest.hexdigest()


def _weights(samples: Sequence[Sample]) -> Any:
    """Weights by which every dataset, and in it every label, counts the same; their mean is 1."""
    groups = [(sample.dataset, sample.supported) for sample in samples]
    sizes = {group: groups.count(group) for group in set(groups)}
    weights = np.array([1 / sizes[group] for group in groups])
    return weights * len(samples) / weights.sum()


def _varies(samples: Sequence[Sample], name: str) -> bool:
    return len({sample.measured[name] for sample in samples}) > 1


def _auc(samples: Sequence[Sample], scores: Sequence[float]) -> float:
    """Area under the ROC curve; one half where only one label occurs, since nothing can be ranked."""
    labels = [sample.supported for sample in samples]
    return float(roc_auc_score(labels, scores)) if len(set(labels)) > 1 else 0.5


def _overlaps(claim: str, context: str) -> tuple[float, float]:
    said, given = tokens(claim), tokens(context)
    words, pairs = set(said), set(pairwise(said))
    found_pairs = pairs & set(pairwise(given))
    return len(words & set(given)) / max(1, len(words)), len(found_pairs) / max(1, len(pairs))


def _figures(result: Result) -> list[float]:
    return [
        result.auc,
        result.balanced_accuracy,
        result.unigram_auc,
        result.bigram_auc,
        result.left_out_auc,
    ]


def _line(name: str, rows: int, figures: Sequence[float]) -> str:
    auc, accuracy, unigram, bigram, left_out = (100 * figure for figure in figures)
    return f"{name:<16}{rows:>6}{auc:>8.1f}{accuracy:>8.1f}{unigram:>8.1f}{bigram:>8.1f}{left_out:>10.1f}"


if __name__ == "__main__":
    raise SystemExit(main())
