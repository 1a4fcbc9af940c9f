"""Features of a claim and its evidence: word overlap, missing facts, and similarity of words.

They are the input of a logistic regression (`eval.fit.verifier`). More agreement never lowers the probability and more
disagreement never raises it: a model with a coefficient of the wrong sign is rejected when it is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from rag.evidence import EvidencePool, Support, premise, sentence_window
from rag.text import content_stems, negation_differs, stems, tokens, weighted_recall

SIGNS: Mapping[str, int] = {
    "words_found": 1,
    "near_pairs": 1,
    "missing_numbers": -1,
    "missing_names": -1,
    "negation": -1,
    "weakest_word": 1,
    "weak_words": 1,
    "weakest_in_best": 1,
}
"""Every feature, with the required sign of its coefficient."""
OF_VECTORS = frozenset({"weakest_word", "weak_words", "weakest_in_best"})
"""The features that need an embedding model in this process."""
_WEAK = 20
REACH = 6


def features_of(sentence: str, support: Support, pool: EvidencePool) -> dict[str, float]:
    """The features of a sentence and its selected evidence; `OF_VECTORS` only if there are vectors."""
    language = pool.language
    content = content_stems(sentence, language) or stems(sentence, language)
    rows = [pool.stems_of(index) for index in support.chosen]
    quoted = " ".join(pool.reading(index) for index in support.chosen)
    return {
        "words_found": words_found(sentence, pool),
        "near_pairs": near_pairs(content, rows),
        "missing_numbers": float(min(2, len(support.missing_numbers))),
        "missing_names": float(min(2, len(support.missing_names))),
        "negation": float(negation_differs(sentence, quoted)),
        **(nearness(sentence, support, pool) if pool.has_vectors else {}),
    }


def nearness(sentence: str, support: Support, pool: EvidencePool) -> dict[str, float]:
    """The similarity of the sentence's words to its window: minimum and 20th percentile; -1..1.

    `weakest_in_best` is the minimum against the best selected sentence only, because a substituted word may occur in
    another sentence of the window. Words are compared in context, by the greatest cosine of token vectors, as in
    BERTScore's recall (Zhang et al. 2020). A mean would hide one fabricated word among many others.
    """
    near = pool.nearness(sentence, sentence_window(support.ranking, pool))
    in_best = pool.nearness(sentence, support.chosen[:1])
    if near is None or in_best is None:
        return dict.fromkeys(OF_VECTORS, 0.0)
    return {
        "weakest_word": float(near.min()),
        "weak_words": float(np.percentile(near, _WEAK)),
        "weakest_in_best": float(in_best.min()),
    }


def words_found(sentence: str, pool: EvidencePool) -> float:
    """The share of the sentence's distinct words that occur in the pool; 0..1."""
    words = set(tokens(sentence))
    return len(words & pool.words) / max(1, len(words))


def near_pairs(content: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """The share of pairs of neighbouring content words that also occur close together in a quote; 0..1.

    Close is within REACH words, in either order. `content` are the stems of the sentence, `rows` those of each quote,
    all in order.
    """
    pairs = [(first, second) for first, second in pairwise(content) if first != second]
    places = [_places(row) for row in rows]
    near = sum(any(_near(here.get(a, ()), here.get(b, ())) for here in places) for a, b in pairs)
    return near / max(1, len(pairs))


def _places(row: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, stem in enumerate(row):
        places.setdefault(stem, []).append(place)
    return places


def _near(first: Sequence[int], second: Sequence[int]) -> bool:
    return any(abs(a - b) <= REACH for a in first for b in second)


def recall_of_best(sentence: str, support: Support, pool: EvidencePool) -> float:
    """The weighted recall of the sentence's words in the selected sentence with the most of them; 0..1."""
    content = content_stems(sentence, pool.language) or stems(sentence, pool.language)
    return max((weighted_recall(content, set(pool.stems_of(index))) for index in support.chosen), default=0.0)


def window_for(sentence: str, support: Support, pool: EvidencePool) -> str:
    """The premise window: the most relevant sentences of the hits, in reading order."""
    return premise(sentence_window(support.ranking, pool), pool)
