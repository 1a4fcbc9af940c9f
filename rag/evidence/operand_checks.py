"""Whether a calculation with named cells says of them what is so: of their periods, their order, and its measure.

Each operand of a calculation has been found by its name. These checks compare what the sentence says besides: which
year it tells each of, which is subtracted from or divided by which, and whether a result that it repeats was of the
same measure and period.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.evidence.cell_naming import TRAILING, UNNAMED, Cell, Naming, name_of, parts_of_formula, row_of, without_fiscal
from rag.evidence.expressions import Kind, Token, runs
from rag.evidence.measure_checks import CALCULATES, DEFINES, SENTENCE_ENDS, is_of_its_measure
from rag.evidence.operand_names import operand_names
from rag.evidence.period_wording import with_years_between
from rag.evidence.pool import EvidencePool
from rag.evidence.printed_numbers import digits_of, numbers_in
from rag.text import (
    Measure,
    Period,
    Quantity,
    Subject,
    asked_periods,
    content_stems,
    direction_of,
    lines_of_measures,
    measures_in,
    with_line_items,
)

_CLAUSES = re.compile(r"\b(?:and|compared|versus|against|from|to|than|while|but)\b|\bvs\b\.?|;|,(?!\d)", re.IGNORECASE)
_COMPARES = re.compile(r"\b(?:compared|versus|than|while|from|against)\b|\bvs\b", re.IGNORECASE)
_AMOUNT = r"\(?\$?\s?(?P<{}>\d[\d,]*(?:\.\d+)?)(?:\s?(?:thousand|million|billion|[mbk])\b)?\)?"
_SUBTRACTED = re.compile(
    rf"{_AMOUNT.format('one')}\s*(?:[-−–]|\bminus\b|\bless\b)\s*{_AMOUNT.format('other')}"
    rf"(?:\s*\)?\s*(?:/|÷|divided by)\s*{_AMOUNT.format('base')})?"
)
_OPERATED = r"(?:[-+*/×÷−–(]\s*[$€£]?\s?{0}(?![\d.,]*\d)|(?<![\d.,]){0}\s?(?:million|billion|%|days)?\s*[-+*/×÷−–])"
_RESULT = r"[=≈]\s*(?:about|approximately)?\s*[-−–]?\s*[$€£]?\s?{}(?![\d.,]*\d)(?!\s?(?:days|%)?\s*[-+*/×÷−–])"
_DIVIDES = re.compile(r"[/÷]|\bdivided\b")
_UNEVEN = re.compile(r"[/÷]|\s[-−–]\s|\b(?:divided|minus|less|by|of)\b", re.IGNORECASE)
_RATIO_OF = re.compile(r"\bratio of\b|\bdivided by\b|\bas an? (?:share|percentage|percent|%) of\b", re.IGNORECASE)


def says_what_is_so(
    sentence: str,
    numbers: Sequence[Quantity],
    cells: Sequence[Cell],
    naming: Naming,
    pool: EvidencePool,
    *,
    before: Sequence[str],
) -> bool:
    """Whether a calculation says of its operands, `numbers` found in `cells`, what is so of them.

    `naming` is what the sentence names after those `before` it.
    """
    rows = tuple(dict.fromkeys(cell.index for cell in cells))
    return (
        _names_in_order(sentence, rows, naming, pool)
        and _is_of_its_time(sentence, numbers, cells, pool, is_defined=_defines_periods(pool.question))
        and _is_change_in_time(sentence, numbers, cells, pool)
        and is_of_its_measure(sentence, numbers, cells, naming, pool, before=before)
        and not _repeats_another(sentence, before)
        and _are_dated_as_called(sentence, numbers, cells, pool)
    )


def _names_in_order(sentence: str, rows: Sequence[int], naming: Naming, pool: EvidencePool) -> bool:
    """Whether the rows come as the sentence names them, or else as a sentence of the question or a ratio does.

    In a formula that names each operand itself, `income $5 / sales $50`, they do.

    Where none of these names each of them, and where all are added, they come as they like.
    """
    names = [name_of(row_of(index, pool)) for index in rows]
    if len(rows) == 1 or not _UNEVEN.search(sentence):
        return True
    if _names_its_operands(sentence):
        return True
    if all(naming.has(each, but=UNNAMED) for each in names):
        return all(_is_rising(each) for each in [_places(names, sentence)] if -1 not in each)
    defined = [_places(names, each) for each in SENTENCE_ENDS.split(pool.question)]
    if len(set(names)) == 2:  # noqa: PLR2004
        defined.append(_places(names, lines_of_measures(sentence) or lines_of_measures(pool.question)))
    orders = [each for each in defined if -1 not in each]
    return not orders or any(map(_is_rising, orders))


def _names_its_operands(sentence: str) -> bool:
    """Whether every operand of a sentence's calculations is called something in them; constants need no name."""
    worked = list(runs(sentence))
    called = [{number for number, _ in operand_names(run, sentence)} for run in worked]
    return bool(worked) and all(
        len(names) > 1 and {each.text for each in _operands(run) if each.kind != Kind()} <= names
        for run, names in zip(worked, called, strict=True)
    )


