"""What the verifier is worth on data of a new kind, and what each of its measures is worth.

    python -m benchmarks verifier LABELLED_FOLDER

Half of the claims are for training and half are held out, by groups that share no context and no claim. `never_seen`:
the held-out half of a data set, by a model fitted on other families of data sets. `seen`: the same, by the model fitted
on all. The floors are overlap of words and of pairs of words with the whole context. Then each measure is left out in
turn.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from benchmarks.harness import LabelledFolder, Result, table
from eval.fit.regression import fit
from eval.fit.samples import Sample
from eval.fit.verifier import Result as Evaluation
from eval.fit.verifier import evaluate, evaluate_left_out, load_samples, training_samples
from rag.build.models import build_embedder
from rag.settings import load_settings
from rag.verification import SIGNS


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def known(samples: Sequence[Sample], drop: Sequence[str] = ()) -> list[Evaluation]:
    """The held-out half of each data set, by a model fitted on the training half of all."""
    return evaluate([each for each in samples if each.held_out], fit(training_samples(samples), drop=drop))


def figures(samples: Sequence[Sample]) -> dict[str, dict[str, float]]:
    """By data set: areas under the ROC curve of models that never saw it and that did, and of plain overlap."""
    return {
        each.dataset: {
            "rows": each.rows,
            "never_seen": round(each.auc, 4),
            "seen": round(other.auc, 4),
            "floor_words": round(each.words_auc, 4),
            "floor_pairs": round(each.pairs_auc, 4),
        }
        for each, other in zip(evaluate_left_out(samples), known(samples), strict=True)
    }


def ablation(samples: Sequence[Sample]) -> dict[str, dict[str, float]]:
    """The mean AUC without each measure."""
    parts: dict[str, tuple[str, ...]] = {"nothing": ()} | {name: (name,) for name in SIGNS}
    return {
        name: {"never_seen": _mean(evaluate_left_out(samples, drop=drop)), "seen": _mean(known(samples, drop))}
        for name, drop in parts.items()
    }


def _mean(results: Sequence[Evaluation]) -> float:
    return round(float(np.mean([each.auc for each in results])), 4)


def shown(found: dict[str, dict[str, float]], what: str) -> str:
    """Percentages but for the number of rows, and their means."""
    columns = list(next(iter(found.values())))
    return table(
        [what, *columns], ([name, *(_shown(each, row[each]) for each in columns)] for name, row in found.items())
    )


def _shown(column: str, value: float) -> str:
    return str(int(value)) if column == "rows" else f"{100 * value:.1f}"


def benchmark(folder: LabelledFolder) -> Result:
    samples = load_samples(folder, build_embedder(load_settings()), tell)
    found, parts = figures(samples), ablation(samples)
    mean = {column: float(np.mean([row[column] for row in found.values()])) for column in next(iter(found.values()))}
    print(shown(found | {"mean": mean | {"rows": sum(row["rows"] for row in found.values())}}, "data set"))
    print("\n" + shown(parts, "without"))
    return Result({"data_sets": found, "mean_auc_without": parts})
