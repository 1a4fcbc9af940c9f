"""What the verifier is worth on data of a new kind, and what each of its parts is worth.

    python -m benchmarks.verifier LABELLED_FOLDER --documents PATH … [--device cuda] [--cache DIR]

For every data set, an encoder is taught by all the others, weighed by their rows, and judged on the rows of this one
that judge (`eval.fit.samples.part_of`). Of the encoders that weigh, all but that one have seen rows of the set left
out.
The floors are overlap of words and of pairs
of words with the whole context. Then each measure is left out in turn, on new data sets and on known ones.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.record import record
from eval.fit.stacking import seen, weigh
from eval.fit.verifier import Inputs, Result, Taught, judge, teach_all
from rag.build.models import build_embedder
from rag.settings import load_settings
from rag.verification import SIGNS


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def left_out(taught: Taught, drop: Sequence[str] = ()) -> list[Result]:
    """Each data set judged by a verifier that never saw it, without some of its measures."""
    found: list[Result] = []
    for name in sorted({each.dataset for each in taught.samples}):
        model = weigh(taught.samples, taught.logits, without=name, drop=drop)
        rows = [each for each in seen(taught.samples, taught.logits, without=name) if each.dataset == name]
        found += judge(rows, model)
    return found


def known(taught: Taught, drop: Sequence[str] = ()) -> list[Result]:
    """Each data set judged by a verifier that saw others of its rows."""
    return judge(seen(taught.samples, taught.logits), weigh(taught.samples, taught.logits, drop=drop))


def figures(taught: Taught) -> dict[str, dict[str, float]]:
    """By data set: areas under the ROC curve of verifiers that never saw it and that did, and of plain overlap."""
    new, old, bare = left_out(taught), known(taught), left_out(taught, drop=("encoder",))
    return {
        each.dataset: {
            "rows": each.rows,
            "never_seen": round(each.auc, 4),
            "never_seen_without_encoder": round(plain.auc, 4),
            "seen": round(other.auc, 4),
            "floor_words": round(each.words_auc, 4),
            "floor_pairs": round(each.pairs_auc, 4),
        }
        for each, other, plain in zip(new, old, bare, strict=True)
    }


def ablation(taught: Taught) -> dict[str, dict[str, float]]:
    """The mean AUC without each measure, and with what the encoder says alone."""
    parts: dict[str, tuple[str, ...]] = {"nothing": ()} | {name: (name,) for name in SIGNS}
    parts["everything but the encoder"] = tuple(name for name in SIGNS if name != "encoder")
    return {
        name: {"never_seen": _mean(left_out(taught, drop)), "seen": _mean(known(taught, drop))}
        for name, drop in parts.items()
    }


def _mean(results: Sequence[Result]) -> float:
    return round(float(np.mean([each.auc for each in results])), 4)


def table(found: dict[str, dict[str, float]], what: str) -> str:
    """Percentages but for the number of rows, and their means."""
    columns = list(next(iter(found.values())))
    lines = [f"| {what} | " + " | ".join(columns) + " |", "| --- " * (len(columns) + 1) + "|"]
    lines += [
        f"| {name} | " + " | ".join(_shown(column, row[column]) for column in columns) + " |"
        for name, row in found.items()
    ]
    return "\n".join(lines)


def _shown(column: str, value: float) -> str:
    return str(int(value)) if column == "rows" else f"{100 * value:.1f}"


def main() -> None:
    """Read the arguments, fit, print, record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=Path, nargs="*", default=[])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--name", default="verifier")
    args = parser.parse_args()
    given = Inputs(args.folder, tuple(args.documents), args.cache, args.device)
    taught = teach_all(given, build_embedder(load_settings()), tell)
    found, parts = figures(taught), ablation(taught)
    mean = {column: float(np.mean([row[column] for row in found.values()])) for column in next(iter(found.values()))}
    print(table(found | {"mean": mean | {"rows": sum(row["rows"] for row in found.values())}}, "data set"))
    print("\n" + table(parts, "without"))
    record(args.name, {"data_sets": found, "mean_auc_without": parts})


if __name__ == "__main__":
    main()
