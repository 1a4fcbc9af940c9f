"""The probability that the hits answer the question, before anything is drafted.

A logistic regression over three features, fitted by `python -m eval.fit.answerability` and stored in
`answerability_model.json`. docs/research/answerability.md is the model card.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from rag.models import Logistic, load_logistic
from rag.text import content_stems, lexicon, stems, weight, weighted_recall
from rag.types import Hit

ANSWERABILITY_FILE = Path(__file__).with_name("answerability_model.json")
VECTORS, WORDS = ("density", "recall", "dense"), ("density", "recall")
"""The signals of the two models: with the shipped embedding model's cosines, and without."""
SIGNS: Mapping[str, int] = dict.fromkeys(VECTORS, 1)
"""More of any signal never lowers the probability."""
_SATURATION = 0.04
_SHORTEST = 30  # content words: a heading that repeats the question is not a passage about it


class Answerability(Protocol):
    """Estimates from the hits whether a question can be answered."""

    def probability(self, question: str, hits: Sequence[Hit], *, language: str = "en") -> float:
        """The probability, 0..1, that the hits answer the question; 0 without hits."""
        ...


class FittedAnswerability:
    """The probability of the best hit: one passage that answers is enough.

    In another language than English, whose words the weights of the model do not know, the share of the question's
    words in the best hit.
    """

    def __init__(self, model: Logistic) -> None:
        self._model = model

    def probability(self, question: str, hits: Sequence[Hit], *, language: str = "en") -> float:
        wanted = wanted_stems(question, language)
        if (words := lexicon(language)) is not None:
            telling = {each for each in wanted if each not in words.function} or set(wanted)
            return max((len(telling & _stems_of(hit, language)) / len(telling) for hit in hits), default=0.0)
        found = (self._model.probability(hit_signals(wanted, hit, language)) for hit in hits)
        return max(found, default=0.0)


def _stems_of(hit: Hit, language: str) -> set[str]:
    return set(content_stems(hit.chunk.embedded_text, language))


def load_answerability(*, vectors: bool, path: Path = ANSWERABILITY_FILE) -> FittedAnswerability:
    """The shipped model; `vectors` if the hits' `dense` scores are cosines of the shipped embedding model.

    Raises:
        ModelCorrupt: the file is not such a model.
    """
    return FittedAnswerability(load_logistic(path, "vectors" if vectors else "words", SIGNS))


def answerability_signals(question: str, hit: Hit, language: str = "en") -> dict[str, float]:
    """Every feature of one hit; `dense`, the cosine, only if the hit has it."""
    return hit_signals(wanted_stems(question, language), hit, language)


def hit_signals(wanted: Sequence[str], hit: Hit, language: str) -> dict[str, float]:
    """The same for a question with known stems."""
    text = content_stems(hit.chunk.text, language)
    measured = {"density": density(wanted, text), "recall": weighted_recall(wanted, frozenset(text))}
    return measured | {"dense": hit.scores["dense"]} if "dense" in hit.scores else measured


def density(wanted: Sequence[str], text: Sequence[str]) -> float:
    """How much of a text is about the wanted stems, 0..1; 0 if it has none of them.

    For each wanted stem, f / (f + 0.04) with its relative frequency f among the text's content words, averaged with the
    weights of the stems. This is BM25's term frequency with full length normalisation (down to 30 words): a passage
    that answers is mostly about the question, one that merely mentions its words is not.
    """
    counts, total = Counter(text), max(len(text), _SHORTEST)
    weights = {stem: weight(stem) for stem in wanted}
    if not weights:
        return 0.0
    found = sum(w * counts[stem] / (counts[stem] + _SATURATION * total) for stem, w in weights.items())
    return found / sum(weights.values())


def wanted_stems(question: str, language: str = "en") -> list[str]:
    """The stems of the question: of its content words, or of all words if it has none."""
    return content_stems(question, language) or stems(question, language)
