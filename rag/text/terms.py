"""Text to search terms, aware of identifiers, numbers and languages.

`HTTPServer_v2` gives `httpserver_v2`, `http`, `server`, `v2`; `ERR-4107` gives `err-4107`, `err`, `4107`; words are
stemmed by Snowball in their language; runs of Chinese, Japanese or Korean give overlapping pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rag.text.stemming import stem
from rag.text.words import VOWEL_SIGNS, set_apart

_TOKEN = re.compile(rf"\w[\w{VOWEL_SIGNS}]*(?:(?:[-.:/'’]|(?<=\d),(?=\d))\w[\w{VOWEL_SIGNS}]*)*")
_NUMERAL = r"\d+(?:[.,]\d+)*"
_ASCII_PART = re.compile(rf"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|{_NUMERAL}")
_PART = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{VOWEL_SIGNS}])*|{_NUMERAL}")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
_BESIDE_CJK = re.compile(rf"[a-zA-Z]+|{_NUMERAL}")
_NUMBER = re.compile(r"\d[\d.,]*")

STOPWORDS = frozenset(
    "a an and are as at be been but by for from had has have he her his i if in into is it its me my no not of on or "
    "our she so such that the their then there these they this those to was we were what when where which who will "
    "with you your how do does did can could should would about than".split()
)


def terms(text: str, language: str) -> list[str]:
    """Terms of a text in reading order, repetitions kept."""
    folded = unicodedata.normalize("NFKC", set_apart(text))
    found: list[str] = []
    for match in _TOKEN.finditer(folded):
        found.extend(_terms_of(match.group(), language))
    return found


@lru_cache(maxsize=200_000)
def _terms_of(token: str, language: str) -> tuple[str, ...]:
    if _CJK.search(token):
        beside = (_stemmed(part.casefold(), language) for part in _BESIDE_CJK.findall(token))
        return (
            *(pair for run in _CJK.findall(token) for pair in _pairs(run)),
            *(term for each in beside for term in each),
        )
    token = token.replace("’", "'").removesuffix("'s")
    lower = token.casefold()
    parts = (_ASCII_PART if token.isascii() else _PART).findall(token)
    if len(parts) <= 1 or _NUMBER.fullmatch(lower):
        return tuple(_stemmed(lower, language))
    found = _stemmed(lower, language) if lower.isalpha() else [lower]
    for part in parts:
        found.extend(term for term in _stemmed(part.casefold(), language) if term not in found)
    return tuple(found)


def _stemmed(word: str, language: str) -> list[str]:
    if word in STOPWORDS and language == "en":
        return []
    if _NUMBER.fullmatch(word):
        return [word.replace(",", "").rstrip(".")]
    return [stem(word, language)] if len(word) > 1 or not word.isascii() else []


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]
