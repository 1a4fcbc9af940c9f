"""Dictionaries of languages: which words are ordinary ones, and how frequent they are."""

from __future__ import annotations

from functools import cache
from threading import Lock

from spellchecker import SpellChecker

DICTIONARIES = frozenset("ar de en es eu fa fr it lv nl pt ru".split())
"""Languages with a dictionary."""
_LOADING = Lock()


class Dictionary:
    """The words of one language, in lower case."""

    def __init__(self, language: str) -> None:
        self._words = SpellChecker(language=language, distance=1)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def frequency(self, word: str) -> int:
        """The frequency of a word in the texts of the dictionary; 0 for an unknown word."""
        return int(self._words[word])

    def share(self, word: str) -> float:
        """The same as a share (0..1) of all words of those texts, which differ in length between languages."""
        return float(self._words.word_usage_frequency(word))

    def near(self, word: str) -> set[str]:
        """Every string that is one typing error away: a letter dropped, added or replaced, or two swapped."""
        return set(self._words.edit_distance_1(word))

    def known(self, words: set[str]) -> set[str]:
        """Those of the words that the dictionary has."""
        return set(self._words.known(words))


def is_word(word: str, language: str) -> bool:
    """True for an ordinary word of a language; False for any word where the language has no dictionary."""
    return language in DICTIONARIES and word.lower() in dictionary(language)


def dictionary(language: str) -> Dictionary:
    """The dictionary of a language that has one, loaded once."""
    with _LOADING:  # else every thread that begins loads a dictionary of its own
        return _loaded(language)


@cache
def _loaded(language: str) -> Dictionary:
    return Dictionary(language)
