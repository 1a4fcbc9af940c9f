"""Chooses a release threshold with a guarantee, by Learn-then-Test.

The risk is the share of unsupported sentences among the released ones. For each threshold of a fixed grid, the null
hypothesis "the risk is above the target" has an exact binomial p-value: given the number of labelled sentences that
reach the threshold, the number of unsupported ones among them is binomial. Thresholds are tested from the strictest,
until one is not rejected (Angelopoulos, Bates, Candès, Jordan and Lei, Learn then Test, 2021: fixed-sequence testing,
run by MAPIE). A single sequence would depend on a handful of sentences, so there are two, which share the allowed
error. Their starts depend on the number of released sentences, never on labels. The method assumes that sentences with
a lower score are not supported more often than those with a higher score.

MAPIE's own controller is not used: it derives the order of the tests from the labels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, betaincinv

from rag.errors import NoGuarantee

GRID: tuple[float, ...] = tuple(
    dict.fromkeys(round(1 / (1 + math.exp(-steps / 10)), 4) for steps in range(92, -51, -1))
)
"""The thresholds that are tested, strictest first: even steps of log-odds from 0.9999 to 0.0067."""
_FEWEST_TO_ESTIMATE = 20
_SEARCHED = 200_000
_Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scored:
    """A labelled sentence with its support; `barred` if a check rejects it, whatever its support."""

    supported: bool
    support: float
    barred: bool = False

    def released(self, threshold: float) -> bool:
        """Whether it is shown at this threshold."""
        return not self.barred and self.support >= threshold


@dataclass(frozen=True, slots=True)
class Chosen:
    """The most lenient threshold that passed, and what is released at it.

    `bound` is the upper confidence limit (Clopper and Pearson) of the risk at this threshold taken by itself.
    """

    threshold: float
    released: int
    unsupported: int
    bound: float


def fewest_released(risk: float, confidence: float) -> int:
    """How many released sentences, none of them unsupported, show that the risk is under the target."""
    return math.ceil(math.log(1 - confidence) / math.log(1 - risk) - 1e-9)


def choose(scored: Sequence[Scored], *, risk: float, confidence: float) -> Chosen:
    """The threshold for these labelled sentences.

    Raises:
        NoGuarantee: they are too few, or too many are unsupported; says how many labels would be needed.
    """
    check_enough(len(scored), risk=risk, confidence=confidence)
    released, unsupported = counts(scored)
    passed = _passed(released, unsupported, len(scored), risk=risk, confidence=confidence)
    if not passed:
        raise NoGuarantee(_refusal(scored, risk=risk, confidence=confidence))
    shown, wrong = int(released[max(passed)]), int(unsupported[max(passed)])
    bound = float(betaincinv(wrong + 1, shown - wrong, confidence)) if wrong < shown else 1.0
    return Chosen(GRID[max(passed)], shown, wrong, bound)


def check_installed() -> None:
    """Fails before a long run if MAPIE is missing.

    Raises:
        ModuleNotFoundError: MAPIE is not installed; the extra `fit` has it.
    """
    import mapie.risk_control  # noqa: F401


def check_enough(labels: int, *, risk: float, confidence: float) -> None:
    """Refuse before anything is scored when not even faultless sentences would do.

    Raises:
        NoGuarantee: there are fewer labels than `fewest_released`.
    """
    needed = fewest_released(risk, confidence)
    if labels < needed:
        raise NoGuarantee(
            f"{labels} labelled sentences are too few: for a risk of {risk:g} with confidence {confidence:g} at least "
            f"{needed} must be released and none of these may be unsupported; about twice as many labels are advisable"
        )


def counts(scored: Sequence[Scored]) -> tuple[_Counts, _Counts]:
    """How many are released at each threshold of the grid, and how many of those are unsupported."""
    support = np.array([-1.0 if each.barred else each.support for each in scored])
    wrong = np.array([not each.supported for each in scored], dtype=bool)
    released = support >= np.array(GRID)[:, None]
    return released.sum(axis=1), (released & wrong).sum(axis=1)


def labels_needed(scored: Sequence[Scored], *, risk: float, confidence: float) -> int | None:
    """About how many labels would do, if more of them are like these; None when no number would.

    At every threshold the observed risk is taken for the true one, with half an unsupported sentence more for caution
    (Jeffreys), and the released sentences that then suffice are divided by the coverage.
    """
    found: list[float] = []
    for shown, wrong in zip(*counts(scored), strict=True):
        if shown >= _FEWEST_TO_ESTIMATE:
            needed = released_needed((wrong + 0.5) / (shown + 1), risk, confidence)
            if needed is not None:
                found.append(needed * len(scored) / shown)
    return math.ceil(min(found)) if found else None


def released_needed(observed: float, risk: float, confidence: float) -> int | None:
    """The fewest released sentences at which this share of unsupported ones passes, with two starts; None: none do."""
    if not observed:
        return fewest_released(risk, confidence)
    error = (1 - confidence) / 2
    low, high = 1, _SEARCHED
    if observed >= risk or bdtr(math.ceil(observed * high), high, risk) > error:
        return None
    while low < high:  # nearly monotone: rounding up makes small steps back, which an estimate may ignore
        middle = (low + high) // 2
        if bdtr(math.ceil(observed * middle), middle, risk) <= error:
            high = middle
        else:
            low = middle + 1
    return low


def _passed(released: _Counts, unsupported: _Counts, labels: int, *, risk: float, confidence: float) -> set[int]:
    """The places in the grid whose risk is shown to be under the target."""
    p_values = bdtr(unsupported, released, risk)
    from mapie.risk_control import control_fwer

    starts = _starts(labels, risk, 1 - confidence)
    passed: set[int] = set()
    for smallest in starts:
        first = int(np.argmax(released >= smallest)) if (released >= smallest).any() else len(GRID)
        if first < len(GRID):
            allowed = (1 - confidence) / len(starts)
            passed |= {first + int(i) for i in control_fwer(p_values[first:], allowed, "fixed_sequence")}
    return passed


def _starts(labels: int, risk: float, error: float) -> tuple[int, ...]:
    """Sentences that must be released where each sequence starts; with few labels there is one start.

    The strict one serves a verifier that is hardly ever wrong at the top. The other, at a quarter of the labels, serves
    one that is seldom wrong anywhere: there an unsupported sentence or two do not end the sequence.
    """
    fewest, quarter = fewest_released(risk, 1 - error / 2), labels // 4
    return (fewest, quarter) if quarter > 1.5 * fewest else (fewest_released(risk, 1 - error),)


def _refusal(scored: Sequence[Scored], *, risk: float, confidence: float) -> str:
    shown = f"{len(scored)} labelled sentences do not show a risk under {risk:g} with confidence {confidence:g}"
    needed = labels_needed(scored, risk=risk, confidence=confidence)
    if needed is None:
        return (
            f"{shown}: at no threshold is the observed share of unsupported sentences low enough for any number of "
            "labels; allow a higher risk, or label sentences on which the verifier does better"
        )
    if needed <= len(scored):
        return f"{shown}: it was close, and somewhat more labels may do; about {needed} would be typical"
    return f"{shown}: at the observed precision about {needed} would"
