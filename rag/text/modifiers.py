"""Which of several things of one kind a text is about, by the words before the noun. English only.

`The old bridge` and `the new bridge`, `the mayor` and `the deputy mayor`, `a red` and `a green lamp` are two things.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.text.words import STOPWORDS, fold, stem

_WORD = re.compile(r"[^\W\d_]+(?P<own>['’]s?(?!\w))?")
_JOINS = re.compile(r"[\s-]+")
_ROLES = frozenset(
    stem(word)
    for word in "deputy vice assistant acting associate interim honorary trainee former ex substitute designate".split()
)
"""Words before a role that make it another: a deputy mayor is no mayor."""
_ALTERNATIVES = tuple(
    frozenset(stem(word) for word in words.split())
    for words in (
        "red green blue yellow white black brown grey gray orange purple pink violet silver golden",
        "small large big little tiny huge medium",
        "old new original modern",
        "short long",
        "upper lower middle top bottom",
        "front back rear side",
        "left right",
        "inner outer",
        "main side",
        "north south east west northern southern eastern western",
        "spring summer autumn winter",
        "morning afternoon evening night",
        "day night",
        "monday tuesday wednesday thursday friday saturday sunday",
        "daily weekly monthly quarterly annual yearly",
        "hot cold warm",
        "wet dry",
        "heavy light",
        "high low",
        "wide narrow",
        "deep shallow",
        "thick thin",
        "fast slow",
        "hard soft",
        "single double triple",
        "wooden stone brick steel iron glass concrete",
        "public private",
        "domestic international foreign",
        "indoor outdoor",
        "male female",
        "junior senior",
        "beginner beginners intermediate advanced",
        "primary secondary",
        "internal external",
    )
)
_ASKING = frozenset(stem(word) for word in "much many list name show give tell find state please".split())
_SHARED = 4
"""Letters at the end or the beginning by which two words may be forms of one: `phone` and `telephone`."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A word by its stem, with the stems of the content words right before it, and whether it owns what follows it."""

    head: str
    before: tuple[str, ...]
    owns: bool = False


def nouns_of(text: str) -> Iterator[Noun]:
    """Every content word of a text with the content words that stand right before it, joined by spaces or hyphens."""
    run: tuple[str, ...] = ()
    end = 0
    for match in _WORD.finditer(text):
        word = fold(match[0].removesuffix(match["own"] or ""))
        joined = bool(run) and _JOINS.fullmatch(text[end : match.start()]) is not None
        if word in STOPWORDS:
            run = ()
        else:
            run = run if joined else ()
            yield Noun(stem(word), run, match["own"] is not None)
            run = () if match["own"] else (*run, stem(word))
        end = match.end()


@dataclass(frozen=True, slots=True)
class Kinds:
    """By noun, the words that stand right before it anywhere in some documents: the kinds that they tell apart."""

    known: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, texts: Iterable[str], heads: frozenset[str]) -> Kinds:
        """The kinds of these nouns."""
        found: dict[str, set[str]] = {head: set() for head in heads}
        for text in texts:
            for noun in nouns_of(text):
                if noun.head in heads and noun.before:
                    found[noun.head].add(noun.before[-1])
        return cls({head: frozenset(kinds) for head, kinds in found.items()})

    def are_told_apart(self, head: str, one: str, other: str) -> bool:
        """Whether two words before a noun name two things, as far as the documents know kinds of it."""
        known = self.known.get(head, frozenset())
        return not _is_akin(one, other) and (one in known or len(known - {one}) > 1)


class AskedThing:
    """The nouns of a question with the words before them, of which an answer must be."""

    def __init__(self, question: str) -> None:
        self._asked = tuple(Noun(each.head, _without_asking(each.before)) for each in nouns_of(question))
        self._words = frozenset(each.head for each in self._asked)

    @property
    def heads(self) -> frozenset[str]:
        """The stems of all nouns, and of other content words."""
        return self._words

    def is_another(self, sentence: str, before: str, place: str, kinds: Kinds) -> bool:
        """Whether a sentence is about another thing of the kind.

        `before` is what stands before it in its passage, `place` its title and headings.
        """
        told = tuple(nouns_of(sentence))
        around = frozenset(each.head for each in (*told, *nouns_of(place)))
        return any(self._differs(each, told, around, before, kinds) for each in self._asked)

    def _differs(self, asked: Noun, told: Sequence[Noun], around: frozenset[str], before: str, kinds: Kinds) -> bool:
        same = [each for each in told if each.head == asked.head]
        if not same:
            return False
        if all(_ROLES & set(each.before) - self._words for each in same):
            return True
        if around.issuperset(asked.before):
            return False
        if any(not each.before for each in same):
            return self._is_of_earlier(asked, around, before, kinds)
        return all(self._rivals(asked, each, around, kinds) for each in same)

    def _is_of_earlier(self, asked: Noun, around: frozenset[str], before: str, kinds: Kinds) -> bool:
        """Whether `the bridge` is another, spoken of before; where none was, whether it may be one of several."""
        earlier = [each for each in nouns_of(before) if each.head == asked.head and each.before]
        if earlier:
            return self._rivals(asked, earlier[-1], around, kinds)
        known = kinds.known.get(asked.head, frozenset())
        return asked.before[-1] in known and len(known) > 1

    def _rivals(self, asked: Noun, told: Noun, around: frozenset[str], kinds: Kinds) -> bool:
        lacking = [each for each in asked.before if each not in around and each not in told.before]
        others = [each for each in told.before if each not in self._words]
        if any({one, other} <= each for one in lacking for other in others for each in _ALTERNATIVES):
            return True
        nearest = asked.before[-1]
        return bool(others) and nearest in lacking and kinds.are_told_apart(asked.head, nearest, others[-1])


def _without_asking(before: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in before if each not in _ASKING)


def _is_akin(one: str, other: str) -> bool:
    return one[:_SHARED] == other[:_SHARED] or one[-_SHARED:] == other[-_SHARED:]
