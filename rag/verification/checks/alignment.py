"""A claim beside the clauses of its evidence, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from rag.caching import cached_property
from rag.evidence import EvidencePool
from rag.text import STOPWORDS, clauses, stem, tokens

NEAR_COPY = 0.6
"""The share of a claim's words that stand in one clause, in the same order, from which it counts as its near-copy."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order, and their stems; `content` are the stems of those that are no function words."""

    tokens: tuple[str, ...]
    stems: tuple[str, ...]
    content: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Words:
        """The words of a text."""
        found = tuple(tokens(text))
        return cls(found, tuple(map(stem, found)), frozenset(stem(word) for word in found if word not in STOPWORDS))


@dataclass(frozen=True, slots=True)
class Difference:
    """A place at which a claim has the words `start` to `end` and a clause its words `at` to `until`."""

    start: int
    end: int
    at: int
    until: int

    @property
    def is_left_out(self) -> bool:
        """Whether the claim has nothing there."""
        return self.start == self.end


@dataclass(frozen=True)
class Aligned:
    """A claim beside a clause of candidate `index`; `others` are the content words of its sentence's other clauses."""

    said: Words
    told: Words
    text: str
    index: int
    others: tuple[frozenset[str], ...]

    @cached_property
    def matched(self) -> int:
        """How many words of the claim are in the clause in the same order."""
        return sum(block.size for block in self._matcher.get_matching_blocks())

    @property
    def is_near_copy(self) -> bool:
        """Whether most of the claim's words are in the clause in the same order."""
        return self.matched >= NEAR_COPY * len(self.said.stems)

    @property
    def differences(self) -> Iterator[Difference]:
        """The places at which the two differ, in order."""
        return (Difference(*place) for tag, *place in self._matcher.get_opcodes() if tag != "equal")

    @cached_property
    def _matcher(self) -> SequenceMatcher[str]:
        return SequenceMatcher(None, self.said.stems, self.told.stems, autojunk=False)


def near_copies(claim: str, chosen: Iterable[int], pool: EvidencePool) -> list[Aligned]:
    """The claim beside each clause of these candidates that it nearly copies; whole sentences if it has clauses.

    Table rows are left out.
    """
    said, whole = Words.of(claim), len(clauses(claim)) > 1
    found = []
    for index in chosen:
        if pool.row(index) is None:
            text = pool.spoken(index)
            parts = [text] if whole else clauses(text)
            words = [Words.of(part) for part in parts]
            for place, (part, told) in enumerate(zip(parts, words, strict=True)):
                others = tuple(each.content for at, each in enumerate(words) if at != place)
                found.append(Aligned(said, told, part, index, others))
    return [each for each in found if each.is_near_copy]
