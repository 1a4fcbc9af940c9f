"""Numerals as values: grouping and decimal marks of the language, and the precision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from rag.text.quantities.locales import marks_of_numbers

SPACES = "\u00a0\u202f\u2009"
"""Spaces that group digits and do not end a line."""
NUMERAL = (
    rf"\d{{1,3}}(?:[,'’{SPACES}]\d{{3}})+(?!\d)(?:[.,]\d+)?|\d{{1,3}}(?:\.\d{{3}})+,\d+"
    r"|\d{1,40}(?!\d)(?:[.,]\d{1,40}(?!\d))?|(?<!\d)\.\d{1,40}(?!\d)"
)
NUMERAL_OF_GROUPS = rf"\d{{1,3}}(?:[ .'’{SPACES}]\d{{3}})+(?!\d)(?:,\d+)?|{NUMERAL}"
"""For languages that group with points or plain spaces, where `1.950` is read as 1950."""
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A value, one unit of its last written digit, and the same with the zeros that end a whole number not counted."""

    value: Decimal
    step: Decimal
    coarse_step: Decimal


def numeral(written: str, language: str) -> Numeral:
    """A number as it is written in a language: `1.950,5` is read in any, `1.950` is 1950 only where points group."""
    digits = _digits(written, *marks_of_numbers(language))
    decimals = len(digits.partition(".")[2])
    value = Decimal(digits)
    zeros = len(digits) - len(digits.rstrip("0")) if not decimals and value else 0
    return Numeral(value, Decimal(1).scaleb(-decimals), Decimal(1).scaleb(zeros - decimals))


def _digits(written: str, decimal: str, group: str) -> str:
    bare = re.sub(rf"(?<=\d)[ '’{SPACES}](?=\d{{3}})", "", written)
    if "," in bare and "." in bare:
        last = max(bare.rfind(","), bare.rfind("."))
        return re.sub(r"[.,]", "", bare[:last]) + "." + bare[last + 1 :]
    mark = "," if "," in bare else "."
    grouped = re.fullmatch(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", bare) is not None
    if bare.count(mark) > 1 or (grouped and mark != decimal and mark in (group, ",")):
        return bare.replace(mark, "")
    return bare.replace(",", ".")
