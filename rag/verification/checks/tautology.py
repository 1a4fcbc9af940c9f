"""A sentence that says a thing of itself: `The Lion King is the voice of the Lion King`.

All its words are in the evidence, since they are so few. Small models write such sentences where the evidence has no
answer: repetition is what likelihood leads them to (Holtzman et al., 2020, The Curious Case of Neural Text
Degeneration).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set

from rag.text import content_stems
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim

_COPULA = re.compile(r"\s(?:is|are|was|were)\s", re.IGNORECASE)
_FEWEST = 2


def tautology(claim: PreparedClaim) -> Finding | None:
    """A claim that says a thing of itself, which no chosen sentence does."""
    if not says_of_itself(claim.claim, claim.sentences, claim.pool.language):
        return None
    return Finding("relation", "it says a thing of itself, and no quote does", claim.nearest)


def says_of_itself(sentence: str, quotes: Iterable[str], language: str) -> bool:
    """Whether a name of two or more words is the subject of a sentence and stands in its predicate, too.

    Not where a quote has all of these words on both sides of a verb. The verbs are English: of another language nothing
    is said.
    """
    sides = _sides(sentence, language)
    if sides is None:
        return False
    subject, predicate = sides
    return (
        len(subject) >= _FEWEST and subject <= predicate and not any(_alike(subject, each, language) for each in quotes)
    )


def _alike(words: Set[str], quote: str, language: str) -> bool:
    sides = _sides(quote, language)
    return sides is not None and all(words <= side for side in sides)


def _sides(sentence: str, language: str) -> tuple[set[str], set[str]] | None:
    """The content words before the first `is` and after it; None where there is none."""
    sides = _COPULA.split(sentence, maxsplit=1)
    if len(sides) < 2:  # noqa: PLR2004
        return None
    before, after = (set(content_stems(side, language)) for side in sides)
    return before, after
