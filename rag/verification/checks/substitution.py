"""Substitution: a near-copy of a sentence that says it of something else.

`The green lamp blinks twice` becomes `The red lamp blinks twice`, where the documents speak of a red lamp elsewhere;
`The deputy mayor …` becomes `The mayor …`, where they speak of the mayor too; `Berg taught Moe` becomes `Moe taught
Berg`. All words of the claim are found, so that overlap does not show it. The alignment of the two sentences does: at
one place they have different words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from rag.evidence import EvidencePool
from rag.text import STOPWORDS, stem, tokens
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim

_NEAR_COPY = 0.6
"""The share of a claim's words that stand in one sentence, in the same order, from which it counts as its near-copy."""
_ARTICLES = frozenset(["the", "a", "an"])
_LISTS = frozenset(["and", "or"])
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
    nearest, matched = None, _NEAR_COPY * len(said.stems)
    for index in claim.support.chosen:
        if claim.pool.row(index) is None:
            count, differences = _compared(said, _Words.of(claim.pool.spoken(index)))
            clean = not any(each.is_another(index, claim.pool) for each in differences)
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
    """Three content words of the sentence that the claim has from last to first: who does something to whom."""

    def is_another(self, index: int, pool: EvidencePool) -> bool:
        """Always: the sentence itself says it the other way round."""
        return True


_Difference = _Replaced | _LeftOut | _TurnedRound


def _compared(said: _Words, told: _Words) -> tuple[int, list[_Difference]]:
    """How many words of the claim are in the sentence in order, and where they differ."""
    matcher = SequenceMatcher(None, said.stems, told.stems, autojunk=False)
    turned = [_TurnedRound()] if _is_turned_round(said, told) else []
    return sum(block.size for block in matcher.get_matching_blocks()), [*turned, *_differences(said, told, matcher)]


def _is_turned_round(said: _Words, told: _Words) -> bool:
    """Whether three content words without a list between them have the reverse order, in the same voice."""
    if _OTHER_VOICE & (set(said.stems) ^ set(told.stems)):
        return False
    shared = [word for word in said.stems if word in told.content and said.stems.count(word) == 1]
    places = [told.stems.index(word) for word in shared if told.stems.count(word) == 1]
    return any(
        first > second > third and not _LISTS & {*told.stems[third:first]}
        for first, second, third in zip(places, places[1:], places[2:], strict=False)
    )


def _differences(said: _Words, told: _Words, matcher: SequenceMatcher[str]) -> Iterator[_Difference]:
    if _OTHER_VOICE & (set(said.stems) - set(told.stems)):
        return
    for tag, start, end, at, until in matcher.get_opcodes():
        here, there = said.content & {*said.stems[start:end]}, told.content & {*told.stems[at:until]}
        here, there = here - there, there - here
        if tag == "replace" and here and there:
            yield _Replaced(here, there)
        elif tag == "insert" and there == {*told.stems[at:until]} and _is_noun_phrase(said, start):
            yield _LeftOut(said.stems[start])


def _is_noun_phrase(said: _Words, place: int) -> bool:
    """Whether a content word stands at a place, directly after an article."""
    after_article = 0 < place < len(said.stems) and said.stems[place - 1] in _ARTICLES
    return after_article and said.stems[place] in said.content
