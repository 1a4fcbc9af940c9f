"""A table row read with its headings: its label, and each value under its column heading.

A row alone (`Net sales | 11,303 | 11,503`) states neither year nor unit. The rest of its table does: captions and
units, column headings, and the heading of its section.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rag.evidence.table_lines import YEARS, Line, header_and_body, lines_over
from rag.text import BAR, cells_in, declared_scale, has_values, is_blank, is_rule, is_value, told_period, units_in
from rag.types import Chunk

_BRACKETED = re.compile(r"\(.*\)")
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_DESIGNATION = re.compile(r"\d{1,4}[A-Za-z]?|[A-Z]\d{0,3}")
_EXCEPTED = re.compile(r"\bexcept\b.*", re.IGNORECASE)
_TOTAL = re.compile(r"totals?\b", re.IGNORECASE)
_MINOR = re.compile(r"\((?:p|c|ct|pence|cents?|øre|öre)\)|\b(?:pence|cents)\b|\dp\b", re.IGNORECASE)
"""Amounts in a hundredth of the currency."""
_OF_UNITS = re.compile(r"(?:units?|in)?", re.IGNORECASE)
_NUMBER_OF = re.compile(r"number|no\.?|#|count|['’]?000s?", re.IGNORECASE)
_LONGEST_UNIT = 20
_YEAR_AT_END = re.compile(r"(?P<name>.*[^\W\d_][^,]*?),?\s+(?:FY\s?)?(?P<year>(?:19|20)\d\d)")
_OF_ANOTHER_YEAR = re.compile(
    r"\b(?:in|from|since|to|until|by|on|vs|of|due|maturing|before|after|than)\s+(?:FY\s?)?(?:19|20)\d\d$", re.IGNORECASE
)
_CAPTION = re.compile(r"#{1,6}\s+(?P<text>.+?)[\s#]*")
_DIGIT = re.compile(r"\d")
_AMOUNT = re.compile(r"[(−–-]?\s?[$€£¥]?\s?[(−–-]?\d[\d.,]*\)?")
_CURRENCY = re.compile(r"(?:[A-Z]{1,3})?[$€£¥](?=\s*\(?\d)")
_SPACE_AFTER_CURRENCY = re.compile(r"([$€£¥])\s+(?=[\d(])")
_NO_MONEY = re.compile(r"\bper\b|\bshares?\b|%|\bpercent|\brat(?:e|io)s?\b|\bnumber\b|\bdays?\b", re.IGNORECASE)
_OF_SHARES = re.compile(r"%|\bpercent|\bchange|\bshare\b|\bvs\b", re.IGNORECASE)
_SPAN = re.compile(r"\b(?:months?|quarters?|weeks?)\b", re.IGNORECASE)
_DECLARED = re.compile(r"\((?:[\w.$€£ ]{1,20} )?in (?:thousands|millions|billions)\b[^()]*\)", re.IGNORECASE)
_MARGIN = re.compile(r"\bmargin", re.IGNORECASE)
_EMPTY = frozenset(["", "-", "–", "—", "−", "n/a", "N/A", "*", "$", "€", "£", "%"])


@dataclass(frozen=True, slots=True)
class Row:
    """A table row: `values[i]` is under `headings[i]`, which is empty if there is no heading.

    `over` are the parts of the table above the row that belong to no single column: captions, units and the section,
    which is also in `section`: the nearest line above without values. `head` is the position of the table's header in
    the text of the chunk; None if the chunk does not contain it. `currency` is the currency sign of the rows above, if
    they share one: financial tables print it once. It is empty for a row that states no money, as far as its label and
    values say.
    """

    label: str
    values: tuple[str, ...]
    headings: tuple[str, ...]
    over: str
    section: str = ""
    head: tuple[int, int] | None = None
    currency: str = ""

    @property
    def spoken(self) -> str:
        """The row in words: `Net sales, 2020: 11,303; 2019: 11,503`."""
        said = [f"{head}: {value}" if head else value for head, value in zip(self.headings, self.values, strict=True)]
        return ", ".join(part for part in (self.label, "; ".join(said)) if part)

    @property
    def designated(self) -> str:
        """The row in words, after its number or letter with the name of that column: `Step 2`."""
        if not _DESIGNATION.fullmatch(self.label):
            return self.spoken
        return ". ".join((*(f"{head} {self.label}" for head in self.over.splitlines()), self.spoken))

    def is_empty(self, column: int) -> bool:
        """Whether a cell of the row has no value: nothing, a dash, `n/a`."""
        return self.values[column] in _EMPTY or is_blank(self.values[column])

    def told(self, over: str, columns: Collection[int] | None = None) -> str:
        """The row, or the given columns, in words: `Net sales, 2022: $82,959 million`.

        `over` is everything above the row; amounts of money get the scale that it declares.
        """
        label = f"{self.section.rstrip(':')}: {self.label}" if self.section and self.label else self.label
        scales = self.scales(over)
        told = []
        for at, (heading, value) in enumerate(zip(self.headings, self.values, strict=True)):
            if not self.is_empty(at) and (columns is None or at in columns):
                written = " ".join(filter(None, (_SPACE_AFTER_CURRENCY.sub(r"\1", value), scales[at])))
                told.append(f"{heading}: {written}" if heading else written)
        return ", ".join(part for part in (label, "; ".join(told)) if part)

    def scales(self, over: str) -> tuple[str, ...]:
        """The word for the scale of each value, such as `million`, as `over`, everything above the row, declares it.

        It is empty for what is no amount of money: shares, rates and counts, which captions except.
        """
        scale = declared_scale(_EXCEPTED.sub("", f"{over}\n{self.over}"))
        return tuple(
            scale if _is_amount(value, f"{self.section} {self.label} {heading}") else ""
            for heading, value in zip(self.headings, self.values, strict=True)
        )


def row_at(chunk: Chunk, start: int, end: int) -> Row | None:
    """The row `chunk.text[start:end]`; None where that is not a row with values, such as the table's own header."""
    line = chunk.text[start:end]
    cells = cells_in(line) if BAR in line and "\n" not in line.strip() else []
    if len(cells) < 2 or is_rule(line):  # noqa: PLR2004
        return None
    over = lines_over(chunk, start)
    header, body, ruled = header_and_body(over)
    wide = cells_in(line, apart=True)
    cells = wide if header and len(wide) == len(header[-1]) else cells
    if not (ruled or body or has_values(cells)):
        return None
    first = _first_value(cells, header)
    first += _has_unit_column(cells, header, first)
    label = _with_unit([cell for cell in cells[:first] if cell])
    read = _without_titles([_read(row, cells=len(cells), values=len(cells) - first) for row in header])
    section = _section(body)
    scale = _declared_before(chunk, over)
    dated = any(map(YEARS.search, section))  # then the years of captions above are those of other sections
    label, headings = _dated_headings(label, _headings([heads for _, heads in read], cells[first:]))
    return Row(
        label=label,
        values=tuple(cells[first:]),
        headings=headings,
        over="\n".join(
            [
                *_caption(chunk, over),
                *scale,
                *(name for name, _ in read if name and not (dated and YEARS.search(name))),
                *section,
            ]
        ),
        section="".join(section),
        head=_head(over, len(over) - len(body)),
        currency=_currency_of(label, cells[first:], body),
    )


