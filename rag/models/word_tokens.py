"""Distinguishes word tokens from punctuation and special tokens."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
_PUNCTUATION = frozenset(string.punctuation)


class WordTokens:
    """Distinguishes word tokens from punctuation and special tokens, by their ids.

    Args:
        vocabulary: every token with its id; pieces inside a word start with `##`.
        special: ids of special tokens.
    """

    def __init__(self, vocabulary: Mapping[str, int], special: Sequence[int]) -> None:
        marks = [i for token, i in vocabulary.items() if _PUNCTUATION.issuperset(token.removeprefix("##"))]
        self._marks = np.array(marks)
        self._special = np.array(special)

    def unpunctuated(self, ids: IntArray) -> npt.NDArray[np.bool_]:
        """All but punctuation, whose vectors carry little and would crowd out others in pooling; all, if only that."""
        kept = ~np.isin(ids, self._marks)
        return kept if kept.any() else np.ones_like(kept)

    def alone(self, ids: IntArray) -> npt.NDArray[np.bool_]:
        """The same without the special tokens."""
        return self.unpunctuated(ids) & ~np.isin(ids, self._special)
