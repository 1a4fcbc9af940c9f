"""Parses the quantities of a text: numbers with signs, bounds, units, scales and ratios.

The text is read once from left to right, and around every number at most a fixed stretch, so that time grows linearly
with its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from rag.text.quantities.context import (
    REACH,
    bound_after,
    bound_before,
    direction,
    is_approximate,
    is_level,
    is_literal,
    is_negative,
    period,
    window_before,
)
from rag.text.quantities.currencies import currency_marks, currency_of
from rag.text.quantities.locales import marks_of_numbers
from rag.text.quantities.number_words import MAGNITUDES
from rag.text.quantities.numerals import NUMERAL, NUMERAL_OF_GROUPS, Numeral, numeral
from rag.text.quantities.series import joined
from rag.text.quantities.superscripts import Power, after_marks, power_at
from rag.text.quantities.units import per_at, unit_at
from rag.text.quantities.values import Quantity

_LETTERS = {"k": 10**3, "K": 10**3, "m": 10**6, "M": 10**6, "b": 10**9, "B": 10**9}
_FOREIGN_MAGNITUDES = {
    "mio": 10**6, "millionen": 10**6, "millones": 10**6, "millions": 10**6, "mrd": 10**9, "milliarden": 10**9,
    "milliards": 10**9, "tsd": 10**3, "tausend": 10**3, "mille": 10**3, "mil": 10**3, "bln": 10**9, "mln": 10**6,
    "thousands": 10**3, "billions": 10**9, "tn": 10**12, "trillions": 10**12, "hundred": 100,
}  # fmt: skip
_MAGNITUDES = MAGNITUDES | _FOREIGN_MAGNITUDES
_MAGNITUDE = re.compile(r"[-\s]?([^\W\d_]+)\b\.?")
_RATIO_AFTER = re.compile(r"(?:[:∶]|\s[:∶]\s)(\d+(?:\.\d+)?)(?![\d:]|[.,]\d)")
_RATIO_WORDS = re.compile(r"\s?(?:to|in(?!\s(?:19|20)\d\d\b)|out of)\s(\d+(?:\.\d+)?)\b")
_TIMES = re.compile(
    r"\s?[x×](?![\w-])(?!\s?\d)(?!(?<=\s[x×])\s+[\w($€£¥])"
    r"|\stimes(?=\s(?:as|the|that|those|its|their|his|her|our|higher|larger|more|greater|bigger|longer|net|annual"
    r"|total|operating|adjusted|sales|revenues?|earnings|income|EBITDA)\b)"
)
_TO_ONE = re.compile(r"\sto\s(1(?:\.0+)?)(?=\s*(?:[,;)](?!\d)|\.(?!\d)|$)|\s(?:of|for|and|in|at)\b)")
_RATIO_BEFORE = re.compile(
    r"\b(?:ratios?|odds|proportions?|scale|mix(?:ed|ture)?|diluted)\b[^.;]{0,30}$", re.IGNORECASE
)
_MARK_BRACKET = re.compile(r"([$€£¥])\s?\($")
_UNIT_OF_BRACKETS = re.compile(r"\s?%|\s(?:thousand|million|billion)\b|(?:mn?|bn|k)\b", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|by)\b", re.IGNORECASE)
_OF = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_OF_REACH, _OF_WORDS = 40, 3
_OF_END = re.compile(r"[.;:,|()\n]|\d")


def quantities(text: str, language: str = "en") -> list[Quantity]:
    """The numbers of a text from which dates and identifiers were taken, in order.

    Numbers of one range or list share their unit and magnitude, and those of a range are its bounds.
    """
    return joined(text, list(_stated(text, language)))


def _stated(text: str, language: str) -> Iterator[Quantity]:
    done = 0
    for match in _numbers(language).finditer(text):
        if match.start("num") >= done:
            found = _quantity(text, match, language)
            done = found.end
            yield found


@cache
def _numbers(language: str) -> re.Pattern[str]:
    marks = "|".join(map(re.escape, currency_marks()))
    before = rf"(?:(?:(?<![A-Za-z$])(?:{marks}))[\s]?)"
    written = NUMERAL if marks_of_numbers(language)[0] == "." else NUMERAL_OF_GROUPS
    return re.compile(
        rf"(?P<lead>(?<![\w.,)%°€$£¥])[-−–‒—+](?=[\d.$€£¥A-Z]))?(?:(?P<cur>{before})(?P<late>[-−–](?=[\d.]))?)?"
        rf"(?<![\w.,])(?<![A-Za-z][-_])(?!000s?\b)(?P<num>{written})(?!\.\d)(?P<ord>(?:st|nd|rd|th)\b)?(?P<decade>s\b)?"
    )


def _quantity(text: str, match: re.Match[str], language: str) -> Quantity:
    read = numeral(match["num"], language)
    bracket = None if match["cur"] else _mark_before_bracket(text, match)
    mark = (bracket[1] if bracket else match["cur"] or "").strip()
    power = power_at(text, match["num"], match.end("num")) if match.end() == match.end("num") else None
    after = after_marks(text, power.end if power else match.end())
    after = _after_bracket(text, match, after)
    magnitude, end = _magnitude_at(text, after, bool(mark))
    unit, end = (currency_of(mark), end) if mark else _unit_after(text, end)
    versus, end = (None, end) if mark or unit else _versus(text, match, end)
    per, end = per_at(text, end)
    if not unit and not per:
        per = _per_after_noun(text, end)
    value, step, coarse_step = _scaled(read, power, magnitude)
    start = match.start("lead") if match["lead"] else match.start("cur") if match["cur"] else match.start("num")
    start -= len(bracket[0]) if bracket else 0
    window = window_before(text, start)
    bound, soft = bound_after(text, end)
    if not bound or soft:
        bound, soft = next((each for each in (bound_before(window), (bound, soft)) if each[0]), ("", False))
    sign, in_table = _sign(text, match, window, end, has_mark=bool(mark))
    return Quantity(
        text=_shown(text, match, mark, end),
        start=start,
        end=end,
        value=value,
        step=step,
        coarse_step=coarse_step,
        sign=sign,
        direction=direction(text, window, end),
        is_level=is_level(window),
        period=period(window),
        bound=bound,
        soft=soft or (bound != "" and is_literal(window)),  # `version 5 and earlier` has version 5
        unit=unit,
        per=per,
        magnitude=magnitude,
        versus=versus,
        approximate=is_approximate(window),
        literal=is_literal(window),
        in_table=in_table,
        of=_of(text, end),
    )


def _scaled(read: Numeral, power: Power | None, magnitude: int) -> tuple[Decimal, Decimal, Decimal]:
    """The value of a number and its steps, with its power and magnitude."""
    factor = power.factor * magnitude if power else Decimal(magnitude)
    if power and power.exact:
        return read.value * factor, Decimal(magnitude), Decimal(magnitude)
    return read.value * factor, read.step * factor, read.coarse_step * factor


def _shown(text: str, match: re.Match[str], mark: str, end: int) -> str:
    """A number as the reader of a message should see it; with the opening bracket of the one that closes in it."""
    if mark and mark.isalpha():
        mark += " "
    shown = " ".join(text[match.start("num") : end].split())
    return f"{mark}({shown}" if ")" in shown and "(" not in shown else mark + shown


def _magnitude_at(text: str, position: int, money: bool) -> tuple[int, int]:
    word = _MAGNITUDE.match(text, position)
    if word is None:
        return 1, position
    found = _MAGNITUDES.get(word[1].lower())
    if found:
        return found, word.end(1) + (text[word.end(1) : word.end()] == "." and word[1].islower() is False)
    attached = word.start(1) == position
    if word[1] in _LETTERS and (money or (attached and word[1] not in ("m", "b"))):
        return _LETTERS[word[1]], word.end(1)
    return 1, position


def _unit_after(text: str, position: int) -> tuple[str, int]:
    unit, end = unit_at(text, position)
    if unit:
        return unit, end
    mark = _mark_after().match(text, position)
    return (currency_of(mark[1]), mark.end()) if mark else ("", position)


@cache
def _mark_after() -> re.Pattern[str]:
    marks = "|".join(map(re.escape, currency_marks()))
    return re.compile(rf"[\s\u00a0\u202f]?({marks})(?![\w])(?!\s?\(?\d)")


def _versus(text: str, match: re.Match[str], end: int) -> tuple[Decimal | None, int]:
    """The second number of a ratio, `1` of `3:1` and of `3x`."""
    times = _TIMES.match(text, end)
    if times:
        return Decimal(1), times.end()
    found = _RATIO_AFTER.match(text, end)
    window = window_before(text, match.start())
    if found is None and not _FROM.search(window):
        found = _TO_ONE.match(text, end)
    if found is None and _RATIO_BEFORE.search(text[max(0, match.start() - REACH) : match.start()]):
        found = _RATIO_WORDS.match(text, end)
    return (Decimal(found[1]), found.end()) if found else (None, end)


def _per_after_noun(text: str, end: int) -> str:
    """`hour` of `60 parts per hour`."""
    noun = _OF.match(text, end + 1)
    return per_at(text, noun.end())[0] if noun and " " in text[noun.end() : noun.end() + 1] else ""


def _mark_before_bracket(text: str, match: re.Match[str]) -> re.Match[str] | None:
    """The currency and the bracket of `$(352)`; None without them."""
    marked = _MARK_BRACKET.search(text[max(0, match.start() - len("US$ (")) : match.start()])
    closed = text[match.end("num") : match.end("num") + 1] == ")"
    return marked if marked and closed and currency_of(marked[1]) else None


def _after_bracket(text: str, match: re.Match[str], after: int) -> int:
    """Where the unit or scale of a number in brackets begins that stands behind them, `(29)%`; else `after` itself."""
    if text[match.start("num") - 1 : match.start("num")] != "(" or text[after : after + 1] != ")":
        return after
    return after + 1 if _UNIT_OF_BRACKETS.match(text, after + 1) else after


def _sign(text: str, match: re.Match[str], window: str, end: int, *, has_mark: bool) -> tuple[int, bool]:
    """1, -1, or 0 where brackets leave it open; and whether the number stands in a row of a table."""
    before, after = text[max(0, match.start() - 2) : match.start()], text[match.end("num") : end + 2].lstrip("%")
    row = text[max(0, match.start() - REACH) : end + REACH]
    in_table = "|" in row[: row.find("\n", REACH) if "\n" in row[REACH:] else None]
    if (match["lead"] or match["late"] or "+") not in "+" or is_negative(text, window, end):
        return -1, in_table
    if before.rstrip().endswith("(") and after.lstrip().startswith(")"):
        return (-1 if in_table or "," in match["num"] or has_mark else 0), in_table
    return 1, in_table


def _of(text: str, end: int) -> tuple[str, ...]:
    """The words that follow a number in its clause, up to the next number."""
    following = _OF_END.split(text[end : end + _OF_REACH], maxsplit=1)[0]
    return tuple(word.lower() for word in _OF.findall(following)[:_OF_WORDS])
