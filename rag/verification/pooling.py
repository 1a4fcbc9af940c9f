"""What a reader's opinion makes of the verifier's."""

from __future__ import annotations

import math

from rag.models import log_odds, sigmoid

_EVEN = 0.5
_SUREST = math.log(99)  # log-odds: a small model is often surer than that, and not oftener right


def pooled_support(support: float, read: float) -> float:
    """The probability of support after a reader, 0..1: the product of both odds.

    That is Bayes' rule for two opinions that err independently, where supported and unsupported are equally likely
    beforehand (Clemen and Winkler, Combining probability distributions from experts in risk analysis, Risk Analysis
    19, 1999). The reader counts as at most 99% sure either way.
    """
    return sigmoid(log_odds(support) + max(-_SUREST, min(_SUREST, log_odds(read))))


def may_be_released(support: float, threshold: float) -> bool:
    """Whether a reader is to be asked: the support reaches the threshold, or the reader's yes could lift it there.

    Not below even odds, unless the threshold is lower: what the words speak against, a reader alone does not bring out.
    """
    return support >= min(_EVEN, threshold) and max(support, pooled_support(support, 1.0)) >= threshold
