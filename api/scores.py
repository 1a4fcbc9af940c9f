"""Scores of passages: the probability that a passage answers the query, 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scipy.optimize import isotonic_regression

from rag.answers import Answerability
from rag.types import Hit


class Scorer:
    """Gives the hits of a search the probability that each answers the query, by the answerability model.

    The order of the hits stays, because it was measured to be better than that of the probabilities. The scores are the
    nearest non-increasing sequence to the probabilities (isotonic regression).
    """

    def __init__(self, answerability: Answerability, language: str) -> None:
        self._answerability = answerability
        self._language = language

    def scored(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        """The hits in their order, with these scores in place of those they were ranked by."""
        if not hits:
            return []
        each = [self._answerability.probability(query, [hit], language=self._language) for hit in hits]
        falling = isotonic_regression(each, increasing=False).x.tolist()
        scores = [min(max(score, 0.0), 1.0) for score in falling]  # rounding
        return [replace(hit, scores={**hit.scores, "score": score}) for hit, score in zip(hits, scores, strict=True)]
