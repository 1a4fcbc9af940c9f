"""What code measures of a claim against the sentences chosen for it: overlap, what is missing, how near it is.

A logistic regression weighs these beside what the encoder reads (`eval.fit.verifier`). More agreement never lowers the
probability and more disagreement never raises it: coefficients of the wrong sign are refused when the model is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from rag.evidence import EvidencePool, Support, in_its_digits, premise, sentence_window
from rag.text import content_stems, direction_differs, negation_differs, stems, tokens, weighted_recall
from rag.types import FloatArray

SIGNS: Mapping[str, int] = {
    "encoder": 1,
    "recall_of_best": 1,
    "bigram_recall": 1,
    "words_found": 1,
    "near_pairs": 1,
    "missing_numbers": -1,
    "missing_names": -1,
    "negation": -1,
    "direction": -1,
    "cosine": 1,
    "weakest_word": 1,
    "weak_words": 1,
}
"""Every feature, and the sign its coefficient must have."""
OF_VECTORS = frozenset({"cosine", "weakest_word", "weak_words"})
"""The features that there are only with an embedding model in this process."""
_WEAK = 20
REACH = 6


def features_of(sentence: str, support: Support, pool: EvidencePool) -> dict[str, float]:
    """The features of a sentence against the sentences chosen for it; `OF_VECTORS` only where there are vectors.

    What the encoder says is not among them: it is asked in batches where there are many sentences.
    """
    language = pool.language
    words = stems(sentence, language)
    content = content_stems(sentence, language) or words
    rows = [pool.stems_of(index) for index in support.chosen]
    pairs = {pair for row in rows for pair in pairwise(row)}
    wanted_pairs = list(pairwise(words))
    quoted = " ".join(pool.candidates[index].text for index in support.chosen)
    measured = {
        "recall_of_best": max((weighted_recall(content, set(row)) for row in rows), default=0.0),
        "bigram_recall": sum(pair in pairs for pair in wanted_pairs) / max(1, len(wanted_pairs)),
        "words_found": words_found(sentence, pool),
        "near_pairs": near_pairs(content, rows),
        "missing_numbers": float(min(2, len(support.missing_numbers))),
        "missing_names": float(min(2, len(support.missing_names))),
        "negation": float(negation_differs(sentence, quoted)),
        "direction": float(direction_differs(sentence, quoted)),
    }
    if support.cosine is None:
        return measured
    return {**measured, "cosine": support.cosine, **nearness(sentence, support, pool)}


def nearness(sentence: str, support: Support, pool: EvidencePool) -> dict[str, float]:
    """How near the words of a sentence come to words of its window: the least near, and a fifth of all; -1..1.

    Words are compared in their context, by the greatest cosine of token vectors, as BERTScore's recall does (Zhang et
    al. 2020); but a mean hides the one word that was made up among many that were not.
    """
    near = pool.nearness(sentence, sentence_window(support.ranking, pool))
    if near is None:
        return {"weakest_word": 0.0, "weak_words": 0.0}
    return {"weakest_word": float(near.min()), "weak_words": float(np.percentile(near, _WEAK))}


def words_found(sentence: str, pool: EvidencePool) -> float:
    """The share of the sentence's distinct words that the whole pool has; 0..1."""
    words = set(tokens(sentence))
    return len(words & pool.words) / max(1, len(words))


def near_pairs(content: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """The share of the sentence's neighbouring content words that stand near each other in a quote, too; 0..1.

    Near is within REACH words, in either order. `content` are the stems of the sentence, `rows` those of each quote,
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


def encoder_input(sentence: str, support: Support, pool: EvidencePool) -> tuple[str, str]:
    """What the encoder reads of a drafted sentence and of a labelled claim: the claim, and the window beside it."""
    read = premise(sentence_window(support.ranking, pool), pool)
    return in_its_digits(sentence, read), read


def encoder_scores(logits: FloatArray) -> dict[str, float]:
    """What the encoder says of one sentence, shape (HEADS,), by name."""
    return {"encoder": float(logits[0]), "intact": float(logits[1])}
