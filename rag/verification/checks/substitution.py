"""Substitution: a near-copy of a sentence that says it of something else.

`The green lamp blinks twice` becomes `The red lamp blinks twice`, where the documents speak of a red lamp elsewhere;
`The deputy mayor …` becomes `The mayor …`, where they speak of the mayor too; `Berg taught Moe` becomes `Moe taught
Berg`. All words of the claim are found, so that overlap does not show it. The alignment of the two sentences does: at
one place they have different words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations, pairwise

from rag.evidence import Claim, EvidencePool, Ground, missing_numbers
from rag.text import POINTS_BACK, STOPWORDS, same_size, stem, tokens
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim

_NEAR_COPY = 0.6
"""The share of a claim's words that stand in one sentence, in the same order, from which it counts as its near-copy."""
_MOST_SAID, _MOST_TOLD = 3, 4
"""The most content words of a claim, and of a sentence, that one thing is called by; a longer part was rewritten."""
_AND = "and"
_ARTICLES = frozenset(["the", "a", "an"])
_LISTS = frozenset([_AND, "or"])
_OTHER_VOICE = frozenset(stem(word) for word in "is are was were be been being by".split())


@dataclass(frozen=True, slots=True)
class _Words:
    """The stems of a sentence in order; `content` are those that are no function words."""

    stems: tuple[str, ...]
    content: frozenset[str]

    @classmethod
    def of(cls, text: str) -> _Words:
        found = tokens(text)
        return cls(tuple(map(stem, found)), frozenset(stem(word) for word in found if word not in STOPWORDS))


def substituted(claim: PreparedClaim) -> Finding | None:
    """The finding for a near-copy with a word of the documents in the place of another; English only.

    Nothing is found if another sentence that is as near says it of the same.
    """
    if claim.pool.language != "en":
        return None
    said = _Words.of(claim.claim)
    nearest, matched = None, 0
    for index in claim.support.chosen:
        if claim.pool.row(index) is None:
            count, differences = _compared(said, _Words.of(claim.pool.spoken(index)))
            another = any(each.is_another(index, claim.pool) for each in differences)
            clean = not another and not _has_other_number(claim.support.claim, claim.pool.ground(index))
            if count < _NEAR_COPY * len(said.stems):
                continue
            if count > matched or (count == matched and clean):
                nearest, matched = None if clean else index, count
    if nearest is None:
        return None
    return Finding("relation", "the evidence says this about something else", nearest)


@dataclass(frozen=True, slots=True)
class _Replaced:
    """Content words at one place of both sentences: those of the claim, and those of the sentence."""

    said: frozenset[str]
    told: frozenset[str]

    def is_another(self, index: int, pool: EvidencePool) -> bool:
        """Whether the claim's word is one of another sentence than `index`, which lacks a word in its place."""
        return any(
            word in words and not self.told <= words
            for word in self.said
            for other, words in enumerate(pool.content)
            if other != index
        )


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """A noun of the claim, without words that stand between it and its article in the sentence: `deputy`, `new`."""

    noun: str

    def is_another(self, index: int, pool: EvidencePool) -> bool:
        """Whether another sentence than `index` has the noun directly after an article."""
        return any(
            self.noun == noun and article in _ARTICLES
            for other, candidate in enumerate(pool.candidates)
            if other != index and self.noun in pool.content[other]
            for article, noun in pairwise(map(stem, tokens(candidate.text)))
        )


@dataclass(frozen=True, slots=True)
class _TurnedRound:
    """Two parts of the sentence that the claim has in each other's place: who does something to whom."""

    def is_another(self, index: int, pool: EvidencePool) -> bool:
        """Always: the sentence itself says it the other way round."""
        return True


_Difference = _Replaced | _LeftOut | _TurnedRound


def _has_other_number(facts: Claim, ground: Ground) -> bool:
    """Whether a sentence has the digits of a number of the claim, but another sign, unit or bound: -6 for 6."""
    return any(
        any(same_size(number, other) for other in ground.quantities)
        and missing_numbers(Claim((number,), (), (), ()), [ground])
        for number in facts.quantities
    )


def _compared(said: _Words, told: _Words) -> tuple[int, list[_Difference]]:
    """How many words of the claim are in the sentence in order, and where they differ."""
    matcher = SequenceMatcher(None, said.stems, told.stems, autojunk=False)
    turned = [_TurnedRound()] if _is_turned_round(said, told) else []
    return sum(block.size for block in matcher.get_matching_blocks()), [*turned, *_differences(said, told, matcher)]


def _is_turned_round(said: _Words, told: _Words) -> bool:
    """Whether two parts of the sentence changed places around a third one, in the same voice, outside of lists.

    What only moved, as a date that is put first, has not changed places with anything.
    """
    if _OTHER_VOICE & (set(said.stems) ^ set(told.stems)):
        return False
    shared = [word for word in said.stems if word in told.content and said.stems.count(word) == 1]
    places = [told.stems.index(word) for word in shared if told.stems.count(word) == 1]
    moved = _without_unmoved(places)
    if not moved or _LISTS & {*told.stems[min(moved) : max(moved)]}:
        return False
    return any(
        _rises([*moved[last:], *moved[first:last], *moved[:first]])
        for first, last in combinations(range(1, len(moved)), 2)
    )


def _without_unmoved(places: Sequence[int]) -> list[int]:
    """Places without those at the beginning and at the end that are the same when sorted."""
    moved = [at for at, pair in enumerate(zip(places, sorted(places), strict=True)) if pair[0] != pair[1]]
    return list(places[moved[0] : moved[-1] + 1]) if moved else []


def _rises(places: Sequence[int]) -> bool:
    return all(one < other for one, other in pairwise(places))


def _differences(said: _Words, told: _Words, matcher: SequenceMatcher[str]) -> Iterator[_Difference]:
    if _OTHER_VOICE & (set(said.stems) - set(told.stems)):
        return
    for tag, start, end, at, until in matcher.get_opcodes():
        here = (said.content & {*said.stems[start:end]}) - {*told.stems}
        there = (told.content & {*told.stems[at:until]}) - {*said.stems[start:end]}
        if tag == "replace" and not POINTS_BACK.search(" ".join(told.stems[at:until])):
            short = len(there) <= _MOST_TOLD or told.stems[until - 1] == _AND  # `The bar opens at 5 and closes at 9`
            if here and there and len(here) <= _MOST_SAID and short:
                yield _Replaced(here, there)
        elif tag == "insert" and there == {*told.stems[at:until]} and _is_noun_phrase(said, start):
            yield _LeftOut(said.stems[start])


def _is_noun_phrase(said: _Words, place: int) -> bool:
    """Whether a content word stands at a place, directly after an article."""
    after_article = 0 < place < len(said.stems) and said.stems[place - 1] in _ARTICLES
    return after_article and said.stems[place] in said.content
