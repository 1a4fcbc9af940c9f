"""Sentences that state table cells and nothing else.

`Net sales were $11,303 million in 2022` shares few words with `Net sales | 11,303 | 11,503`, although the row supports
it. Code decides such sentences: each number must be that of a cell whose row the sentence names in full and whose
column it identifies, and every other word must occur in the table, in its title or headings, or be one of the words
that report a figure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.evidence.pool import EvidencePool
from rag.evidence.rows import Row, without_brackets
from rag.evidence.stated_facts import Claim, Ground, ground_of, missing_numbers
from rag.text import STOPWORDS, Quantity, Subject, content_stems, is_year, stem, tokens

_REPORTING = frozenset(
    stem(word)
    for word in (
        "amount amounts amounted amounting value figure number total totaled totalled sum report reported reports "
        "record recorded show shows shown list listed state stated give given find found stand stood come came equal "
        "equals company firm corporation group business organization fiscal financial year years quarter period end "
        "ended ending month months week weeks day date annual annually million millions billion billions thousand "
        "thousands usd eur gbp dollar dollars euro euros pound pounds percent percentage approximately statement "
        "statements table filing document consolidated based provided context information data specifically "
        "respectively follow following calculate calculated change changed difference compare compared"
    ).split()
)
"""Words in which a figure is reported, whatever it is of."""
_TOTALS = frozenset(stem(word) for word in ("total", "sum"))
_UNNAMED = _TOTALS | {stem("consolidated")}
"""Words of a row's name that a sentence may leave out; not *change*, of which *change in inventories* is one."""
_GRAMMAR = frozenset(
    "a an the of in at for by as on with from to during per and was were is are be been has had have did do does it "
    "its their this that these those our we they which there according".split()
)
"""Function words that change nothing of what is said; the others may: not, only, down, all."""
_RISES, _FALLS = (
    frozenset(stem(word) for word in words.split())
    for words in (
        "increase increased increases growth grow grew grown rise rose risen climb climbed",
        "decrease decreased decreases decline declined fall fell fallen drop dropped",
    )
)
_FISCAL = re.compile(r"\bFY\s?(?=(?:19|20)\d\d\b)", re.IGNORECASE)
_UNSCALED = re.compile(r"\bper\b|%|\bpercent|\brat(?:e|io)s?\b|\bmargin|\bdays?\b", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\b", re.IGNORECASE)
HAS_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Cell:
    """Column `column` of the row that is candidate `index` of its pool."""

    index: int
    column: int


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
    stated = [each for each in facts.quantities if not is_year(each) and each.text not in things]
    numbers = [*stated, *(each for each in operands if all(each.value != other.value for other in stated))]
    if pool.language != "en" or not numbers or facts.identifiers:
        return ()
    sentence = without_fiscal(sentence)
    said, subject = set(content_stems(sentence)), subject_of(sentence, before, pool.question)
    open_cells = [cells_of(number, chosen, pool) for number in numbers]
    named = [[cell for cell in cells if is_named(cell, subject, said, pool)] for cells in open_cells]
    if not all(named):
        return ()
    cells = _together(named)
    rows = tuple(dict.fromkeys(cell.index for cell in cells))
    known = known_words(rows, facts, pool).union(*(pool.content[index] for index in chosen if _is_heading(index, pool)))
    left = {each for each in said - known if each in things or not HAS_DIGIT.search(each)}
    if (
        left - changes(sentence, numbers, cells, pool)
        or not same_grammar(sentence, rows, pool)
        or not years_are_theirs(sentence, cells, pool)
        or not _in_order(sentence, cells[: len(stated)], pool)
        or other_facts_are_missing(facts, numbers, (*rows, *chosen), pool)
    ):
        return ()
    return rows


def other_facts_are_missing(
    facts: Claim, numbers: Collection[Quantity], indexes: Iterable[int], pool: EvidencePool
) -> bool:
    """Whether these candidates lack a fact other than the numbers and names: a date, a year, a numbered thing."""
    others = replace(facts, quantities=tuple(each for each in facts.quantities if each not in numbers))
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


def without_fiscal(sentence: str) -> str:
    """`FY2022` as the plain year that a heading prints."""
    return _FISCAL.sub("", sentence)


def subject_of(sentence: str, before: Sequence[str], question: str) -> Subject:
    """The subject of a sentence; its year may be that of the previous sentences, or of the question."""
    subject = Subject.of(sentence)
    if subject.years:
        return subject
    years = next(
        (found for each in (*reversed(before), question) if (found := Subject.of(each).years)), frozenset[str]()
    )
    return replace(subject, years=years) if len(years) == 1 else subject


def same_grammar(sentence: str, rows: Iterable[int], pool: EvidencePool) -> bool:
    """Whether a sentence has those function words of its rows' names that change the meaning, and no others."""
    names = {word for index in rows for word in _turning(without_brackets(_row(index, pool).label))}
    around = {
        word for index in rows for word in _turning(f"{pool.over(index)}\n{' '.join(_row(index, pool).headings)}")
    }
    return names <= _turning(sentence) <= names | around


def _turning(text: str) -> set[str]:
    return {each for each in tokens(text) if each in STOPWORDS and each not in _GRAMMAR}


def changes(sentence: str, numbers: Sequence[Quantity], cells: Sequence[Cell], pool: EvidencePool) -> frozenset[str]:
    """The words for the change of a figure between the years of two cells of a row, from the earlier to the later."""
    if len({cell.index for cell in cells}) > 1 or len(cells) != 2:  # noqa: PLR2004
        return frozenset()
    years = [Subject.of(_row(cell.index, pool).headings[cell.column]).years for cell in cells]
    one, other = (number.sign * number.value for number in numbers)
    if any(len(each) != 1 for each in years) or years[0] == years[1] or one == other:
        return frozenset()
    rising_years = min(years[0]) < min(years[1])
    start, first = _FROM.search(sentence), sentence.find(numbers[0].text)
    if start is not None and first >= 0 and rising_years is not (start.start() < first):
        return frozenset()
    return _RISES if (one < other) is rising_years else _FALLS


def _is_heading(index: int, pool: EvidencePool) -> bool:
    return pool.candidates[index].is_heading


def _row(index: int, pool: EvidencePool) -> Row:
    row = pool.row(index)
    assert row is not None
    return row


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
        if not missing_numbers(wanted, _grounds(_row(index, pool), column, index, pool, around))
    ]


