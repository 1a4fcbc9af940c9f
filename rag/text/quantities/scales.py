"""The scale that a table or a caption declares for its numbers: `(in thousands)`, `$ million`, `€m`, `'000`."""

from __future__ import annotations

import re

from rag.text.quantities.number_words import MAGNITUDES
from rag.text.quantities.units import units_in

_WORDS = r"(?i:thousand|million|billion|trillion)"
_CURRENCY = r"(?:[$€£¥]|US\$|[A-Z]{3}|(?i:dollars?|euros?))"
_SCALE = re.compile(
    rf"\b(?i:in|of)\s(?:{_CURRENCY}\s)?(?P<in>{_WORDS})s?\b"
    rf"|[(\[]\s?(?:{_CURRENCY}\s?)?(?P<alone>{_WORDS}|mn|bn)s?\b[^()\d]{{0,20}}[)\]]"
    rf"|(?<![\w.]){_CURRENCY}\s(?P<bare>{_WORDS})s?\b|(?<![\w.]){_CURRENCY}\s?(?P<letter>mn|bn|m|b|k|M|B|K)\b|\b(?P<german>Tsd|Mio|Mrd)\b\.?"
    rf"|(?P<zeros>(?:[($€£'’]\s?){{1,3}}000s?\b"
    rf"|(?<![\w.,])000s?(?=\s[^\W\d_]))|\b(?P<of>{_WORDS})s\sof\s{_CURRENCY}"
)
_IN_FIGURES = re.compile(
    r"(?P<in>(?:^|[,(:]\s*)in) 1(?P<sizes>(?:[,. ]?000){1,3})(?=\s(?P<unit>[^\W\d_]+[²³]?))",
    re.IGNORECASE | re.MULTILINE,
)
_IN_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f]000)+(?![\d.,]*\d)")
_SIZES = ("thousand", "million", "billion")
_OTHERS = {"m": 10**6, "b": 10**9, "k": 10**3, "tsd": 10**3, "mio": 10**6, "mrd": 10**9}


def with_thousands_joined(text: str) -> str:
    """A text with `100,000` for `100 000`, whose zeros are no scale."""
    return _IN_GROUPS.sub(lambda match: re.sub(r"\s", ",", match[0]), text)


def with_scale_in_words(place: str) -> str:
    """A caption or heading with its scale in words: `in thousand m³` for `in 1,000 m³`, where a unit stands behind."""
    return _IN_FIGURES.sub(
        lambda match: (
            f"{match['in']} {_SIZES[match['sizes'].count('000') - 1]}" if units_in(match["unit"]) else match[0]
        ),
        place,
    )


def scales(text: str) -> frozenset[int]:
    """Scales that a text, without its quantities, declares for bare numbers."""
    return frozenset(map(_scale, _SCALE.finditer(text)))


def declared_scale(text: str) -> str:
    """The word for the one magnitude that a text declares, such as `million`; empty where there is none, or several."""
    declared = scales(with_scale_in_words(with_thousands_joined(text)))
    return word_of_scale(next(iter(declared))) if len(declared) == 1 else ""


def word_of_scale(size: int) -> str:
    """`million` for a million; empty for what has no such word."""
    return next((word for word, each in MAGNITUDES.items() if each == size), "")


def _scale(match: re.Match[str]) -> int:
    if match["zeros"]:
        return 10**3
    written = next(filter(None, match.group("in", "alone", "bare", "letter", "german", "of"))).lower()
    return MAGNITUDES.get(written) or _OTHERS[written]
