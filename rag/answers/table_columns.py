"""What the numbers of a table column are: identifiers, years, counts of a thing, or amounts. English only.

Identifiers and years are never added up. A question for how many there are of a thing is answered from a column that
counts the thing, from the number of rows, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from rag.text import content_stems, currency_of, plain, quantities, stem, tokens, uniform, units_in

_COUNTED = re.compile(r"\bhow many\b|\b(?:number|count) of\b", re.IGNORECASE)
_IDENTIFIER = re.compile(
    r"(?:^|[\s_])(?:ids?|no\.|nr\.?|#)$|\w[\s_]+no$|\bcode$|(?<!total)(?<!^)[\s_]number$|[a-z]I[dD]$", re.IGNORECASE
)
_YEARS = re.compile(r"(?:fiscal |financial )?years?|FY", re.IGNORECASE)
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_OF_NOTHING_NAMED = re.compile(r"(?:total )?(?:counts?|number|quantity|qty\.?)", re.IGNORECASE)
_WHOLE = re.compile(r"\d+")
_FEWEST_NUMBERED = 3
_SKIPPED = frozenset("the of all different distinct separate".split())


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its position, its heading and its cells in the rows that sum up no others.

    `things` are the words that tell what a row of the table is: those of its file name and its title.
    """

    at: int
    heading: str
    cells: tuple[str, ...]
    things: frozenset[str]

    @property
    def is_identifying(self) -> bool:
        """Whether its cells number or name things or years, so that nothing can be worked out from them."""
        if _YEARS.fullmatch(self.heading) and all(_YEAR.fullmatch(cell) for cell in self.cells):
            return True
        return bool(_IDENTIFIER.search(self.heading.strip())) or (self._ascends and self._is_of_rows)

    @property
    def _ascends(self) -> bool:
        """Whether each cell is a whole number above that of the row before."""
        numbers = [int(cell) for cell in self.cells if _WHOLE.fullmatch(cell)]
        rows_enough = len(numbers) == len(self.cells) >= _FEWEST_NUMBERED
        return rows_enough and all(one < next_one for one, next_one in pairwise(numbers))

    @property
    def _is_of_rows(self) -> bool:
        """Whether it is the first column, counts on by one, or has one thing for a heading where the file has many."""
        counts_on = all(int(next_one) - int(one) == 1 for one, next_one in pairwise(self.cells))
        return self.at == 0 or counts_on or any(_is_plural(thing, self.heading) for thing in self.things)

    @property
    def distinguishes(self) -> bool | None:
        """False where every row has another cell, so that the rows can be counted instead; None where cells repeat."""
        return False if len(set(self.cells)) == len(self.cells) else None

    @property
    def counts_something(self) -> bool:
        """Whether its heading says that it counts, but not what: `Count`."""
        return bool(_OF_NOTHING_NAMED.fullmatch(self.heading.strip()))

    def names(self, counted: Sequence[str]) -> bool:
        """Whether its heading names a thing that is counted."""
        return bool({stem(word) for word in counted} & set(content_stems(self.heading)))

    def counts(self, counted: Sequence[str]) -> bool | None:
        """Whether its numbers count a thing that its heading names, in the plural or as a unit; None if unclear.

        Where they do not, the rows do: each has its own identifier, or an amount of money.
        """
        measured = units_in(" ".join(counted))
        if measured and measured <= units_in(self.heading):
            return True
        units = {each.unit for cell in self.cells for each in quantities(plain(uniform(cell), counts_one=False))}
        if self.is_identifying:
            return self.distinguishes
        if any(map(currency_of, units | units_in(self.heading))):
            return False
        is_many = bool(set(counted) & set(tokens(self.heading)))
        return True if is_many and all(_WHOLE.fullmatch(cell.replace(",", "")) for cell in self.cells) else None


def counted_in(question: str) -> tuple[str, ...]:
    """The words of what a question counts: `unpaid loans` of `how many unpaid loans does Lia have`."""
    found = _COUNTED.search(question)
    after = tokens(question[found.end() :]) if found else []
    return tuple(takewhile(content_stems, _without_first(after)))


def _without_first(words: Sequence[str]) -> Iterator[str]:
    start = next((at for at, word in enumerate(words) if word not in _SKIPPED), len(words))
    yield from words[start:]


def _is_plural(thing: str, heading: str) -> bool:
    words = tokens(heading)
    return len(words) == 1 and thing != words[0] and stem(thing) == stem(words[0]) and thing.endswith("s")
