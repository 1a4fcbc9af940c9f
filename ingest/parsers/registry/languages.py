"""The languages of a file: by script if that is enough, else by its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.text import detect_language
from rag.types import Page

_SHARE = 0.05
_SAMPLED_PAGES = 200
_SAMPLE_CHARACTERS = 4000
_FEWEST_LETTERS = 20
# Scripts that only one of the larger languages is written in. Kana come before Han: Japanese is written in both.
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]"), 0.1),
    ("ko", re.compile("[\uac00-\ud7af]"), 0.3),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"), 0.5),
    ("he", re.compile("[\u0590-\u05ff]"), 0.5),
    ("th", re.compile("[\u0e00-\u0e7f]"), 0.5),
    ("fa", re.compile("[پچژگ]"), 0.01),
    ("ar", re.compile("[\u0600-\u06ff]"), 0.5),
    ("uk", re.compile("[іїєґІЇЄҐ]"), 0.03),
)


def languages_of(pages: Sequence[Page]) -> tuple[str, ...]:
    """Two-letter codes of the languages of more than 5% of the pages, most frequent first.

    Pages too short to tell are not counted; of very long files a sample of pages is read.
    """
    step = -(-len(pages) // _SAMPLED_PAGES) or 1
    counts = Counter(code for code in map(language_of, (page.text for page in pages[::step])) if code)
    least = _SHARE * counts.total()
    return tuple(code for code, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])) if count > least)


def language_of(text: str) -> str:
    """The two-letter code of a text's language; empty when it is too short, or not certain."""
    sample = text[:_SAMPLE_CHARACTERS]
    if not sample.isascii():
        letters = sum(map(str.isalpha, sample))
        for code, characters, share in _SCRIPTS:
            if letters >= _FEWEST_LETTERS and len(characters.findall(sample)) > share * letters:
                return code
    return detect_language(sample, "")
