"""Sentences that state table cells and nothing else.

`Net sales were $11,303 million in 2022` shares few words with `Net sales | 11,303 | 11,503`, although the row supports
it. Code decides such sentences: each number must be that of a cell whose row the sentence names in full and whose
column it identifies, and every other word must occur in the table, in its title or headings, or be one of the words
that report a figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from rag.arithmetic import without_years_averaged
from rag.evidence import Claim, EvidencePool, Ground, Row, ground_of, missing_numbers
from rag.figures.cell_naming import (
    HAS_DIGIT,
    REPORTING,
    Cell,
    Naming,
    dated_heading,
    is_named,
    is_of_periods,
    line_of,
    name_of,
    parts_of_formula,
    row_of,
    section_years,
    tells_change,
    turning,
    without_fiscal,
    years_of,
)
from rag.text import (
    FALLS,
    RISES,
    Quantity,
    Subject,
    abbreviations_in,
    asked_periods,
    content_stems,
    degree_of,
    direction_of,
    fits,
    fold,
    is_year,
    period_mentions,
    stem,
    tokens,
    told_period,
    with_line_items,
    with_prior_periods,
    with_years_of_change,
)

_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)
_SPANS = frozenset(("month", "quarter", "year", "week"))
_UNSCALED = re.compile(r"\bper\b|%|\bpercent|\brat(?:e|io)s?\b|\bmargin|\bdays?\b", re.IGNORECASE)
_OR_A_SHARE = re.compile(
    r"\bor (?=(?:about |roughly |approximately |nearly )?\d[\d.]*\s?(?:%|percent\b))", re.IGNORECASE
)
"""An amount told a second time: `a decrease of $12 million, or 5%`."""
_AFTER_ANOTHER = re.compile(r"\bafter (?=(?:[$€£]|[A-Z]{3} )?\d)")
"""`687 in 2023, after 1,034 in 2022`, and not *after tax*."""
_NEGATIVE = re.compile(r"\s*[$€£]?\s?[(−–-]")
_GROWTH = re.compile(r"\bgrowth(?:,? ?\(?(?:in )?%\)?)?\s*$", re.IGNORECASE)
_SAYS_GROWTH = re.compile(r"\bgrowth\b", re.IGNORECASE)
_LEVELS = re.compile(r"\b(?:margin|share|ratio|rate)\b|\bof total\b", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\b", re.IGNORECASE)


def stated_rows(
    sentence: str,
    facts: Claim,
    chosen: Sequence[int],
    pool: EvidencePool,
    *,
    operands: Iterable[Quantity] = (),
    before: Sequence[str] = (),
) -> tuple[int, ...]:
    """The rows among the selected candidates whose cells a sentence states, if it states nothing else; else empty.

    `facts` are the facts that must be stated, and `operands` the quoted numbers of computed ones. English only. Several
    numbers must be in one row or in one column, in the order in which the sentence names their columns or rows. The
    sentence may say that a figure rose or fell between two years. Without a year, it takes that of the sentences
    `before` it, or of the question.
    """
    things = frozenset[str]().union(*Subject.of(sentence).things.values())
    stated = [each for each in stated_numbers(without_years_averaged(sentence), facts) if each.text not in things]
    numbers = [*stated, *(each for each in operands if all(each.value != other.value for other in stated))]
    if pool.language != "en" or not numbers:
        return ()
    sentence = with_prior_periods(without_fiscal(sentence), before, pool.question)
    sentence = with_years_of_change(sentence, before, pool.question)
    open_cells = [cells_of(number, chosen, pool) for number in numbers]
    if not all(open_cells):
        return ()
    naming = _dated_by_definition(Naming.of(sentence, before, pool.question), sentence, pool.question)
    named = [[cell for cell in cells if is_named(cell, naming, pool)] for cells in open_cells]
    if not all(named):
        return ()
    cells = _together(named)
    rows = tuple(dict.fromkeys(cell.index for cell in cells))
    headings = [index for index in chosen if pool.candidates[index].is_heading]
    changed = changes(sentence, numbers, cells, pool)
    if (
        words_besides(sentence, rows, facts, pool, known=changed, around=headings)
        or _change_otherwise(numbers, cells, pool)
        or has_other_codes(sentence, facts, rows, pool)
        or not same_grammar(sentence, rows, pool, changed=changed, is_told=naming.is_told)
        or not years_are_theirs(naming, cells, pool)
        or not _in_order(sentence, cells[: len(stated)], pool)
        or other_facts_are_missing(facts, numbers, (*rows, *chosen), pool)
    ):
        return ()
    return rows


def _dated_by_definition(naming: Naming, sentence: str, question: str) -> Naming:
    """What a sentence names, with the period that the question's definition gives what it is of: `FY2022 COGS`."""
    if naming.periods:
        return naming
    said = set(content_stems(with_line_items(asked_periods(sentence)[1]))) - REPORTING
    for part in parts_of_formula(without_fiscal(question)):
        periods, named = asked_periods(part)
        telling = set(content_stems(with_line_items(named))) - REPORTING
        if len(periods) == 1 and telling and telling <= said:
            return replace(naming, periods=periods, subject=replace(naming.subject, years=Subject.of(part).years))
    return naming


