"""Sentences with a written calculation whose operands are table cells, and nothing else.

`The average inventory was ($1,100 + $1,300) / 2 = $1,200 million` shares few words with `Inventories | 1,300 | 1,100`.
`rag.arithmetic.written` recomputes it. Each operand must be a cell whose row and column are named: by the
sentence, or by a previous sentence that states the same number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.arithmetic import operand_names, runs
from rag.evidence import Claim, EvidencePool
from rag.figures.cell_claims import (
    cells_of,
    changes,
    has_other_codes,
    other_facts_are_missing,
    stated_numbers,
    told_by,
    words_besides,
    years_are_theirs,
)
from rag.figures.cell_naming import REPORTING, Cell, Naming, is_called, is_named, parts_of_formula, without_fiscal
from rag.figures.line_checks import (
    adds_each_once,
    divides_as_it_says,
    has_the_line_of_its_name,
    is_figure_of_its_line,
)
from rag.figures.measure_checks import averages_as_defined, follows_its_definition, has_its_days, has_its_form
from rag.figures.named_calculation import NamedCalculation
from rag.figures.order_checks import is_change_in_time, names_in_order
from rag.figures.period_checks import (
    adds_each_year_of_a_span,
    adds_so_many_years,
    compounds_over_its_years,
    is_dated_as_called,
    is_of_its_time,
    is_of_twelve_months,
)
from rag.figures.repeated_results import repeats_results_of_its_own
from rag.text import (
    FALLS,
    RISES,
    Quantity,
    asked_periods,
    content_stems,
    digits_of,
    lines_of_measures,
    names_of_measures,
    negations_in,
    numbers_in,
    stem,
    with_lead_in,
    with_years_between,
)

_LIMITING = frozenset(
    content_stems(
        "organic adjusted underlying normalized domestic international foreign constant currency excluding except pro "
        "forma core recurring comparable"
    )
)
"""Words of a question that make another measure of one: a calculation with the lines of a table is not of it."""
_OPERATIONS = frozenset(
    stem(word)
    for word in (
        "average averaged mean sum added adding add plus minus less subtract subtracted subtracting divide divided "
        "dividing division multiply multiplied multiplying times ratio quotient product share change growth calculate "
        "calculated calculation calculating compute computed formula equation using use used apply applying result "
        "gives yields get got obtain obtained obtaining arrive derive derived determine determined find take taken "
        "taking rate step first then next finally respective corresponding round rounded decimal decimals place places "
        "two one x e made make makes represent represents represented account accounted accounts came come comes "
        "cover covered covering coverage beginning ending end prior previous current year point points basis "
        "verify verified check together combined jointly took"
    ).split()
)
"""Words in which anybody tells a calculation, whatever it is of."""


_SUPERLATIVES = re.compile(
    r"\b(?:most|least|highest|lowest|largest|smallest|fastest|slowest|biggest|best|worst|greatest|strongest|weakest|only)\b",
    re.IGNORECASE,
)
"""What compares a figure with others that the sentence does not tell."""

_CHECKS = (
    names_in_order,
    is_of_its_time,
    is_change_in_time,
    averages_as_defined,
    follows_its_definition,
    has_its_form,
    has_its_days,
    adds_each_year_of_a_span,
    adds_each_once,
    is_figure_of_its_line,
    has_the_line_of_its_name,
    compounds_over_its_years,
    adds_so_many_years,
    divides_as_it_says,
    repeats_results_of_its_own,
    is_dated_as_called,
    is_of_twelve_months,
)
"""What has to be so of a calculation with named cells besides: of what it says of their order, periods and measure."""


@dataclass(frozen=True, slots=True)
class Operands:
    """The rows whose cells are the operands of a calculation.

    `is_so`: what the sentence says of them is so. `is_all`: it says nothing else.
    """

    rows: tuple[int, ...]
    is_so: bool
    is_all: bool


def stated_operands(
    sentence: str,
    facts: Claim,
    chosen: Sequence[int],
    pool: EvidencePool,
    *,
    before: Sequence[str] = (),
    changed: frozenset[str] = frozenset(),
) -> Operands | None:
    """The operands of a calculation whose cells are all named; None for any other sentence.

    `facts` are those of the sentence with its operands in the place of its results. What is worked out may be called
    what the question calls it: the reader sees the formula and the quotes of its operands. `changed` are words for the
    rise or fall that its results follow for. English only.
    """
    told = stated_numbers(sentence, facts)
    plainest = sorted(told, key=lambda each: each.bound != "")  # `from 5 to 7` is no range where both are operands
    by_size = {(each.value, each.unit, each.sign): each for each in reversed(plainest)}
    numbers = sorted(by_size.values(), key=lambda each: each.start)
    if pool.language != "en" or not numbers or len(numbers) == 1 < len(told):
        return None
    sentence, before = without_fiscal(sentence), [without_fiscal(each) for each in before]
    cells = [named_cell(number, sentence, before, chosen, pool) for number in numbers]
    named = [each for each in cells if each is not None]
    if len(named) < len(cells):
        return None
    naming = Naming.of(sentence, before, pool.question)
    stated = NamedCalculation(sentence, tuple(numbers), tuple(named), naming, tuple(before), pool)
    rows = stated.rows
    asked = set(content_stems(pool.question)) - RISES - FALLS - _LIMITING
    known = {*_OPERATIONS, *changed, *asked, *names_of_measures(sentence), *changes(sentence, numbers, named, pool)}
    is_all = not (
        _SUPERLATIVES.search(sentence)
        or words_besides(sentence, rows, facts, pool, known=known)
        or not years_are_theirs(naming, named, pool)
        or negations_in(sentence) - negations_in(told_by(rows, pool))
        or other_facts_are_missing(facts, numbers, (*rows, *chosen), pool)
        or has_other_codes(sentence, facts, rows, pool)
    )
    return Operands(rows, all(check(stated) for check in _CHECKS), is_all)


def named_cell(
    number: Quantity, sentence: str, before: Sequence[str], chosen: Sequence[int], pool: EvidencePool
) -> Cell | None:
    """The cell that states a number and is named, by the sentence or by its formula; None where there is none."""
    cells = cells_of(number, chosen, pool)
    for text, earlier, also in _naming(number, sentence, before, pool.question):
        naming = Naming.of(text, earlier, pool.question, also=also)
        found = next((cell for cell in cells if is_named(cell, naming, pool)), None)
        if found is not None:
            return found
    for label in _called(number, sentence) if cells else ():
        periods, bare = asked_periods(label)
        named = f"{asked_periods(sentence)[1]} {label}" if periods else sentence
        naming = Naming.of(named, before, pool.question)
        if content_stems(bare):
            found = next((cell for cell in cells if is_called(cell, label, naming, pool)), None)
        else:  # the formula tells the period alone: `2023 $50 million`
            found = next((cell for cell in cells if is_named(cell, naming, pool)), None)
        if found is not None:
            return found
    return None


def _called(number: Quantity, sentence: str) -> Iterator[str]:
    """What the calculations of a sentence call a number."""
    digits = digits_of(number.text)
    for run in runs(sentence):
        yield from (name.strip() for told, name in operand_names(run, sentence) if digits_of(told) == digits)


def _naming(
    number: Quantity, sentence: str, before: Sequence[str], question: str
) -> Iterator[tuple[str, Sequence[str], str]]:
    """The sentences that may name the cell of a number, each with those before it, and the lines that it names besides.

    Its own, then the nearest before it that states the number, then the question, which may define a measure, and each
    part of its definition that names a period: `FY2022 COGS`. Ratios name the lines that they are worked out from; the
    question names nothing for a sentence of another ratio.
    """
    lines = lines_of_measures(sentence)
    yield sentence, before, lines
    for at in range(len(before) - 1, -1, -1):
        if digits_of(number.text) in numbers_in(before[at]):
            text = with_lead_in(before, at)
            yield text, before[:at], lines or lines_of_measures(text)
    if not set(lines.split("\n")) <= {"", *lines_of_measures(question).split("\n")}:
        return
    spanned = with_years_between(question)
    (asked, undated), own = asked_periods(spanned), asked_periods(sentence)[0]
    is_dated = not own and (len(asked) < 2 or spanned != question)  # noqa: PLR2004
    yield f"{spanned if is_dated else undated} {sentence}", before, lines or lines_of_measures(question)
    for part in parts_of_formula(without_fiscal(question)):
        periods, named = asked_periods(part)
        if periods and set(content_stems(named)) - REPORTING and (not own or set(own) & set(periods)):
            yield part, (), ""
