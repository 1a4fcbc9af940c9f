"""Questions about many rows of a table: which they are, how many, what they add up to, which is the largest.

They are answered by code over all rows of the table, or not at all: a few rows that were found are no answer to any of
them. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rag.evidence import Table, TableRow, is_value, quotes_of
from rag.text import content_stems, plain, quantities, stem, tokens, uniform
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
        re.compile(r"\b(?:largest|biggest|highest|greatest|most expensive|maximum|longest|heaviest)\b", re.IGNORECASE),
    ),
    ("smallest", re.compile(r"\b(?:smallest|lowest|least|cheapest|minimum|shortest|lightest)\b", re.IGNORECASE)),
    ("sum", re.compile(r"\b(?:totals?|sum|altogether|in all|adds? up)\b", re.IGNORECASE)),
    ("count", re.compile(r"\bhow many\b|\b(?:number|count) of\b", re.IGNORECASE)),
    (
        "list",
        re.compile(r"\blist\b|\ball\b|\bevery\b|\bwhich (?!is\b|was\b|does\b|has\b)\w+s\b", re.IGNORECASE),
    ),
)
_ASKING = frozenset(
    "list all every which show give tell me name average mean largest biggest highest greatest most expensive maximum "
    "longest heaviest smallest lowest least cheapest minimum shortest lightest total totals sum altogether add up many "
    "much number count amount value entries entry rows row records record there made please".split()
)


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows that a question is about, the cells by which it names them (heading and value), and their words."""

    table: Table
    rows: tuple[TableRow, ...]
    by: tuple[tuple[str, str], ...]
    words: frozenset[str]

    @property
    def named(self) -> str:
        """What the rows have in common, in words: ` with payee Meridian Supplies`."""
        return " and".join(f" with {heading.lower()} {value}" for heading, value in self.by)


def kind_of(question: str) -> Kind | None:
    """What a question wants of many rows; None where it asks for one fact."""
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), None)


def named_rows(question: str, table: Table) -> Selection:
    """The rows whose cells a question names, whatever else it says; rows that sum up others are left out."""
    by, words = _filters(tokens(question), table)
    rows = tuple(
        row
        for row in table.rows
        if all(tokens(row.cells[column]) == tokens(value) for column, value in by) and not _SUMMARY.match(row.cells[0])
    )
    named = tuple((table.headings[column], value) for column, value in by)
    return Selection(table, rows, named, frozenset(words))


def is_understood(question: str, chosen: Selection) -> bool:
    """Whether every word of a question is one that asks, a heading's, a cell's that it names, or the file's name."""
    table, page = chosen.table, chosen.table.rows[0].page
    known = {*_ASKING, *chosen.words, *tokens(" ".join((*table.headings, page.filename, page.title)))}
    stems = {stem(word) for word in known}
    return all(each in stems or _is_akin(each, stems) for each in content_stems(question))


def answer(kind: Kind, question: str, chosen: Selection) -> list[Verdict]:
    """The answer as verdicts, computed over all of the rows; none where it cannot be computed."""
    if kind == "list":
        return [_as_told(chosen.table, row) for row in chosen.rows]
    column = _column_asked(question, chosen, must_be_named=kind == "count")
    if kind == "count" and column is None:
        counted = f"count of rows = {len(chosen.rows)}"
        return [_verdict(f"There are {len(chosen.rows)} rows{chosen.named}.", chosen.rows, formula=counted)]
    if column is None:
        return []
    if kind in ("largest", "smallest"):
        return [_extreme(kind, column, chosen)]
    return [_total(kind, column, chosen)]


def _extreme(kind: Kind, column: int, chosen: Selection) -> Verdict:
    numbers = [_number(row.cells[column]) for row in chosen.rows]
    best = (max if kind == "largest" else min)(number for number in numbers if number is not None)
    those = [row for row, number in zip(chosen.rows, numbers, strict=True) if number == best]
    said = f"The {kind} {chosen.table.headings[column].lower()}{chosen.named} is {those[0].cells[column]}"
    told = "; ".join(_spoken(chosen.table, row) for row in those)
    values = _joined([row.cells[column] for row in chosen.rows], "; ")
    return _verdict(f"{said} ({told}), of {len(numbers)} rows.", those, formula=f"{kind} of {values}")


def _total(kind: Kind, column: int, chosen: Selection) -> Verdict:
    terms = [row.cells[column] for row in chosen.rows]
    heading, rows = chosen.table.headings[column].lower(), f"{len(terms)} rows{chosen.named}"
    total = sum((_number(term) or Decimal(0) for term in terms), Decimal(0))
    if kind == "mean":
        mean = _like(terms[0], (total / len(terms)).quantize(Decimal("0.01")))
        formula = f"({_joined(terms, ' + ')}) / {len(terms)}"
        return _verdict(f"The average {heading} of the {rows} is {mean}.", chosen.rows, formula=formula)
    return _verdict(
        f"The {rows} add up to {_like(terms[0], total)} ({heading}).", chosen.rows, formula=_joined(terms, " + ")
    )


def _like(cell: str, number: Decimal) -> str:
    """A number with the unit of a cell, where the cell has it: `$5` or `5 kg`."""
    unit = _UNIT.sub("", cell)
    return f"{unit}{number:,}" if unit and cell.startswith(unit) else f"{number:,} {unit}".rstrip()


def _filters(said: Sequence[str], table: Table) -> tuple[list[tuple[int, str]], set[str]]:
    """By column, the longest cell of it that the question has word for word; and the words of these cells."""
    found, used = [], set[str]()
    for column in range(len(table.headings)):
        cells = {row.cells[column] for row in table.rows}
        named = [cell for cell in cells if (words := tokens(cell)) and _contains(said, words)]
        if not named:
            continue
        longest = max(named, key=lambda cell: (len(tokens(cell)), cell))
        if not used >= set(tokens(longest)):
            found.append((column, longest))
            used |= set(tokens(longest))
    return found, used


def _contains(said: Sequence[str], words: Sequence[str]) -> bool:
    return any(list(said[at : at + len(words)]) == list(words) for at in range(len(said) - len(words) + 1))


def _is_akin(asked: str, known: Iterable[str]) -> bool:
    """Whether a stem is the beginning of a known one, or the other way round: `paid` has the stem of `payments`."""
    return any(
        min(len(asked), len(each)) >= _SHARED_BEGINNING and (each.startswith(asked) or asked.startswith(each))
        for each in known
    )


def _column_asked(question: str, chosen: Selection, *, must_be_named: bool) -> int | None:
    """The column of numbers in one unit that a question is about: the one that it names, or the only one."""
    numeric = [
        column
        for column in range(len(chosen.table.headings))
        if all(_number(row.cells[column]) is not None for row in chosen.rows)
        and len({_UNIT.sub("", row.cells[column]) for row in chosen.rows}) == 1
    ]
    said = set(content_stems(question))
    named = [column for column in numeric if said & set(content_stems(chosen.table.headings[column]))]
    if len(named) == 1:
        return named[0]
    return numeric[0] if len(numeric) == 1 and not must_be_named else None


def _number(cell: str) -> Decimal | None:
    """The one number that a cell is, with nothing but a unit beside it."""
    found = quantities(plain(uniform(cell), counts_one=False)) if is_value(cell) else []
    return found[0].value if len(found) == 1 else None


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
