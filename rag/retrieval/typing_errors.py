"""Whether one short word can be a typing or spelling error for another.

Almost any short string is one letter away from some word: `capex` from `cape`, `opex` from `open`. A typing error drops
a letter, doubles one, swaps two, or hits a neighbouring key; a spelling error replaces a vowel by another, or a letter
by one of the same sound.
"""

from __future__ import annotations

from collections.abc import Iterator

_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {key: (row, place) for row, keys in enumerate(_ROWS) for place, key in enumerate(keys)}
_ALIKE = tuple(map(frozenset, ("aeiouy", "cks", "sz", "ckq", "gj", "fv", "dt", "bp", "mn")))


def is_typing_error(typed: str, meant: str) -> bool:
    """Whether `typed`, which is one edit away from `meant`, is a likely error; letters of no known key may be any."""
    if len(typed) < len(meant) or typed == meant:
        return True
    if len(typed) > len(meant):
        return any(_may_slip_in(typed, at) for at in _inserted(typed, meant))
    places = [at for at in range(len(typed)) if typed[at] != meant[at]]
    here, there = typed[places[0]], meant[places[0]]
    sounds_alike = places[0] > 0 and any({here, there} <= letters for letters in _ALIKE)
    return len(places) > 1 or _near(here, there) or sounds_alike


def _inserted(typed: str, meant: str) -> Iterator[int]:
    return (at for at in range(len(typed)) if typed[:at] + typed[at + 1 :] == meant)


def _may_slip_in(typed: str, at: int) -> bool:
    beside = typed[max(0, at - 1) : at] + typed[at + 1 : at + 2]
    return any(typed[at] == letter or _near(typed[at], letter) for letter in beside)


def _near(first: str, second: str) -> bool:
    if first not in _KEYS or second not in _KEYS:
        return True
    (row, place), (other_row, other_place) = _KEYS[first], _KEYS[second]
    return abs(row - other_row) <= 1 and abs(place - other_place) <= 1