def stated_numbers(sentence: str, facts: Claim) -> list[Quantity]:
    """The numbers of a sentence without years and lengths of periods: `the three months ended June 30`."""
    undated = asked_periods(sentence)[1]
    return [
        each
        for each in facts.quantities
        if not is_year(each) and (each.text in undated or not (each.unit in _SPANS or _ORDINAL.fullmatch(each.text)))
    ]


def words_besides(
    sentence: str,
    rows: Iterable[int],
    facts: Claim,
    pool: EvidencePool,
    *,
    known: Collection[str] = (),
    around: Iterable[int] = (),
) -> set[str]:
    """The stems of a sentence that are neither of its period, nor of these rows or what is over or around them.

    Nor are they names of the facts, unless another row is called so, words in which figures are reported, or `known`.
    """
    rows = tuple(rows)
    told = told_by(rows, pool)
    others = _labels_of_others(sentence, rows, pool)
    names = {stem(word) for name in facts.names for word in tokens(name)} - others
    own = names.union(REPORTING, known, *(pool.content[index] for index in around))
    things = frozenset[str]().union(*Subject.of(sentence).things.values())
    _, undated = asked_periods(sentence)

    def besides(read: Callable[[str], str]) -> set[str]:
        left = set(content_stems(read(undated))) - set(content_stems(read(told))) - own
        return {each for each in left if each in things or not HAS_DIGIT.search(each)}

    return besides(str) and besides(with_line_items)


def _labels_of_others(sentence: str, rows: Collection[int], pool: EvidencePool) -> frozenset[str]:
    """The stems of the names of other rows that a sentence says whole: it may be about those."""
    said, told = set(content_stems(sentence)), set(content_stems(told_by(rows, pool)))
    labels = (
        set(content_stems(name_of(row))) - REPORTING
        for index in range(len(pool))
        if index not in rows and (row := pool.row(index)) is not None
    )
    return frozenset[str]().union(*(each for each in labels if each <= said)) - told


def known_words(rows: Iterable[int], pool: EvidencePool) -> frozenset[str]:
    """The stems that a sentence about these rows may have: theirs, and those in which figures are reported.

    Those of the abbreviations of line items too: `PP` of `PP&E`.
    """
    told = told_by(rows, pool)
    return REPORTING.union(content_stems(told), content_stems(with_line_items(told)), abbreviations_in(told))


def told_by(rows: Iterable[int], pool: EvidencePool) -> str:
    """These rows and all that is over them."""
    return "\n".join(f"{pool.over(index)}\n{pool.reading(index)}" for index in rows)


def has_other_codes(sentence: str, facts: Claim, rows: Iterable[int], pool: EvidencePool) -> bool:
    """Whether a sentence has a code that is neither that of a period, such as `Q3`, nor stands over these rows."""
    undated, over = fold(asked_periods(sentence)[1]), fold("\n".join(map(pool.over, rows)))
    return any(fold(code) in undated and fold(code) not in over for code in facts.identifiers)


