"""What each check is worth: how often it bars a claim, how often rightly, and what release would be without it.

    python -m benchmarks checks LABELLED_FOLDER [--each 40]

Takes a few labelled claims of each data set that the verifier was not fitted on (`claim-sample`). A claim is verified
as a whole, with every check asked, whatever the others say. `bars` counts the claims that a check bars among those
whose probability of support reaches the threshold of the mode: the ones it decides about. A check pays when it bars two
false claims for each true one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from benchmarks.harness import LabelledFolder, Result
from benchmarks.verifier.claim_sample import held_out_rows, sample
from eval.data import LabelledClaim, hits_of
from rag.build.answerer import build_finder
from rag.evidence import EvidenceFinder
from rag.models import Logistic
from rag.settings import load_settings
from rag.verification import load_model, load_modes
from rag.verification.checks import CHECKS, PreparedClaim


@dataclass(frozen=True, slots=True)
class Examined:
    """A claim, its probability of support, and the names of the checks that bar it."""

    supported: bool
    support: float
    barred: frozenset[str]


def examine(rows: Sequence[LabelledClaim], finder: EvidenceFinder, model: Logistic) -> list[Examined]:
    """Every claim with all that is found against it."""
    found = []
    for row in rows:
        pool = finder.pool(hits_of(row.context))
        claim = PreparedClaim(row.claim, row.claim, pool, finder.support(row.claim, pool))
        if not claim.support.chosen:
            continue
        barred = frozenset(check.name for check in CHECKS if check.find(claim) is not None)
        found.append(Examined(row.supported, model.probability(claim.features), barred))
    return found


def worth(examined: Sequence[Examined], threshold: float) -> dict[str, Any]:
    """Release with all checks, without each and without any; and what each bars of what reaches the threshold."""
    names = [check.name for check in CHECKS]
    reach = [each for each in examined if each.support >= threshold]
    return {
        "all": _released(reach, examined, frozenset()),
        "none": _released(reach, examined, frozenset(names)),
        **{
            name: {
                "bars": {
                    "true": sum(name in each.barred and each.supported for each in reach),
                    "false": sum(name in each.barred and not each.supported for each in reach),
                },
                "alone": {
                    "true": sum(each.barred == {name} and each.supported for each in reach),
                    "false": sum(each.barred == {name} and not each.supported for each in reach),
                },
                "without it": _released(reach, examined, frozenset([name])),
            }
            for name in names
        },
    }


def _released(
    reach: Sequence[Examined],
    examined: Sequence[Examined],
    without: frozenset[str],
) -> dict[str, Any]:
    out = [each for each in reach if not each.barred - without]
    right = sum(each.supported for each in out)
    return {
        "released": len(out),
        "precision": round(100 * right / max(1, len(out)), 1),
        "recall": round(100 * right / sum(each.supported for each in examined), 1),
    }


def benchmark(
    folder: LabelledFolder, each: Annotated[int, typer.Option(help="Claims of each label a data set.")] = 40
) -> Result:
    settings = load_settings()
    rows = [row for rows in held_out_rows(folder).values() for row in sample(rows, each)]
    examined = examine(rows, build_finder(settings), load_model("vectors"))
    modes = {mode: worth(examined, threshold) for mode, threshold in load_modes().items()}
    return Result({"claims": len(examined), "supported": sum(each.supported for each in examined), **modes})
