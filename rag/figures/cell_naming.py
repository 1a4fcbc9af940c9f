"""Whether a sentence names a table cell: its row, and its column among the others. English only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.evidence import EvidencePool, Row, without_brackets
from rag.text import (
    FALLS,
    RISES,
    STOPWORDS,
    Period,
    Subject,
    asked_periods,
    content_stems,
    fits,
    stem,
    tokens,
    told_period,
    with_line_items,
    with_prior_periods,
    with_years_between,
)

TOTALS = frozenset(stem(word) for word in ("total", "sum"))
UNNAMED = TOTALS | {stem("consolidated")}
"""Words of a row's name that a sentence may leave out; not *change*, of which *change in inventories* is one."""
REPORTING = frozenset(
    stem(word)
    for word in (
        "amount amounts amounted amounting value figure number total totaled totalled sum report reported reports "
        "record recorded show shows shown list listed state stated give given find found stand stood come came equal "
        "equals company firm corporation group business organization fiscal financial year years quarter period end "
        "ended ending month months week weeks day date annual annually million millions billion billions thousand "
        "thousands m mm mn b bn k tn usd eur gbp dollar dollars euro euros pound pounds percent percentage "
        "approximately statement statements table filing document consolidated based provided context information "
        "data specifically respectively follow following calculate calculated change changed difference compare "
        "compared vs versus identify identified per line item earlier prior previous ago against"
    ).split()
)
"""Words in which a figure is reported, whatever it is of."""
HAS_DIGIT = re.compile(r"\d")
_GRAMMAR = frozenset(
    "a an the of in at for by as on with from to during per and was were is are be been has had have did do does it "
    "its their this that these those our we they which there according same also while about so then thus therefore "
    "hence here where whereas versus vs".split()
)
"""Function words that change nothing of what is said; the others may: not, only, down, all."""
_NET = re.compile(r",?\s+(?:net|less)(?:\s+(?:of|allowances?|accumulated)\b.*)?$", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:(?:operating|investing|financing) activities|supplemental(?: \w+){0,3}|less|plus|add)\s*:\s*(?=\w)",
    re.IGNORECASE,
)
_NOTE_MARK = re.compile(r"(?<=\w)\s+\d{1,2}\)$|[¹²³⁴⁵⁶⁷⁸⁹*†]+$")
_AT_ITS_END = re.compile(r",?\s+at\s+(?:the\s+)?end\s+of\s+(?:the\s+)?(?:year|period|quarter)$", re.IGNORECASE)
TRAILING = re.compile(r"\b(?:last|past|trailing) (?:twelve|12) months\b|\bLTM\b|\bTTM\b", re.IGNORECASE)
_OF_A_WHOLE = re.compile(r"(?:in|as)?\s*(?:a )?(?:%|percent(?:age)?|per cent)(?:\s+of\s.*)?", re.IGNORECASE)
_PERIOD_WORDS = re.compile(
    r"\b(?:\d+|fifty-\w+|weeks?|months?|years?|quarters?|periods?|ended|ending|to|as|at|for|the|fiscal|financial)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"\b(?:change|increase|decrease|growth)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\n+/*×÷=;()]| [-–−] ")
_FISCAL = re.compile(r"\bFY\s?(?=(?:19|20)\d\d\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """Column `column` of the row that is candidate `index` of its pool."""

    index: int
    column: int


@dataclass(frozen=True, slots=True)
class Naming:
    """What a sentence names: its subject, its periods, and its stems as they are and with `with_line_items`.

    Without a year or period, those are of the previous sentence that has one, or of the question; where it has several,
    the one that the question has too. `years` are its own.
    A bare amount (`$12 million.`) is not `is_told`: it names what the question does. `turning` are the function words
    that change what is meant. `parts` are the texts between line breaks and operators, each as its stems in order.
    """

    subject: Subject
    periods: tuple[Period, ...]
    years: frozenset[str]
    words: frozenset[str]
    items: frozenset[str]
    is_told: bool
    turning: frozenset[str] = frozenset()
    parts: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, sentence: str, before: Sequence[str], question: str, *, also: str = "") -> Naming:
        """What a sentence names after those before it; `also` are words that it names besides its own."""
        sentence = with_prior_periods(sentence, before, question)
        years = Subject.of(sentence).years
        sentence = with_years_between(sentence)
        own = asked_periods(sentence)[0]
        asked = asked_periods(question)[0]
        earlier = next((found for each in reversed(before) if (found := asked_periods(each)[0])), asked)
        earlier = tuple(each for each in earlier if each in asked) if len(earlier) > 1 else earlier
        is_told = any(not HAS_DIGIT.search(each) and each not in REPORTING for each in content_stems(sentence))
        naming = f"{sentence if is_told else question}\n{also}"
        return cls(
            subject_of(sentence, before, question),
            own or (earlier if len(earlier) == 1 else ()),
            years,
            frozenset(content_stems(naming)),
            frozenset(content_stems(with_line_items(naming))),
            is_told,
            turning(naming),
            tuple(tuple(content_stems(with_line_items(part))) for part in parts_of_formula(naming)),
        )

    @property
    def named_years(self) -> frozenset[str]:
        """The years of its periods."""
        return frozenset(str(each.year) for each in self.periods if each.year)

    def has(self, text: str, *, but: frozenset[str] = frozenset()) -> bool:
        """Whether the sentence has all words of a text, or those of the line items in it."""
        return (
            set(content_stems(text)) - but <= self.words
            or set(content_stems(with_line_items(text))) - but <= self.items
        )

    def says(self, text: str) -> frozenset[int]:
        """The parts of the sentence in which the words of a text stand in a row."""
        wanted = [each for each in content_stems(with_line_items(text)) if each not in UNNAMED]
        return frozenset(
            number
            for number, part in enumerate(self.parts)
            for at in range(len(part) - len(wanted) + 1)
            if list(part[at : at + len(wanted)]) == wanted
        )


def turning(*texts: str) -> frozenset[str]:
    """The function words of some texts that change what is meant: *other*, *not*."""
    words = (word for text in texts for word in tokens(with_line_items(text)))
    return frozenset(word for word in words if word in STOPWORDS and word not in _GRAMMAR)


def parts_of_formula(text: str) -> list[str]:
    """What stands between line breaks, brackets and operators."""
    return _BETWEEN.split(text)


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


def row_of(index: int, pool: EvidencePool) -> Row:
    """The row that candidate `index` is."""
    row = pool.row(index)
    assert row is not None
    return row


def name_of(row: Row) -> str:
    """A row's label, without what stands in brackets, what it is net of, and the part of a statement it opens.

    Nor has it the mark of a footnote, `1)`.
    """
    label = _OPENING.sub("", _NOTE_MARK.sub("", without_brackets(row.label).strip()))
    return _NET.sub("", _AT_ITS_END.sub("", label))


def is_named(cell: Cell, naming: Naming, pool: EvidencePool) -> bool:
    """Whether a sentence names the cell's row in full, and identifies its column.

    In a table whose rows are periods, it names the column and identifies the row.
    """
    row = row_of(cell.index, pool)
    if is_of_periods(row):
        return _is_named_in_column(cell, row, naming, pool)
    if _is_of_another_section(row, naming):
        return False
    name = name_of(row)
    if not set(content_stems(name)) - UNNAMED:
        name = f"{row.section} {name}"
    if not set(content_stems(name)) - UNNAMED or not naming.has(name, but=UNNAMED):
        return False
    if _is_beside_a_period(row, cell.column) and not naming_stems(row.headings[cell.column]) <= naming.words:
        return False
    if _is_told_of_two_years(cell, row, naming, pool):
        return False
    named = _is_of_period(cell, row, naming, pool) or (
        not _is_of_more(cell, row, naming, pool) and _is_named_among(cell, row, naming)
    )
    return named and not _has_double(cell, naming, pool)


def is_called(cell: Cell, label: str, naming: Naming, pool: EvidencePool) -> bool:
    """Whether a formula calls the cell's row so, `total assets` of `income / total assets $500`, and no other rather.

    The label may be shorter than the row's name, or have words of what stands over it. `naming` identifies the column.
    """
    row = row_of(cell.index, pool)
    if is_of_periods(row) or _is_of_another_section(row, naming):
        return False
    said = naming_stems(asked_periods(label)[1])
    own, around = (
        naming_stems(f"{name_of(row)} {row.section}"),
        naming_stems(f"{pool.over(cell.index)} {' '.join(row.headings)}"),
    )
    is_total = not naming_stems(name_of(row))
    if not said or not said <= own | around or not (said & own or is_total):
        return False
    if TRAILING.search(label) and not TRAILING.search(row.headings[cell.column]):
        return False
    rivals = [
        len(said & naming_stems(f"{name_of(other)} {other.section}"))
        for index in range(len(pool))
        if index != cell.index and (other := pool.row(index)) is not None and _is_of_one_table(row, other)
        if pool.candidates[index].chunk is pool.candidates[cell.index].chunk
        and _states_another(other, row, cell.column)
        and not (_is_of_another_section(other, naming) or _is_named_rather(row, other, naming))
    ]
    is_rather = len(said & own) > max(rivals, default=0) or (is_total and not any(rivals))
    return is_rather and (_is_of_period(cell, row, naming, pool) or _is_named_among(cell, row, naming))


def naming_stems(text: str) -> frozenset[str]:
    """The stems of a text that tell one row from another."""
    found = content_stems(with_line_items(text))
    return frozenset(each for each in found if not HAS_DIGIT.search(each)) - UNNAMED - REPORTING


def rows_called(stems: frozenset[str], pool: EvidencePool) -> Iterator[int]:
    """The rows of a pool whose names have just these `naming_stems`; none for no stems."""
    for index in range(len(pool)):
        row = pool.row(index)
        if stems and row is not None and naming_stems(name_of(row)) == stems:
            yield index


def is_of_periods(row: Row) -> bool:
    """Whether a row is one of a table with a row for each period: it is called by a year or a date alone."""
    periods, rest = asked_periods(row.label)
    return len(periods) == 1 and not any(map(str.isalnum, rest)) and not any(asked_periods(h)[0] for h in row.headings)


def section_years(row: Row) -> frozenset[str]:
    """The years of a section that is nothing but a period: `52 weeks ended 28 September 2024`."""
    rest = _PERIOD_WORDS.sub("", asked_periods(row.section)[1])
    return frozenset() if any(map(str.isalnum, rest)) else Subject.of(row.section).years


def years_of(cell: Cell, pool: EvidencePool) -> frozenset[str]:
    """The years of a cell: of its heading, of a row that is called by a year, or of its section."""
    row = row_of(cell.index, pool)
    years = Subject.of(dated_heading(row, cell.column)).years
    return years or (Subject.of(row.label).years if is_of_periods(row) else section_years(row))


def line_of(cell: Cell, pool: EvidencePool) -> tuple[str, str, int]:
    """What a cell is a figure of, over several periods: a row; a column, where rows are periods; or both."""
    row = row_of(cell.index, pool)
    heading = row.headings[cell.column]
    if is_of_periods(row):
        return f"{row.section} {row.head}", heading, 0
    return (name_of(row), heading, 0) if section_years(row) else ("", "", cell.index)


def _is_of_another_section(row: Row, naming: Naming) -> bool:
    """Whether a row stands in the section of a year that the sentence does not name, though it names one."""
    years = naming.named_years
    return bool(years) and bool(section_years(row)) and not section_years(row) & years


def _is_named_rather(row: Row, other: Row, naming: Naming) -> bool:
    """Whether a sentence names a row in full, and another one not."""
    own, its = (set(content_stems(name_of(each))) - UNNAMED for each in (row, other))
    return bool(own) and own <= naming.words and not its <= naming.words


def _is_named_in_column(cell: Cell, row: Row, naming: Naming, pool: EvidencePool) -> bool:
    """Whether a sentence names the heading over a cell, the period of its row, and no other heading."""
    heading, quarters = without_brackets(row.headings[cell.column]), pool.cells.quarters(cell.index)
    own = naming_stems(heading)
    if not own or not own <= naming.words | naming.items:
        return False
    if not any(fits(asked, told_period(row.label), quarters) for asked in naming.periods):
        return False
    around = own | naming_stems(pool.over(cell.index))
    others = (naming_stems(each) - around for at, each in enumerate(row.headings) if at != cell.column)
    is_of_section = naming_stems(row.section) <= naming.words
    return (
        is_of_section and not any(each & naming.words for each in others) and not _is_told_elsewhere(cell, naming, pool)
    )


def _is_told_elsewhere(cell: Cell, naming: Naming, pool: EvidencePool) -> bool:
    """Whether another table whose rows are periods has another figure for a period, which the sentence may mean too.

    It does not where it has a word of what is over the one that is not over the other, and none the other way round.
    """
    row = row_of(cell.index, pool)
    heading, mine = naming_stems(without_brackets(row.headings[cell.column])), naming_stems(pool.over(cell.index))
    for index in range(len(pool)):
        other = pool.row(index)
        if other is None or index == cell.index or not is_of_periods(other):
            continue
        columns = [at for at, each in enumerate(other.headings) if naming_stems(without_brackets(each)) == heading]
        figures = {_telling_digits(other.values[at]) for at in columns} - {"", _telling_digits(row.values[cell.column])}
        its = naming_stems(pool.over(index))
        of_other = naming_stems(other.section) - naming_stems(row.section)
        is_apart = bool((mine - its) & naming.words) and not (its - mine) & naming.words
        is_apart = is_apart or (row.section != "" and bool(of_other) and not of_other & naming.words)
        if figures and told_period(other.label) == told_period(row.label) and not is_apart:
            return True
    return False


def _is_of_period(cell: Cell, row: Row, naming: Naming, pool: EvidencePool) -> bool:
    """Whether the column alone is of a period that the sentence names, as the document calls its quarters."""
    over = pool.over(cell.index)
    beside = [at for at in range(len(row.headings)) if _is_beside_a_period(row, at)]
    peers = [
        at for at in range(len(row.headings)) if (at in beside) is (cell.column in beside) and not row.is_empty(at)
    ]
    told = [told_period(dated_heading(row, at), over) for at in peers]
    own = told[peers.index(cell.column)]
    if not own.is_told or naming.subject.dateless.rivals(Subject.of(row.headings[cell.column]).dateless):
        return False
    quarters = pool.cells.quarters(cell.index)
    return (
        any(
            fits(asked, own, quarters) and not any(fits(asked, each, quarters) for each in told if each != own)
            for asked in naming.periods
        )
        and told.count(own) == 1
    )


def dated_heading(row: Row, column: int) -> str:
    """The heading of a column, or that of the period to its left whose it is."""
    return row.headings[column - 1 if _is_beside_a_period(row, column) else column]


def _is_told_of_two_years(cell: Cell, row: Row, naming: Naming, pool: EvidencePool) -> bool:
    """Whether a sentence says a quarter without its year, which another row of the name has of another year."""
    own, quarters = told_period(row.headings[cell.column]), pool.cells.quarters(cell.index)
    asked = [each for each in naming.periods if each.year is None and fits(each, own, quarters)]
    return bool(asked) and any(
        fits(each, period, quarters) and period != own
        for index in range(len(pool))
        if (other := pool.row(index)) is not None and index != cell.index and name_of(other) == name_of(row)
        for period in map(told_period, other.headings)
        for each in asked
    )


def _is_beside_a_period(row: Row, column: int) -> bool:
    """Whether a column is of the period to its left, as its heading repeats: `2024 | in % | 2023 | in %`."""
    heading = row.headings[column]
    same = [at for at, each in enumerate(row.headings) if each == heading]
    is_share = len(same) > 1 and _OF_A_WHOLE.fullmatch(heading) is not None
    return is_share and all(at > 0 and told_period(row.headings[at - 1]).is_told for at in same)


def _is_of_more(cell: Cell, row: Row, naming: Naming, pool: EvidencePool) -> bool:
    """Whether the column is of more than the part of a year that the sentence names: a quarter, a half, six months.

    A column with a year alone may be of the part that stands over the table: `Three Months Ended March 31,`.
    """
    over = pool.over(cell.index)
    told = told_period(row.headings[cell.column], over)
    if told.is_split and naming.periods and not any(each.is_split for each in naming.periods):
        return True
    around = asked_periods(over)[0] if told == Period(year=told.year) else ()
    is_of_part = any(each.is_part_of_year for each in (told, *around))
    return any(each.is_part_of_year for each in naming.periods) and told.is_told and not is_of_part


def _has_double(cell: Cell, naming: Naming, pool: EvidencePool) -> bool:
    """Whether another row of the chunk could be meant as well or rather, and states another figure.

    One whose longer name the sentence has in full is rather meant. Of two rows whose names differ by *total* alone, the
    sentence says which it means.
    """
    own, chunk = row_of(cell.index, pool), pool.candidates[cell.index].chunk
    others = [
        row
        for index in range(len(pool))
        if pool.candidates[index].chunk is chunk and index != cell.index
        if (row := pool.row(index)) is not None and _states_another(row, own, cell.column)
    ]
    others = [
        each
        for each in others
        if not (
            _is_in_section(own, each, naming)
            or _is_turned(own, each, naming)
            or _is_in_table(own, each, naming)
            or (section_years(own) & naming.named_years and section_years(each) - section_years(own))
        )
    ]
    said = naming.says(name_of(own))
    if said:
        others = [each for each in others if said <= naming.says(name_of(each)) or name_of(each) == name_of(own)]
    elif any(_shares_a_word(own, each) and naming.says(name_of(each)) for each in others):
        return True
    if set(content_stems(name_of(own))) - UNNAMED <= naming.words:
        return any(_is_rather(name_of(own), name_of(each), naming.words) for each in others)
    return any(
        _is_rather(with_line_items(name_of(own)), with_line_items(name_of(each)), naming.items) for each in others
    )


def _states_another(other: Row, own: Row, column: int) -> bool:
    """Whether another row has a different figure where a row has its own: in its column, or under its heading.

    A chunk may have several tables, each with columns and a scale of its own: `84.3` is `84,300`.
    """
    heading = own.headings[column]
    period = told_period(heading, own.over)
    if _is_of_one_table(own, other):
        columns = [column]
    elif period.is_told:
        columns = [at for at, each in enumerate(other.headings) if told_period(each, other.over) == period]
    else:
        columns = [at for at, each in enumerate(other.headings) if each == heading]
    figures = {_telling_digits(other.values[at]) for at in columns if at < len(other.values)}
    return bool(figures - {"", _telling_digits(own.values[column])})


def _is_of_one_table(own: Row, other: Row) -> bool:
    return (other.head, other.headings) == (own.head, own.headings)


def _is_in_table(own: Row, other: Row, naming: Naming) -> bool:
    """Whether the sentence has a word of what is over a row's table that is not over that of another row."""
    mine, its = (set(content_stems(each.over)) - REPORTING for each in (own, other))
    return not _is_of_one_table(own, other) and bool((mine - its) & naming.words) and not (its - mine) & naming.words


def _telling_digits(value: str) -> str:
    return "".join(filter(str.isdigit, value)).strip("0")


def _shares_a_word(own: Row, other: Row) -> bool:
    mine, its = (set(content_stems(with_line_items(name_of(each)))) - UNNAMED for each in (own, other))
    return bool(mine & its) and not mine <= its


def _is_turned(own: Row, other: Row, naming: Naming) -> bool:
    """Whether another row's name has a function word that turns it, which the sentence has not: *other*."""
    return not turning(name_of(other)) <= naming.turning | turning(name_of(own))


def _is_in_section(own: Row, other: Row, naming: Naming) -> bool:
    """Whether the sentence names the section of a row, which is not that of another row of the same name.

    `Current assets` is not `Non-current assets`, unless the sentence says so.
    """
    mine, its = set(content_stems(own.section)), set(content_stems(other.section))
    tells_apart = bool(mine - its) or bool(its - mine and not (its - mine) & naming.words)
    return tells_apart and bool(mine) and name_of(own) == name_of(other) and naming.has(own.section)


def _is_rather(name: str, other: str, said: frozenset[str]) -> bool:
    """Whether a sentence may mean the other name as well as the first, or rather."""
    label, rival = set(content_stems(name)), set(content_stems(other))
    core = label - UNNAMED
    if core < rival - UNNAMED <= said:
        return True
    return rival - UNNAMED == core and not (rival & TOTALS != label & TOTALS == said & TOTALS)


def _is_named_among(cell: Cell, row: Row, naming: Naming) -> bool:
    """Whether the sentence names a heading apart from its neighbours; where there are none, nothing has to be named."""
    own = row.headings[cell.column]
    others = [each for at, each in enumerate(row.headings) if at != cell.column]
    if _CHANGE.search(own) and not any(map(_CHANGE.search, others)) and naming.words & (RISES | FALLS):
        return True
    heading, subject = Subject.of(own), naming.subject
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
    return bool(distinct) and distinct <= naming.words and heading.years <= subject.years


def tells_change(cell: Cell, pool: EvidencePool) -> bool:
    """Whether a cell is a percentage in a column of changes."""
    row = row_of(cell.index, pool)
    return _CHANGE.search(row.headings[cell.column]) is not None and "%" in (
        row.values[cell.column] + row.headings[cell.column]
    )


def _words(text: str) -> list[str]:
    """The stems of a heading, without numbers and what stands in brackets."""
    return [each for each in content_stems(without_brackets(text)) if not HAS_DIGIT.search(each)]