def other_facts_are_missing(
    facts: Claim, numbers: Collection[Quantity], indexes: Iterable[int], pool: EvidencePool
) -> bool:
    """Whether these candidates lack a fact other than the numbers, years and names: a date, a numbered thing."""
    sizes = {(each.value, each.unit) for each in numbers}
    left = tuple(
        each
        for each in facts.quantities
        if (each.value, each.unit) not in sizes and not is_year(each) and each.unit not in _SPANS
    )
    others = replace(facts, quantities=left, identifiers=())
    return bool(missing_numbers(others, [pool.ground(index) for index in indexes]))


def _together(named: Sequence[Sequence[Cell]]) -> list[Cell]:
    """Of the cells that each number may be, those of one row if there are such, else of one column, else the first."""
    for place in (_row_of, _column_of):
        shared = [place(cell) for cell in named[0] if all(place(cell) in map(place, each) for each in named)]
        if shared:
            return [next(cell for cell in each if place(cell) == shared[0]) for each in named]
    return [each[0] for each in named]


def _row_of(cell: Cell) -> int:
    return cell.index


def _column_of(cell: Cell) -> int:
    return cell.column


def same_grammar(
    sentence: str,
    rows: Iterable[int],
    pool: EvidencePool,
    *,
    changed: frozenset[str] = frozenset(),
    is_told: bool = True,
) -> bool:
    """Whether a sentence has those function words of its rows' names that change the meaning, and no others.

    Those of its period and of the change that it tells count for no meaning. For a bare amount the question has them.
    """
    rows = tuple(rows)
    names = turning(*(name_of(row_of(index, pool)) for index in rows))
    around = turning(*(pool.over(index) for index in rows), *(" ".join(row_of(i, pool).headings) for i in rows))
    if not is_told:
        return names <= turning(pool.question)
    undated = _OR_A_SHARE.sub(" ", asked_periods(sentence)[1])
    years = [each.year or 0 for each in period_mentions(sentence)]
    undated = _AFTER_ANOTHER.sub(" ", undated) if len(years) > 1 and years[-1] < years[0] else undated
    return names <= turning(sentence) and turning(undated) - changed <= names | around


def changes(sentence: str, numbers: Sequence[Quantity], cells: Sequence[Cell], pool: EvidencePool) -> frozenset[str]:
    """The words for the changes that cells tell, or that a figure makes between the years of two cells of a row."""
    ways = {number.direction for number, cell in zip(numbers, cells, strict=True) if tells_change(cell, pool)}
    told = frozenset[str]().union(RISES if "rise" in ways else (), FALLS if "fall" in ways else ())
    told = told.union(*(_growth_of(number, cell, sentence, pool) for number, cell in zip(numbers, cells, strict=True)))
    return told | _change_in_time(sentence, numbers, cells, pool)


def _growth_of(number: Quantity, cell: Cell, sentence: str, pool: EvidencePool) -> frozenset[str]:
    """The words for the rise or fall *by* a rate that a cell of rates of growth is: `Like-for-like sales growth, %`.

    None where a rate of growth itself is said to rise or fall, or to have come from or to a figure.
    """
    row = row_of(cell.index, pool)
    falls = _NEGATIVE.match(row.values[cell.column]) is not None
    is_rate = number.unit == "%" and any(map(_GROWTH.search, (row.label, *row.over.splitlines())))
    is_by = re.search(rf"\b(?:to|from|at)\s+{re.escape(number.text)}", sentence) is None
    if not is_rate or not is_by or _LEVELS.search(row.label) or _SAYS_GROWTH.search(sentence):
        return frozenset()
    return frozenset() if number.direction != ("fall" if falls else "rise") else FALLS if falls else RISES


