"""Verification by clause: a sentence is supported if each clause is, and a clause if one document supports all of it.

Overlap alone accepts a short falsehood joined to a long truth: `The seal must be replaced every 18 months, and the pump
runs on diesel.` It also accepts a clause made of pieces of two documents: `The seal` from one and `never needs
replacing` from another that is about a filter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from rag.evidence import EvidencePool
from rag.text import POINTS_BACK, clauses, content_stems
from rag.types import Verdict

Judged = tuple[Verdict, bool]
"""A verdict, and whether a reader decided it."""
Alone = Callable[[str, EvidencePool], Judged]
"""Verifies a text by itself against a pool."""
Completion = Callable[[Judged, EvidencePool, Alone], Verdict]
"""Adds conditions to the verdict on a whole sentence."""


def verified_by_clause(judged: Judged, pool: EvidencePool, alone: Alone) -> Verdict:
    """The verdict on a sentence after each of its clauses has been verified.

    A clause with quotes from several documents is verified against each document separately: one must support it and,
    unless a reader decided on it, contain all of its words that the quotes contain. The same holds for a whole
    sentence in which a clause points back (`…, and its seal is …`), because another document does not say whose seal.
    """
    verdict = judged[0]
    if not verdict.supported:
        return verdict
    sentence, parts = verdict.text, clauses(verdict.text) if pool.language == "en" else [verdict.text]
    if len(parts) == 1 or any(POINTS_BACK.search(part) for part in parts[1:]):
        verdict = _of_one_document(judged, pool, partial(alone, sentence))
    if len(parts) == 1 or not verdict.supported:
        return verdict
    for part in parts:
        found = _of_one_document(alone(part, pool), pool, partial(alone, part))
        if not found.supported:
            why = f"a clause is not supported ({found.why}): {part}"
            return replace(verdict, support=found.support, supported=False, why=why, fault=found.fault or "missing")
    return verdict


def _of_one_document(judged: Judged, pool: EvidencePool, verify: Callable[[EvidencePool], Judged]) -> Verdict:
    """The verdict or, if its quotes are from several documents, the best verdict from one of these alone.

    A document on which no reader decides counts only if it has every word of the clause that the quotes together have.
    """
    verdict = judged[0]
    documents = dict.fromkeys(quote.document_id for quote in verdict.evidence)
    if not verdict.supported or len(documents) < 2:  # noqa: PLR2004
        return verdict
    said = set(content_stems(verdict.text, pool.language))
    quoted = said & _stems((quote.quote for quote in verdict.evidence), pool.language)
    pools = [pool.of_document(each) for each in documents]
    found = [(each, verify(each)) for each in pools]
    whole = [verdict for each, (verdict, is_read) in found if is_read or quoted <= _words_of(each)]
    best = max(whole, key=lambda each: (each.supported, each.support), default=None)
    if best is not None and best.supported:
        return best
    why = "its parts are from several documents, and no single document supports all of it"
    return replace(verdict, supported=False, why=why, fault="relation")


def _words_of(pool: EvidencePool) -> set[str]:
    """The content words of a pool's sentences, titles and headings."""
    places = dict.fromkeys(candidate.chunk.place for candidate in pool.candidates)
    return _stems(places, pool.language).union(*pool.content)


def _stems(texts: Iterable[str], language: str) -> set[str]:
    return {stem for text in texts for stem in content_stems(text, language)}
