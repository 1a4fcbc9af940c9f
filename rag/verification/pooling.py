"""Pooling of the reader's probability with the verifier's."""

from __future__ import annotations

import math

from rag.models import log_odds, sigmoid
from rag.verification.readers import EVEN

LEAST_ASKED = 0.2
"""Support below which a reader is not used: odds of more than four to one against the claim."""
_SUREST = math.log(99)  # log-odds: small models are often more certain than that without being more often correct


def pooled_support(support: float, read: float) -> float:
    """The probability of support after a reader, 0..1: the product of both odds.

    This is Bayes' rule for two sources with independent errors and equal prior probabilities of supported and
    unsupported (Clemen and Winkler, Combining probability distributions from experts in risk analysis, Risk Analysis
    19, 1999). The reader counts as at most 99% sure either way.
    """
    return sigmoid(log_odds(support) + max(-_SUREST, min(_SUREST, log_odds(read))))


def decided_support(support: float, read: float) -> float:
    """The probability of support after a reader that decides, 0..1: as pooled, but no more than a *no* of its own.

    Overlap is near certain of a false sentence that copies a true one but for a word, so that the product of both odds
    overrules a reader that is certain too.
    """
    pooled = pooled_support(support, read)
    return pooled if read >= EVEN else min(pooled, read)


def reader_could_decide(support: float, threshold: float) -> bool:
    """Whether to use the reader: the support reaches the threshold, or a *yes* of the reader could raise it there.

    Not below LEAST_ASKED, unless the threshold is lower. A limit of 0.5 would be too high, because overlap is low for a
    sentence that paraphrases a table row: with an oracle as reader it withheld a third of what strong models wrote.
    """
    return support >= min(LEAST_ASKED, threshold) and max(support, pooled_support(support, 1.0)) >= threshold
