"""Calculations written in a text, `(2,112 / 14,082) * 100 = 15.0%`, recomputed.

Language models show their steps: they name numbers, calculate, and use the result. If a written calculation is correct
to the digits given, its operands must be quoted instead of its result. A result may be an operand of a later
calculation, or be repeated.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from rag.arithmetic.expressions import SIGNED, number_of, runs
from rag.arithmetic.following_results import Following, change_of_levels, change_of_results, differences, shares
from rag.arithmetic.restated_results import comparisons, told_otherwise
from rag.arithmetic.told_sums import bracketed_shares, sums
from rag.arithmetic.workings import Known, Worked, earlier_result, worked
from rag.text import FALLS, RISES, Quantity, quantities

_TIMES = r"(?:[*×·]|\bx\b|\btimes\b|\bmultiplied\s+by\b)"
_FACTOR = r"(?<![\d,.$€£])(?P<{}>\d{{1,4}})(?:\s+days)?"
_IN_A_FORMULA = (
    re.compile(rf"(?<=[A-Za-z)])\s*{_TIMES}\s*100(?:\s?%)?(?=\s*(?:[.,;)=≈\n]|$))"),
    re.compile(r"(?:^|,)\s*rounded\s+to\s+\w+\s+decimal\s+(?:places?|points?)\s*,", re.IGNORECASE),
)
"""Constants beside the names of a formula, `income / sales * 100`, and how many digits are told: no facts."""
_AVERAGED_IN_A_FORMULA = re.compile(
    r"\((?P<terms>[A-Za-z][^()=≈$€£]*\+[^()=≈$€£]*)\)\s*(?:[/÷]|divided by)\s*(?P<count>\d)(?=\s*(?:[.,;)=≈\n]|$))"
)
"""`(beginning + ending inventory) / 2`."""
_DAYS_IN_A_FORMULA = re.compile(rf"{_FACTOR.format('days')}\s*{_TIMES}\s*(?=[A-Za-z(])")
_GIVEN = re.compile(
    rf"{_FACTOR.format('before')}\s*{_TIMES}|{_TIMES}\s*\(?{_FACTOR.format('after')}(?![\d,.]*\d)", re.IGNORECASE
)
_STEP = re.compile(r"^\W*step\s+\d{1,2}\s*[-–—:.)]\s*", re.IGNORECASE)
_ROUGHLY = re.compile(r"\b(?:roughly|approximately|approx\.|around|about)\s+(?=[$€£¥]?\d)", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?P<these>these|those|the|all|both)\s+(?P<count>two|three|four|five|six)\b", re.IGNORECASE)
_YEARS_AVERAGED = re.compile(
    r"\b(?P<count>[2-6]|two|three|four|five|six)[- ]years?[- ](?=(?:average|mean)\b)", re.IGNORECASE
)
_COUNTS = ("", "", "two", "three", "four", "five", "six")
_REACH = 120
"""Characters before a number in which words are said of it."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text in which results that follow gave way to the operands they rest on, and what was worked out.

    `text` is what remains to be quoted; `formulas` are those of its own results; `called` are numbers with their names,
    and `changed` the words for the rise or fall that they follow for.
    """

    text: str
    results: tuple[Worked, ...] = ()
    formulas: tuple[str, ...] = ()
    called: tuple[tuple[str, str], ...] = ()
    changed: frozenset[str] = frozenset()


def written(
    text: str, earlier: Iterable[Worked] = (), given: Collection[Decimal] = (), before: Sequence[str] = ()
) -> Written:
    """A text without the results of its right calculations; `earlier` are those that were worked out before it.

    So are differences of percentages, shares and sums that follow from what the sentences `before` it told. The `given`
    constants are no facts to be quoted where they are factors (`given_constants`).
    """
    earlier = tuple(earlier)
    own = _worked_in(text, earlier, given)
    known = Known((*earlier, *own), given)
    follows = _following(text, own, before, known)
    rest = _without_constants(_without_results(text, own, follows), known)
    said, again = _said_again(rest, known)
    finished = [each.formula for each in own if each.unfinished is None]
    formulas = tuple(dict.fromkeys((*finished, *(each.formula for each in follows), *again)))
    said = _STEP.sub("", said) if own or formulas else said
    said = _without_counts(said, known.results) if formulas else said
    called = [*(each.called for each in own), *(each.called for each in follows)]
    changed = _changed(follows, change_of_levels(text, before, known) or change_of_results(text, own))
    return Written(said, tuple(own), formulas, tuple(chain.from_iterable(called)), changed)


def _changed(follows: Iterable[Following], way: int) -> frozenset[str]:
    ways = {way, *(each.way for each in follows)}
    so = (each.so for each in follows)
    return frozenset[str]().union(RISES if 1 in ways else (), FALLS if -1 in ways else (), *so)


def without_asides(text: str) -> str:
    """A right calculation without the number of its step, `Step 2 – 300 / 400 = 0.75`, and that it is *roughly* so."""
    return _ROUGHLY.sub("", _STEP.sub("", text))


def _worked_in(text: str, earlier: Sequence[Worked], given: Collection[Decimal]) -> list[Worked]:
    found: list[Worked] = []
    for run in runs(text):
        each = worked(run, Known((*earlier, *found), given), text)
        if each is not None and not _is_beyond(text[: (each.told or each.place)[0]]):
            found.append(each)
    return found


def _following(text: str, own: Sequence[Worked], before: Sequence[str], known: Known) -> list[Following]:
    """What follows in words, apart from what is part of a calculation."""
    places = [place for each in own for place in (each.place, each.told) if place is not None]
    return [
        each
        for each in (
            *differences(text, before, known),
            *shares(text, own, before, known),
            *sums(text, before, known),
            *bracketed_shares(text, known),
            *told_otherwise(text, own),
            *comparisons(text, known),
        )
        if not any(start <= each.start < end for start, end in places) and not _is_beyond(text[: each.start])
    ]


def _without_constants(text: str, known: Known) -> str:
    """A text without the constants beside the names of a formula."""
    for pattern in _IN_A_FORMULA:
        text = pattern.sub("", text)
    text = _AVERAGED_IN_A_FORMULA.sub(_without_count, text)
    return _DAYS_IN_A_FORMULA.sub(lambda match: "" if Decimal(match["days"]) in known.days else match[0], text)


def _without_count(match: re.Match[str]) -> str:
    """The formula of an average without the number of its terms."""
    is_count = int(match["count"]) == match["terms"].count("+") + 1
    return f"({match['terms']})" if is_count else match[0]


def given_constants(question: str) -> frozenset[Decimal]:
    """The constants that a question gives as factors: `91 * payables / cost of sales`."""
    found = (match["before"] or match["after"] for match in _GIVEN.finditer(question))
    return frozenset(map(Decimal, found))


def _without_counts(text: str, found: Sequence[Worked]) -> str:
    """A text without the number of the operands of the last result, `these two items`, or of the years it averages."""
    counts = {_COUNTS[len(each.operands)] for each in found[-1:] if len(each.operands) < len(_COUNTS)}
    text = _COUNTED.sub(lambda match: match["these"] if match["count"].lower() in counts else match[0], text)
    terms = {each.formula.count("+") + 1 for each in found[-1:]}
    averaged = {*map(str, terms), *(_COUNTS[each] for each in terms if each < len(_COUNTS))}
    return _YEARS_AVERAGED.sub(lambda match: "" if match["count"].lower() in averaged else match[0], text)


def without_years_averaged(text: str) -> str:
    """A text without how many years an average is of, which no cell states."""
    return _YEARS_AVERAGED.sub("", text)


def _without_results(text: str, found: Iterable[Worked], follows: Iterable[Following]) -> str:
    """A text with the operands of calculations in their place, and without results told before them."""
    parts, done = [], 0
    cuts = [(each.place, ", ".join([*each.operands, *each.names])) for each in found]
    cuts += [(each.told, "") for each in found if each.told is not None]
    cuts += [((each.start, each.end), ", ".join(each.operands)) for each in follows]
    for (start, end), instead in sorted(cuts):
        if start >= done:
            parts += [text[done:start], _apart(text[:start], instead)]
            done = end
    return "".join([*parts, text[done:]])


def _apart(before: str, operands: str) -> str:
    """Operands in the place of a result, apart from what is said of the result alone: `about`, `up to`, `fell by`."""
    said = _standing_after(before)
    alone = said is not None and (said.bound or said.approximate or said.direction in ("rise", "fall"))
    return f"; {operands}" if operands and alone else operands


def _is_beyond(before: str) -> bool:
    """Whether a number that stands after a text is said to be passed: `more than` a result is another one."""
    said = _standing_after(before)
    return said is not None and said.bound in ("<", ">") and not said.soft


def _standing_after(before: str) -> Quantity | None:
    """How a number is read that stands after a text: with its bound."""
    window = before[-_REACH:]
    found = quantities(f"{window}1")
    return found[-1] if found and found[-1].start >= len(window) else None


@lru_cache(maxsize=64)
def worked_before(sentences: tuple[str, ...], given: frozenset[Decimal] = frozenset()) -> tuple[Worked, ...]:
    """What was worked out in some sentences, in order; those before a sentence are the same for each of its parts."""
    found: list[Worked] = []
    for sentence in sentences:
        found += written(sentence, found, given).results
    return tuple(found)


def _said_again(text: str, known: Known) -> tuple[str, list[str]]:
    """The text with the operands of a result in the place of that result, and the formulas."""
    formulas: list[str] = []

    def operands(match: re.Match[str]) -> str:
        number = number_of(match, match.start(), match.end())
        found = earlier_result(number, known, is_negative=match["minus"] is not None)
        if found is None or _is_beyond(text[: match.start()]):
            return match[0]
        formulas.append(found.formula)
        return _apart(text[: match.start()], ", ".join(found.operands))

    return (SIGNED.sub(operands, text), formulas) if known.results else (text, [])
