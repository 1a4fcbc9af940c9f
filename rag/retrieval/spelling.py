"""Typing errors in questions: words that neither the language nor the collection knows.

A word is corrected when it is one typing error away from a word of the passages that the rest of the question finds, or
else from a word of the dictionary. Nearly all typing errors are one letter dropped, doubled, replaced, or two letters
swapped (Damerau, A technique for computer detection and correction of spelling errors, 1964).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from rag.text import DICTIONARIES, Dictionary, dictionary, fold, is_common, spoken_language

_WORD = re.compile(r"(?<![\w.@/_'’-])[^\W\d_]+(?![\w@_'’]|[-./]\w)")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|`[^`]*`")
_IN_TEXT = re.compile(r"[^\W\d_]{3,}")
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Spelled:
    """A question as it is searched, and which words were read as which."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()


class Speller(Protocol):
    """Finds and corrects typing errors."""

    def unknown(self, question: str) -> tuple[str, ...]:
        """The words of a question that the dictionary does not know and that may be typing errors, in order.

        None of a question in another language than the dictionary's.
        """
        ...

    def correct(self, question: str, passages: Iterable[str]) -> Spelled:
        """The question, its unknown words read as words of the passages or of the dictionary.

        Numbers, identifiers, capitalised words and quoted words are never changed, nor a word of the passages. The
        first word, which may have its capital for being the first, is only read as a word that the passages write
        without one.
        """
        ...


class NoSpeller:
    """Leaves questions as they are."""

    def unknown(self, question: str) -> tuple[str, ...]:
        return ()

    def correct(self, question: str, passages: Iterable[str]) -> Spelled:
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
        return words if words and spoken_language(question, self._language) == self._language else ()

    def correct(self, question: str, passages: Iterable[str]) -> Spelled:
        unknown = self.unknown(question)
        texts = list(passages) if unknown else []
        told = Counter(word for text in texts for word in set(_IN_TEXT.findall(_folded(text))))
        plain = {word for text in texts for word in _IN_TEXT.findall(text)}
        ordinary = {word: count for word, count in told.items() if word in plain}
        read = {
            word: self._reading(word, told) if word.islower() else self._opening(word, ordinary)
            for word in unknown
            if fold(word) not in told
        }
        changes = {word: other for word, other in read.items() if other is not None}
        corrected = replaced(question, changes)
        return Spelled(corrected, tuple(changes.items()))

    def _opening(self, word: str, ordinary: Mapping[str, int]) -> str | None:
        """The reading of a word with a capital, by ordinary words of the passages alone."""
        read = self._reading(word.lower(), ordinary)
        return read.capitalize() if read is not None and read in ordinary else None

    def _reading(self, word: str, told: Mapping[str, int]) -> str | None:
        """The likeliest word that is one typing error away: the passages' own words first."""
        near = self._dictionary.near(word)
        found = [each for each in near if each in told and len(each) >= _SHORTEST - 1]
        if not found:
            found = [each for each in self._dictionary.known(near) if each.isalpha()]

        def likelihood(other: str) -> tuple[int, bool, int, str]:
            return told.get(other, 0), other[0] == word[0], self._dictionary.frequency(other), other

        return max(found, key=likelihood, default=None)

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
