"""Language detection.

There are two uses. For stemming, a wrong guess loses matches, so only a certain detection counts. For the language of a
question, short texts must be detected too, and a wrong guess only costs a translation that changes nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from rag.text.stemming import LANGUAGES
from rag.types import Hit

SPOKEN: Mapping[str, str] = LANGUAGES | {
    "bg": "bulgarian", "bn": "bengali", "he": "hebrew",
    "hr": "croatian", "ja": "japanese", "ko": "korean", "lv": "latvian", "sk": "slovak",
    "sl": "slovenian", "th": "thai", "uk": "ukrainian", "ur": "urdu", "vi": "vietnamese", "zh": "chinese",
}  # fmt: skip
"""Two-letter codes of the languages that questions are asked in, and their English names."""

_SHORTEST_TELLING, _TELLING = 80, 400
_CERTAIN, _LIKELY = 0.99, 0.5
_LOADING = threading.Lock()


def detect_language(text: str, default: str) -> str:
    """Two-letter code of a text's language; `default` unless another one, that is stemmed here, is certain."""
    if len(text) < _SHORTEST_TELLING:
        return default
    return _told(text, tuple(LANGUAGES), _CERTAIN) or default


def spoken_language(text: str, default: str) -> str:
    """Two-letter code of the language of a question or sentence of any length; `default` unless another is likely.

    docs/research/questions.md has the accuracy.
    """
    return _told(text, tuple(SPOKEN), _LIKELY) or default


def languages_asked(question: str, default: str) -> tuple[str, ...]:
    """The languages whose stems a question may find: of its own language, too, if another than the default is likely.

    A text in a language without a stemmer was stored with the stems of the nearest language that has one.
    """
    first, spoken = detect_language(question, default), spoken_language(question, default)
    if spoken == default:
        return (first,)
    nearest = _told(question, tuple(LANGUAGES), 0.0) or spoken
    return tuple(dict.fromkeys((first, spoken, nearest)))


def languages_of(hits: Sequence[Hit], default: str) -> tuple[str, ...]:
    """The languages of hits, most frequent first; ties in the order of the hits."""
    found = [spoken_language(hit.chunk.text, default) for hit in hits]
    return tuple(sorted(dict.fromkeys(found), key=lambda language: -found.count(language)))


def _told(text: str, among: tuple[str, ...], least: float) -> str | None:
    with _LOADING:  # else every thread that begins loads a model of its own
        identifier = _identifier(among)
    code, certainty = identifier.classify(text[:_TELLING])
    return str(code) if certainty >= least else None


@cache
def _identifier(among: tuple[str, ...]) -> LanguageIdentifier:
    identifier = copy(_model())
    identifier.set_languages(list(among))
    return identifier


@cache
def _model() -> LanguageIdentifier:
    """All languages; a second of loading, so it is loaded once."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
