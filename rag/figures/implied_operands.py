"""A text with the operands that it implies in the place of the numbers that follow from them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from rag.arithmetic import numbers_told
from rag.evidence import EvidencePool, claim_of
from rag.figures.calculation_claims import named_cell
from rag.figures.cell_claims import stated_numbers
from rag.figures.cell_naming import without_fiscal
from rag.figures.implied import Named
from rag.figures.row_changes import row_changes
from rag.figures.row_shares import row_shares


@dataclass(frozen=True, slots=True)
class WithImplied:
    """A text in which implied operands stand for what follows from them, with the formula of each.

    `told` says what the operands are of; `changed` are the words for the rises and falls.
    """

    text: str
    formulas: tuple[str, ...]
    told: tuple[str, ...]
    changed: frozenset[str]


def with_implied_operands(
    text: str, missing: Collection[str], before: Sequence[str], pool: EvidencePool
) -> WithImplied | None:
    """What a text tells, without those of its `missing` numbers that follow from cells; None if none of them does.

    `before` are the sentences before it. English only.
    """
    numbers = [each for each in numbers_told(text) if _is_among(each[0][0], missing)]
    if not numbers or pool.language != "en":
        return None
    named = list(_named(text, before, pool))
    found = sorted(
        (*row_changes(text, numbers, named, pool), *row_shares(text, numbers, named, pool)), key=attrgetter("start")
    )
    if not found:
        return None
    parts, done = [], 0
    for each in found:
        if each.start >= done:
            parts += [text[done : each.start], f"; {each.operand};"]
            done = each.end
    return WithImplied(
        "".join([*parts, text[done:]]),
        tuple(dict.fromkeys(each.formula for each in found)),
        tuple(dict.fromkeys(told for each in found for told in each.told)),
        frozenset[str]().union(*(each.changed for each in found)),
    )


def _named(text: str, before: Sequence[str], pool: EvidencePool) -> Iterator[Named]:
    """The numbers of a text that it names as cells."""
    sentence, earlier = without_fiscal(text), [without_fiscal(each) for each in before]
    for number in stated_numbers(sentence, claim_of(text, pool.language)):
        cell = named_cell(number, sentence, earlier, (), pool)
        if cell is not None:
            yield number, cell


def _is_among(number: str, missing: Collection[str]) -> bool:
    bare = number.strip()
    return any(bare.startswith(each) or each.startswith(bare) for each in missing)
