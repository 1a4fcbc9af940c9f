"""Superscripts after a number: an exponent, or a footnote mark that is not part of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
RAISED = f"{_DIGITS}⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
"""What stands raised, as a part of a class of characters."""
_PLAIN = str.maketrans(f"{_DIGITS}⁺⁻−–", "0123456789+---")
_EXPONENT = (
    rf"(?:[⁺⁻]?[{_DIGITS}]{{1,2}}|(?:\^|\*\*)(?:[-−–+]?\d{{1,2}}(?!\d)|\{{[-−–+]?\d{{1,2}}\}}|\([-−–+]?\d{{1,2}}\)))"
)
_TIMES_TEN = re.compile(rf"\s?(?:[×x✕·⋅*]|\\times|\\cdot)\s?10(?P<exponent>{_EXPONENT})")
_LETTER_E = re.compile(r"[eE](?P<exponent>[+-]?\d{1,2})(?![\w.])")
_POWER = re.compile(rf"(?P<exponent>{_EXPONENT})")
_MARKS = re.compile(
    rf"[{RAISED}]+(?:,\s?[{RAISED}]+)*|[*†‡§¶]{{1,3}}(?![*\d]|\s?\d)|\^\([^()\d]*\)"
    rf"|\s?\[(?:\^?\d{{1,3}}|[ivxl]{{1,6}}|[*†‡§¶]{{1,3}})\](?!\()|\s[{RAISED}]+(?=\s)"
)
_MARKING = frozenset(["1", "2"])  # `10¹` and `10²` are tens with the mark of a footnote


@dataclass(frozen=True, slots=True)
class Power:
    """What a number is multiplied by because of an exponent, and where that ends. `exact` powers round nothing."""

    factor: Decimal
    end: int
    exact: bool = False


def power_at(text: str, number: str, position: int) -> Power:
    """The power that continues at `position`, right after a number: `× 10⁶`, `e6`, the exponents of `10⁶` and
    `2^16`.
    """
    scaled = _TIMES_TEN.match(text, position) or _LETTER_E.match(text, position)
    if scaled:
        return Power(Decimal(10) ** _value(scaled["exponent"]), scaled.end())
    found = _POWER.match(text, position)
    if found is None or not number.isdecimal() or not _is_power(number, found["exponent"]):
        return Power(Decimal(1), position)
    if number == "10":
        return Power(Decimal(10) ** (_value(found["exponent"]) - 1), found.end())
    return Power(Decimal(int(number)) ** (_value(found["exponent"]) - 1), found.end(), exact=True)


def after_marks(text: str, position: int) -> int:
    """Where the marks of footnotes after a number end."""
    marks = _MARKS.match(text, position)
    return marks.end() if marks else position


def _value(exponent: str) -> int:
    return int(exponent.translate(_PLAIN).strip("^*{}()"))


def _is_power(number: str, exponent: str) -> bool:
    """Whether a raised number is an exponent rather than a mark: marks are small, bases are 10 or 2."""
    if exponent[0] in "^*":
        return len(number) < len("10000")
    plain = exponent.translate(_PLAIN)
    return (number == "10" and plain not in _MARKING) or (number == "2" and len(plain) > 1)
