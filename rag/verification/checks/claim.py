"""A claim prepared for all checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rag.caching import cached_property
from rag.evidence import (
    Calculation,
    Claim,
    EvidencePool,
    Ground,
    Row,
    Support,
    calculations,
    claim_of,
    is_count_in_words,
    is_supposed,
    missing_names,
    missing_numbers,
)
from rag.figures import Operands, known_words, stated_operands, stated_rows
from rag.text import content_stems, is_initials, names_of_measures
from rag.types import Evidence
from rag.verification.checks.alignment import Aligned, near_copies
from rag.verification.checks.features import features_of, recall_of_best, window_for

_TELLS_OTHERWISE = 0.5


@dataclass(frozen=True)
class PreparedClaim:
    """A sentence to verify, the candidates of the pool selected as its evidence, and the features of both.

    `text` is shown; `claim` is verified, with the first pronoun replaced. `before` are the preceding sentences.
    `operands` are the facts of a written calculation without its results, and `changed` the words for the rise or fall
    that these follow for. `told` are the table rows that it was found to state. It `has_implied` operands if a number
    of it follows from a cell that it leaves out. Costly properties are computed once, on first use.
    """

    text: str
    claim: str
    pool: EvidencePool
    support: Support
    formulas_written: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    operands: Claim | None = None
    changed: frozenset[str] = frozenset()
    told: tuple[int, ...] = ()
    has_implied: bool = False

    def resting_on(self, rows: tuple[int, ...]) -> PreparedClaim:
        """The same claim with these table rows as its evidence, whose cells are its numbers (`stated_rows`)."""
        known = known_words(rows, self.pool) | (
            names_of_measures(self.claim) if self.operands is not None else frozenset()
        )
        told = (self.pool.question, *self.before, self.claim)
        names = tuple(
            name
            for name in missing_names(self.support.claim, [*map(self.pool.ground, rows), *self.grounds])
            if not set(content_stems(name)) <= known
            and not (self.operands is not None and any(is_initials(name, text) for text in told))
        )
        support = replace(self.support, chosen=rows, missing_numbers=(), missing_names=names)
        return replace(self, support=support, formulas_written=self.formulas, told=rows)

    @cached_property
    def quotes(self) -> tuple[Evidence, ...]:
        """The selected sentences as evidence, best first."""
        return self.pool.quotes(self.support.chosen)

    @cached_property
    def sentences(self) -> list[str]:
        """The texts of the selected sentences; table rows with their headings."""
        return [self.pool.reading(index) for index in self.support.chosen]

    @cached_property
    def grounds(self) -> list[Ground]:
        """The facts of the selected sentences."""
        return [self.pool.ground(index) for index in self.support.chosen]

    @property
    def rows(self) -> list[tuple[Row, str]]:
        """The selected table rows, and those that print a number of the claim, each with everything above it."""
        facts = self.operands or self.support.claim
        return self.pool.titled_rows((*self.support.chosen, *self.pool.cells.printing(facts.quantities)))

    @property
    def formulas(self) -> tuple[str, ...]:
        """The formula of each computed number, which no quote states."""
        return (*self.formulas_written, *(each.formula for each in self.calculations))

    @cached_property
    def calculations(self) -> tuple[Calculation, ...]:
        """The numbers of an English claim that were computed from numbers of the selected sentences."""
        if not self.support.missing_numbers or self.pool.language != "en":
            return ()
        return calculations(self.claim, self.support.claim, self.sentences, self.grounds)

    @cached_property
    def facts(self) -> Claim:
        """The facts of the claim that the selected sentences must state: all except computed numbers."""
        computed = {each.result for each in self.calculations}
        stated = self.support.claim
        return replace(stated, quantities=tuple(each for each in stated.quantities if each not in computed))

    @cached_property
    def missing_numbers(self) -> tuple[str, ...]:
        """Numbers, dates, units and identifiers that no selected sentence states and no calculation yields."""
        return missing_numbers(self.facts, self.grounds) if self.calculations else self.support.missing_numbers

    @cached_property
    def left_to_a_reader(self) -> tuple[str, ...]:
        """Those of the missing numbers that a reader decides: counts in words, and what the question supposes.

        `Two classes` may be counted from a list; an amount that the question supposes lies within a bound of the
        evidence: *a trip for 900 euros*, where trips of up to 1,000 euros are approved.
        """
        asked = claim_of(self.pool.question, self.pool.language).quantities
        left = (
            each
            for each in self.facts.quantities
            if each.text in self.missing_numbers
            and (is_count_in_words(each, self.claim) or is_supposed(each, asked, self.grounds))
        )
        return tuple(dict.fromkeys(each.text for each in left))

    @cached_property
    def calculated(self) -> Operands | None:
        """The operands of a written calculation, if each is a cell that is named."""
        if self.operands is None:
            return None
        return stated_operands(
            self.claim, self.operands, self.support.chosen, self.pool, before=self.before, changed=self.changed
        )

    @cached_property
    def stated_rows(self) -> tuple[int, ...]:
        """The table rows whose cells the claim states or calculates with, if it states nothing else."""
        if self.told:
            return self.told
        if self.operands is not None:
            stated = self.calculated
            return stated.rows if stated is not None and stated.is_so and stated.is_all else ()
        operands = [operand for each in self.calculations for operand in each.operands]
        return stated_rows(
            self.claim, self.facts, self.support.chosen, self.pool, operands=operands, before=self.before
        )

    @cached_property
    def features(self) -> Mapping[str, float]:
        """The features of the claim by name."""
        return features_of(self.claim, replace(self.support, missing_numbers=self.missing_numbers), self.pool)

    @cached_property
    def window(self) -> str:
        """The premise window: the text that a reader reads beside the claim."""
        return window_for(self.claim, self.support, self.pool)

    @cached_property
    def near_copies(self) -> list[Aligned]:
        """The clauses of the selected sentences that the claim nearly copies, each beside the claim."""
        return near_copies(self.claim, self.support.chosen, self.pool)

    @cached_property
    def best_recall(self) -> float:
        """The recall of the claim's words in the selected sentence with the most of them; 0..1."""
        return recall_of_best(self.claim, self.support, self.pool)

    @property
    def nearest(self) -> int | None:
        """The selected sentence with the highest recall of the claim, if that is at least one half."""
        return self.support.chosen[0] if self.best_recall >= _TELLS_OTHERWISE else None
