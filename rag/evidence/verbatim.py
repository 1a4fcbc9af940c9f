"""A sentence word for word: the same words in the same order, whatever their spacing and the mark at the end.

Passages that were tokenised write `in 1907 , by Berg .`, and language models leave out the last full stop.
"""

from __future__ import annotations

import re

_BEFORE_CLOSING = re.compile(r"\s+(?=[,.;:!?)\]}%](?!\w))")
_AFTER_OPENING = re.compile(r"(?<=[(\[{])\s+")
_PARTS = re.compile(r"(?P<opening>[(\[{\"“”„«]*)(?P<word>.*?)(?P<closing>[,.;:!?)\]}\"“”»%]*)")
_LIKE = {"'": "['’‘]", "’": "['’‘]", '"': '["“”„]', "“": '["“”„]', "”": '["“”„]'}
_STOP = "."


def verbatim_pattern(sentence: str) -> re.Pattern[str] | None:
    """Matches the sentence in a text, with other spacing or quotation marks, with or without a last full stop.

    The first letter may be of the other case. None for a sentence without words.
    """
    text = _AFTER_OPENING.sub("", _BEFORE_CLOSING.sub("", sentence)).strip()
    words = text.removesuffix(_STOP).split()
    if not words:
        return None
    pattern = r"\s+".join(map(_spaced, words))
    first = words[0][0]
    if first.isalpha() and words[0][1:] == words[0][1:].lower():
        pattern = f"[{first.lower()}{first.upper()}]{pattern[1:]}"
    return re.compile(rf"{pattern}(?:\s*\.)?")


def _spaced(word: str) -> str:
    """A pattern for a word, with or without white space at its brackets, quotation marks and punctuation."""
    parts = _PARTS.fullmatch(word)
    assert parts is not None
    opening, closing = (map(_sign, parts[name]) for name in ("opening", "closing"))
    return r"\s*".join((*opening, *([_word(parts["word"])] if parts["word"] else []), *closing))


def _word(word: str) -> str:
    return "".join(map(_sign, word))


def _sign(sign: str) -> str:
    return _LIKE.get(sign) or re.escape(sign)
