"""What must stand in the evidence word for word: numbers, dates, identifiers and names.

A number or a name of a claim that stands in none of its quotes keeps the claim from being released.
Beside them, the cues by which two sentences of the same words differ: negation, direction, quantity.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.text import (
    Mentions,
    PartialDate,
    Quantity,
    agrees,
    falls,
    has_identifier,
    has_name,
    mentions,
    names,
    plain,
    quantities,
    scales,
    take_dates,
    take_identifiers,
    uniform,
    units,
)
from rag.types import Fault


@dataclass(frozen=True, slots=True)
class Claim:
    """The facts of a claim, in the order they are stated."""

    quantities: tuple[Quantity, ...]
    dates: tuple[PartialDate, ...]
    identifiers: tuple[str, ...]
    names: tuple[str, ...]
    falls: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """What one piece of evidence can lend to a claim."""

    quantities: tuple[Quantity, ...]
    dates: tuple[PartialDate, ...]
    units: frozenset[str]
    scales: frozenset[int]
    mentions: Mentions
    falls: bool


def claim_of(sentence: str) -> Claim:
    """The facts of a sentence that is to be checked."""
    text = plain(uniform(sentence), counts_one=False)
    dates, text = take_dates(text)
    identifiers, text = take_identifiers(text)
    return Claim(tuple(quantities(text)), tuple(dates), identifiers, names(text), falls(text))


def ground_of(quote: str, place: str = "") -> Ground:
    """What a quote can lend to claims; `place` is what stands over it: title, headings, names of columns.

    The place lends names, dates, years, units and scales (`in millions`), no other numbers: those must be in the
    quote.
    """
    text = plain(uniform(quote), counts_one=True)
    over = plain(uniform(place), counts_one=True)
    all_text = f"{text}\n{over}" if over else text
    dates, rest = take_dates(text)
    _, rest = take_identifiers(rest)
    over_dates, over_rest = take_dates(over)
    over_years = [PartialDate(str(int(q.value)), year=int(q.value)) for q in quantities(over_rest) if _is_year(q)]
    every_date = (*dates, *over_dates, *over_years)
    return Ground(
        tuple(quantities(rest)), every_date, units(all_text), scales(all_text), mentions(all_text), falls(text)
    )


def missing_facts(claim: str, evidence: str) -> tuple[str, ...]:
    """Facts of `claim` that `evidence` does not state: numbers, dates and identifiers first, then names."""
    facts, ground = claim_of(claim), ground_of(evidence)
    return missing_numbers(facts, [ground]) + missing_names(facts, [ground])


def missing_numbers(claim: Claim, grounds: Iterable[Ground]) -> tuple[str, ...]:
    """Numbers, dates and identifiers of the claim that none of the pieces of evidence states."""
    pieces = tuple(grounds)
    known_units = frozenset(unit for piece in pieces for unit in piece.units)
    known_scales = frozenset(scale for piece in pieces for scale in piece.scales)
    stated = [quantity for piece in pieces for quantity in (*piece.quantities, *_of_dates(piece.dates))]
    down = claim.falls or any(piece.falls for piece in pieces)

    def has(quantity: Quantity) -> bool:
        return any(
            agrees(quantity, other, known_units=known_units, known_scales=known_scales)
            and (down or quantity.sign * other.sign >= 0)
            for other in stated
        )

    numbers = [quantity.text for quantity in claim.quantities if not has(quantity)]
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
    written = [quantity for piece in pieces for quantity in piece.quantities]
    for quantity in claim.quantities:
        if quantity.text in missing:
            bare = quantity.value / quantity.magnitude
            if any(bare == other.value / other.magnitude for other in written):
                return "unit"
            return "date" if _is_year(quantity) else "number"
    return "name"


_YEARS = range(1500, 2100)


def _is_year(quantity: Quantity) -> bool:
    return not quantity.unit and quantity.value == int(quantity.value) and int(quantity.value) in _YEARS


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
        if year_known and date.month in (None, other.month) and date.day in (None, other.day):
            return True
    return False
