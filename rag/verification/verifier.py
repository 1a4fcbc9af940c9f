"""Decides whether the evidence supports a sentence: a list of checks over one prepared claim, and a probability.

`rag.answers.review` decides what to do with the verdict: release, cut, repair or withhold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from rag.arithmetic import Written, given_constants, without_asides, worked_before, written
from rag.evidence import EvidenceFinder, EvidencePool, claim_of
from rag.figures import is_misnamed, with_implied_operands, with_operand_scales, with_scales, with_table_scales
from rag.models import Logistic
from rag.safety import inert
from rag.text import numbers_in, plain_notation, resolved
from rag.types import Fault, Verdict
from rag.verification.checks import CHECKS, Check, Finding, PreparedClaim
from rag.verification.clauses import Completion, Judged, verified_by_clause
from rag.verification.pooling import decided_support, pooled_support, reader_could_decide
from rag.verification.readers import EVEN, ClaimInContext, Reader

ONLY_MARKUP = "nothing but markup"
OF_CELLS = 0.98
"""Support of a sentence that states table cells and nothing else."""
_MOSTLY_FOUND, _PARTLY_FOUND = 0.8, 0.25
_MOST_NAMING = 4
_APART = "\n\x1e\n"
_NOT_FOUND: frozenset[Fault] = frozenset({"number", "unit", "date", "name", "missing"})
"""Faults of missing evidence: the text around the hits may have what the hits lack."""
_OF_AMOUNTS: frozenset[Fault] = frozenset({"number", "unit"})


class Verifier(Protocol):
    """Decides whether the hits of a question support a sentence."""

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        """The verdict; `supported` only with at least one quote, and every number in a quote or computed from quotes.

        `before` are the preceding sentences of the answer, with which pronouns are resolved.
        """
        ...


class CheckedVerifier:
    """Selects evidence for a sentence, estimates the probability of support, and runs the checks.

    Markup is removed first, so that the text that is verified is the text that is shown. A sentence that a hit contains
    word for word is supported. For any other, `completed` adds conditions: each clause supported by one document. What
    the hits lack is looked for in more of their documents.

    A sentence that states table cells and nothing else is decided by code (`stated_rows`). The reader, if there is one,
    reads the others if no check has rejected them, a quote has a part of them, and its probability could change the
    decision. Its probability and the support are pooled. In a `mode` for which the reader reached the target precision
    in calibration it decides (`decided_support`): the calibrated threshold replaces `threshold`, and the reader
    replaces the checks with `only_without_reader`, unless it has no opinion. In any other mode the reader can withhold
    a sentence but not release one. Without a mode, the reader can do both at `threshold`.
    """

    def __init__(
        self,
        finder: EvidenceFinder,
        model: Logistic,
        *,
        reader: Reader | None = None,
        threshold: float = EVEN,
        mode: str | None = None,
        checks: Sequence[Check] = CHECKS,
        completed: Completion = verified_by_clause,
    ) -> None:
        self._finder = finder
        self._model = model
        self._reader = reader
        self._otherwise = threshold
        self._mode = mode
        self._checks = tuple(checks)
        self._completed = completed

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        text = inert(sentence)
        if not text:
            return Verdict(sentence, 0.0, supported=False, why=ONLY_MARKUP, fault="missing")

        def alone(part: str, of: EvidencePool) -> Judged:
            exact = word_for_word(part, of)
            return self._decided(self._prepared(part, of, before)) if exact is None else (exact, False)

        verdict = word_for_word(text, pool)
        if verdict is None:
            claim = self._prepared(text, pool, before)
            verdict = self._completed(self._decided(claim), pool, alone)
            verdict = replace(verdict, with_scales=self._with_scales(verdict, claim))
        return (
            verdict
            if verdict.supported or verdict.with_scales
            else self._in_more_of_the_documents(verdict, pool, before)
        )

    def _with_scales(self, verdict: Verdict, claim: PreparedClaim) -> Verdict | None:
        """The verdict on the sentence in which amounts have the scale of their table; None unless that is supported."""
        if verdict.fault not in _OF_AMOUNTS or claim.pool.language != "en":
            return None
        operands = () if claim.operands is None else [each.text for each in claim.operands.quantities]
        text = with_table_scales(claim.text, claim.rows, operands)
        if text == claim.text:
            return None
        before = _with_scales_too(claim.before, claim.pool)
        again = self.verify(text, claim.pool, before=before)
        return again if again.supported else None

    def _in_more_of_the_documents(self, verdict: Verdict, pool: EvidencePool, before: Sequence[str]) -> Verdict:
        """The verdict by the pages around the hits, then by those that a search for the claim finds."""
        for make in (_around, partial(_found_by, resolved(plain_notation(verdict.text), before), before)):
            more = make(pool) if verdict.fault in _NOT_FOUND else None
            again = self.verify(verdict.text, more, before=before) if more is not None else verdict
            if again.supported or again.with_scales:
                return again
        return verdict

    def _prepared(self, text: str, pool: EvidencePool, before: Sequence[str]) -> PreparedClaim:
        before = tuple(map(plain_notation, before))
        claim = resolved(plain_notation(text), before)
        claim = with_scales(claim, before) if pool.language == "en" else claim
        support = self._finder.support(claim, pool)
        given = given_constants(pool.question)
        worked = (
            written(claim, worked_before(before, given), given, before) if pool.language == "en" else Written(claim)
        )
        if worked.text == claim or is_misnamed(worked.called, pool):
            worked = replace(worked, text=claim, formulas=())
        changes = with_implied_operands(worked.text, support.missing_numbers, before, pool)
        if changes is not None:
            formulas, changed = (*worked.formulas, *changes.formulas), worked.changed | changes.changed
            worked, before = Written(changes.text, formulas=formulas, changed=changed), (*before, *changes.told)
        if worked.text == claim:
            return PreparedClaim(text, claim, pool, support, before=before)
        operands = claim_of(worked.text, pool.language)
        rest = with_operand_scales(worked.text, claim, pool.titled_rows(pool.cells.printing(operands.quantities)))
        operands = operands if rest == worked.text else claim_of(rest, pool.language)
        claim = without_asides(claim) if worked.formulas else claim
        if not support.missing_numbers:
            return PreparedClaim(text, claim, pool, support, before=before, operands=operands, changed=worked.changed)
        support = self._finder.support(claim, pool, operands)
        if support.missing_numbers:
            support = self._finder.support(rest, pool, operands)
        prepared = PreparedClaim(text, claim, pool, support, worked.formulas, before, operands, worked.changed)
        return replace(prepared, has_implied=changes is not None)

    def _decided(self, claim: PreparedClaim) -> Judged:
        """The verdict on one claim, without its clauses, and whether a reader decided it."""
        if all(claim.pool.candidates[index].is_heading for index in claim.support.chosen):
            return Verdict(claim.text, 0.0, supported=False, why="no evidence", fault="missing"), False
        told = claim.stated_rows
        claim = claim.resting_on(told) if told else claim
        probability = self._model.probability(claim.features)
        bar = self._barred(claim)
        reader = self._reader if bar is None and not told and self._may_be_read(claim, probability) else None
        if reader is not None:
            read = reader.probabilities([ClaimInContext(claim.claim, claim.window, claim.pool.prompt)])[0]
            probability = (
                decided_support(probability, read)
                if self._reader_may_release
                else min(probability, pooled_support(probability, read))
            )
            reader = None if read == EVEN else reader  # without an opinion it decides nothing
        decides = reader is not None and self._reader_decides
        if not decides:
            bar = bar or self._barred(claim, only_without_reader=True)
        evidence = claim.quotes
        if told:
            probability, evidence = (
                max(probability, OF_CELLS),
                tuple(dict.fromkeys((*evidence, *claim.pool.heads(told)))),
            )
        verdict = Verdict(claim.text, probability, supported=True, evidence=evidence, formulas=claim.formulas)
        threshold = self._threshold if decides or told else max(self._threshold, self._otherwise)
        if probability >= threshold and bar is None:
            return verdict, decides
        finding = bar or unsupported(claim.best_recall)
        otherwise = None if finding.quote is None else claim.pool.quotes([finding.quote])[0]
        why, fault = finding.why, finding.fault
        return replace(verdict, supported=False, why=why, fault=fault, contradiction=otherwise), decides

    @property
    def _reader_may_release(self) -> bool:
        return self._mode is None or (self._reader is not None and self._mode in self._reader.calibration.thresholds)

    @property
    def _reader_decides(self) -> bool:
        return self._reader is not None and self._reader.reads and self._reader_may_release

    @property
    def _threshold(self) -> float:
        if self._mode is None or self._reader is None or not self._reader.reads:
            return self._otherwise
        return self._reader.calibration.thresholds.get(self._mode, self._otherwise)

    def _may_be_read(self, claim: PreparedClaim, probability: float) -> bool:
        """Whether the reader could change the decision on a claim of which evidence has a part, or all numbers."""
        if not self._reader_may_release:
            return probability >= self._threshold
        states = bool(claim.facts.quantities) and not claim.missing_numbers
        found = states or claim.best_recall >= _PARTLY_FOUND or probability >= EVEN
        return found and reader_could_decide(probability, self._threshold)

    def _barred(self, claim: PreparedClaim, *, only_without_reader: bool = False) -> Finding | None:
        """The finding of the first check that rejects the claim, among those that do or do not yield to a reader."""
        asked = (each for each in self._checks if each.only_without_reader is only_without_reader)
        return next((found for check in asked if (found := check.find(claim)) is not None), None)


def word_for_word(sentence: str, pool: EvidencePool) -> Verdict | None:
    """The verdict on a sentence that a hit contains word for word, else None."""
    exact = pool.verbatim(sentence)
    return None if exact is None else Verdict(sentence, 1.0, supported=True, evidence=(exact,))


def _with_scales_too(before: Sequence[str], pool: EvidencePool) -> tuple[str, ...]:
    """The sentences before one whose amounts got the scale of their table, with the scales of theirs."""
    told = _APART.join(before)
    facts = claim_of(told, pool.language)
    return tuple(with_table_scales(told, pool.titled_rows(pool.cells.printing(facts.quantities))).split(_APART))


def _around(pool: EvidencePool) -> EvidencePool | None:
    return pool.wider


def _found_by(claim: str, before: Sequence[str], pool: EvidencePool) -> EvidencePool | None:
    """The pool of what a search for the claim finds, and for the nearest sentences before it that tell its numbers."""
    numbers = numbers_in(claim)
    naming = [each for each in before if numbers & numbers_in(each)][-_MOST_NAMING:]
    return pool.found_for(claim, also=" ".join(naming))


def unsupported(best_recall: float) -> Finding:
    """The finding for a claim that no check rejects but whose support is too low, by the recall of its best quote."""
    if best_recall >= _MOSTLY_FOUND:
        return Finding("relation", "the evidence has its words, but does not make this statement")
    return Finding("missing", "the evidence covers too little of it")
