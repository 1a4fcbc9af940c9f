"""Whether a printed line agrees with the OCR text in its place. Pure."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from ingest.parsers.common import is_latin
from rag.text import DICTIONARIES, detect_language, is_word

_ALIKE = 0.75
_COMPARABLE = 0.8
_UNNAMED = "\ufffd"
_LATIN_WORD = re.compile("[a-z\u00df-\u00f6\u00f8-\u017f]{4,}")
_FEWEST_WORDS, _IN_DICTIONARY = 3, 0.6


def says_the_same(printed: str, seen: str, odd: str = "") -> bool:
    """Whether two readings of a line have most letters, and most digits, in common; white space and marks aside.

    Characters that are `odd`, because they look like others, have to be seen where they are printed.

    A line of another script than the Latin one is believed unless words of a language are seen: OCR may not know
    its letters.
    """
    if not _is_comparable(printed):
        return not _is_of_words(seen)
    if not _alike(_letters(printed), _letters(seen)):
        return False
    if _are_others(printed, seen, odd):
        return False
    if _UNNAMED in printed and _digit_for_unnamed(printed, seen):
        return False
    digits, digits_seen = (_digits(text) for text in (printed, seen))
    return max(len(digits), len(digits_seen)) == 1 or _alike(digits, digits_seen)


def _is_comparable(text: str) -> bool:
    letters = [one for one in text if one.isalpha()]
    return sum(map(is_latin, letters)) >= _COMPARABLE * len(letters)


def _is_of_words(text: str) -> bool:
    """Whether most words of a text are in the dictionary of its language."""
    words = _LATIN_WORD.findall(text.lower())
    found = detect_language(text, "en")
    language = found if found in DICTIONARIES else "en"
    known = sum(is_word(word, language) for word in words)
    return known >= _FEWEST_WORDS and known >= _IN_DICTIONARY * len(words)


def _are_others(printed: str, seen: str, odd: str) -> bool:
    """Whether odd characters are seen as others of their kind more often than as themselves.

    Digits are aligned as digits, whichever they are, and odd letters as such: `183` and `138` are three digits.
    """
    a, b = ("".join(text.split()).lower() for text in (printed, seen))
    low = odd.lower()
    blocks = (
        SequenceMatcher(None, _masked(a, low), _masked(b, low), autojunk=False).get_matching_blocks() if odd else ()
    )
    pairs = [(a[i + n], b[j + n]) for i, j, size in blocks for n in range(size) if a[i + n] in low]
    return 2 * sum(one != other for one, other in pairs) > len(pairs)


def _masked(text: str, odd: str) -> str:
    return "".join("0" if one.isdecimal() else "\ufffd" if one in odd else one for one in text)


def _digit_for_unnamed(printed: str, seen: str) -> bool:
    """Whether a digit is seen where the printed line has a character without a name."""
    a, b = ("".join(text.split()) for text in (printed, seen))
    changes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return any(_UNNAMED in a[i:j] and _digits(b[k:m]) for what, i, j, k, m in changes if what == "replace")


def _alike(a: str, b: str) -> bool:
    return not (a or b) or SequenceMatcher(None, a, b, autojunk=False).ratio() >= _ALIKE


def _letters(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text).lower() if one.isalnum())


def _digits(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", text) if one.isdecimal())
