"""Moves hits that repeat a better hit, such as boilerplate of many documents, behind all others."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from rag.types import Hit

NEAR = 0.9
_SHINGLE = 3
_WORD = re.compile(r"[^\W_]+(?:[.,'’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What repeats are known by: the 3-word shingles of a text, and its figures in order."""

    shingles: frozenset[tuple[str, ...]]
    figures: tuple[str, ...]


def distinct_first(hits: Sequence[Hit]) -> list[Hit]:
    """The same hits, with those that repeat a better one after all others; both parts keep their order.

    A hit repeats a better one, itself not a repeat, if the Jaccard similarity of their word 3-shingles is at least 0.9
    and they state the same figures in the same order. Shingles alone are not enough: one different word changes three
    shingles of each text, so texts of 59 words or more may differ in a word, which may be a figure. The score of a
    repeat is multiplied by the lowest score of the others, so that scores of 0 to 1 still decrease.
    """
    distinct: list[Hit] = []
    repeats: list[Hit] = []
    known: list[Fingerprint] = []
    for hit in hits:
        own = fingerprint_of(hit.chunk.text)
        if any(repeat(own, better) for better in known):
            repeats.append(hit)
        else:
            distinct.append(hit)
            known.append(own)
    lowest = min((hit.score for hit in distinct), default=0.0)
    return [*distinct, *(replace(hit, scores={**hit.scores, "score": lowest * hit.score}) for hit in repeats)]


def fingerprint_of(text: str) -> Fingerprint:
    """The fingerprint of a text. Words are case folded, `1,000.5` is one; a text of fewer than three is one shingle."""
    words = _WORD.findall(text.casefold())
    shingles = frozenset(tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1)))
    return Fingerprint(shingles, tuple(word for word in words if any(char.isdigit() for char in word)))


def repeat(first: Fingerprint, second: Fingerprint) -> bool:
    """Whether two texts say the same; the order of the two does not matter."""
    return first.figures == second.figures and jaccard(first.shingles, second.shingles) >= NEAR


def jaccard(first: Set[object], second: Set[object]) -> float:
    """What both sets have, as a share of what either has; of two empty sets, 1."""
    return len(first & second) / len(first | second) if first or second else 1.0
