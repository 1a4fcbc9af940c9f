"""Numbers and dates as values: what a text states, with its unit and the precision it was stated in.

Number words, list markers and citation marks are made uniform first (`plain`), so that `eighteen months`,
`18 months` and `18-month` read alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.text.number_words import MAGNITUDES, digits_for_words

_LETTER_MAGNITUDES = {"k": 10**3, "K": 10**3, "m": 10**6, "M": 10**6, "b": 10**9, "B": 10**9}
_UNIT_WORDS = {
    "%": "% percent percentage pct",
    "$": "$ dollar dollars usd",
    "€": "€ euro euros eur",
    "£": "£ gbp",
    "¥": "¥ yen yuan",
    "second": "second seconds sec secs s",
    "minute": "minute minutes min mins",
    "hour": "hour hours hr hrs h",
    "day": "day days",
    "week": "week weeks",
    "month": "month months",
    "year": "year years yr yrs",
    "km": "km kilometer kilometers kilometre kilometres",
    "metre": "m meter meters metre metres",
    "cm": "cm centimeter centimeters centimetre centimetres",
    "mm": "mm millimeter millimeters millimetre millimetres",
    "mile": "mile miles mi",
    "foot": "foot feet ft",
    "inch": "inch inches",
    "kg": "kg kilogram kilograms",
    "gram": "g gram grams",
    "mg": "mg milligram milligrams",
    "ton": "ton tons tonne tonnes",
    "ms": "ms millisecond milliseconds",
    "KB": "kb kilobyte kilobytes",
    "MB": "mb megabyte megabytes",
    "GB": "gb gigabyte gigabytes",
    "TB": "tb terabyte terabytes",
    "°C": "°c celsius",
    "°F": "°f fahrenheit",
}
_UNITS = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
_CURRENCIES = "$€£¥"
_MONTH_NAMES = "January February March April May June July August September October November December".split()
_MONTH = (
    r"(?P<mon>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
)
_MONTH += r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<y>\d{4})(?!\d)"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\w-])(?P<y>\d{4})[-/](?P<m>\d{2})[-/](?P<d>\d{2})(?!\d)",
        rf"(?<![\w.,-]){_DAY}(?:\s+of)?\s+{_MONTH}(?:\s?,?\s+{_YEAR})?",
        rf"\b{_MONTH}\s+{_DAY}(?!\d|,\d{{3}}\b)(?:\s?,?\s+{_YEAR})?",
        rf"\b{_MONTH}\s?,?\s+(?:of\s+)?{_YEAR}",
        rf"\b(?P<mon>{'|'.join(_MONTH_NAMES)})\b",
    )
)
_NUMERIC_DATE = re.compile(r"(?<![\w./-])(?P<a>\d{1,2})([./])(?P<b>\d{1,2})\2(?P<y>\d{4})(?!\d|[./]\d)")
_CITATION = re.compile(r"\[\d+(?:\s*[,;-]\s*\d+)*\]")
_LIST_MARKER = re.compile(r"^\s*(?:[-*+•]\s+)?\(?\d{1,3}[.)]\s+(?=\S)")
_FISCAL = re.compile(r"\b(?:FY|CY)\s?(\d{4})\b")
_SCALE = re.compile(r"\bin\s+(thousand|million|billion)s\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<lead>(?:(?<=\s)|(?<=^)|(?<=\())[-−])?(?P<cur>[$€£¥])?\s?"
    r"(?<![\w.,])(?<![A-Za-z][-_])(?P<num>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?|(?<!\d)\.\d+)(?!\.\d)"
    r"(?P<ord>st|nd|rd|th)?(?P<decade>s\b)?(?:[-\s]?(?P<word>%|°\s?[CF]\b|[A-Za-z]+\b))?(?:[-\s](?P<next>[A-Za-z]+))?"
)
_APPROXIMATE = re.compile(
    r"(?:\b(?:about|around|approximately|roughly|nearly|almost|some|over|circa|above|below|under|exceed\w*|(?:more|less|"
    r"fewer|greater) than|at least|at most|up to|close to)|~)\s*[$€£¥]?$",
    re.IGNORECASE,
)
_LITERAL = re.compile(
    r"(?:\b(?:version|release|section|chapter|figure|table|article|item|step|page|rule|part)|§)\s*$", re.I
)
_RANGE = re.compile(r"\s?(?:-|–|to)\s?[$€£¥]?")
_DOWN = re.compile(r"\b(?:decreas|declin|fell|fall|drop|loss|lost|lower|negative|minus|below|down|reduc|deficit)", re.I)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as stated: `step` is one unit of its last written digit, magnitude applied.

    `coarse_step` also counts the zeros that end a whole number as not stated. `sign` is 0 where brackets
    leave it open. `literal` numbers (a version, a section) are names: they are never rounded.
    """

    text: str
    value: Decimal
    step: Decimal
    coarse_step: Decimal
    unit: str = ""
    sign: int = 1
    magnitude: int = 1
    approximate: bool = False
    literal: bool = False


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date, of which any part may be unsaid."""

    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None


def plain(text: str, *, counts_one: bool) -> str:
    """Text without citation marks and list marker, number words as digits; `one` and `first` only if counted."""
    text = _LIST_MARKER.sub("", _CITATION.sub(" ", text))
    text = _FISCAL.sub(r" \1", text).replace("per cent", "percent").replace("US$", "$")
    return digits_for_words(text, counts_one=counts_one)


def take_dates(text: str) -> tuple[list[PartialDate], str]:
    """The dates of a text, and the text with blanks in their place. `03/04/2025` counts as both of its readings."""
    found: list[PartialDate] = []
    for match in _NUMERIC_DATE.finditer(text):
        a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
        found.extend(PartialDate(match[0], year, m, d) for d, m in {(a, b), (b, a)} if _valid(m, d))
    text = _NUMERIC_DATE.sub(lambda match: " " * len(match[0]), text)
    for pattern in _DATES:
        for match in pattern.finditer(text):
            date = _date(match)
            if _valid(date.month or 1, date.day or 1):
                found.append(date)
                text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    return found, text


def quantities(text: str) -> list[Quantity]:
    """The numbers of a text from which dates and identifiers were taken; a range shares its unit and magnitude."""
    found: list[Quantity] = []
    previous_end = 0
    for match, quantity in _stated(text):
        if found and not found[-1].unit and _RANGE.fullmatch(text[previous_end : match.start("num")]):
            found[-1] = _in_terms_of(found[-1], quantity)
        found.append(quantity)
        previous_end = match.end("num")
    return found


def scales(text: str) -> frozenset[int]:
    """Magnitudes a table declares for its numbers: `(in millions)`."""
    return frozenset(MAGNITUDES[match[1].lower()] for match in _SCALE.finditer(text))


def units(text: str) -> frozenset[str]:
    """Every unit that a text mentions."""
    words = re.findall(r"[%$€£¥]|°[CF]|[A-Za-z]{2,}", text)
    return frozenset(_UNITS[word.lower()] for word in words if word.lower() in _UNITS)


def falls(text: str) -> bool:
    """True when the text speaks of a decrease or a loss, so that its numbers may be meant as negative."""
    return _DOWN.search(text) is not None


def agrees(claim: Quantity, evidence: Quantity, *, known_units: frozenset[str], known_scales: frozenset[int]) -> bool:
    """The evidence states the claim's number: equal up to the claim's own rounding, and not less precise."""
    if not _same_unit(claim, evidence, known_units):
        return False
    readings = [Decimal(1)] + ([Decimal(scale) for scale in known_scales] if evidence.magnitude == 1 else [])
    return any(_close(claim, evidence, scale) for scale in readings)


def _same_unit(claim: Quantity, evidence: Quantity, known_units: frozenset[str]) -> bool:
    if claim.unit == evidence.unit:
        return True
    if not claim.unit:
        return evidence.unit != "%"
    return not evidence.unit and claim.unit in known_units


def _close(claim: Quantity, evidence: Quantity, scale: Decimal) -> bool:
    value, step = evidence.value * scale, evidence.step * scale
    if value == claim.value and (step <= claim.coarse_step or evidence.magnitude == 1):
        return not claim.literal or evidence.step == claim.step
    if claim.literal or step > claim.step:
        return False
    rounds = claim.unit or claim.magnitude != 1 or claim.approximate or claim.step < 1
    reach = (min(claim.coarse_step, claim.value / 10) if claim.approximate else claim.step) if rounds else Decimal(0)
    return abs(value - claim.value) <= max(reach, claim.step if rounds else Decimal(0)) / 2


def _stated(text: str) -> Iterator[tuple[re.Match[str], Quantity]]:
    for match in _NUMBER.finditer(text):
        yield match, _quantity(text, match)


def _quantity(text: str, match: re.Match[str]) -> Quantity:
    written = match["num"]
    digits = (
        written.replace(",", "")
        if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", written)
        else written.replace(",", ".")
    )
    value = Decimal(digits)
    decimals = len(digits.partition(".")[2])
    magnitude, unit = _magnitude_and_unit(match)
    zeros = len(digits) - len(digits.rstrip("0")) if not decimals and value else 0
    bracketed = (
        text[max(0, match.start() - 1) : match.start()] == "(" and text[match.end("num") : match.end("num") + 1] == ")"
    )
    shown = (match["cur"] or "") + written + (match["ord"] or "")
    if magnitude != 1:
        shown += f" {match['word']}"
    elif unit and unit not in _CURRENCIES:
        shown += unit if unit == "%" else f" {match['word']}"
    return Quantity(
        text=shown.strip(),
        value=value * magnitude,
        step=Decimal(1).scaleb(-decimals) * magnitude,
        coarse_step=Decimal(1).scaleb(zeros - decimals) * magnitude,
        unit=unit,
        sign=-1 if match["lead"] else (0 if bracketed else 1),
        magnitude=magnitude,
        approximate=_APPROXIMATE.search(text[max(0, match.start() - 24) : match.start("num")].rstrip()) is not None,
        literal=_LITERAL.search(text[max(0, match.start() - 12) : match.start("num")]) is not None,
    )


def _magnitude_and_unit(match: re.Match[str]) -> tuple[int, str]:
    word, following = match["word"] or "", match["next"] or ""
    attached = bool(word) and match.end("num") == match.start("word")
    magnitude = MAGNITUDES.get(word.lower(), 1)
    if magnitude == 1 and word in _LETTER_MAGNITUDES and (match["cur"] or (attached and word != "m")):
        magnitude = _LETTER_MAGNITUDES[word]
    unit_word = following if magnitude != 1 else word
    unit = match["cur"] or _UNITS.get(unit_word.lower().replace(" ", ""), "")
    return magnitude, unit


def _in_terms_of(first: Quantity, second: Quantity) -> Quantity:
    """`5` in `5-10 million km`: the unit and magnitude of the range's end."""
    if first.magnitude == 1 < second.magnitude:
        power = second.magnitude
        first = replace(
            first, value=first.value * power, step=first.step * power, coarse_step=first.coarse_step * power
        )
        first = replace(first, magnitude=power)
    return replace(first, unit=second.unit)


def _date(match: re.Match[str]) -> PartialDate:
    parts = match.groupdict()
    month = int(parts["m"]) if parts.get("m") else None
    if parts.get("mon"):
        month = next(i for i, name in enumerate(_MONTH_NAMES, 1) if name[:3] == parts["mon"][:3])
    year = int(parts["y"]) if parts.get("y") else None
    return PartialDate(match[0].strip(), year, month, int(parts["d"]) if parts.get("d") else None)


def _valid(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31  # noqa: PLR2004
