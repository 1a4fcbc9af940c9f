"""Does the evidence support the sentence? One list of checks over one prepared claim, and a probability beside it.

The verifier decides whether a sentence is supported; `rag.answers.review` decides what becomes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from rag.evidence import EvidenceFinder, EvidencePool, claim_of, worked_before, written
from rag.models import Logistic
from rag.safety import inert
from rag.text import resolved
from rag.types import Fault, Verdict
from rag.verification.checks import CHECKS, Check, Finding, PreparedClaim
from rag.verification.clauses import Completion, verified_by_clause
from rag.verification.pooling import pooled_support, reader_could_decide
from rag.verification.readers import ClaimInContext, Reader

ONLY_MARKUP = "nothing but markup"
EVEN_ODDS = 0.5
OF_CELLS = 0.98
"""Support of a sentence that tells cells of a table and nothing else."""
_MOSTLY_FOUND, _PARTLY_FOUND = 0.8, 0.25
_NOT_FOUND: frozenset[Fault] = frozenset({"number", "unit", "date", "name", "missing"})
"""Faults that more of the page may mend: what the hits do not state."""


class Verifier(Protocol):
    """Decides whether the hits of a question support a sentence."""

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        """The verdict; `supported` only with at least one quote, and every number in a quote or computed from quotes.

        `before` are the sentences of the answer that stand before this one, against which its pronouns are resolved.
        """
        ...


class CheckedVerifier:
    """Finds quotes for a sentence, asks how probable it is that they support it, and looks for what bars it.

    A sentence is made inert first, and what is verified is what is shown. One that stands in a hit word for word needs
    no more. Of any other, `completed` says what else must be supported: each clause, by one document.

    A sentence that tells cells of a table, and nothing else, is decided by code (`rows_told`). A reader, if there is
    one, is asked about others that no fact bars, that a quote has a part of, and that its word could release or
    withhold; its probability and the support are then pooled (`pooled_support`). In a `mode` whose
    precision it was shown to reach, the threshold measured with it takes the place of `threshold`, and it stands in for
    the checks that guess. In any other mode it can withhold a sentence and never release one: its yes was not measured,
    or found wanting. Without a mode, whoever gave the threshold answers for the reader.
    """

    def __init__(
        self,
        finder: EvidenceFinder,
        model: Logistic,
        *,
        reader: Reader | None = None,
        threshold: float = EVEN_ODDS,
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

        def alone(part: str, of: EvidencePool) -> Verdict:
            return word_for_word(part, of) or self._decided(self._prepared(part, of, before))

        verdict = word_for_word(text, pool)
        verdict = verdict or self._completed(self._decided(self._prepared(text, pool, before)), pool, alone)
        if verdict.supported or verdict.fault not in _NOT_FOUND or pool.wider is None:
            return verdict
        again = self.verify(sentence, pool.wider, before=before)
        return again if again.supported else verdict

    def _prepared(self, text: str, pool: EvidencePool, before: Sequence[str]) -> PreparedClaim:
        claim = resolved(text, before)
        support = self._finder.support(claim, pool)
        if not support.missing_numbers or pool.language != "en":
            return PreparedClaim(text, claim, pool, support, before=tuple(before))
        worked = written(claim, worked_before(tuple(before)))
        if worked.text == claim:
            return PreparedClaim(text, claim, pool, support, before=tuple(before))
        operands = self._finder.support(claim, pool, claim_of(worked.text, pool.language))
        return PreparedClaim(text, claim, pool, operands, worked.formulas)

    def _decided(self, claim: PreparedClaim) -> Verdict:
        """The verdict on one claim as a whole."""
        if all(claim.pool.candidates[index].is_heading for index in claim.support.chosen):
            return Verdict(claim.text, 0.0, supported=False, why="no evidence", fault="missing")
        probability = self._model.probability(claim.features)
        bar = self._barred(claim)
        told = claim.rows_told if bar is None and probability < OF_CELLS else ()
        reader = self._reader if bar is None and not told and self._may_be_read(claim, probability) else None
        if reader is not None:
            asked = ClaimInContext(claim.claim, claim.window, claim.pool.prompt)
            pooled = pooled_support(probability, reader.probabilities([asked])[0])
            probability = pooled if self._reader_may_release else min(probability, pooled)
        if reader is None or not reader.reads or not self._reader_may_release:
            bar = bar or self._barred(claim, left_to_a_reader=True)
        evidence = claim.quotes
        if told:
            probability, evidence = OF_CELLS, tuple(dict.fromkeys((*evidence, *claim.pool.heads(told))))
        verdict = Verdict(claim.text, probability, supported=True, evidence=evidence, formulas=claim.formulas)
        if probability >= self._threshold and bar is None:
            return verdict
        finding = bar or unsupported(claim.best_recall)
        otherwise = None if finding.quote is None else claim.pool.quotes([finding.quote])[0]
        return replace(verdict, supported=False, why=finding.why, fault=finding.fault, contradiction=otherwise)

    @property
    def _reader_may_release(self) -> bool:
        return self._mode is None or (self._reader is not None and self._mode in self._reader.calibration.thresholds)

    @property
    def _threshold(self) -> float:
        if self._mode is None or self._reader is None or not self._reader.reads:
            return self._otherwise
        return self._reader.calibration.thresholds.get(self._mode, self._otherwise)

    def _may_be_read(self, claim: PreparedClaim, probability: float) -> bool:
        """Whether a reader's word could decide on a claim, of which a quote has a part or for which the odds are."""
        if not self._reader_may_release:
            return probability >= self._threshold
        found = claim.best_recall >= _PARTLY_FOUND or probability >= EVEN_ODDS
        return found and reader_could_decide(probability, self._threshold)

    def _barred(self, claim: PreparedClaim, *, left_to_a_reader: bool = False) -> Finding | None:
        """What the first check of a kind that finds something finds."""
        asked = (each for each in self._checks if each.left_to_a_reader is left_to_a_reader)
        return next((found for check in asked if (found := check.find(claim)) is not None), None)


def word_for_word(sentence: str, pool: EvidencePool) -> Verdict | None:
    """The verdict on a sentence that a hit has word for word; None on any other."""
    exact = pool.verbatim(sentence)
    return None if exact is None else Verdict(sentence, 1.0, supported=True, evidence=(exact,))


def unsupported(best_recall: float) -> Finding:
    """What is wrong with a claim whose support is too low, though nothing bars it; how much one sentence has of it."""
    if best_recall >= _MOSTLY_FOUND:
        return Finding("relation", "its words are in the evidence, what it says of them is not")
    return Finding("missing", "too little of it is in the evidence")
