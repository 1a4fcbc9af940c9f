"""Fit the verifier: `python -m eval.fit.verifier LABELLED_FOLDER`.

A logistic regression weighs what code measures of a claim against its evidence. Half of the labelled claims fit it, by
groups that share no context and no claim with the other half, which is held out. The thresholds of release are set on
the training half, with each family of data sets scored by a model fitted without it. Deterministic.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sklearn.metrics import balanced_accuracy_score

from eval.data import balanced_order, held_out_of, load_folder
from eval.fit.regression import fit
from eval.fit.samples import Sample, samples_of, weights_of
from eval.metrics import auroc
from rag.build.models import build_embedder
from rag.errors import DatasetError
from rag.evidence import EvidenceFinder
from rag.models import Logistic, Remembering, WordVectors
from rag.settings import load_settings
from rag.types import FloatArray
from rag.verification import OF_VECTORS, VERIFIER_FILE

ROWS_PER_DATASET = 4000
_EVEN = 0.5
_STRICT_PRECISION = 0.97
_FLOORS = ("words_found", "pairs_found")

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """The quality of a model on the held-out half of one data set, and that of the overlap baselines."""

    dataset: str
    rows: int
    auc: float
    balanced_accuracy: float
    words_auc: float
    pairs_auc: float

    @property
    def floor(self) -> float:
        """The better of the two plain overlaps."""
        return max(self.words_auc, self.pairs_auc)


def fit_folder(labelled: Path, embedder: WordVectors, model_out: Path, told: Told) -> str:
    """Fit on a folder of *.jsonl files of {context, claim, label}, write the model, and return how well it does."""
    samples = load_samples(labelled, embedder, told)
    training, held_out = training_samples(samples), [each for each in samples if each.held_out]
    models = {"vectors": fit(training), "words": fit(training, drop=sorted(OF_VECTORS))}
    stored = {
        "modes": modes(samples, models["vectors"]),
        "data_sha256": _digest(samples),
        "rows": _counts(samples),
        "date": datetime.now(UTC).date().isoformat(),
        "models": {name: model.as_json() for name, model in models.items()},
    }
    model_out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    tables = {name: as_table(evaluate(held_out, model)) for name, model in models.items()}
    tables["vectors, the data set and its sisters never seen"] = as_table(evaluate_left_out(samples))
    return "\n\n".join(f"{name}\n{shown}" for name, shown in tables.items())


def load_samples(folder: Path, embedder: WordVectors, told: Told) -> list[Sample]:
    """At most ROWS_PER_DATASET rows of every data set, measured."""
    finder = EvidenceFinder(Remembering(embedder))
    sets = load_folder(folder)
    rows = {name: balanced_order(rows)[:ROWS_PER_DATASET] for name, rows in sets.items()}
    told(", ".join(f"{name}: {len(found)} rows" for name, found in rows.items()))
    return samples_of([row for found in rows.values() for row in found], finder, held_out_of(sets.values()))


def training_samples(samples: Sequence[Sample], *, without: str = "") -> list[Sample]:
    """The samples to fit on: those not held out, without those of one family."""
    return [each for each in samples if not each.held_out and each.family != without]


def evaluate(samples: Sequence[Sample], model: Logistic) -> list[Result]:
    """The results of every data set on these samples."""
    return [
        _result(name, [each for each in samples if each.dataset == name], model)
        for name in sorted({sample.dataset for sample in samples})
    ]


def evaluate_left_out(samples: Sequence[Sample], *, drop: Sequence[str] = ()) -> list[Result]:
    """Every data set's held-out half, by a model fitted on the other families without some features."""
    held_out = [each for each in samples if each.held_out]
    models = models_left_out(samples, drop=drop)
    return [
        _result(name, [each for each in held_out if each.dataset == name], models[name.partition("_")[0]])
        for name in sorted({each.dataset for each in held_out})
    ]


def models_left_out(samples: Sequence[Sample], *, drop: Sequence[str] = ()) -> dict[str, Logistic]:
    """By family: the model that is fitted on all others.

    Raises:
        DatasetError: there is one family only, so that none can be left out.
    """
    families = sorted({each.family for each in samples})
    if len(families) < 2:  # noqa: PLR2004
        raise DatasetError("to fit a verifier, data sets of at least two families are needed")
    return {name: fit(training_samples(samples, without=name), drop=drop) for name in families}


