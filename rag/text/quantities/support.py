"""Whether a quote's quantity supports a claim's: value, sign, bound, unit and scale, not only digits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.text.quantities.currencies import is_currency
from rag.text.quantities.unit_names import TIMES
from rag.text.quantities.units import SAME, Line, conversion
from rag.text.quantities.values import Bound, Direction, Lent, Quantity

_STRONGER: Mapping[Bound, Bound] = {"≥": ">", "≤": "<"}
_OPPOSED = frozenset([frozenset(["rise", "fall"]), frozenset(["profit", "loss"])])
_OPPOSED_CHANGES = frozenset([frozenset(["profit", "fall"]), frozenset(["loss", "rise"])])
"""Unless one is a level: a profit may fall to 5."""
_TURNED: Mapping[Direction, Direction] = {"rise": "fall", "profit": "loss"}
_NEGATIVE = frozenset(["fall", "loss", "outflow"])
_YEARS = range(1500, 2100)
_MOST_ERROR = Decimal("0.05")  # of a number that was converted and rounded
_TENTH = Decimal("0.1")
_MONEY_IN_TABLES = 100
_EXACT = frozenset(["cent", "basis_point"])
"""Units that are converted without rounding."""
_COUNTED = frozenset(
    "shares units employees people customers stores users members subscribers options awards votes locations".split()
)


@dataclass(frozen=True, slots=True)
class _Amount:
    """The evidence's amount in a claim's unit, one unit of its last digit, and whether units were converted."""

    value: Decimal
    step: Decimal
    is_converted: bool


def supports(claim: Quantity, evidence: Quantity, lent: Lent) -> bool:
    """The evidence states the claim's quantity: the same after conversion, up to the claim's own rounding."""
    claim, evidence = _times_as_plain(claim, evidence)
    if not _same_sign(claim, evidence) or (claim.versus is None) != (evidence.versus is None):
        return False
    if _is_change(claim) and _is_change(evidence) and claim.is_level is not evidence.is_level:
        return False
    if claim.versus is not None and evidence.versus is not None:
        return claim.value * evidence.versus == evidence.value * claim.versus and _same_bound(claim, evidence, lent)
    amounts = list(_amounts(claim, evidence, lent))
    if _same_bound(claim, evidence, lent):
        return any(_close(claim, evidence, amount) for amount in amounts)
    if evidence.bound and not evidence.soft:
        return False
    return any(_just_inside(claim, amount.value) for amount in amounts)


def same_size(claim: Quantity, evidence: Quantity) -> bool:
    """Both were written with the same digits, whatever their units, scales, signs and bounds."""
    return claim.value / claim.magnitude == evidence.value / evidence.magnitude and (
        claim.versus is None or evidence.versus is not None
    )


def is_year(quantity: Quantity) -> bool:
    """A bare whole number that may be a year."""
    whole = not quantity.unit and quantity.value == int(quantity.value) and "," not in quantity.text
    return whole and int(quantity.value) in _YEARS


def _times_as_plain(claim: Quantity, evidence: Quantity) -> tuple[Quantity, Quantity]:
    """A ratio to one, `1.5x`, as the bare `1.5` that the other states."""
    one, other = sorted((claim, evidence), key=lambda each: each.versus is None)
    is_times = one.versus == 1 and one.text.endswith(("x", "×", "times"))
    is_bare = other.versus is None and not other.unit and other.of[:1] in ((), ("times",))
    return (replace(claim, versus=None), replace(evidence, versus=None)) if is_times and is_bare else (claim, evidence)


def _same_sign(claim: Quantity, evidence: Quantity) -> bool:
    ways, has_level = frozenset([_way(claim), _way(evidence)]), claim.is_level or evidence.is_level
    if ways in _OPPOSED or (ways in _OPPOSED_CHANGES and not has_level and not _is_measured(claim)):
        return False
    if claim.sign * evidence.sign >= 0 or not claim.value:
        return True
    positive, negative = (claim, evidence) if claim.sign > 0 else (evidence, claim)
    spent = negative.in_table and negative.direction == "outflow" and positive.direction not in ("rise", "profit")
    fell_to = positive.is_level and not negative.in_table  # `fell to 12` is no `minus 12`
    return (positive.direction in _NEGATIVE and not fell_to) or spent


def _is_measured(quantity: Quantity) -> bool:
    """Whether a quantity is of a unit other than money and percent: losses of water may rise."""
    return quantity.unit not in ("", "%") and not is_currency(quantity.unit)


def _is_change(quantity: Quantity) -> bool:
    """Whether something rises or falls by a number, or to it."""
    return quantity.direction in ("rise", "fall") and quantity.sign > 0 and not quantity.in_table


def _way(quantity: Quantity) -> Direction:
    """`growth of -1.5%` is a fall."""
    return _TURNED.get(quantity.direction, quantity.direction) if quantity.sign < 0 else quantity.direction


def _same_bound(claim: Quantity, evidence: Quantity, lent: Lent) -> bool:
    """The claim's bound is the evidence's, or a weaker one of the same side; years and zero have none."""
    if (is_year(claim) and is_year(evidence)) or not claim.value:
        return True
    said: set[Bound] = {claim.bound, ""} if claim.soft else {claim.bound}
    told: set[Bound] = {evidence.bound, ""} if evidence.soft else {evidence.bound}
    if evidence.in_table and not evidence.bound:
        told |= lent.bounds
    return any(here == there or there == _STRONGER.get(here) for here in said for there in told)


def _just_inside(claim: Quantity, value: Decimal) -> bool:
    """`over 90 billion` of 90.1 billion: the evidence's number lies on that side, and near."""
    gap = value - claim.value if claim.bound in (">", "≥") else claim.value - value
    return claim.bound not in ("", "±") and 0 < gap < min(claim.coarse_step, claim.value / 10)