def _has_unit_column(cells: Sequence[str], header: Sequence[Sequence[str]], first: int) -> bool:
    """Whether the first value of a row is the unit of the others, under no heading or `Unit`: `£m`, `000`, `%`."""
    if first >= len(cells) - 1 or not header or len(header[-1]) != len(cells):
        return False
    return _OF_UNITS.fullmatch(header[-1][first]) is not None and _is_unit(cells[first])


def _is_unit(cell: str) -> bool:
    if len(cell) > _LONGEST_UNIT or not cell:
        return False
    return _NUMBER_OF.fullmatch(cell) is not None or bool(units_in(cell) or declared_scale(f"({cell})"))


def _with_unit(cells: Sequence[str]) -> str:
    """A label of several cells; a unit among them stands in brackets."""
    return " ".join([*cells[:1], *(f"({each})" if _is_unit(each) else each for each in cells[1:])])


def _dated_headings(label: str, headings: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """A label without the year at its end, where that is of the quarters or months over the row: `Revenue 2024`."""
    dated = None if _OF_ANOTHER_YEAR.search(label) else _YEAR_AT_END.fullmatch(label)
    periods = [told_period(each) for each in headings]
    if dated is None or not all(each.is_told and each.year is None for each in periods):
        return label, headings
    return dated["name"], tuple(f"{each} {dated['year']}" for each in headings)


def _caption(chunk: Chunk, over: Sequence[Line]) -> list[str]:
    """The heading or caption right above a table: `### Table 4.2 Water supply, in 1,000 m³`."""
    start = over[0].start if over else None
    before = "" if start is None else chunk.text[:start].rstrip().rpartition("\n")[2]
    found = _CAPTION.fullmatch(before.strip())
    return [found["text"]] if found else []


def _currency_of(label: str, values: Sequence[str], body: Sequence[str]) -> str:
    """The currency sign of the rows above for the amounts of a row; empty if it has none but shares and rates."""
    amounts = [each for each in values if "%" not in each]
    said = " | ".join((label, *amounts))
    return "" if not amounts or _NO_MONEY.search(said) or _MINOR.search(said) else _currency(body)


def _currency(body: Sequence[str]) -> str:
    signs = {sign for line in body for sign in _CURRENCY.findall(line)}
    return f"(in {signs.pop()})" if len(signs) == 1 else ""


def _declared_before(chunk: Chunk, over: Sequence[Line]) -> list[str]:
    """`(in millions)` before a table whose own header declares no scale: in a sentence that leads in, or alone."""
    start = over[0].start if over else None
    if start is None or any(_DECLARED.search(line.text) for line in over):
        return []
    before = chunk.text[:start].rstrip().rpartition("\n")[2]
    declared = _DECLARED.search(before)
    return [declared[0]] if declared and (before.endswith(":") or declared[0] == before.strip("*_ ")) else []


def _head(over: Sequence[Line], rows: int) -> tuple[int, int] | None:
    """Where the first so many lines over a row stand, without white space around them; None if not in the chunk."""
    head = over[:rows]
    head = head[:-1] if head and is_rule(head[-1].text) else head
    if not head or head[0].start is None or head[-1].end is None:
        return None
    return head[0].start, head[-1].end


def without_brackets(label: str) -> str:
    """A label without what it has in brackets: a unit, a note, another name."""
    return _IN_BRACKETS.sub(" ", label)


def _first_value(cells: Sequence[str], header: Sequence[Sequence[str]]) -> int:
    """Where the values of a row begin: after the cells that name it; a table of words has one of these."""
    if header and len(header[-1]) == len(cells):
        return 1
    return next((at for at, cell in enumerate(cells) if at and (is_value(cell) or is_blank(cell))), 1)


def _read(row: Sequence[str], *, cells: int, values: int) -> tuple[str, Sequence[str]]:
    """What a row of the header says of the whole table, and its headings; a row of the table has so many cells.

    The first cell is no heading where it is the only one or stands over the rows' names, is empty or in brackets, or is
    the only one without a year.
    """
    if len(row) == cells:
        return " ".join(row[: cells - values]), row[cells - values :]
    alone = len(row) == 1 or not row[0] or _BRACKETED.fullmatch(row[0])
    undated = not YEARS.search(row[0]) and all(YEARS.search(cell) for cell in row[1:])
    return (row[0], row[1:]) if alone or undated else ("", row)


def _without_titles(read: Sequence[tuple[str, Sequence[str]]]) -> list[tuple[str, Sequence[str]]]:
    """The rows of a header, where one tells its columns by years: what has no figure at all is a title, no headings."""
    dated = {len(heads) for _, heads in read if len(set(heads)) > 1 and all(map(YEARS.search, heads))}
    return [
        (" ".join((name, *heads)).strip(), ()) if len(heads) in dated and _is_title(heads) else each
        for each in read
        for name, heads in (each,)
    ]


def _is_title(heads: Sequence[str]) -> bool:
    """Whether a row of a header tells no columns apart: no figures, and no headings over several columns each."""
    told, spans = " ".join(heads), "" in heads and len({*heads} - {""}) > 1
    return not (spans or _DIGIT.search(told) or _OF_SHARES.search(told) or _SPAN.search(told))


def _headings(rows: Sequence[Sequence[str]], values: Sequence[str]) -> tuple[str, ...]:
    """The heading of each value: of every row of the header, what stands over it, from the top down.

    A row counts where it has a heading for each value, or where each of several spans as many values as every other.
    Where it has neither, a last heading of the change stands over all the rest, or headings of shares and changes over
    the percentages and the others over the other values.
    """
    found: list[list[str]] = [[] for _ in values]
    for heads in [*map(_filled, rows[:-1]), *rows[-1:]]:
        for at, head in _over_values(heads, values):
            if head not in (*_EMPTY, *found[at]):
                found[at].append(head)
    told = [" ".join(parts) for parts in found]
    beside = any(value and not heading for heading, value in zip(told, values, strict=True))
    return tuple(_filled(told) if beside else told)


def _filled(heads: Sequence[str]) -> Sequence[str]:
    """Headings of a row over another one, each also over the empty cells after it."""
    if len(heads) < 2 or not heads[0]:  # noqa: PLR2004
        return heads
    return list(accumulate(heads, _head_or_last))


def _head_or_last(last: str, head: str) -> str:
    return head or last


def _over_values(heads: Sequence[str], values: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Which heading of a row stands over which value."""
    if heads and not len(values) % len(heads):
        yield from _spread(heads, range(len(values)))
        return
    if len(values) > len(heads) > 1 and [head for head in heads if _OF_SHARES.search(head)] == [heads[-1]]:
        yield from ((at, heads[min(at, len(heads) - 1)]) for at in range(len(values)))
        return
    shares = [at for at, value in enumerate(values) if value.rstrip(" )").endswith("%")]
    others = [at for at in range(len(values)) if at not in shares]
    of_shares = [head for head in heads if _OF_SHARES.search(head)]
    if shares and others:
        yield from _spread(of_shares, shares)
        yield from _spread([head for head in heads if head not in of_shares], others)


def _spread(heads: Sequence[str], places: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Each heading over as many of the places as every other; none where that does not come out even."""
    if heads and not len(places) % len(heads):
        span = len(places) // len(heads)
        yield from ((place, heads[at // span]) for at, place in enumerate(places))


def _is_amount(value: str, name: str) -> bool:
    """Whether a value of a row or column of that name is an amount of money."""
    value = _SPACE_AFTER_CURRENCY.sub(r"\1", value)
    is_share = _MARGIN.search(name) and "," not in value  # a margin may be an amount or a percentage
    return bool(_AMOUNT.fullmatch(value)) and not is_share and not _NO_MONEY.search(name)


def _section(body: Sequence[str]) -> list[str]:
    """The nearest line over the row that has no values of its own: `Current assets:`; none after its total."""
    for line in reversed(body):
        cells = [cell for cell in cells_in(line) if cell not in _EMPTY]
        if len(cells) == 1 and not is_value(cells[0]):
            return cells
        if _TOTAL.match(line.strip(" |")):
            return []
    return []
