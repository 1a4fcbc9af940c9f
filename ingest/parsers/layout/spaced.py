"""Letter-spaced words, as in `T A B L E`, joined. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.parsers.layout.printed import Print

_FEWEST_LETTERS, _SINGLE = 4, 0.8
_WIDE, _WIDEST_EM = 1.6, 1.2


def unspaced(words: Sequence[Print]) -> list[Print]:
    """The words of a line; where nearly all are single letters at equal distances, those that the letters make up.

    Letters beside a sign of mathematics are a formula.
    """
    single = [word for word in words if len(word.text) == 1]
    letters = sum(word.text.isalpha() for word in single)
    pairs = sum(len(word.text) == len("AV") and word.text.isupper() for word in words)  # capitals that stand close
    spaced = len(single) + min(pairs, len(single))
    if letters < _FEWEST_LETTERS or spaced < _SINGLE * len(words) or any(map(_is_of_maths, single)):
        return list(words)
    gaps = [b.left - a.right for a, b in pairwise(words)]
    usual = median(gaps)
    if not 0 < usual <= _WIDEST_EM * (words[0].bottom - words[0].top):
        return list(words)
    joined = [words[0]]
    for gap, word in zip(gaps, words[1:], strict=True):
        last = joined[-1]
        if gap <= _WIDE * usual:
            top, bottom = min(last.top, word.top), max(last.bottom, word.bottom)
            joined[-1] = Print(last.text + word.text, last.left, top, word.right, bottom)
        else:
            joined.append(word)
    return joined


def _is_of_maths(word: Print) -> bool:
    return unicodedata.category(word.text) == "Sm"