def _grounds(row: Row, column: int, index: int, pool: EvidencePool, around: Sequence[Ground]) -> list[Ground]:
    """What a cell states, as a part of its row, and what is around it, which lends units and scales.

    No scale is lent to rates, shares and what is told of each.
    """
    ground = ground_of(
        f"{row.label} | {row.values[column]}", f"{pool.over(index)}\n{row.currency}\n{row.headings[column]}"
    )
    of_label = len(ground_of(f"{row.label} |").quantities)
    grounds = [replace(ground, quantities=ground.quantities[of_label:], dates=()), *around]
    if not _UNSCALED.search(f"{row.label} {row.headings[column]}"):
        return grounds
    bare = [replace(each.lent, scales=frozenset(), own_scales=frozenset()) for each in grounds]
    return [replace(each, lent=lent) for each, lent in zip(grounds, bare, strict=True)]


def is_named(cell: Cell, subject: Subject, said: set[str], pool: EvidencePool) -> bool:
    """Whether a sentence names the cell's row in full, and identifies its column."""
    row = _row(cell.index, pool)
    label = set(_name(row))
    own, others = row.headings[cell.column], [each for at, each in enumerate(row.headings) if at != cell.column]
    if not label - _REPORTING:
        label |= set(_words(row.section))
    if not label - _REPORTING or not label - _UNNAMED <= said:
        return False
    return _is_named_among(own, others, subject, said) and not _has_double(cell, said, pool)


