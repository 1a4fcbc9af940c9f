"""A language model as a second judge: the probability that it would say yes, and what that makes of the verifier's."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol

from rag.models import log_odds, sigmoid

_YES, _NO = "yes", "no"
_EVEN = 0.5
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


def pooled_support(support: float, judged: float) -> float:
    """The probability of support after a judge, 0..1: the product of both odds.

    That is Bayes' rule for two opinions that err independently, where supported and unsupported are equally likely
    beforehand (Clemen and Winkler, Combining probability distributions from experts in risk analysis, Risk Analysis
    19, 1999). The judge counts as at most 99% sure either way.
    """
    return sigmoid(log_odds(support) + max(-_SUREST, min(_SUREST, log_odds(judged))))


def may_be_released(support: float, threshold: float) -> bool:
    """Whether a judge is to be asked: the support reaches the threshold, or the judge's yes could lift it there.

    Not below even odds, unless the threshold is lower: what the words speak against, a judge alone does not bring out.
    """
    return support >= min(_EVEN, threshold) and max(support, pooled_support(support, 1.0)) >= threshold