def _change_otherwise(numbers: Sequence[Quantity], cells: Sequence[Cell], pool: EvidencePool) -> bool:
    """Whether a number is said to have risen whose cell has fallen, or the other way round."""
    signs = {"rise": False, "fall": True}
    return any(
        tells_change(cell, pool) and signs.get(number.direction, falls) is not falls
        for number, cell in zip(numbers, cells, strict=True)
        for falls in [_NEGATIVE.match(row_of(cell.index, pool).values[cell.column]) is not None]
    )


def _change_in_time(
    sentence: str, numbers: Sequence[Quantity], cells: Sequence[Cell], pool: EvidencePool
) -> frozenset[str]:
    """The words for the change of a figure between the years of two cells of a row, and for how far it changed."""
    levels = [each for each in zip(numbers, cells, strict=True) if not tells_change(each[1], pool)]
    if len({line_of(cell, pool) for _, cell in levels}) > 1 or len(levels) < 2:  # noqa: PLR2004
        return frozenset()
    if len(levels) > 2:  # noqa: PLR2004
        return _changes_in_turn(sentence, levels, pool)
    years = [years_of(cell, pool) for _, cell in levels]
    one, other = (number.sign * number.value for number, _ in levels)
    if any(len(each) != 1 for each in years) or years[0] == years[1] or one == other:
        return frozenset()
    rising_years = min(years[0]) < min(years[1])
    said, first = _FROM.search(sentence), sentence.find(levels[0][0].text)
    if said is not None and first >= 0 and rising_years is not (said.start() < first):
        return frozenset()
    start, end = (one, other) if rising_years else (other, one)
    return (RISES if start < end else FALLS) | degree_of(start, end)


def _changes_in_turn(sentence: str, levels: Sequence[tuple[Quantity, Cell]], pool: EvidencePool) -> frozenset[str]:
    """The words for rises and falls of a figure over several periods: `rose from 5 in 2020 to 7 in 2021 and fell to 6`.

    None unless the periods come in their order, and each change is as the nearest word before it says.
    """
    periods = period_mentions(sentence)
    years = [each.year or 0 for each in periods]
    if len(periods) != len(levels) or len({replace(each, year=None) for each in periods}) > 1:
        return frozenset()
    if not all(one < other for one, other in pairwise(years)):
        return frozenset()
    said, place, way = frozenset[str](), 0, 0
    for at, (number, _) in enumerate(levels):
        found = sentence.find(number.text, place)
        told = direction_of(sentence[place:found]) if found >= 0 else None
        if told is None or (told and not at and not _FROM.search(sentence[:found])):
            return frozenset()
        if not told and at > 1 and years[at] - years[at - 1] > 1:
            return frozenset()
        way, place = told or way, found + len(number.text)
        before = levels[at - 1][0] if at else None
        change = (number.sign * number.value) - (before.sign * before.value) if before else Decimal(0)
        if before is not None and (not way or way * change <= 0):
            return frozenset()
        said |= RISES if way > 0 else FALLS if way < 0 else frozenset()
    return said


def cells_of(number: Quantity, chosen: Iterable[int], pool: EvidencePool) -> list[Cell]:
    """The cells that state a number, with its unit and scale: those of the selected candidates first."""
    wanted = Claim((number,), (), (), ())
    around = [replace(pool.ground(index), quantities=(), dates=()) for index in chosen if pool.row(index) is None]
    of_chosen = [
        (index, column) for index in chosen if (row := pool.row(index)) is not None for column in range(len(row.values))
    ]
    return [
        Cell(index, column)
        for index, column in dict.fromkeys([*of_chosen, *pool.cells.of(number)])
        if not missing_numbers(wanted, _grounds(row_of(index, pool), column, index, pool, around))
    ]


def _grounds(row: Row, column: int, index: int, pool: EvidencePool, around: Sequence[Ground]) -> list[Ground]:
    """What a cell states, as a part of its row, and what is around it, which lends units and scales.

    No scale is lent to rates, shares and what is told of each.
    """
    label = with_line_items(row.label)
    ground = ground_of(f"{label} | {row.values[column]}", f"{pool.over(index)}\n{row.currency}\n{row.headings[column]}")
    of_label = len(ground_of(f"{label} |").quantities)
    grounds = [replace(ground, quantities=ground.quantities[of_label:], dates=()), *around]
    named = f"{row.label} {row.headings[column]}"
    if not _UNSCALED.search(named if "," not in row.values[column] else named.replace("margin", "")):
        return grounds
    bare = [replace(each.lent, scales=frozenset(), own_scales=frozenset()) for each in grounds]
    return [replace(each, lent=lent) for each, lent in zip(grounds, bare, strict=True)]


