"""What the verifier is worth on data of a new kind, and what each of its parts is worth.

    python -m benchmarks verifier LABELLED_FOLDER [--documents PATH]… [--device cuda] [--cache DIR]

For every data set, an encoder is taught by all the others, weighed by their rows, and judged on the rows of this one
that judge (`eval.fit.samples.part_of`). Of the encoders that weigh, all but that one have seen rows of the set left
out. The floors are overlap of words and of pairs of words with the whole context. Then each measure is left out in
turn, on new data sets and on known ones.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.harness import Device, LabelledFolder, Result, table
from eval.fit.stacking import seen, weigh
from eval.fit.verifier import Inputs, Taught, judge, teach_all
from eval.fit.verifier import Result as Judged
from rag.build.models import build_embedder
from rag.settings import load_settings
from rag.verification import SIGNS


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def left_out(taught: Taught, drop: Sequence[str] = ()) -> list[Judged]:
    """Each data set judged by a verifier that never saw it, without some of its measures."""
    found: list[Judged] = []
    for name in sorted({each.dataset for each in taught.samples}):
        model = weigh(taught.samples, taught.logits, without=name, drop=drop)
        rows = [each for each in seen(taught.samples, taught.logits, without=name) if each.dataset == name]
        found += judge(rows, model)
    return found


def known(taught: Taught, drop: Sequence[str] = ()) -> list[Judged]:
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


def _mean(results: Sequence[Judged]) -> float:
    return round(float(np.mean([each.auc for each in results])), 4)


def shown(found: dict[str, dict[str, float]], what: str) -> str:
    """Percentages but for the number of rows, and their means."""
    columns = list(next(iter(found.values())))
    return table(
        [what, *columns], ([name, *(_shown(each, row[each]) for each in columns)] for name, row in found.items())
    )


def _shown(column: str, value: float) -> str:
    return str(int(value)) if column == "rows" else f"{100 * value:.1f}"


def benchmark(
    folder: LabelledFolder,
    documents: Annotated[list[Path] | None, typer.Option(help="To make claims from; may be repeated.")] = None,
    device: Device = "cpu",
    cache: Annotated[Path | None, typer.Option(help="Folder to keep what was measured, made and taught.")] = None,
) -> Result:
    given = Inputs(folder, tuple(documents or ()), cache, device)
    taught = teach_all(given, build_embedder(load_settings()), tell)
    found, parts = figures(taught), ablation(taught)
    mean = {column: float(np.mean([row[column] for row in found.values()])) for column in next(iter(found.values()))}
    print(shown(found | {"mean": mean | {"rows": sum(row["rows"] for row in found.values())}}, "data set"))
    print("\n" + shown(parts, "without"))
    return Result({"data_sets": found, "mean_auc_without": parts})
