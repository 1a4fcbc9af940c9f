"""What each check is worth: how often it bars a claim, how often rightly, and what release would be without it.

    python -m benchmarks checks LABELLED_FOLDER [--each 40]

Takes a few labelled claims of each data set that the verifier was not fitted on (`claim-sample`). A claim is verified
as a whole, with every check asked, whatever the others say. `bars` counts the claims that a check bars among those
whose probability of support reaches the threshold of the mode: the ones it decides about. A check pays when it bars two
false claims for each true one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from benchmarks.harness import LabelledFolder, Result
from benchmarks.verifier.claim_sample import sample
from eval.data import LabelledClaim, hits_of, load_folder
from rag.build.answerer import build_finder
from rag.build.models import build_encoder
from rag.evidence import EvidenceFinder
from rag.models import Logistic, sigmoid
from rag.settings import load_settings
from rag.verification import Release, load_model, load_modes
from rag.verification.checks import CHECKS, PreparedClaim, encoder_scores
from rag.verification.pairs import SupportEncoder

ALTERED = "altered"
"""The bar of the encoder's second head, which is a threshold and no check of the list."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A claim, its probability of support, that of being intact, and the names of the checks that bar it."""

    supported: bool
    support: float
    intact: float
    barred: frozenset[str]


def examine(
    rows: Sequence[LabelledClaim], finder: EvidenceFinder, model: Logistic, encoder: SupportEncoder
) -> list[Examined]:
    """Every claim with all that is found against it."""
    found = []
    for row in rows:
        pool = finder.pool(hits_of(row.context))
        claim = PreparedClaim(row.claim, row.claim, pool, finder.support(row.claim, pool))
        if not claim.support.chosen:
            continue
        measured = {**claim.features, **encoder_scores(encoder.logits([claim.encoder_input])[0])}
        barred = frozenset(check.name for check in CHECKS if check.find(claim) is not None)
        found.append(Examined(row.supported, model.probability(measured), sigmoid(measured["intact"]), barred))
    return found


def worth(examined: Sequence[Examined], least: Release) -> dict[str, Any]:
    """Release with all checks, without each and without any; and what each bars of what reaches the threshold."""
    names = [check.name for check in CHECKS] + [ALTERED]
    bars = {each: _all_bars(each, least) for each in examined}
    reach = [each for each in examined if each.support >= least.support]
    return {
        "all": _released(reach, examined, bars, frozenset()),
        "none": _released(reach, examined, bars, frozenset(names)),
        **{
            name: {
                "bars": {
                    "true": sum(name in bars[each] and each.supported for each in reach),
                    "false": sum(name in bars[each] and not each.supported for each in reach),
                },
                "alone": {
                    "true": sum(bars[each] == {name} and each.supported for each in reach),
                    "false": sum(bars[each] == {name} and not each.supported for each in reach),
                },
                "without it": _released(reach, examined, bars, frozenset([name])),
            }
            for name in names
        },
    }


def _all_bars(each: Examined, least: Release) -> frozenset[str]:
    return each.barred | ({ALTERED} if each.intact < least.intact else set())


def _released(
    reach: Sequence[Examined],
    examined: Sequence[Examined],
    bars: Mapping[Examined, frozenset[str]],
    without: frozenset[str],
) -> dict[str, Any]:
    out = [each for each in reach if not bars[each] - without]
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
    rows = [row for rows in load_folder(folder).values() for row in sample(rows, each)]
    examined = examine(rows, build_finder(settings), load_model("vectors"), build_encoder(settings))
    modes = {mode: worth(examined, least) for mode, least in load_modes().items()}
    return Result({"claims": len(examined), "supported": sum(each.supported for each in examined), **modes})
