"""A few labelled claims that the verifier was not fitted on, in the form that `footnote eval verifier` takes.

    python -m benchmarks claim-sample LABELLED_FOLDER --each 15 > claims.jsonl
    FOOTNOTE_SUPPORT_MODE=balanced footnote eval verifier claims.jsonl --reader llm

A language model as a reader takes seconds a claim where no GPU serves it; the data sets have thousands.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.harness import LabelledFolder
from eval.data import LabelledClaim, balanced_order, held_out_of, load_folder


def held_out_rows(folder: Path) -> dict[str, list[LabelledClaim]]:
    """By data set: the rows on which nothing was fitted, in their balanced order."""
    sets = load_folder(folder)
    held_out = held_out_of(sets.values())
    return {name: balanced_order([row for row in rows if row in held_out]) for name, rows in sets.items()}


def sample(rows: Sequence[LabelledClaim], each: int) -> list[LabelledClaim]:
    """The first so many supported and unsupported claims."""
    return [row for wanted in (True, False) for row in [r for r in rows if r.supported is wanted][:each]]


def benchmark(
    folder: LabelledFolder,
    each: Annotated[int, typer.Option(help="Claims of each label a data set.")] = 15,
) -> None:
    """Print the rows; those of one context stand together."""
    chosen = [row for rows in held_out_rows(folder).values() for row in sample(rows, each)]
    for row in sorted(chosen, key=lambda row: row.context):
        print(json.dumps({"context": row.context, "claim": row.claim, "label": int(row.supported)}))
