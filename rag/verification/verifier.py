"""Does the evidence support the sentence? One list of checks over one prepared claim, and a probability beside it.

The verifier decides whether a sentence is supported; `rag.answers.review` decides what becomes of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from rag.evidence import EvidenceFinder, EvidencePool
from rag.models import Logistic, sigmoid
from rag.safety import inert
from rag.text import resolved
from rag.types import Verdict
from rag.verification.checks import CHECKS, Check, Finding, PreparedClaim, encoder_scores
from rag.verification.clauses import Completion, verified_by_clause
from rag.verification.model_file import Release
from rag.verification.pooling import may_be_released, pooled_support
from rag.verification.readers import ClaimInContext, Reader

if TYPE_CHECKING:  # tokenizers are of no use to who only reads the model
    from rag.verification.pairs import SupportEncoder

ONLY_MARKUP = "nothing but markup"
EVEN_ODDS = Release(0.5, 0.0)
_MOSTLY_FOUND = 0.8


class Verifier(Protocol):
    """Decides whether the hits of a question support a sentence."""

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        """The verdict; `supported` only with at least one quote, and every number and name in a quote.

        `before` are the sentences of the answer that stand before this one, against which its pronouns are resolved.
        """
        ...


class CheckedVerifier:
    """Finds quotes for a sentence, asks how probable it is that they support it, and looks for what bars it.

    A sentence is made inert first, and what is verified is what is shown. One that stands in a hit word for word needs
    no more. Of any other, `completed` says what else must be supported: each clause, by one document.

    A reader, if there is one, is asked about sentences that nothing bars and that its yes could release; its
    probability and the support are then pooled (`pooled_support`).
    """

    def __init__(
        self,
        finder: EvidenceFinder,
        model: Logistic,
        encoder: SupportEncoder,
        *,
        reader: Reader | None = None,
        least: Release = EVEN_ODDS,
        checks: Sequence[Check] = CHECKS,
        completed: Completion = verified_by_clause,
    ) -> None:
        self._finder = finder
        self._model = model
        self._encoder = encoder
        self._reader = reader
        self._least = least
        self._checks = tuple(checks)
        self._completed = completed

    def verify(self, sentence: str, pool: EvidencePool, *, before: Sequence[str] = ()) -> Verdict:
        text = inert(sentence)
        if not text:
            return Verdict(sentence, 0.0, supported=False, why=ONLY_MARKUP, fault="missing")

        def alone(part: str, of: EvidencePool) -> Verdict:
            return word_for_word(part, of) or self._decided(self._prepared(part, of, before))

        exact = word_for_word(text, pool)
        return exact or self._completed(self._decided(self._prepared(text, pool, before)), pool, alone)

    def _prepared(self, text: str, pool: EvidencePool, before: Sequence[str]) -> PreparedClaim:
        claim = resolved(text, before)
        return PreparedClaim(text, claim, pool, self._finder.support(claim, pool))

    def _decided(self, claim: PreparedClaim) -> Verdict:
        """The verdict on one claim as a whole."""
        if all(claim.pool.candidates[index].is_heading for index in claim.support.chosen):
            return Verdict(claim.text, 0.0, supported=False, why="no evidence", fault="missing")
        measured = {**claim.features, **encoder_scores(self._encoder.logits([claim.encoder_input])[0])}
        probability = self._model.probability(measured)
        bar = self._barred(claim) or self._altered(measured)
        if self._reader is not None and bar is None and may_be_released(probability, self._least.support):
            asked = ClaimInContext(claim.claim, claim.encoder_input[1], claim.pool.prompt)
            probability = pooled_support(probability, self._reader.probabilities([asked])[0])
        formulas = tuple(each.formula for each in claim.calculations)
        verdict = Verdict(claim.text, probability, supported=True, evidence=claim.quotes, formulas=formulas)
        if probability >= self._least.support and bar is None:
            return verdict
        finding = bar or unsupported(claim.features)
        otherwise = None if finding.quote is None else claim.pool.quotes([finding.quote])[0]
        return replace(verdict, supported=False, why=finding.why, fault=finding.fault, contradiction=otherwise)

    def _barred(self, claim: PreparedClaim) -> Finding | None:
        """What the first check that finds something finds."""
        return next((found for check in self._checks if (found := check.find(claim)) is not None), None)

    def _altered(self, measured: Mapping[str, float]) -> Finding | None:
        altered = sigmoid(measured["intact"]) < self._least.intact
        return Finding("relation", "it reads like an altered sentence of the evidence") if altered else None


def word_for_word(sentence: str, pool: EvidencePool) -> Verdict | None:
    """The verdict on a sentence that a hit has word for word; None on any other."""
    exact = pool.verbatim(sentence)
    return None if exact is None else Verdict(sentence, 1.0, supported=True, evidence=(exact,))


def unsupported(features: Mapping[str, float]) -> Finding:
    """What is wrong with a claim whose support is too low, though nothing bars it."""
    if features["recall_of_best"] >= _MOSTLY_FOUND:
        return Finding("relation", "its words are in the evidence, what it says of them is not")
    return Finding("missing", "too little of it is in the evidence")