def _amounts(claim: Quantity, evidence: Quantity, lent: Lent) -> Iterator[_Amount]:
    """The evidence's amount in the claim's unit, in every reading."""
    rate = _rate(claim, evidence, lent)
    if rate is None:
        return
    for unit in _units(claim, evidence, lent):
        for into in (claim.unit, "") if claim.shared else (claim.unit,):
            line = _line(unit, into, claim, evidence)
            if line is None:
                continue
            for scale in _scales(claim, evidence, lent):
                slope = line.slope * rate * scale
                is_converted = line != SAME and not {unit, into} & _EXACT
                yield _Amount(slope * evidence.value + line.offset, slope * evidence.step, is_converted)


def _scales(claim: Quantity, evidence: Quantity, lent: Lent) -> list[int]:
    """1, and the scales that a table declares; 1 is none for money under its own table's."""
    is_share = evidence.unit in ("%", "percentage_point", "basis_point") and not evidence.shared
    if evidence.magnitude != 1 or is_share or not lent.scales:
        return [1]
    whole = evidence.step == 1 and evidence.value >= _MONEY_IN_TABLES and not is_year(evidence)
    if lent.own_scales and whole and is_currency(claim.unit):
        return sorted(lent.own_scales)
    return [1, *sorted(lent.scales)]


def _units(claim: Quantity, evidence: Quantity, lent: Lent) -> list[str]:
    """The units that the evidence's number may have; any currency in a table `in millions` that names none."""
    if evidence.unit and not evidence.shared:
        return [evidence.unit]
    if is_currency(claim.unit) and _counts_otherwise(evidence, claim):
        return [evidence.unit]
    money = is_currency(claim.unit) and lent.own_scales and not any(map(is_currency, lent.mentioned | {evidence.unit}))
    return [*dict.fromkeys([evidence.unit, "", *sorted(lent.units), *([claim.unit] if money else [])])]


def _line(unit: str, into: str, claim: Quantity, evidence: Quantity) -> Line | None:
    if into:
        return conversion(unit, into)
    return SAME if not unit or _unsaid(unit, claim, evidence) else None


def _unsaid(unit: str, claim: Quantity, evidence: Quantity) -> bool:
    """Whether a sentence may leave the unit of a number unsaid: of money, of an age, or where the same noun follows."""
    if unit in ("%", "percentage_point") or (is_currency(unit) and _counts_otherwise(claim, evidence)):
        return False
    return is_currency(unit) or not claim.of or unit == "year" or bool({*claim.of} & {*evidence.of})


def _counts_otherwise(one: Quantity, other: Quantity) -> bool:
    """Whether one number is of things, `310 million shares`, that do not follow the other: it is no amount of money."""
    return any(each in _COUNTED and each not in other.of for each in one.of[:1])


def _rate(claim: Quantity, evidence: Quantity, lent: Lent) -> Decimal | None:
    """What makes a rate one in the claim's terms: sixty an hour is one a minute."""
    said, told = claim.per or claim.period, evidence.per or evidence.period
    if not (claim.per and evidence.per) and said in TIMES and told in TIMES:
        return Decimal(1) if said == told else None
    if claim.per == evidence.per:
        return Decimal(1)
    if not claim.per:
        return Decimal(1) if evidence.per in TIMES else None
    if not evidence.per:
        return Decimal(1) if claim.per in lent.mentioned else None
    line = conversion(claim.per, evidence.per)
    return None if line is None else line.slope


def _close(claim: Quantity, evidence: Quantity, amount: _Amount) -> bool:
    error = abs(amount.value - claim.value)
    if not error and (amount.is_converted or amount.step <= claim.coarse_step or evidence.magnitude == 1):
        return not claim.literal or evidence.step == claim.step
    if claim.literal or (amount.step > claim.step and not amount.is_converted):
        return False
    rounds = claim.unit or claim.magnitude != 1 or claim.approximate or claim.step < 1
    step = claim.coarse_step if amount.is_converted else claim.step if rounds else Decimal(0)
    if claim.approximate:
        step = max(step, min(claim.coarse_step, claim.value * _TENTH))
    return error <= step / 2 and not (amount.is_converted and error > _MOST_ERROR * abs(claim.value))
