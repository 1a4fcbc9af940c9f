"""What a reader's opinion makes of the verifier's."""

from __future__ import annotations

import math

from rag.models import log_odds, sigmoid

LEAST_ASKED = 0.2
"""Support below which a reader is not asked: what the words speak against by more than four to one."""
_SUREST = math.log(99)  # log-odds: a small model is often surer than that, and not oftener right


def pooled_support(support: float, read: float) -> float:
    """The probability of support after a reader, 0..1: the product of both odds.

    That is Bayes' rule for two opinions that err independently, where supported and unsupported are equally likely
    beforehand (Clemen and Winkler, Combining probability distributions from experts in risk analysis, Risk Analysis
    19, 1999). The reader counts as at most 99% sure either way.
    """
    return sigmoid(log_odds(support) + max(-_SUREST, min(_SUREST, log_odds(read))))


def reader_could_decide(support: float, threshold: float) -> bool:
    """Whether a reader is to be asked: the support reaches the threshold, or the reader's yes could lift it there.

    Not below LEAST_ASKED, unless the threshold is lower. Overlap has little to say for a sentence that tells a row of a
    table in words: with an oracle as the reader, even odds as the limit withheld a third of what strong models wrote.
    """
    return support >= min(LEAST_ASKED, threshold) and max(support, pooled_support(support, 1.0)) >= threshold
