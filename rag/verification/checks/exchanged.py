"""Two names, or two numbers, that stand in each other's place.

Every word of `Ada hired Grace` stands in `Grace hired Ada`, so that nothing is missing; what differs is who did it.
Where a stretch of a sentence is that of its quote but for names and numbers, these must stand in the same places.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from rag.text import fold, names, stem
from rag.verification.checks.check import Finding
from rag.verification.checks.claim import PreparedClaim

_WORD = re.compile(r"[$€£]?\d+(?:[.,]\d+)*%?(?![^\W_]|-\w)|[^\W_]+(?:['’./-][^\W_]+)*|[,;]")
_FIGURE = re.compile(r"[$€£]?\d[\d.,]*%?")
_JOINED = frozenset(["and", "or", "nor", ",", ";"])
_BOTH_WAYS = frozenset(
    map(stem, "marry married marries meet met meets versus vs equal equals resemble resembles".split())
)
_NAME, _NUMBER = "\0name", "\0number"
_KINDS = (_NAME, _NUMBER)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two names or numbers of a sentence, in its order, and which quote has them in each other's place."""

    first: str
    second: str
    quote: int


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, or a whole name. Two words with the same key are the same word, two names, or two numbers."""

    key: str
    text: str


def exchange(claim: PreparedClaim) -> Finding | None:
    """Two names or numbers of an English claim that a chosen sentence has in each other's place."""
    found = exchanged(claim.claim, claim.sentences) if claim.pool.language == "en" else None
    if found is None:
        return None
    why = f"in each other's place: {found.first}, {found.second}"
    return Finding("relation", why, claim.support.chosen[found.quote])


def exchanged(sentence: str, quotes: Sequence[str]) -> Exchange | None:
    """Two names or numbers of the sentence that a quote has in each other's place; None if there are none.

    Nor where a quote has the same stretch in the sentence's own order, where they are joined as in a list, or where the
    words between them hold in both directions.
    """
    if sum(any(char.isupper() or char.isdigit() for char in word) for word in sentence.split()) < 2:  # noqa: PLR2004
        return None  # most sentences: no name and no number, or one
    known = frozenset(name for text in (sentence, *quotes) for name in names(text))
    said, told = _words(sentence, known), [_words(quote, known) for quote in quotes]
    if sum(word.key in _KINDS for word in said) < 2:  # noqa: PLR2004
        return None
    for number, words in enumerate(told):
        for stretch in _turned(said, words):
            if not any(_stands(stretch, each) for each in told):
                return Exchange(stretch[0].text, stretch[-1].text, number)
    return None


def _turned(said: Sequence[_Word], told: Sequence[_Word]) -> Iterator[Sequence[_Word]]:
    """Stretches of the sentence between two names or numbers that stand in each other's place."""
    matcher = SequenceMatcher(None, [word.key for word in said], [word.key for word in told], autojunk=False)
    for here, there, size in matcher.get_matching_blocks():
        places = [i for i in range(size) if said[here + i].key in _KINDS]
        for first, last in combinations(places, 2):
            ours, theirs = (fold(said[here + i].text) for i in (first, last)), (told[there + i] for i in (last, first))
            stretch = said[here + first : here + last + 1]
            if [*ours] == [fold(word.text) for word in theirs] and _tells_apart(stretch):
                yield stretch


def _tells_apart(stretch: Sequence[_Word]) -> bool:
    """Whether it matters in which order the ends of a stretch stand."""
    first, *between, last = stretch
    one, other = fold(first.text).split(), fold(last.text).split()
    if set(one) <= set(other) or set(other) <= set(one):
        return False
    keys = {word.key for word in between}
    return not keys <= _JOINED | {first.key} and not keys & _BOTH_WAYS


def _stands(stretch: Sequence[_Word], told: Sequence[_Word]) -> bool:
    """Whether a quote has the stretch word for word."""
    plain, wanted = ([fold(word.text) for word in each] for each in (told, stretch))
    return any(plain[i : i + len(wanted)] == wanted for i in range(len(plain) - len(wanted) + 1))


def _words(text: str, known: Container[str]) -> list[_Word]:
    """The words of a text in order; words of a name that follow each other are one."""
    found, end = list[_Word](), -1
    for match in _WORD.finditer(text):
        bare = re.sub(r"['’]s?$", "", match[0])
        coded = bare in known or any(char.isdigit() for char in bare)
        key = _NUMBER if _FIGURE.fullmatch(bare) else _NAME if coded else stem(fold(bare))
        if key == _NAME and found and found[-1].key == _NAME and match.start() == end + 1:
            found[-1] = _Word(_NAME, f"{found[-1].text} {bare}")
        else:
            found.append(_Word(key, bare))
        end = match.end()
    return found
