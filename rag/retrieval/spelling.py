"""Correction of typing errors in questions: words that neither the dictionary nor the collection has.

A word is corrected when it is one typing error away from a word of the passages that the rest of the question finds, or
else from a word of the dictionary that the collection has: any other would find nothing. Nearly all typing errors are
one letter dropped, doubled, replaced, or two letters swapped (Damerau, A technique for computer detection and
correction of spelling errors, 1964).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from rag.retrieval.typing_errors import is_typing_error
from rag.text import DICTIONARIES, Dictionary, dictionary, fold, is_common, spoken_language

_WORD = re.compile(r"(?<![\w.@/_'’-])[^\W\d_]+(?![\w@_'’]|[-./]\w)")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^“”]*”|`[^`]*`")
_IN_TEXT = re.compile(r"[^\W\d_]{3,}")
_SHORTEST = 4
_MOST_UNKNOWN = 20  # words; a text that has more was pasted, and each takes a look at all of it and a search
_SHORT = 6  # letters; a longer word that is one letter away from another is no other word by chance
_LOOKED_UP = 3  # words of the dictionary, the most frequent first, that are looked for in the collection
_RARE, _RARE_HALF = 1e-7, 1e-6  # shares of the dictionary's texts: `reade` and `optime` are words, and hardly meant
_SHORTEST_HALF, _SHORTEST_COMPOUND = 3, 6
_SHORT_HALVES = frozenset("up in on of by to go re me".split())
_ENDINGS = re.compile(r"(?:ings?|ed|ers?|able|less|ness|ful|ish|wise|izes?|ized|izing|ization|ises?|ised|ising|s)$")
_BEGINNINGS = re.compile(
    r"^(?:anti|auto|co|counter|cross|cyber|de|dis|geo|hyper|inter|intra|macro|mega|meta|micro|mini|mis|multi|nano|non|"
    r"off|out|over|para|photo|poly|post|pre|pro|proto|pseudo|re|self|semi|sub|super|tele|trans|ultra|un|under)(?=\w{4})"
)
Known = Callable[[str], bool]
"""Whether a word stands anywhere in the collection, in any form: inflected, capitalised, part of an identifier."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A question as it is searched, and which words were read as which."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()


class Speller(Protocol):
    """Finds and corrects typing errors."""

    def unknown(self, question: str) -> tuple[str, ...]:
        """The words of a question that the dictionary does not know and that may be typing errors, in order.

        None of a question in another language than the dictionary's, or of a long one that has very many of them.
        """
        ...

    def correct(self, question: str, passages: Iterable[str], known: Known) -> Spelled:
        """The question, with unknown words replaced by words of the passages or of the dictionary.

        Numbers, identifiers, capitalised words and quoted words are never changed, nor a word that is `known`, that the
        question has twice, or that is made of two words, such as `backend`. The first word, which may be capitalised
        because it is first, is only replaced by a word that the passages write in lower case.
        """
        ...


class NoSpeller:
    """Leaves questions as they are."""

    def unknown(self, question: str) -> tuple[str, ...]:
        return ()

    def correct(self, question: str, passages: Iterable[str], known: Known) -> Spelled:
        return Spelled(question)


