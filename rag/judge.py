"""A language model as a second judge: the probability that it would say yes, and what that makes of the verifier's."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol

from rag.logistic import log_odds, sigmoid

_YES, _NO = "yes", "no"
_SUREST = math.log(99)  # log-odds: a small model is often surer than that, and not oftener right


class Judge(Protocol):
    """Says how likely a window of the documents supports a claim."""

    def probability(self, claim: str, window: str) -> float:
        """0..1.

        Raises:
            ModelUnavailable: the language model cannot be reached or fails.
        """
        ...


def probability_of_yes(log_probabilities: Iterable[tuple[str, float]]) -> float:
    """The share of yes among yes and no, given the log-probabilities of the first token's likeliest values.

    One half where neither is among them.
    """
    totals = {_YES: 0.0, _NO: 0.0}
    for token, value in log_probabilities:
        word = token.strip(" \t\n\"'.*").casefold()
        if word in totals:
            totals[word] += math.exp(value)
    either = totals[_YES] + totals[_NO]
    return totals[_YES] / either if either else 0.5


def pooled(support: float, judged: float) -> float:
    """The probability of support after a judge: the geometric mean of both odds, 0..1.

    A logarithmic opinion pool of equal weights (Genest and Zidek, Combining probability distributions, Statistical
    Science 1, 1986). The judge counts as at most 99% sure either way.
    """
    return sigmoid((log_odds(support) + _limited(log_odds(judged))) / 2)


def may_be_released(support: float, threshold: float) -> bool:
    """Whether the surest judge could lift this support to the threshold."""
    return pooled(support, 1.0) >= threshold


def _limited(odds: float) -> float:
    return max(-_SUREST, min(_SUREST, odds))