def _has_double(cell: Cell, said: set[str], pool: EvidencePool) -> bool:
    """Whether another row of the chunk could be meant as well or rather, and states another figure.

    One whose longer name the sentence has in full is rather meant. Of two rows whose names differ by *total* alone, the
    sentence says which it means.
    """
    own, chunk = _row(cell.index, pool), pool.candidates[cell.index].chunk
    label, figure = set(_name(own)), own.values[cell.column]
    core = label - _UNNAMED
    for index in range(len(pool)):
        row = pool.row(index) if pool.candidates[index].chunk is chunk and index != cell.index else None
        if row is None or cell.column >= len(row.values) or row.values[cell.column] == figure:
            continue
        other = set(_name(row))
        if core < other - _UNNAMED <= said:
            return True
        if other - _UNNAMED == core and not (other & _TOTALS != label & _TOTALS == said & _TOTALS):
            return True
    return False


def _is_named_among(own: str, others: Sequence[str], subject: Subject, said: set[str]) -> bool:
    """Whether the sentence names a heading apart from its neighbours; where there are none, nothing has to be named."""
    heading = Subject.of(own)
    if subject.rivals(heading):
        return False
    rivals = [each for each in others if each != own]
    if not others:
        return True
    if not own or len(rivals) < len(others):
        return False
    if heading.years and all(Subject.of(each).years - heading.years for each in rivals):
        return heading.years <= subject.years
    shared = set.intersection(*(set(_words(each)) for each in rivals)) if rivals else set()
    distinct = set(_words(own)) - shared
    return bool(distinct) and distinct <= said and heading.years <= subject.years


def _name(row: Row) -> list[str]:
    """The stems of a row's label, without what stands in brackets."""
    return content_stems(without_brackets(row.label))


def _words(text: str) -> list[str]:
    """The stems of a heading, without numbers and what stands in brackets."""
    return [each for each in content_stems(without_brackets(text)) if not HAS_DIGIT.search(each)]


def known_words(rows: Iterable[int], facts: Claim, pool: EvidencePool) -> set[str]:
    """The stems that a sentence about these rows may have."""
    names = {stem(word) for name in facts.names for word in tokens(name)}
    over = {each for index in rows for each in content_stems(pool.over(index))}
    return names.union(_REPORTING, over, *(pool.content[index] for index in rows))


def years_are_theirs(sentence: str, cells: Iterable[Cell], pool: EvidencePool) -> bool:
    """Whether each year of a sentence is a heading of one of its cells, or of their table."""
    over = [f"{_row(cell.index, pool).headings[cell.column]}\n{pool.over(cell.index)}" for cell in cells]
    return Subject.of(sentence).years <= frozenset[str]().union(*(Subject.of(each).years for each in over))


def _in_order(sentence: str, cells: Sequence[Cell], pool: EvidencePool) -> bool:
    """Whether cells of one row, or of one column, come as the sentence names their columns, or rows."""
    if not cells:
        return True
    places = {word: at for at, word in reversed(list(enumerate(content_stems(sentence))))}
    rows, columns = dict.fromkeys(cell.index for cell in cells), dict.fromkeys(cell.column for cell in cells)
    if len(rows) > 1 and len(columns) > 1:
        return False
    if len(rows) > 1:
        labels = [set(_name(_row(index, pool))) for index in rows]
        return _ordered([_first(label - set[str]().union(*_but(labels, label)), places) for label in labels])
    headings = [set(content_stems(_row(cells[0].index, pool).headings[column])) for column in columns]
    return len(columns) == 1 or _ordered(
        [_first(each - set[str]().union(*_but(headings, each)), places) for each in headings]
    )


def _but(sets: Sequence[set[str]], own: set[str]) -> list[set[str]]:
    return [each for each in sets if each is not own]


def _first(words: Iterable[str], places: Mapping[str, int]) -> int | None:
    return min((places[each] for each in words if each in places), default=None)


def _ordered(places: Sequence[int | None]) -> bool:
    """Whether all are there and rise."""
    there = [each for each in places if each is not None]
    return len(there) == len(places) and all(one < other for one, other in pairwise(there))
