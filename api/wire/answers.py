"""The record of an answer as JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.wire.base import Json
from rag.types import Answer, Change, Chunk, Disagreement, Evidence, Hit, Side, Verdict


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
        "scaled": "scaled" in verdict.changes,
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


def answer_of(record: Mapping[str, Any]) -> Answer:
    """The answer that `answer_to_json` made this of, but for versions and metadata of its hits, which it leaves out."""
    return Answer(
        question=record["question"],
        sentences=tuple(_released(each) for each in record["sentences"]),
        withheld=tuple(_withheld(each) for each in record["withheld"]),
        hits=tuple(_hit(each) for each in record["hits"]),
        reason=record["reason"],
        note=record["note"],
        timings_ms=record["timings_ms"],
        model=record["model"],
        disagreements=tuple(_disagreement(each) for each in record["disagreements"]),
    )


def _released(raw: Mapping[str, Any]) -> Verdict:
    return Verdict(
        text=raw["text"],
        support=raw["support"],
        supported=raw["verified"],
        evidence=tuple(Evidence(**each) for each in raw["evidence"]),
        changes=_changes(raw),
        drafted=raw["drafted"],
        checked_as=raw["checked_as"],
        formulas=tuple(raw["formulas"]),
    )


def _withheld(raw: Mapping[str, Any]) -> Verdict:
    return Verdict(
        text=raw["text"],
        support=raw["support"],
        supported=False,
        why=raw["why"],
        fault=raw["fault"],
        contradiction=Evidence(**raw["contradiction"]) if raw["contradiction"] else None,
        changes=_changes(raw),
        drafted=raw["drafted"],
        checked_as=raw["checked_as"],
    )


def _changes(raw: Mapping[str, Any]) -> tuple[Change, ...]:
    names: tuple[Change, ...] = ("cut", "repaired", "scaled")
    return tuple(name for name in names if raw.get(name))  # older records lack `scaled`


def _hit(raw: Mapping[str, Any]) -> Hit:
    place = {name: raw[name] for name in ("document_id", "filename", "page", "start", "end", "text")}
    return Hit(Chunk(sha256="", **place), raw["scores"])


def _disagreement(raw: Mapping[str, Any]) -> Disagreement:
    return Disagreement(tuple(Side(Evidence(**side["evidence"]), side["date"]) for side in raw["sides"]))
