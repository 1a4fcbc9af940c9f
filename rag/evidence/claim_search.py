"""What to search the documents for so that a claim may find its evidence, and which of the pages found may have it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rag.evidence.cell_index import CellIndex, prints_size
from rag.text import Quantity, digits_of, numbers_in, plain, quantities, uniform
from rag.types import Chunk, Hit

_YEAR = re.compile(r"(?:19|20)\d\d")
_TELLING_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Sought:
    """The numbers of a claim that tell a page from others, of these the ones `lacking` so far, and the rounded ones.

    A number may be printed in a pool without the row that the claim states, so all are searched for.
    """

    numbers: frozenset[str]
    lacking: frozenset[str]
    rounded: tuple[Quantity, ...]

    @classmethod
    def of(cls, claim: str, printed: Iterable[frozenset[str]], cells: CellIndex) -> Sought:
        """What to search for beside the numbers that are `printed` in a pool with these `cells`.

        Short numbers and years, which are on every page, are sought only where they are lacking.
        """
        told = numbers_in(claim)
        lacking = told.difference(*printed)
        telling = {each for each in told if len(each) >= _TELLING_DIGITS and not _YEAR.fullmatch(each)}
        amounts = [each for each in quantities(plain(uniform(claim), counts_one=False)) if each.magnitude != 1]
        rounded = [each for each in amounts if digits_of(each.text) in lacking and not cells.of(each)]
        return cls(lacking | telling, lacking, tuple(rounded))

    def pages(self, found: Sequence[Hit], around: Sequence[Hit]) -> list[Hit]:
        """The hits that print one of the numbers, those with most of them first; none if all are `around` already."""
        printed = [(numbers_in(hit.chunk.text), hit) for hit in found]
        printing = [
            (len(self.lacking & numbers), len(self.numbers & numbers), hit)
            for numbers, hit in printed
            if self.numbers & numbers or prints_size(hit.chunk.text, self.rounded)
        ]
        if all(_is_within(hit.chunk, [each.chunk for each in around]) for _, _, hit in printing):
            return []
        return [hit for _, _, hit in sorted(printing, key=lambda each: each[:2], reverse=True)]


def _is_within(chunk: Chunk, chunks: Collection[Chunk]) -> bool:
    return any(
        (each.document_id, each.page) == (chunk.document_id, chunk.page)
        and each.start <= chunk.start
        and chunk.end <= each.end
        for each in chunks
    )
