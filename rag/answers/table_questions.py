"""Questions about many rows of a table: lists, counts, sums, averages and extremes.

They are answered by code over all rows of the table, or refused, because a part of the rows is not an answer. English
only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rag.answers.conditions import Conditions, conditions_of, number_of
from rag.answers.table_columns import Column, counted_in
from rag.evidence import Table, TableRow, quotes_of
from rag.text import base, content_stems, stem, tokens
from rag.types import Verdict

Kind = Literal["list", "count", "sum", "mean", "largest", "smallest"]
MOST_LISTED = 30
_MOST_TERMS = 12
_SHARED_BEGINNING = 3
_UNIT = re.compile(r"[\d\s.,'’()+−–-]")
"""What is left of a cell without these is its unit."""
_SUMMARY = re.compile(r"\W*(?:sub-?totals?|grand totals?|totals?|sum|average|mean)\b", re.IGNORECASE)
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("mean", re.compile(r"\b(?:average|mean)\b", re.IGNORECASE)),
    (
        "largest",
        re.compile(
            r"\b(?:largest|biggest|highest|greatest|most expensive|the most \w*[^\W\du]s|maximum(?! of)|longest|"
            r"heaviest)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "smallest",
        re.compile(
            r"\b(?:smallest|lowest|(?<!at )least|fewest|cheapest|minimum(?! of)|shortest|lightest)\b", re.IGNORECASE
        ),
    ),
    ("sum", re.compile(r"\b(?:total|sum of)(?: (?:the|all))* (?:count|quantity|qty)s?\b", re.IGNORECASE)),
    ("count", re.compile(r"\bhow many\b|\b(?:number|count) of\b", re.IGNORECASE)),
    ("sum", re.compile(r"\b(?:totals?|sum|altogether|in all|adds? up)\b", re.IGNORECASE)),
    (
        "list",
        re.compile(r"\blist\b|\ball\b|\bevery\b|\bwhich (?!is\b|was\b|does\b|has\b)\w+s\b", re.IGNORECASE),
    ),
)
_PREDICATE = re.compile(
    r"\W*(?:which|what) (?:[\w-]+ ){1,3}?"
    r"(?:is|are|was|were|has|have|had|can|could|may|might|must|should|will|do|does|did|need|needs) (?P<said>.+)",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(
    r"\b(?:largest|biggest|highest|greatest|longest|heaviest|smallest|lowest|shortest|lightest) (?P<thing>\w+)",
    re.IGNORECASE,
)
_ASKING = frozenset(
    "list all every which show give tell me name average mean largest biggest highest greatest most expensive maximum "
    "longest heaviest smallest lowest least fewest cheapest minimum shortest lightest total totals sum altogether "
    "add up many much number count amount value column columns entries entry rows row records record lines line "
    "there make made please".split()
)
_ROWS = frozenset("row rows entry entries record records line lines".split())
_COLUMN = frozenset(["column", "columns"])
_OF_COLUMNS = frozenset("name number count amount value entries entry record records".split())
"""Words of asking that name a column after the word `column`."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows that a question selects, the cells and conditions (by heading) that select them, and their words.

    `conditions` also holds the rest of the question.
    """

    table: Table
    rows: tuple[TableRow, ...]
    by: tuple[tuple[str, str], ...]
    words: frozenset[str]
    conditions: Conditions

    @property
    def named(self) -> str:
        """What the rows have in common, in words: ` with payee Meridian Supplies and with amount above 100`."""
        return " and".join(f" with {heading.lower()} {value}" for heading, value in self.by)


def kind_of(question: str) -> Kind | None:
    """What a question asks of many rows; None for a question about one fact."""
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), None)


def named_rows(question: str, table: Table) -> Selection:
    """The rows whose cells the question names and that meet its conditions; without rows that sum up others."""
    single = [row for row in table.rows if not _SUMMARY.match(row.cells[0])]
    columns = [(heading, [row.cells[at] for row in single]) for at, heading in enumerate(table.headings)]
    conditions = conditions_of(question, columns)
    by, words = _filters(tokens(conditions.rest), table.headings, single)
    rows = tuple(
        row
        for row in single
        if all(tokens(row.cells[column]) in [tokens(value) for value in values] for column, values in by)
        and all(each.holds(row.cells[each.column]) for each in conditions.found)
    )
    named = [(table.headings[column], " or ".join(values)) for column, values in by]
    named += [(table.headings[at], said) for at, said in conditions.spoken]
    return Selection(table, rows, tuple(named), frozenset(words), conditions)


def is_understood(chosen: Selection) -> bool:
    """Whether every word of the question is a question word, of a heading, of a named cell, or of the file name.

    Words of its conditions count too; any other word could exclude rows.
    """
    if chosen.conditions.leaves_out:
        return False
    table, page = chosen.table, chosen.table.rows[0].page
    asking = _ASKING - _OF_COLUMNS if _COLUMN & set(tokens(chosen.conditions.rest)) else _ASKING
    known = {*asking, *chosen.words, *tokens(" ".join((*table.headings, page.filename, page.title)))}
    stems = {stem(word) for word in known}
    asked = [word for word in tokens(chosen.conditions.rest) if content_stems(word)]
    return all(
        stem(word) in stems or _is_akin(stem(word), stems) or _is_akin(stem(base(word)), stems) for word in asked
    )


def selects_by_column(question: str, headings: Iterable[str]) -> bool:
    """Whether a question selects rows by a column without a value of it: `Which parts are out of stock?`"""
    predicate = _PREDICATE.match(question)
    said = content_stems(predicate["said"]) if predicate else ()
    known = {each for heading in headings for each in content_stems(heading)}
    return any(_is_akin(each, known) for each in said)


def is_of_other_things(kind: Kind, question: str, chosen: Selection) -> bool:
    """Whether a table is of other things than are asked for.

    It may count them, as a column `Clocks` does for the smallest clock, or only its title may name them.
    """
    if kind == "count":
        return _is_of_title(counted_in(question), chosen)
    asked = _SUPERLATIVE.search(question) if kind in ("largest", "smallest") else None
    said = asked["thing"].lower() if asked else ""
    return any(
        heading.lower() != said and heading.lower().endswith("s") and content_stems(heading) == content_stems(said)
        for heading in (chosen.table.headings if said else ())
    )


def names_column(question: str, chosen: Selection) -> bool:
    """Whether a question names a column of amounts."""
    said = set(content_stems(question))
    amounts = (column for column in _numeric(chosen) if not column.is_identifying)
    return any(said & set(content_stems(column.heading)) for column in amounts)


def answer(kind: Kind, question: str, chosen: Selection) -> list[Verdict]:
    """The answer as verdicts, computed over all rows; empty if it cannot be computed."""
    if kind == "list":
        return [_as_told(chosen.table, row) for row in chosen.rows]
    if kind == "count":
        return _count(question, chosen)
    column = _column_asked(question, chosen)
    if column is None:
        return []
    if kind in ("largest", "smallest"):
        return [_extreme(kind, column, chosen)]
    return [_total(kind, column, chosen)]


def _count(question: str, chosen: Selection) -> list[Verdict]:
    """The number of rows, or the sum of the column that counts what is asked for; none if it may be something else."""
    counted = counted_in(question)
    if set(counted[:1]) & _ROWS:
        return [_counted(chosen)]
    named = [column for column in _columns(chosen) if column.names(counted)]
    numeric = {column.at for column in _numeric(chosen)}
    counts = [column.counts(counted) if column.at in numeric else column.distinguishes for column in named]
    conditioned = {each.column for each in chosen.conditions.found}
    unnamed = [column for column in _numeric(chosen) if column.counts_something and column.at not in conditioned]
    if None in counts or counts.count(True) > 1 or unnamed:
        return []
    if True in counts:
        at = named[counts.index(True)].at
        return [] if at in conditioned else [_total("count", at, chosen)]
    return [_counted(chosen)]


def _is_of_title(counted: Sequence[str], chosen: Selection) -> bool:
    """Whether only a title that says more than what is counted has it: a page on a museum of clocks lists no clocks."""
    page = chosen.table.rows[0].page
    title, asked = set(content_stems(page.title)), set(content_stems(" ".join(counted)))
    elsewhere = set(content_stems(" ".join((*chosen.table.headings, page.filename)))) | set(map(stem, chosen.words))
    return bool(asked & title) and bool(title - asked) and asked.isdisjoint(elsewhere)


def _counted(chosen: Selection) -> Verdict:
    there = "There is" if len(chosen.rows) == 1 else "There are"
    told = f"{there} {_rows(chosen)}{chosen.named}."
    return _verdict(told, chosen.rows, formula=f"count of rows = {len(chosen.rows)}")


def _extreme(kind: Kind, column: int, chosen: Selection) -> Verdict:
    numbers = [number_of(row.cells[column]) for row in chosen.rows]
    best = (max if kind == "largest" else min)(number for number in numbers if number is not None)
    those = [row for row, number in zip(chosen.rows, numbers, strict=True) if number == best]
    said = f"The {kind} {chosen.table.headings[column].lower()}{chosen.named} is {those[0].cells[column]}"
    told = "; ".join(_spoken(chosen.table, row) for row in those)
    values = _joined([row.cells[column] for row in chosen.rows], "; ")
    return _verdict(f"{said} ({told}), of {_rows(chosen)}.", those, formula=f"{kind} of {values}")


def _total(kind: Kind, column: int, chosen: Selection) -> Verdict:
    terms = [row.cells[column] for row in chosen.rows]
    heading, rows = chosen.table.headings[column].lower(), f"{_rows(chosen)}{chosen.named}"
    total = sum((number_of(term) or Decimal(0) for term in terms), Decimal(0))
    if kind == "mean":
        mean = _like(terms[0], (total / len(terms)).quantize(Decimal("0.01")))
        formula = f"({_joined(terms, ' + ')}) / {len(terms)}"
        return _verdict(f"The average {heading} of the {rows} is {mean}.", chosen.rows, formula=formula)
    adds = "adds" if len(terms) == 1 else "add"
    said = f"The {rows} {adds} up to {_like(terms[0], total)} ({heading})."
    return _verdict(said, chosen.rows, formula=_joined(terms, " + "))


def _rows(chosen: Selection) -> str:
    return "1 row" if len(chosen.rows) == 1 else f"{len(chosen.rows)} rows"


def _like(cell: str, number: Decimal) -> str:
    """A number with the unit of a cell, where the cell has it: `$5` or `5 kg`."""
    unit = _UNIT.sub("", cell)
    return f"{unit}{number:,}" if unit and cell.startswith(unit) else f"{number:,} {unit}".rstrip()


def _filters(
    said: Sequence[str], headings: Sequence[str], rows: Sequence[TableRow]
) -> tuple[list[tuple[int, list[str]]], set[str]]:
    """By column, the cells of it that the question has word for word, the longest; and the words of these cells.

    Several of one column are several only where none lies within another.
    """
    found, used = [], set[str]()
    for column in range(len(headings)):
        cells = {row.cells[column] for row in rows}
        named = [cell for cell in cells if (words := tokens(cell)) and _contains(said, words)]
        longest = [cell for cell in named if not any(_is_within(cell, other) for other in named)]
        new = sorted(cell for cell in longest if not used >= set(tokens(cell)))
        if new:
            found.append((column, new))
            used |= {word for cell in new for word in tokens(cell)}
    return found, used


def _is_within(cell: str, other: str) -> bool:
    return tokens(cell) != tokens(other) and _contains(tokens(other), tokens(cell))


def _contains(said: Sequence[str], words: Sequence[str]) -> bool:
    return any(list(said[at : at + len(words)]) == list(words) for at in range(len(said) - len(words) + 1))


def _is_akin(asked: str, known: Iterable[str]) -> bool:
    """Whether a stem is the beginning of a known one, or the other way round: `paid` has the stem of `payments`."""
    return any(
        min(len(asked), len(each)) >= _SHARED_BEGINNING and (each.startswith(asked) or asked.startswith(each))
        for each in known
    )


def _columns(chosen: Selection) -> list[Column]:
    page = chosen.table.rows[0].page
    things = frozenset(tokens(f"{page.filename} {page.title}"))
    single = [row.cells for row in chosen.table.rows if not _SUMMARY.match(row.cells[0])]
    return [
        Column(at, heading, tuple(cells[at] for cells in single), things)
        for at, heading in enumerate(chosen.table.headings)
    ]


def _numeric(chosen: Selection) -> list[Column]:
    """The columns of numbers in one unit, as far as the rows selected go."""
    return [
        column
        for column in _columns(chosen)
        if all(number_of(row.cells[column.at]) is not None for row in chosen.rows)
        and len({_UNIT.sub("", row.cells[column.at]) for row in chosen.rows}) == 1
    ]


def _column_asked(question: str, chosen: Selection) -> int | None:
    """The column of amounts in one unit that a question is about: the one that it names, or the only one."""
    amounts = [column for column in _numeric(chosen) if not column.is_identifying]
    said = set(content_stems(question))
    named = [column for column in amounts if said & set(content_stems(column.heading))]
    if len(named) == 1:
        return named[0].at
    return amounts[0].at if len(amounts) == 1 else None


def _joined(terms: Sequence[str], mark: str) -> str:
    if len(terms) <= _MOST_TERMS:
        return mark.join(terms)
    return f"{mark.join(terms[:_MOST_TERMS])}{mark}… ({len(terms)} values)"


def _spoken(table: Table, row: TableRow) -> str:
    told = zip(table.headings, row.cells, strict=True)
    return ", ".join(f"{heading}: {cell}" if heading else cell for heading, cell in told if cell)


def _as_told(table: Table, row: TableRow) -> Verdict:
    return Verdict(f"- {_spoken(table, row)}", 1.0, supported=True, evidence=quotes_of([row]))


def _verdict(text: str, rows: Sequence[TableRow], *, formula: str = "") -> Verdict:
    formulas = (formula,) if formula else ()
    return Verdict(text, 1.0, supported=True, evidence=quotes_of(rows), formulas=formulas)
