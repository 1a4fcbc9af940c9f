"""Facts that the evidence must state exactly: numbers, dates, identifiers and names.

A claim is not released if a number or a name of it is in none of its quotes. Numbers are compared with sign, bound,
unit and scale (`rag.text.quantities`), and must be about the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.text import (
    STOPWORDS,
    Lent,
    Mentions,
    PartialDate,
    Quantity,
    Subject,
    bounds_of_headings,
    declared_units,
    has_identifier,
    has_name,
    is_year,
    mentions,
    names,
    plain,
    quantities,
    same_size,
    scales,
    stem,
    supports,
    take_dates,
    take_identifiers,
    uniform,
    units_in,
    with_scale_in_words,
    with_thousands_joined,
)
from rag.types import Fault

_DIGIT = re.compile(r"\d")
_MOST_IN_WORDS = 12


@dataclass(frozen=True, slots=True)
class Claim:
    """The facts of a claim, in the order they are stated."""

    quantities: tuple[Quantity, ...]
    dates: tuple[PartialDate, ...]
    identifiers: tuple[str, ...]
    names: tuple[str, ...]
    subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a row: its numbers, and what distinguishes its heading from the others."""

    heading: Subject
    numbers: frozenset[Decimal]

    @classmethod
    def of(cls, heading: str, value: str) -> Column:
        """The column of a cell."""
        found = quantities(plain(uniform(value), counts_one=False))
        return cls(Subject.of(heading), frozenset(each.value for each in found))


@dataclass(frozen=True, slots=True)
class Ground:
    """The facts that one piece of evidence contributes; `lent` are units and scales for bare numbers.

    `columns` are those of a table row, in order.
    """

    quantities: tuple[Quantity, ...]
    dates: tuple[PartialDate, ...]
    lent: Lent
    mentions: Mentions
    columns: tuple[Column, ...] = ()


def claim_of(sentence: str, language: str = "en") -> Claim:
    """The facts of a sentence that is to be checked."""
    text = plain(uniform(sentence), counts_one=False)
    dates, text = take_dates(text)
    identifiers, text = take_identifiers(text)
    found = tuple(quantities(text, language))
    subject = Subject.of(sentence) if language == "en" else None
    return Claim(found, tuple(dates), identifiers, names(_without(text, found, "0")), subject)


def ground_of(quote: str, place: str = "", language: str = "en", columns: tuple[Column, ...] = ()) -> Ground:
    """The facts that a quote contributes; `place` are its title, headings and column names.

    The place contributes names, dates, years, units and scales (`in millions`), but no other numbers: those must be in
    the quote.
    """
    text = plain(uniform(with_thousands_joined(quote)), counts_one=True)
    over = plain(uniform(with_scale_in_words(with_thousands_joined(place))), counts_one=True)
    all_text = f"{text}\n{over}" if over else text
    dates, rest = take_dates(text)
    _, rest = take_identifiers(rest)
    over_dates, over_rest = take_dates(over)
    found, over_found = tuple(quantities(rest, language)), tuple(quantities(over_rest, language))
    over_years = [PartialDate(str(int(q.value)), year=int(q.value)) for q in over_found if is_year(q)]
    bare, over_bare = _without(rest, found, " "), _without(over_rest, over_found, " ")
    own = scales(over_bare) | (scales(bare) if "|" in quote else frozenset())
    lent = Lent(
        declared_units(bare, heading=False) | declared_units(over_bare, heading=True),
        own | scales(bare),
        own,
        units_in(all_text),
        bounds_of_headings(f"{over}\n{_label(text)}") if "|" in quote else frozenset(),
    )
    return Ground(found, (*dates, *over_dates, *over_years), lent, mentions(all_text), columns)


def missing_facts(claim: str, evidence: str) -> tuple[str, ...]:
    """Facts of `claim` that `evidence` does not state: numbers, dates and identifiers first, then names."""
    facts, ground = claim_of(claim), ground_of(evidence)
    return missing_numbers(facts, [ground]) + missing_names(facts, [ground])


def missing_numbers(claim: Claim, grounds: Iterable[Ground]) -> tuple[str, ...]:
    """Numbers, dates and identifiers of the claim that none of the pieces of evidence states."""
    pieces = tuple(grounds)
    numbers = [quantity.text for quantity in unstated(claim, pieces)]
    known_dates = {date.text for date in claim.dates if _has_date(date, pieces)}  # one reading of a text suffices
    dates = [date.text for date in claim.dates if date.text not in known_dates]
    codes = [code for code in claim.identifiers if not any(has_identifier(code, piece.mentions) for piece in pieces)]
    return tuple(dict.fromkeys([*numbers, *dates, *codes]))


def missing_names(claim: Claim, grounds: Iterable[Ground]) -> tuple[str, ...]:
    """Names of the claim that none of the pieces of evidence mentions."""
    pieces = tuple(grounds)
    return tuple(name for name in claim.names if not any(has_name(name, piece.mentions) for piece in pieces))


def fault_of_number(claim: Claim, grounds: Iterable[Ground]) -> Fault:
    """What the first missing number, date or identifier of the claim is: `unit` when only its unit or magnitude is.

    A bare year is a date.
    """
    pieces = tuple(grounds)
    missing = missing_numbers(claim, pieces)
    if any(date.text in missing for date in claim.dates):
        return "date"
    for quantity in unstated(claim, pieces):
        other = _nearest(quantity, pieces)
        if other is not None and (other.unit, other.per, other.magnitude) != (
            quantity.unit,
            quantity.per,
            quantity.magnitude,
        ):
            return "unit"
        return "date" if is_year(quantity) else "number"
    return "name"


