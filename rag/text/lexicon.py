"""What questions ask for and what answers have, in languages other than English: the words of `lexicon.toml`.

Words are compared folded. A language without an entry has no lexicon, and its questions no kind.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rag.text.languages import spoken_language
from rag.text.quantities import currency_words, day_names, month_names, time_units
from rag.text.words import STOPWORDS, VOWEL_SIGNS, fold, stem

LEXICON_FILE = Path(__file__).with_name("lexicon.toml")
SPACELESS = frozenset(["zh", "ja"])
"""Languages that write no blanks between words."""
_SHARE_OF_GRAMMAR = 0.25
_WITH_ENDINGS = frozenset(["ko"])
_WORD = re.compile(rf"[^\W_]+(?:[{VOWEL_SIGNS}]+[^\W_]*)*")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language, folded. `asks` has the phrases of each kind; the families of `concepts` stand for one
    thing each.
    """

    language: str
    asks: Mapping[str, tuple[tuple[str, ...], ...]]
    function: frozenset[str]
    numbers: frozenset[str]
    money: frozenset[str]
    free: frozenset[str]
    place: frozenset[str]
    place_as_written: frozenset[str]
    reason: tuple[tuple[str, ...], ...]
    joints: frozenset[str]
    pronouns: frozenset[str]
    concepts: Mapping[str, tuple[str, ...]]

    @property
    def is_spaceless(self) -> bool:
        """Whether its texts have no blanks between words, so that a phrase is looked for among the characters."""
        return self.language in SPACELESS

    @property
    def has_endings(self) -> bool:
        """Whether what other languages write as words of grammar is at the end of its words, as in Korean."""
        return self.language in _WITH_ENDINGS

    @property
    def is_glued(self) -> bool:
        """Whether numbers, units and letters stand in one run of characters with the words beside them."""
        return self.is_spaceless or self.has_endings

    @property
    def calendar(self) -> frozenset[str]:
        """The names of months and days, also with the ending of `montags`."""
        names = _folded(month_names(self.language) | day_names(self.language))
        return names | {f"{name}s" for name in names}

    @property
    def currencies(self) -> frozenset[str]:
        """The names and symbols of currencies."""
        return self.money | _folded(currency_words(self.language))

    @property
    def time_units(self) -> frozenset[str]:
        """The names of units of time."""
        return _folded(time_units(self.language))

    def concept_of(self, word: str) -> str | None:
        """The family of a folded word; None if it has none."""
        return next((name for name, family in self.concepts.items() if self.is_of(word, family)), None)

    def is_of(self, word: str, family: Sequence[str]) -> bool:
        """Whether a folded word is one of a family, or inflected from one."""
        return any(
            word.startswith(each[:-1]) if each.endswith("*") else self.stem(word) == self.stem(each) for each in family
        )

    def stem(self, word: str) -> str:
        """The stem of a folded word."""
        return stem(word, self.language)


def plain_words(text: str) -> list[str]:
    """The folded words of a text, also those that an apostrophe joins."""
    return _WORD.findall(fold(text))


def words_as_written(text: str) -> list[str]:
    """The words of a text in small letters, with their accents."""
    return _WORD.findall(text.lower())


@cache
def lexicon(language: str) -> Lexicon | None:
    """The words of a language; None if there are none."""
    told = _read().get(language)
    if told is None:
        return None
    asks = {kind: _phrases(phrases, language) for kind, phrases in told["asks"].items()}
    words = {
        key: _set(told[key], language)
        for key in ("function", "numbers", "money", "free", "place", "joints", "pronouns")
    }
    concepts = {name: tuple(_members(family)) for name, family in told["concepts"].items()}
    as_written = frozenset(words_as_written(told["place"]))
    return Lexicon(
        language,
        asks,
        place_as_written=as_written,
        reason=_phrases(told["reason"], language),
        concepts=concepts,
        **words,
    )


def may_be_in(question: str, words: Lexicon) -> bool:
    """Whether a question, too short to tell its language, may be in that of a lexicon: by its words of grammar."""
    told = plain_words(question)
    found = sum(word in words.function for word in told)
    return found >= _SHARE_OF_GRAMMAR * len(told) and found > sum(word in STOPWORDS for word in told)


def is_foreign(question: str) -> bool:
    """Whether a question is in a language that has a lexicon, other than English, beyond doubt: a sentence of chat may
    look like one, but has fewer of its words of grammar.
    """
    words = lexicon(spoken_language(question, "en"))
    if words is None or words.is_glued:
        return words is not None
    told = plain_words(question)
    return sum(word in words.function for word in told) > sum(word in STOPWORDS for word in told)


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(LEXICON_FILE.read_text(encoding="utf-8"))


def _phrases(written: str, language: str) -> tuple[tuple[str, ...], ...]:
    """Phrases as their words, longest first; in a language without blanks each is one word."""
    each = written.split("|")
    split = [(fold(phrase),) if language in SPACELESS else tuple(plain_words(phrase)) for phrase in each]
    return tuple(sorted(filter(None, split), key=lambda words: (-len(" ".join(words)), words)))


def _set(written: str, language: str) -> frozenset[str]:
    return (
        frozenset(_members(written))
        if language in SPACELESS or "|" in written
        else frozenset(word for each in written.split() for word in (plain_words(each) or [fold(each)]))
    )


def _members(written: str) -> list[str]:
    return [fold(each.strip()) for each in (written.split("|") if "|" in written else written.split()) if each.strip()]


def _folded(words: frozenset[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words if word)
