"""Dictionaries of languages: which words are ordinary ones."""

from __future__ import annotations

from functools import cache
from threading import Lock

from spellchecker import SpellChecker

DICTIONARIES = frozenset("ar de en es eu fa fr it lv nl pt ru".split())
"""Languages with a dictionary."""
_LOADING = Lock()


def is_word(word: str, language: str) -> bool:
    """True for an ordinary word of a language; False for any word where the language has no dictionary."""
    return language in DICTIONARIES and word.lower() in dictionary(language)


def dictionary(language: str) -> SpellChecker:
    """The dictionary of a language that has one; loaded once."""
    with _LOADING:  # else every thread that begins loads a dictionary of its own
        return _loaded(language)


@cache
def _loaded(language: str) -> SpellChecker:
    return SpellChecker(language=language, distance=1)