def is_count_in_words(quantity: Quantity, sentence: str) -> bool:
    """Whether a small number without a unit is written in words: `two classes`, `four times a year`."""
    return (
        not quantity.unit
        and quantity.value <= _MOST_IN_WORDS
        and re.search(rf"(?<![\d.,]){re.escape(quantity.text.split()[0])}(?![\d.,]*\d)", sentence) is None
    )


def is_supposed(quantity: Quantity, asked: Iterable[Quantity], grounds: Iterable[Ground]) -> bool:
    """Whether a question states a quantity too, and it lies on the right side of a bound in the evidence."""
    if quantity.bound or all((each.value, each.unit) != (quantity.value, quantity.unit) for each in asked):
        return False
    bounds = (each for ground in grounds for each in ground.quantities if each.bound and each.unit == quantity.unit)
    return any(_is_within(quantity, each) for each in bounds)


def _is_within(quantity: Quantity, bound: Quantity) -> bool:
    value, limit = (each.value * (each.sign or 1) for each in (quantity, bound))
    return value >= limit if bound.bound in (">", "≥") else value <= limit


def in_plain_words(claim: Claim, grounds: Iterable[Ground]) -> tuple[str, ...]:
    """The missing numbers in words, each with that of the evidence: `20 kg (20 pounds is)`."""
    pieces = tuple(grounds)
    said: dict[str, str] = {}
    for quantity in unstated(claim, pieces):
        other = _nearest(quantity, pieces)
        beside = f" ({other.said} is)" if other is not None and other.said != quantity.said else ""
        said.setdefault(quantity.text, quantity.said + beside)
    return tuple(said.get(each, each) for each in missing_numbers(claim, pieces))


def unstated(claim: Claim, pieces: Sequence[Ground]) -> Iterator[Quantity]:
    """The quantities of the claim that no piece states."""
    if not claim.quantities:
        return
    told = [(piece, _lent(piece, pieces)) for piece in pieces]
    for quantity in claim.quantities:
        stated = any(
            supports(quantity, other, lent)
            and not _of_another_thing(quantity, other, piece)
            and not _of_another_column(claim, other, piece, lent)
            for piece, lent in told
            for other in (*piece.quantities, *_of_dates(piece.dates))
        )
        if not stated:
            yield quantity


def _lent(piece: Ground, pieces: Sequence[Ground]) -> Lent:
    """What all of the pieces lend to the numbers of one; scales of others only where it has none of its own."""
    own = piece.lent
    return Lent(
        own.units.union(*(each.lent.units for each in pieces)),
        own.scales or frozenset().union(*(each.lent.scales for each in pieces)),
        own.own_scales,
        own.mentioned,
        own.bounds,
    )


def _of_another_thing(claim: Quantity, other: Quantity, piece: Ground) -> bool:
    """The evidence counts the claim's thing with another number, and another thing with this one."""
    wanted, found = _thing(claim), _thing(other)
    if not wanted or not found or claim.unit or _stems(claim) & _stems(other):
        return False
    return any(_thing(each) == wanted and each.value != other.value for each in piece.quantities)


def _of_another_column(claim: Claim, other: Quantity, piece: Ground, lent: Lent) -> bool:
    """A value of a row stands under headings that rival the claim, such as other years, while another heading agrees.

    A claim that states what stands under that heading too compares both.
    """
    if claim.subject is None or not piece.columns:
        return False
    own = [each for each in piece.columns if other.value in each.numbers]
    if not own or not all(claim.subject.rivals(each.heading) for each in own):
        return False
    agreed = [each for each in piece.columns if each not in own and each.heading.years & claim.subject.years]
    under = [each for each in piece.quantities if any(each.value in column.numbers for column in agreed)]
    compared = any(supports(quantity, each, lent) for quantity in claim.quantities for each in under)
    return bool(agreed) and not compared


def _label(row: str) -> str:
    """What a row says before its first number."""
    return _DIGIT.split(row, maxsplit=1)[0]


def _thing(quantity: Quantity) -> str:
    """The stem of the noun that directly follows a number; empty where a function word does."""
    return stem(quantity.of[0]) if quantity.of and quantity.of[0] not in STOPWORDS else ""


def _stems(quantity: Quantity) -> set[str]:
    return {stem(word) for word in quantity.of}


def _nearest(quantity: Quantity, pieces: Sequence[Ground]) -> Quantity | None:
    """The first quantity of the evidence that is written with the same digits."""
    return next((each for piece in pieces for each in piece.quantities if same_size(quantity, each)), None)


def _without(text: str, found: Iterable[Quantity], blank: str) -> str:
    """A text with its quantities blanked out."""
    parts, done = [], 0
    for each in found:
        parts += [text[done : each.start], blank * (each.end - each.start)]
        done = each.end
    return "".join([*parts, text[done:]])


def _of_dates(dates: Iterable[PartialDate]) -> Iterable[Quantity]:
    for date in dates:
        for part in (date.year, date.day):
            if part is not None:
                yield quantities(str(part))[0]


def _has_date(date: PartialDate, pieces: tuple[Ground, ...]) -> bool:
    """An evidence date says each part the claim says; a year may also stand on its own beside it."""
    loose_years = {int(q.value) for piece in pieces for q in piece.quantities if q.value == int(q.value)}
    for other in (each for piece in pieces for each in piece.dates):
        year_known = date.year is None or date.year == other.year or (other.year is None and date.year in loose_years)
        if date.is_split is not other.is_split:
            continue
        if year_known and date.month in (None, other.month) and date.day in (None, other.day):
            return True
    return False
