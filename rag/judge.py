"""A language model as a second judge: the probability that it would say yes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol

_YES, _NO = "yes", "no"


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