def _operands(run: Sequence[Token]) -> Iterator[Token]:
    """The numbers of a run beside an operator, apart from brackets."""
    bare = [each for each in run if each.name not in ("open", "close")]
    for before, token, after in zip([None, *bare], bare, [*bare[1:], None], strict=False):
        if token.name == "number" and any(each is not None and each.name == "operator" for each in (before, after)):
            yield token


def _places(names: Sequence[str], text: str) -> list[int]:
    """Where a text first has a word of each name that no other of them has; -1 where it has not all of its words.

    What stands before a definition or an equals sign is the name of what is defined, unless it is `the ratio of` two.
    """
    labels = [set(content_stems(with_line_items(each))) - UNNAMED for each in names]
    own = [label.difference(*(each for each in labels if each is not label)) for label in labels]
    places: list[int] = []
    for part in (DEFINES.split(text, maxsplit=1)[-1], text if _RATIO_OF.search(text) else ""):
        said = content_stems(with_line_items(part))
        places = [
            next((at for at, word in enumerate(said) if word in each), -1) if label <= set(said) else -1
            for label, each in zip(labels, own, strict=True)
        ]
        if -1 not in places:
            break
    return places


def _is_rising(places: Sequence[int]) -> bool:
    return list(places) == sorted(places)


def _defines_periods(question: str) -> bool:
    """Whether parts of a definition in the question name periods of their own."""
    parts = parts_of_formula(without_fiscal(question))
    return sum(bool(asked_periods(each)[0]) for each in parts) > 1


def _is_of_its_time(
    sentence: str, numbers: Sequence[Quantity], cells: Sequence[Cell], pool: EvidencePool, *, is_defined: bool
) -> bool:
    """Whether each operand is of the year that its clause names, and a quotient of two lines of one year.

    Unless the question defines (`is_defined`) of which periods the lines are. One thing worked out from two years
    is of the later one.
    """
    sentence = with_years_between(sentence)
    years = [_years(cell, pool) for cell in cells]
    told = [digits_of(number.text) for number in numbers]
    clauses = [(Subject.of(each).years, numbers_in(each)) for each in _CLAUSES.split(sentence)]
    dated = [(named, digits) for named, digits in clauses if len(named) == 1 and digits & set(told)]
    for named, digits in dated if len(dated) > 1 else ():
        if any(own and each in digits and not named & own for each, own in zip(told, years, strict=True)):
            return False
    named, all_years = Subject.of(sentence).years, frozenset[str]().union(*years)
    if len(named) == 1 < len(all_years) and max(all_years) not in named and not _COMPARES.search(sentence):
        return False
    of_two_lines = len(cells) == 2 and cells[0].index != cells[1].index  # noqa: PLR2004
    mixed = of_two_lines and all(years) and not years[0] & years[1]
    return is_defined or not (mixed and _DIVIDES.search(sentence))


def _is_change_in_time(sentence: str, numbers: Sequence[Quantity], cells: Sequence[Cell], pool: EvidencePool) -> bool:
    """Whether a difference of one line is from the earlier year to the later, and its growth is of the earlier.

    A fall may be told the other way round.
    """
    years = {digits_of(number.text): _years(cell, pool) for number, cell in zip(numbers, cells, strict=True)}
    lines = {digits_of(number.text): cell.index for number, cell in zip(numbers, cells, strict=True)}
    for one, other, base in _subtracted(sentence):
        if lines.get(one) is None or lines.get(one) != lines.get(other) or not (years[one] and years[other]):
            continue
        is_later = max(years[one]) > max(years[other])
        earlier = other if is_later else one
        if not (is_later or direction_of(sentence) == -1) or (base in years and base != earlier):
            return False
    return True