class DictionarySpeller:
    """Corrects by the dictionary of one language and by the words of passages.

    Raises:
        ValueError: there is no dictionary of the language.
    """

    def __init__(self, language: str = "en") -> None:
        if language not in DICTIONARIES:
            raise ValueError(f"no dictionary of {language!r}; there are {', '.join(sorted(DICTIONARIES))}")
        self._language = language

    def unknown(self, question: str) -> tuple[str, ...]:
        words = tuple(dict.fromkeys(match[0] for match in _candidates(question) if not self._knows(match[0])))
        if not words or len(words) > _MOST_UNKNOWN:
            return ()
        return words if spoken_language(question, self._language) == self._language else ()

    def correct(self, question: str, passages: Iterable[str], known: Known) -> Spelled:
        unknown = self.unknown(question)
        texts = list(passages) if unknown else []
        told = Counter(word for text in texts for word in set(_IN_TEXT.findall(_folded(text))))
        plain = {word for text in texts for word in _IN_TEXT.findall(text)}
        ordinary = {word: count for word, count in told.items() if word in plain}
        read = {
            word: self._reading(word, told, known) if word.islower() else self._opening(word, ordinary, known)
            for word in unknown
            if fold(word) not in told and not self._meant(word, question) and not known(word)
        }
        changes = {word: other for word, other in read.items() if other is not None}
        corrected = replaced(question, changes)
        return Spelled(corrected, tuple(changes.items()))

    def _opening(self, word: str, ordinary: Mapping[str, int], known: Known) -> str | None:
        """The reading of a word with a capital, by ordinary words of the passages alone."""
        read = self._reading(word.lower(), ordinary, known)
        return read.capitalize() if read is not None and read in ordinary else None

    def _reading(self, word: str, told: Mapping[str, int], known: Known) -> str | None:
        """The likeliest word that is one typing error away: the passages' own words first."""
        near = {each for each in self._dictionary.near(word) if len(word) > _SHORT or is_typing_error(word, each)}
        found = [each for each in near if each in told and len(each) >= _SHORTEST - 1]
        if not found:
            found = self._of_dictionary(word, near, known)

        def likelihood(other: str) -> tuple[int, bool, int, str]:
            return told.get(other, 0), other[0] == word[0], self._dictionary.frequency(other), other

        return max(found, key=likelihood, default=None)

    def _of_dictionary(self, word: str, near: set[str], known: Known) -> list[str]:
        """Words of the dictionary that the collection has; none for a word that is formed from a known one."""
        if self._is_formed(word):
            return []
        words = [each for each in self._dictionary.known(near) if each.isalpha()]
        frequent = [each for each in words if self._dictionary.share(each) >= _RARE]
        looked_up = sorted(frequent, key=lambda each: (-self._dictionary.frequency(each), each))[:_LOOKED_UP]
        return [each for each in looked_up if known(each)]

    def _meant(self, word: str, question: str) -> bool:
        """Whether a word is not a slip: the question says it again, or it is two words in one."""
        again = sum(fold(match[0]) == fold(word) for match in _WORD.finditer(question)) > 1
        return again or self._is_compound(fold(word))

    def _is_compound(self, word: str) -> bool:
        """`backend`, `uptime`, `datacenter`: two words of the dictionary, neither of them rare."""
        return len(word) >= _SHORTEST_COMPOUND and any(
            self._may_be_half(word[:cut]) and self._may_be_half(word[cut:]) for cut in range(2, len(word) - 1)
        )

    def _may_be_half(self, word: str) -> bool:
        if len(word) < _SHORTEST_HALF:
            return self._language == "en" and word in _SHORT_HALVES
        return word in self._dictionary and self._dictionary.share(word) >= _RARE_HALF

    def _is_formed(self, word: str) -> bool:
        """`sharding`, `prefilter`: a known word with an English ending or beginning."""
        if self._language != "en":
            return False
        bare = {_ENDINGS.sub("", word), _BEGINNINGS.sub("", word), _BEGINNINGS.sub("", _ENDINGS.sub("", word))}
        return any(len(each) >= _SHORTEST and self._knows(each) for each in bare - {word})

    def _knows(self, word: str) -> bool:
        word = fold(word)
        return word in self._dictionary or (self._language == "en" and is_common(word))

    @property
    def _dictionary(self) -> Dictionary:
        return dictionary(self._language)


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else fold(text)


def _candidates(question: str) -> list[re.Match[str]]:
    """Words that may be misspelled: four letters or more, unquoted, in lower case but for a capital at the start."""
    quoted = {at for match in _QUOTED.finditer(question) for at in range(match.start(), match.end())}
    return [
        match
        for match in _WORD.finditer(question)
        if len(match[0]) >= _SHORTEST and _may_err(match, question) and match.start() not in quoted
    ]


def _may_err(match: re.Match[str], question: str) -> bool:
    opens = not question[: match.start()].strip() and match[0][1:].islower()
    return match[0].islower() or opens


def replaced(question: str, changes: Mapping[str, str]) -> str:
    """A question with some words, wherever they may be typing errors, changed for others."""
    pieces: list[str] = []
    done = 0
    for match in _candidates(question):
        if match[0] in changes:
            pieces += [question[done : match.start()], changes[match[0]]]
            done = match.end()
    return "".join([*pieces, question[done:]])
