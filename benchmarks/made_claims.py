"""Which changes of a true sentence the verifier sees, and which true rewordings it still releases.

    python -m benchmarks.made_claims DOCUMENTS … [--claims 600]

Claims are made from sentences of the documents as for training (`eval.data.claim_edits`), which should be documents
that trained nothing. Prints, for every kind of edit, how many claims were made and the share that is released in each
mode of FOOTNOTE_SUPPORT_MODE, hard rules and clauses included: of the true kinds it should be high, of the false ones
0.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.modes import verifiers_by_mode
from benchmarks.record import record
from eval.data import ClaimPair, LabelledClaim, at_most_of_a_kind, pairs_of, texts_of
from eval.report.verifier import Checked, check
from rag.build.answers import build_finder
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


def main() -> None:
    """Read the arguments, make claims, check them, record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path, nargs="+")
    parser.add_argument("--claims", type=int, default=600)
    parser.add_argument("--name", default="made-claims")
    args = parser.parse_args()
    settings = load_settings()
    modes = load_modes()
    finder = build_finder(settings)
    rows = claims_of(args.documents, args.claims)
    verifiers = verifiers_by_mode(settings, finder)
    found = by_kind({mode: check(rows, finder, verifier) for mode, verifier in verifiers.items()})
    print("| edit | supported | made | " + " | ".join(f"released, {mode}" for mode in modes) + " |")
    print("| --- | --- | --- |" + " --- |" * len(modes))
    for kind, figures in found.items():
        shares = " | ".join(f"{figures[mode]:.0%}" for mode in modes)
        print(f"| {kind} | {'yes' if figures['true'] else 'no'} | {figures['made']} | {shares} |")
    record(args.name, {"modes": {mode: asdict(each) for mode, each in modes.items()}, "kinds": found})


if __name__ == "__main__":
    main()
