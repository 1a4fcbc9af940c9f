"""Selects the few sentences of a pool that together cover a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.evidence.pool import EvidencePool
from rag.evidence.stated_facts import Claim, claim_of, missing_names, missing_numbers
from rag.models import WordVectors
from rag.text import content_stems, digits_of, stems, weight, weighted_recall
from rag.types import Evidence, FloatArray, Hit

MAX_QUOTES = 3
MOST_QUOTES_OF_NUMBERS = 6
"""Of a claim whose numbers stand in more sentences than that: a calculation has many operands."""
_CONSIDERED = 24
_SMALLEST_GAIN = 0.12
_NEAR_BONUS, _SAME_DOCUMENT_BONUS = 0.04, 0.02
_NUMBER_GAIN, _NAME_GAIN = 0.5, 0.3
_NAMED_BONUS = 0.1


@dataclass(frozen=True, slots=True)
class Support:
    """What was found for a claim: candidates chosen, in order, with the facts that are still missing.

    `ranking` scores every candidate, shape (n,).
    """

    chosen: tuple[int, ...]
    ranking: FloatArray
    claim: Claim
    missing_numbers: tuple[str, ...]
    missing_names: tuple[str, ...]


class EvidenceFinder:
    """Chooses up to three sentences of the hits that together cover a claim."""

    def __init__(self, embedder: WordVectors | None = None, *, language: str = "en") -> None:
        self._embedder = embedder
        self._language = language

    def pool(self, hits: Sequence[Hit]) -> EvidencePool:
        """The candidates of one question."""
        return EvidencePool(hits, embedder=self._embedder, language=self._language)

    def find(self, claim: str, pool: EvidencePool) -> tuple[Evidence, ...]:
        """The quotes that best support the claim, best first; none when no word of it is in the pool."""
        return pool.quotes(self.support(claim, pool).chosen)

    def support(self, claim: str, pool: EvidencePool, facts: Claim | None = None) -> Support:
        """A greedy cover: the best sentence first, then those that add facts and words that are still missing.

        `facts` are what the sentences are to state, where that is not all that the claim does.
        """
        facts = facts or claim_of(claim, pool.language)
        wanted = content_stems(claim, pool.language) or stems(claim, pool.language)
        ranking = _rank(claim, wanted, pool)
        chosen = _cover(facts, wanted, ranking, pool) if len(pool) and float(ranking.max()) > 0 else []
        grounds = [pool.ground(index) for index in chosen]
        return Support(tuple(chosen), ranking, facts, missing_numbers(facts, grounds), missing_names(facts, grounds))


def _rank(claim: str, wanted: Sequence[str], pool: EvidencePool) -> FloatArray:
    """A score for every candidate: the mean of BM25, of the weighted share of words found, and of the cosine.

    Candidates of chunks that the pool has as `named` are a little ahead of others, if anything of the claim is in them.
    """
    recall = np.array([weighted_recall(wanted, found) for found in pool.content], dtype=np.float32)
    parts = [pool.bm25(stems(claim, pool.language)), recall]
    cosines = pool.similarity(claim)
    if cosines is not None:
        parts.append(np.maximum(cosines, 0))
    ranking: FloatArray = np.mean(parts, axis=0)
    if pool.named:
        named = np.array([each.chunk.id in pool.named for each in pool.candidates])
        ranking = ranking + _NAMED_BONUS * (named & (ranking > 0))
    return ranking


def _cover(facts: Claim, wanted: Sequence[str], ranking: FloatArray, pool: EvidencePool) -> list[int]:
    order = [int(index) for index in np.argsort(-ranking, kind="stable")]
    near = _CONSIDERED if not (facts.quantities or facts.dates or facts.identifiers or facts.names) else 2 * _CONSIDERED
    numbers = {digits_of(each.text) for each in facts.quantities}
    with_numbers = [index for index in order[near:] if numbers & pool.numbers[index]] if numbers else []
    considered, chosen = [*order[:near], *with_numbers[:_CONSIDERED]], [order[0]]
    total = sum(weight(each) for each in set(wanted)) or 1.0
    while len(chosen) < MOST_QUOTES_OF_NUMBERS:
        covered = {each for index in chosen for each in pool.content[index]}
        left = {each for each in wanted if each not in covered}
        lacking = _lacking(facts, chosen, pool)
        if (not left and not any(lacking)) or (len(chosen) >= MAX_QUOTES and not lacking[0]):
            break

        def gain(index: int, *, left: set[str] = left, lacking: tuple[int, int] = lacking) -> float:
            numbers, names = _lacking(facts, [*chosen, index], pool) if any(lacking) else (0, 0)
            words = sum(weight(each) for each in left & pool.content[index]) / total
            facts_gain = _NUMBER_GAIN * (lacking[0] - numbers) + _NAME_GAIN * (lacking[1] - names)
            return words + facts_gain

        gains = [(gain(index), index) for index in considered if index not in chosen]
        useful = [(g + _closeness(index, chosen, pool), index) for g, index in gains if g >= _SMALLEST_GAIN]
        if not useful:
            break
        chosen.append(max(useful, key=lambda pair: (pair[0], ranking[pair[1]], -pair[1]))[1])
    return chosen


def _lacking(facts: Claim, chosen: Sequence[int], pool: EvidencePool) -> tuple[int, int]:
    grounds = [pool.ground(index) for index in chosen]
    return len(missing_numbers(facts, grounds)), len(missing_names(facts, grounds))


def _closeness(index: int, chosen: Sequence[int], pool: EvidencePool) -> float:
    candidate = pool.candidates[index]
    others = [pool.candidates[each] for each in chosen]
    if any(candidate.chunk.id == each.chunk.id and abs(candidate.place - each.place) == 1 for each in others):
        return _NEAR_BONUS
    return (
        _SAME_DOCUMENT_BONUS if any(candidate.chunk.document_id == each.chunk.document_id for each in others) else 0.0
    )
