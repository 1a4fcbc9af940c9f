"""Amounts that are told without their scale: `$5,132 million … $5,132 - $4,880`, or `$5,132` of a table in millions.

A language model gives the scale of an amount once and then calculates with its digits only, or copies the digits of a
table and leaves out what its title says. Taken literally, such an amount is a million times smaller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rag.evidence import Row

_SCALES = "thousand|million|billion|trillion"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_LATEX_DIGITS = r"\d{1,3}(?:(?:\{,\}|\\,)\d{3})+(?:\.\d+)?"
_AMOUNT = re.compile(
    rf"(?P<latex>\\)?(?P<currency>[$€£])\s?(?P<digits>{_LATEX_DIGITS}|{_DIGITS})(?![\d%]|,\d|\.\d|\{{,|\\,\d|\s?(?:[kmbt]|[mbt]n)\b)"
    rf"(?P<scale>(?:\s?|\s?\\text\{{\s?)(?:{_SCALES})\b)?",
    re.IGNORECASE,
)
_FIGURE = re.compile(_DIGITS)
_TELLING_DIGITS = 3


def with_scales(text: str, before: Iterable[str] = ()) -> str:
    """A text whose bare amounts get the scale of the same amount in the text or in the previous sentences.

    An amount with two scales, or with fewer than three digits, is unchanged.
    """
    return _scaled(text, _told_with_scale((*before, text)))


def with_table_scales(text: str, rows: Iterable[tuple[Row, str]], operands: Iterable[str] = ()) -> str:
    """A text whose bare amounts get the scale that the table of their figure declares.

    `rows` are the table rows of the evidence, each with everything above it. A result gets the scale of the operands,
    if they share one: those written before its `=`, and the `operands` of calculations before it. An amount is
    unchanged if its figure is in the rows with several scales, or in one as something else than an amount of money.
    """
    of_digits = _table_scales(rows)
    bare = {_key(match): _digits(match) for match in _AMOUNT.finditer(text) if not match["scale"] and _tells(match)}
    under = [_digits(match) for match in _AMOUNT.finditer("\n".join(operands)) if not match["scale"]]
    found = {of_digits[digits] for digits in (*bare.values(), *under) if digits in of_digits}
    if ("=" in text or under) and len(found) == 1:
        return _scaled(text, dict.fromkeys(bare, *found))
    return _scaled(text, {key: of_digits.get(digits) for key, digits in bare.items()})


def with_operand_scales(operands: str, claim: str, rows: Iterable[tuple[Row, str]]) -> str:
    """The operands that a claim rests on, with the one scale of their table rows, if the claim shows no bare amount.

    What was worked out of amounts without their scale, such as a ratio, does not depend on it.
    """
    of_digits = _table_scales(rows)
    bare = {_key(match): _digits(match) for match in _AMOUNT.finditer(operands) if not match["scale"]}
    scales = {of_digits.get(digits) for digits in bare.values()}
    if len(scales) != 1 or None in scales or any(not match["scale"] for match in _AMOUNT.finditer(claim)):
        return operands
    return _scaled(operands, dict.fromkeys(bare, *scales))


def _scaled(text: str, said: Mapping[str, str | None]) -> str:
    """A text whose bare amounts get their scale of `said`."""

    def in_full(match: re.Match[str]) -> str:
        scale = None if match["scale"] else said.get(_key(match))
        written = rf"\text{{ {scale}}}" if match["latex"] else f" {scale}"
        return f"{match[0]}{written}" if scale else match[0]

    return _AMOUNT.sub(in_full, text) if said else text


def _told_with_scale(texts: Iterable[str]) -> Mapping[str, str | None]:
    """The scale of each amount that is told with one; None where it is told with another as well."""
    said: dict[str, str | None] = {}
    for match in (match for text in texts for match in _AMOUNT.finditer(text) if match["scale"]):
        if _tells(match):
            _agree(said, _key(match), match["scale"].rpartition("{")[2].strip().lower())
    return said


def _table_scales(rows: Iterable[tuple[Row, str]]) -> Mapping[str, str | None]:
    """The scale of each figure of the rows; None where it has none, or several."""
    said: dict[str, str | None] = {}
    for row, over in rows:
        for value, scale in zip(row.values, row.scales(over), strict=True):
            for digits in _FIGURE.findall(value):
                _agree(said, digits.replace(",", ""), scale or None)
    return said


def _agree(said: dict[str, str | None], key: str, scale: str | None) -> None:
    """Keep the scale of a key; None once two differ."""
    said[key] = scale if said.get(key, scale) == scale else None


def _tells(match: re.Match[str]) -> bool:
    return sum(map(str.isdigit, match["digits"])) >= _TELLING_DIGITS


def _key(match: re.Match[str]) -> str:
    return match["currency"] + _digits(match)


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"[^\d.]", "", match["digits"])