def _subtracted(sentence: str) -> Iterator[tuple[str, str, str]]:
    """The digits of two numbers of which one is subtracted from the other, and of what that is divided by, if it is."""
    for match in _SUBTRACTED.finditer(sentence):
        yield digits_of(match["one"]), digits_of(match["other"]), digits_of(match["base"]) if match["base"] else ""
    for run in runs(sentence):
        bare = [each for each in run if each.name not in ("open", "close")]
        for at, token in enumerate(bare[1:-1], 1):
            if token.symbol == "-" and bare[at - 1].name == bare[at + 1].name == "number":
                after = bare[at + 2 : at + 4]  # an unfinished run may end with its operator
                divided = len(after) > 1 and after[0].symbol == "/" and after[1].name == "number"
                base = digits_of(after[1].text) if divided else ""
                yield digits_of(bare[at - 1].text), digits_of(bare[at + 1].text), base


def _are_dated_as_called(sentence: str, numbers: Sequence[Quantity], cells: Sequence[Cell], pool: EvidencePool) -> bool:
    """Whether each operand that a formula calls by a year, `net sales 2022 $500`, is of that year.

    And by the last twelve months, which are made of a year and two parts of years: `100 + 60 - 50`.
    """
    years = {digits_of(number.text): _years(cell, pool) for number, cell in zip(numbers, cells, strict=True)}
    called = [each for run in runs(sentence) for each in operand_names(run, sentence)]
    told = ((years.get(digits_of(number), frozenset()), Subject.of(name).years) for number, name in called)
    trailing = all(TRAILING.search(row_of(cell.index, pool).headings[cell.column]) for cell in cells)
    if TRAILING.search(sentence) and not trailing:
        is_made = " + " in sentence and re.search(r"\s[-−–]\s", sentence) is not None
        is_cell = any(TRAILING.search(name) and digits_of(number) in years for number, name in called)
        if is_cell or not (is_made or any(TRAILING.search(name) for _, name in called)):
            return False
    return all(not own or not named or named & own for own, named in told)


def _repeats_another(sentence: str, before: Sequence[str]) -> bool:
    """Whether a sentence repeats a result that an earlier one worked out for another measure or another period."""
    measures = measures_in(sentence)
    for clause in _CLAUSES.split(sentence):
        periods = asked_periods(clause)[0] or asked_periods(sentence)[0]
        for digits in numbers_in(clause):
            written = _as_written(digits)
            worked = [each for each in before if re.search(_RESULT.format(written), each)]
            is_own = CALCULATES.search(sentence) and re.search(_RESULT.format(written), sentence)
            if is_own or re.search(_OPERATED.format(written), sentence) or not worked:
                continue
            if all(_is_of_another(measures, periods, each) for each in worked):
                return True
    return False


def _as_written(digits: str) -> str:
    """The pattern of some digits as a text may print them: with the mark of thousands, and zeros at the end."""
    whole, _, part = digits.partition(".")
    grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",?", whole)
    return rf"{grouped}\.{part}0*" if part else rf"{grouped}(?:\.0+)?"


def _is_of_another(measures: Sequence[Measure], periods: Sequence[Period], earlier: str) -> bool:
    others, told = measures_in(earlier), asked_periods(earlier)[0]
    if measures and others and not any(each in others for each in measures):
        return True
    return bool(periods and told) and not set(_grains(periods)) & set(_grains(told))


def _grains(periods: Iterable[Period]) -> Iterator[tuple[object, ...]]:
    """What tells a year from another, and from a part of it."""
    for each in periods:
        months = each.months if each.is_part_of_year else None
        yield each.year, each.quarter, months, each.part


def _years(cell: Cell, pool: EvidencePool) -> frozenset[str]:
    return Subject.of(row_of(cell.index, pool).headings[cell.column]).years
