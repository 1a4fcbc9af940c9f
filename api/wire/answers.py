"""An answer as JSON: the whole record."""

from __future__ import annotations

from api.wire.base import Json
from rag.types import Answer, Disagreement, Evidence, Hit, Verdict


def answer_to_json(answer: Answer) -> Json:
    """An answer as one object: what `footnote ask --json` prints and what REST calls `evidence`."""
    return {
        "question": answer.question,
        "answer": answer.text,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "sentences": [sentence_to_json(verdict) for verdict in answer.sentences],
        "withheld": [withheld_to_json(verdict) for verdict in answer.withheld],
        "disagreements": [disagreement_to_json(found) for found in answer.disagreements],
        "hits": [hit_to_json(hit) for hit in answer.hits],
        "timings_ms": dict(answer.timings_ms),
        "model": dict(answer.model),
        "note": answer.note,
    }


def sentence_to_json(verdict: Verdict) -> Json:
    """A released sentence with its evidence, and the formulas of numbers that were computed from it."""
    return {
        "text": verdict.text,
        "verified": verdict.supported,
        "support": verdict.support,
        "evidence": [evidence_to_json(evidence) for evidence in verdict.evidence],
        "formulas": list(verdict.formulas),
        **_origin_to_json(verdict),
    }


def withheld_to_json(verdict: Verdict) -> Json:
    """A sentence that was not released, with what is wrong with it and what was tried; `fault` is null for no claim."""
    return {
        "text": verdict.text,
        "support": verdict.support,
        "why": verdict.why,
        "fault": verdict.fault,
        "contradiction": evidence_to_json(verdict.contradiction) if verdict.contradiction else None,
        **_origin_to_json(verdict),
    }


def _origin_to_json(verdict: Verdict) -> Json:
    """What was done to the model's words, or tried: `drafted` are those words where they are not the text."""
    return {
        "cut": "cut" in verdict.changes,
        "repaired": "repaired" in verdict.changes,
        "drafted": verdict.drafted,
        "checked_as": verdict.checked_as,
    }


def disagreement_to_json(found: Disagreement) -> Json:
    """What several documents say of one matter, each with its quote and, where it is known, its date."""
    return {"sides": [{"date": side.date, "evidence": evidence_to_json(side.evidence)} for side in found.sides]}


def evidence_to_json(evidence: Evidence) -> Json:
    """An exact quote and its place: `quote` is `page_text[start:end]` of that version of the document."""
    return {
        "document_id": evidence.document_id,
        "filename": evidence.filename,
        "sha256": evidence.sha256,
        "page": evidence.page,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
    }


def hit_to_json(hit: Hit) -> Json:
    """A passage found, with the scores that brought it."""
    chunk = hit.chunk
    return {
        "document_id": chunk.document_id,
        "filename": chunk.filename,
        "page": chunk.page,
        "start": chunk.start,
        "end": chunk.end,
        "text": chunk.text,
        "scores": dict(hit.scores),
    }