def years_are_theirs(naming: Naming, cells: Iterable[Cell], pool: EvidencePool) -> bool:
    """Whether each year that a sentence names itself is that of a cell: by its heading, its table, or its quarter."""
    theirs = set[str]()
    for cell in cells:
        row, over = row_of(cell.index, pool), pool.over(cell.index)
        heading = dated_heading(row, cell.column)
        of_change = _later_year(row) if tells_change(cell, pool) else frozenset[str]()
        of_row = Subject.of(row.label).years
        theirs |= of_change or Subject.of(heading).years or of_row or Subject.of(over).years
        told, quarters = told_period(heading, over), pool.cells.quarters(cell.index)
        theirs |= {str(each.year) for each in naming.periods if each.quarter and fits(each, told, quarters)}
    return naming.years <= theirs


def _later_year(row: Row) -> frozenset[str]:
    """The year to which a row's change is: the later of those of its columns."""
    years = frozenset[str]().union(*(Subject.of(heading).years for heading in row.headings))
    return frozenset({max(years)}) if years else years


def _in_order(sentence: str, cells: Sequence[Cell], pool: EvidencePool) -> bool:
    """Whether cells of one row, or of one column, come as the sentence names their columns, or rows."""
    if not cells:
        return True
    places = {word: at for at, word in reversed(list(enumerate(content_stems(with_line_items(sentence)))))}
    levels = [cell for cell in cells if not tells_change(cell, pool)]
    rows, columns = dict.fromkeys(cell.index for cell in cells), dict.fromkeys(cell.column for cell in levels)
    if len(rows) > 1 and len(columns) > 1:
        return False
    names = {name_of(row_of(index, pool)) for index in rows}
    if len(names) > 1 and len({section_years(row_of(index, pool)) for index in rows}) > 1:
        return False
    if len(rows) > 1 and (len(names) == 1 or not all(names)):
        return _periods_in_order(sentence, cells, pool)
    if len(rows) > 1:
        labels = [set(content_stems(with_line_items(name_of(row_of(index, pool))))) for index in rows]
        return _ordered([_first(label - set[str]().union(*_but(labels, label)), places) for label in labels])
    headings = [set(content_stems(row_of(cells[0].index, pool).headings[column])) for column in columns]
    return (
        len(columns) <= 1
        or _periods_in_order(sentence, levels, pool)
        or _ordered([_first(each - set[str]().union(*_but(headings, each)), places) for each in headings])
    )


def _periods_in_order(sentence: str, cells: Sequence[Cell], pool: EvidencePool) -> bool:
    """Whether the columns of the cells are of periods that the sentence names in the same order, each another one."""
    named = period_mentions(sentence)
    places = []
    for cell in cells:
        row = row_of(cell.index, pool)
        of_row = row.label if is_of_periods(row) else row.section
        told = told_period(row.headings[cell.column], pool.over(cell.index))
        told = told if told.is_told else told_period(of_row)
        quarters = pool.cells.quarters(cell.index)
        places.append(next((at for at, each in enumerate(named) if fits(each, told, quarters)), None))
    return _ordered(list(dict.fromkeys(places))) and len(set(places)) == len(set(cells))


def _but(sets: Sequence[set[str]], own: set[str]) -> list[set[str]]:
    return [each for each in sets if each is not own]


def _first(words: Iterable[str], places: Mapping[str, int]) -> int | None:
    return min((places[each] for each in words if each in places), default=None)


def _ordered(places: Sequence[int | None]) -> bool:
    """Whether all are there and rise."""
    there = [each for each in places if each is not None]
    return len(there) == len(places) and all(one < other for one, other in pairwise(there))
