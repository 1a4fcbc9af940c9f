"""Two names, or two numbers, that stand in each other's place.

Every word of `Ada hired Grace` stands in `Grace hired Ada`, so that nothing is missing; what differs is who did it.
Where a stretch of a sentence is that of its quote but for names and numbers, these must stand in the same places.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from rag.names import names
from rag.words import fold, stem

_WORD = re.compile(r"[$€£]?\d+(?:[.,]\d+)*%?(?![^\W_]|-\w)|[^\W_]+(?:['’./-][^\W_]+)*|[,;]")
_FIGURE = re.compile(r"[$€£]?\d[\d.,]*%?")
_JOINED = frozenset(["and", "or", "nor", ",", ";"])
_NAME, _NUMBER = "\0name", "\0number"


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, or a whole name. Two words with the same key are the same word, two names, or two numbers."""

    key: str
    text: str


def exchanged(sentence: str, quote: str) -> tuple[str, str] | None:
    """Two names or numbers of the sentence that the quote has in each other's place; None if there are none.

    What is joined by `and` may stand in any order.
    """
    known = frozenset([*names(sentence), *names(quote)])
    said, told = _words(sentence, known), _words(quote, known)
    if sum(word.key in (_NAME, _NUMBER) for word in said) < 2:  # noqa: PLR2004
        return None
    matcher = SequenceMatcher(None, [word.key for word in said], [word.key for word in told], autojunk=False)
    for here, there, size in matcher.get_matching_blocks():
        pairs = list(zip(said[here : here + size], told[there : there + size], strict=True))
        places = [i for i, (word, _) in enumerate(pairs) if word.key in (_NAME, _NUMBER)]
        for first, second in combinations(places, 2):
            (a, b), (c, d) = pairs[first], pairs[second]
            turned = fold(a.text) == fold(d.text) and fold(b.text) == fold(c.text) and fold(a.text) != fold(c.text)
            if turned and not _only_joined([word for word, _ in pairs[first + 1 : second]]):
                return a.text, c.text
    return None


def _only_joined(between: Sequence[_Word]) -> bool:
    return all(word.key in _JOINED or word.key in (_NAME, _NUMBER) for word in between)


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
