"""A claim as every check sees it, prepared once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from rag.evidence import Calculation, Claim, EvidencePool, Ground, Support, calculations, missing_numbers, rows_told
from rag.types import Evidence
from rag.verification.checks.features import features_of, recall_of_best, window_for

_TELLS_OTHERWISE = 0.5


@dataclass(frozen=True)
class PreparedClaim:
    """A sentence to be verified, the sentences of its pool that were chosen for it, and what is measured of both.

    `text` is what is shown and `claim` what is verified: the same with its first pronoun replaced. `before` are the
    sentences that stand before it. Everything costly is made once, when a check first asks for it.
    """

    text: str
    claim: str
    pool: EvidencePool
    support: Support
    formulas_written: tuple[str, ...] = ()
    before: tuple[str, ...] = ()

    @cached_property
    def quotes(self) -> tuple[Evidence, ...]:
        """The chosen sentences as evidence, best first."""
        return self.pool.quotes(self.support.chosen)

    @cached_property
    def sentences(self) -> list[str]:
        """The words of the chosen sentences, rows of tables as they are read."""
        return [self.pool.reading(index) for index in self.support.chosen]

    @cached_property
    def grounds(self) -> list[Ground]:
        """The facts of the chosen sentences."""
        return [self.pool.ground(index) for index in self.support.chosen]

    @property
    def formulas(self) -> tuple[str, ...]:
        """How each of its numbers that stands in no quote follows from numbers that do."""
        return (*self.formulas_written, *(each.formula for each in self.calculations))

    @cached_property
    def calculations(self) -> tuple[Calculation, ...]:
        """The numbers of an English claim that follow from numbers of the chosen sentences."""
        if not self.support.missing_numbers or self.pool.language != "en":
            return ()
        return calculations(self.claim, self.support.claim, self.sentences, self.grounds)

    @cached_property
    def facts(self) -> Claim:
        """What the chosen sentences must state of the claim: its facts, without the numbers that follow from them."""
        computed = {each.result for each in self.calculations}
        stated = self.support.claim
        return replace(stated, quantities=tuple(each for each in stated.quantities if each not in computed))

    @cached_property
    def missing_numbers(self) -> tuple[str, ...]:
        """Numbers, dates, units and identifiers that no chosen sentence states and no calculation gives."""
        return missing_numbers(self.facts, self.grounds) if self.calculations else self.support.missing_numbers

    @cached_property
    def rows_told(self) -> tuple[int, ...]:
        """The rows of tables of which the claim tells cells, where it says nothing else."""
        if self.missing_numbers or self.formulas_written:
            return ()
        operands = [operand for each in self.calculations for operand in each.operands]
        return rows_told(self.claim, self.facts, self.support.chosen, self.pool, operands=operands, before=self.before)

    @cached_property
    def features(self) -> Mapping[str, float]:
        """What code measures of the claim, by name."""
        return features_of(self.claim, replace(self.support, missing_numbers=self.missing_numbers), self.pool)

    @cached_property
    def window(self) -> str:
        """What a reader reads beside the claim."""
        return window_for(self.claim, self.support, self.pool)

    @cached_property
    def best_recall(self) -> float:
        """How much of the claim's words the chosen sentence with most of them has; 0..1."""
        return recall_of_best(self.claim, self.support, self.pool)

    @property
    def nearest(self) -> int | None:
        """The chosen sentence that says most of the claim, where one says half of it or more."""
        return self.support.chosen[0] if self.best_recall >= _TELLS_OTHERWISE else None
