"""What the verifier is worth on data of a new kind, and what each of its parts is worth.

    python -m benchmarks.verifier LABELLED_FOLDER --documents PATH … [--rows 1500] [--sets NAME …]

For every data set, an encoder and weights are fitted on all the others and judged on the rows of this one that judge
(`eval.samples.part_of`). The floors are overlap of words and of pairs of words with the whole context. Then each
measure is left out in turn of a verifier fitted on all data sets. Fitting takes minutes a data set on two cores;
`--cache` keeps the measured rows and the encoder taught by documents.
"""

from __future__ import annotations

import argparse
import copy
import pickle
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.record import record
from eval.fit_verifier import judge, load_samples, made_pairs, read, taught_by_documents, teach, weigh
from eval.samples import Part, Sample, without
from rag.build_models import build_embedder
from rag.settings import load_settings
from rag.verifier import SIGNS

_Made = TypeVar("_Made")


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def cached(folder: Path | None, name: str, make: Callable[[], _Made]) -> _Made:
    """What an earlier run made, or what is made now. Only files that this benchmark wrote are read."""
    path = folder / f"{name}.pickle" if folder else None
    if path and path.is_file():
        kept: _Made = pickle.loads(path.read_bytes())
        return kept
    made = make()
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(made))
    return made


def left_out(name: str, samples: Sequence[Sample], start: Any, made: Sequence[Any]) -> dict[str, float]:
    """One data set judged by a verifier that never saw it."""
    others = [each for each in samples if each.dataset != name]
    encoder = copy.deepcopy(start)
    teach(encoder, others, made, tell)
    logits_of_all = read(encoder, samples)
    model = weigh(each for each in logits_of_all if each.dataset != name)
    plain = weigh(without((each for each in logits_of_all if each.dataset != name), "encoder"))
    (result,) = judge([each for each in logits_of_all if each.dataset == name], model)
    (words_only,) = judge([each for each in logits_of_all if each.dataset == name], plain)
    figures = {
        "rows": result.rows,
        "auc": result.auc,
        "balanced_accuracy": result.balanced_accuracy,
        "without_encoder": words_only.auc,
        "floor_words": result.words_auc,
        "floor_pairs": result.pairs_auc,
    }
    return {key: round(value, 4) for key, value in figures.items()}


def ablation(samples: Sequence[Sample]) -> dict[str, float]:
    """The mean AUC over data sets without each measure, and with the encoder alone."""
    variants = {"all": samples}
    variants |= {f"without {name}": without(samples, name) for name in SIGNS if name in samples[0].measured}
    variants["encoder alone"] = without(samples, *(name for name in SIGNS if name != "encoder"))
    return {name: _mean_auc(variant) for name, variant in variants.items()}


def _mean_auc(samples: Sequence[Sample]) -> float:
    kept = [*samples]
    model = weigh(kept)
    found = []
    for dataset in sorted({each.dataset for each in kept}):
        rows = [each for each in kept if each.dataset == dataset]
        found.append(_auc_of(rows, model))
    return round(float(np.mean(found)), 4)


def _auc_of(rows: Sequence[Sample], model: Any) -> float:
    judged = [each for each in rows if each.part is Part.JUDGE]
    return float(roc_auc_score([each.supported for each in judged], [model.probability(e.measured) for e in judged]))


def table(found: dict[str, dict[str, float]]) -> str:
    columns = list(next(iter(found.values())))
    means = {column: float(np.mean([row[column] for row in found.values()])) for column in columns[1:]}
    lines = ["| data set | " + " | ".join(columns) + " |", "| --- " * (len(columns) + 1) + "|"]
    for name, row in found.items():
        lines.append(f"| {name} | {row['rows']} | " + " | ".join(f"{100 * row[c]:.1f}" for c in columns[1:]) + " |")
    lines.append("| mean | | " + " | ".join(f"{100 * means[c]:.1f}" for c in columns[1:]) + " |")
    return "\n".join(lines)


def main() -> None:
    """Read the arguments, fit, print, record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=Path, nargs="*", default=[])
    parser.add_argument("--sets", nargs="*", help="only these data sets are left out in turn")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--name", default="verifier")
    args = parser.parse_args()
    samples = cached(args.cache, "samples", lambda: load_samples(args.folder, build_embedder(load_settings()), tell))
    made = cached(args.cache, "made", lambda: made_pairs(args.documents, tell))
    start = cached(args.cache, "encoder", lambda: taught_by_documents(made, tell))
    sets = args.sets or sorted({each.dataset for each in samples})
    found = {
        name: cached(args.cache, f"left-out-{name}", lambda name=name: left_out(name, samples, start, made))
        for name in sets
    }
    print(table(found))
    taught = copy.deepcopy(start)
    teach(taught, samples, made, tell)
    parts = ablation(read(taught, samples))
    print("\n".join(f"{name}: {100 * value:.1f}" for name, value in parts.items()))
    record(args.name, {"left_out": found, "mean_auc": parts})


if __name__ == "__main__":
    main()
