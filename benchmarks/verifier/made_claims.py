"""Which changes of a true sentence the verifier sees, and which true rewordings it still releases.

    python -m benchmarks made-claims DOCUMENTS … [--claims 600]

Claims are made from sentences of the documents (`eval.data.claim_edits`). Prints, for every kind of edit, how many
claims were made and the share that is released in each mode of FOOTNOTE_SUPPORT_MODE, checks and clauses included: of
the true kinds it should be high, of the false ones 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.harness import Result, table
from benchmarks.verifier.modes import verifiers_by_mode
from eval.data import ClaimPair, LabelledClaim, at_most_of_a_kind, pairs_of, texts_of
from eval.report.verifier import Checked, check
from rag.build.answerer import build_finder
from rag.settings import load_settings
from rag.verification import load_modes

SEED = 11
PER_PIECE = 4


def claims_of(documents: Sequence[Path], most: int) -> list[LabelledClaim]:
    """As many claims of each kind as of the others, where there are so many; their windows are the contexts."""
    pairs = list(pairs_of(texts_of(documents), seed=SEED, per_piece=PER_PIECE))
    wanted = max(1, most // len({pair.kind for pair in pairs}))
    return sorted(map(_row, at_most_of_a_kind(pairs, wanted)), key=lambda row: row.context)


def _row(pair: ClaimPair) -> LabelledClaim:
    return LabelledClaim("made", pair.window, pair.claim, pair.supported == 1, error=pair.kind)


def by_kind(checked: Mapping[str, Sequence[Checked]]) -> dict[str, Any]:
    """For each kind, true ones first: whether it is true, how many were made, the share that each mode releases."""
    rows = [each.row for each in next(iter(checked.values()))]
    true = {row.error: row.supported for row in rows}
    return {
        kind: {
            "true": true[kind],
            "made": sum(row.error == kind for row in rows),
            **{mode: _share([c.verdict.supported for c in of if c.row.error == kind]) for mode, of in checked.items()},
        }
        for kind in sorted(true, key=lambda kind: (not true[kind], kind))
    }


def _share(released: Sequence[bool]) -> float:
    return round(sum(released) / len(released), 3)


def benchmark(
    documents: Annotated[list[Path], typer.Argument(help="Files and folders that trained nothing.", exists=True)],
    claims: Annotated[int, typer.Option(help="How many to make.")] = 600,
) -> Result:
    settings = load_settings()
    modes = load_modes()
    finder = build_finder(settings)
    rows = claims_of(documents, claims)
    verifiers = verifiers_by_mode(settings, finder)
    found = by_kind({mode: check(rows, finder, verifier) for mode, verifier in verifiers.items()})
    head = ["edit", "supported", "made", *(f"released, {mode}" for mode in modes)]
    cells = (
        [kind, "yes" if of["true"] else "no", of["made"], *(f"{of[mode]:.0%}" for mode in modes)]
        for kind, of in found.items()
    )
    print(table(head, cells))
    return Result({"modes": dict(modes), "kinds": found})