def modes(samples: Sequence[Sample], model: Logistic) -> dict[str, dict[str, float]]:
    """What each mode of release asks for, with precision and recall on the held-out rows.

    The probability of support is even odds in `balanced`; in `strict` it is the lowest from which 97 in 100 of what is
    released is supported on the training rows, each family scored by a model fitted without it. Every data set and both
    labels count the same.
    """
    strict = strict_threshold(samples)
    held_out = [each for each in samples if each.held_out]
    support = np.array([model.probability(each.measured) for each in held_out])
    return {
        mode: {"support": threshold, **_released(held_out, support, threshold)}
        for mode, threshold in {"balanced": _EVEN, "strict": strict}.items()
    }


def strict_threshold(samples: Sequence[Sample]) -> float:
    """The threshold of `strict`: see `modes`."""
    training, models = training_samples(samples), models_left_out(samples)
    support = np.array([models[each.family].probability(each.measured) for each in training])
    grid = [round(float(at), 2) for at in np.arange(0.5, 0.991, 0.01)]
    good = (at for at in grid if _released(training, support, at)["precision"] >= _STRICT_PRECISION)
    return next(good, grid[-1])


def _released(samples: Sequence[Sample], support: FloatArray, threshold: float) -> dict[str, float]:
    weights = np.array(weights_of([(each.dataset, each.supported) for each in samples]))
    out = weights * (support >= threshold)
    labels = np.array([each.supported for each in samples], dtype=float)
    precision = float(out @ labels / out.sum()) if out.sum() else 1.0
    recall = float(out @ labels / max(float(weights @ labels), 1e-9))
    return {"precision": round(precision, 4), "recall": round(recall, 4)}


def _result(name: str, samples: Sequence[Sample], model: Logistic) -> Result:
    probabilities = [model.probability(sample.measured) for sample in samples]
    released = [probability >= _EVEN for probability in probabilities]
    floors = [_auc(samples, [sample.measured[floor] for sample in samples]) for floor in _FLOORS]
    accuracy = float(balanced_accuracy_score([each.supported for each in samples], released))
    return Result(name, len(samples), _auc(samples, probabilities), accuracy, *floors)


def as_table(results: Sequence[Result]) -> str:
    """The results in percent, one data set a line, and their mean."""
    lines = [f"{'data set':<16}{'rows':>6}{'AUC':>8}{'BAcc':>8}{'1-gram':>8}{'2-gram':>8}"]
    lines += [_line(each.dataset, each.rows, _figures(each)) for each in results]
    columns = list(zip(*map(_figures, results), strict=True))
    means = [float(np.mean(column)) for column in columns]
    return "\n".join([*lines, _line("mean", sum(each.rows for each in results), means)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the verifier, print how well it does, and write it."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit.verifier", description="Fit the verifier.")
    parser.add_argument("data", type=Path, help="folder of *.jsonl files of {context, claim, label}")
    parser.add_argument("--model", type=Path, default=VERIFIER_FILE)
    given = parser.parse_args(arguments)
    report = fit_folder(given.data, build_embedder(load_settings()), given.model, _tell)
    sys.stdout.write(report + "\n")
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


def _counts(samples: Sequence[Sample]) -> Mapping[str, Mapping[str, int]]:
    names = sorted({sample.dataset for sample in samples})
    return {
        name: {
            half: sum(each.dataset == name and each.held_out is held_out for each in samples)
            for half, held_out in (("train", False), ("held_out", True))
        }
        for name in names
    }


def _digest(samples: Sequence[Sample]) -> str:
    digest = hashlib.sha256()
    for sample in samples:
        digest.update(json.dumps([sample.dataset, sample.claim, sample.supported, sample.held_out]).encode())
    return digest.hexdigest()


def _auc(samples: Sequence[Sample], ranked: Sequence[float] | FloatArray) -> float:
    """Area under the ROC curve; one half where only one label occurs, since nothing can be ranked."""
    labels = [sample.supported for sample in samples]
    return auroc(labels, ranked) if len(set(labels)) > 1 else 0.5


def _figures(result: Result) -> list[float]:
    return [result.auc, result.balanced_accuracy, result.words_auc, result.pairs_auc]


def _line(name: str, rows: int, figures: Sequence[float]) -> str:
    return f"{name:<16}{rows:>6}" + "".join(f"{100 * figure:>8.1f}" for figure in figures)


if __name__ == "__main__":
    raise SystemExit(main())
