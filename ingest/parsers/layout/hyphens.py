"""Words broken at the end of a line: whether the hyphen belongs to the word. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.parsers.layout.printed import Line
from rag.text import DICTIONARIES, detect_language, dictionary, is_word

BREAKS = ("\ufffe", "-", "\u2010")
"""The ends of a line that is broken within a word: a hyphen of the line's own, and the two that any word may have."""

_BREAKS = "".join(BREAKS)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST, _FIRST = re.compile(r"[^\W\d_]+$"), re.compile(r"[^\W\d_]+")
_USUAL = 0.0003  # of the frequency of the rarer half
_VOWELS = frozenset("aeiou")  # doubled, they keep their hyphen: `re-entry`
_SAMPLE_CHARACTERS = 2000
_FEWEST_IN_PROSE = 5
# What follows a hyphen that stands for the end of a later word: `short- and long-term`, `Ein- und Ausgang`.
_JOINING = frozenset("and or und oder bzw et ou y och eller og ja".split())
# Languages that write compounds as one word: a hyphen before a small letter is the line's.
_CLOSED = frozenset("de nl sv da no fi et hu".split())


@dataclass(frozen=True, slots=True)
class Words:
    """A document's words and its language, which decide whether a hyphen at a line's end belongs to the word."""

    known: frozenset[str]
    hyphenates: bool
    language: str = "en"

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Words:
        """The words of printed lines, as `of_texts`."""
        return cls.of_texts([line.text for line in lines])

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> Words:
        """The words of these lines, and whether more of their broken words are whole words than hyphenated ones."""
        known = frozenset(word.lower() for text in texts for word in _WORD.findall(text))
        broken = [_halves(a, b) for a, b in itertools.pairwise(texts) if a.endswith(BREAKS)]
        halves = [(a, b) for a, b in broken if a and b]
        whole = sum((a + b).lower() in known for a, b in halves)
        hyphenated = sum(f"{a}-{b}".lower() in known for a, b in halves)
        return cls(known, whole > hyphenated, _language(texts) if halves else "en")

    def join(self, before: str, after: str) -> str:
        """Two halves of a line broken at a hyphen, the hyphen left out where it is none of the word's own."""
        stem, hyphen = before.rstrip(_BREAKS), "\u2010" if before.endswith("\u2010") else "-"
        first, second = _halves(before, after)
        if second.lower() in _JOINING and first:
            return f"{stem}{hyphen} {after}"
        chained = stem[: len(stem) - len(first)].endswith(("-", "\u2010"))  # `day-to-day`
        keeps = not first or chained or not second[:1].islower() or f"{first}-{second}".lower() in self.known
        return stem + after if not keeps and self._is_one_word(first, second) else f"{stem}{hyphen}{after}"

    def knows(self, word: str) -> bool:
        """Whether a word stands in the document, or in a dictionary of its language."""
        return word.lower() in self.known or is_word(word, self.language)

    def _is_one_word(self, first: str, second: str) -> bool:
        """Whether two halves are a word of the document or of its language, and not two that make a compound."""
        if (first + second).lower() in self.known:
            return True
        if len(first) == 1 or (first[-1:] == second[:1] and second[:1] in _VOWELS):
            return False
        if self.language in _CLOSED or self.hyphenates or not (self._is_known(first) and self._is_known(second)):
            return True
        return self.language in DICTIONARIES and self._is_usual(first, second)

    def _is_usual(self, first: str, second: str) -> bool:
        """Whether two words are one in the language: `under-stand`, and not `one-time`."""
        words = dictionary(self.language)
        whole, *halves = (words.frequency(word.lower()) for word in (first + second, first, second))
        return whole >= _USUAL * min(halves)

    def _is_known(self, word: str) -> bool:
        return is_word(word, self.language) if self.language in DICTIONARIES else word.lower() in self.known


def _halves(before: str, after: str) -> tuple[str, str]:
    first, second = _LAST.search(before.rstrip(_BREAKS)), _FIRST.match(after)
    return (first[0] if first else ""), (second[0] if second else "")


def _language(texts: Iterable[str]) -> str:
    prose = itertools.islice((text for text in texts if text.count(" ") >= _FEWEST_IN_PROSE), _SAMPLE_CHARACTERS)
    return detect_language(" ".join(prose)[:_SAMPLE_CHARACTERS], "en")
