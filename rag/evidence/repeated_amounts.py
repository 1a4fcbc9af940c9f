"""Amounts that are repeated without their scale: `$5,132 million … $5,132 - $4,880`.

A language model gives the scale of an amount once and then calculates with its digits only. Taken literally, the second
amount would be a million times smaller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SCALES = "thousand|million|billion|trillion"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_AMOUNT = re.compile(
    rf"(?P<currency>[$€£])\s?(?P<digits>{_DIGITS})(?![\d%]|,\d|\.\d)(?P<scale>\s?(?:{_SCALES})\b)?", re.IGNORECASE
)
_TELLING_DIGITS = 3


def with_scales(text: str, before: Iterable[str] = ()) -> str:
    """A text whose bare amounts get the scale of the same amount in the text or in the previous sentences.

    An amount with two scales, or with fewer than three digits, is unchanged.
    """
    said = _told_with_scale((*before, text))

    def in_full(match: re.Match[str]) -> str:
        scale = None if match["scale"] else said.get(_digits(match))
        return f"{match[0]} {scale}" if scale else match[0]

    return _AMOUNT.sub(in_full, text) if said else text


def _told_with_scale(texts: Iterable[str]) -> Mapping[tuple[str, str], str | None]:
    """The scale of each amount that is told with one; None where it is told with another as well."""
    said: dict[tuple[str, str], str | None] = {}
    for match in (match for text in texts for match in _AMOUNT.finditer(text) if match["scale"]):
        scale = match["scale"].strip().lower()
        if sum(map(str.isdigit, match["digits"])) >= _TELLING_DIGITS:
            said[_digits(match)] = scale if said.get(_digits(match), scale) == scale else None
    return said


def _digits(match: re.Match[str]) -> tuple[str, str]:
    return match["currency"], match["digits"].replace(",", "")
