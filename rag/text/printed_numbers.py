"""Numbers as they are printed: their digits, whatever marks of thousands, scales and units stand at them."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def numbers_in(text: str) -> frozenset[str]:
    """The digits of every number of a text, without the marks of thousands."""
    return frozenset(numbers_of(text))


def numbers_of(text: str) -> list[str]:
    """The same in their order, each as often as it stands there."""
    return [digits_of(each) for each in _DIGITS.findall(text)]


def digits_of(number: str) -> str:
    """The digits of a written number, `2112` of `$2,112 million`; what two ways to write it have in common."""
    found = _DIGITS.search(number)
    whole, _, after = (found[0] if found else "").replace(",", "").partition(".")
    return f"{whole}.{after.rstrip('0')}".rstrip(".")
