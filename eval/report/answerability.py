"""How well answerable and unanswerable questions are distinguished."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.data import hits_of, in_first_half, parse_jsonl
from eval.metrics import auroc, calibration_error, percentiles
from rag.answers import Answerability
from rag.errors import DatasetError
from rag.models import Embedder
from rag.types import Hit

_CURVE_POINTS = 10
_HAS_ANSWER = ("ANSWERABLE", "PARTIAL")


@dataclass(frozen=True, slots=True)
class AskedOfPassages:
    """A question, the passages it comes with as title and text, and whether they answer it."""

    id: str
    question: str
    answerable: bool
    passages: tuple[tuple[str, str], ...]

    @property
    def half(self) -> str:
        """`fitting` or `reporting`, by the hash of the id: the same on every machine."""
        return "fitting" if in_first_half(self.id) else "reporting"


@dataclass(frozen=True, slots=True)
class Measured:
    """A question's probability, the baseline's score, and how long the probability took."""

    answerable: bool
    probability: float
    top_score: float
    ms: float


def load_questions(path: Path, half: str = "all") -> list[AskedOfPassages]:
    """The questions of a JSON Lines file, in the format of ClapNQ or of MTRAG.

    ClapNQ: `{id, question, answerable, passages: [{title, text}]}`. MTRAG: `{id, turns: [{speaker, text}], contexts:
    [{title, text}], answerable: [...]}`, where the last user turn is the question; partly answerable counts as
    answerable, underspecified does not. `half` is `all`, `fitting` or `reporting`.

    Raises:
        DatasetError: naming the file and the line that is malformed.
    """
    found = parse_jsonl(path, lambda row: _of_turns(row) if "turns" in row else _of_question(row))
    return [each for each in found if half in ("all", each.half)]


def passages_as_hits(asked: Sequence[AskedOfPassages], embedder: Embedder) -> list[list[Hit]]:
    """Each question's passages as hits, best first, cut as a collection would cut them, with their cosines."""
    cut = [
        [replace(hit.chunk, title=title) for title, text in each.passages for hit in hits_of(text)] for each in asked
    ]
    embeddings = iter(embedder.embed_documents([chunk.embedded_text for chunks in cut for chunk in chunks]))
    found: list[list[Hit]] = []
    for each, chunks in zip(asked, cut, strict=True):
        question = embedder.embed_query(each.question).dense
        cosines = [float(question @ next(embeddings).dense) for _ in chunks]
        hits = [Hit(chunk, {"score": score, "dense": score}) for chunk, score in zip(chunks, cosines, strict=True)]
        found.append(sorted(hits, key=lambda hit: -hit.score))
    return found


def measure_all(
    asked: Sequence[AskedOfPassages], hits: Sequence[Sequence[Hit]], answerability: Answerability
) -> list[Measured]:
    """Every question's probability, one after another."""
    found: list[Measured] = []
    for each, of in zip(asked, hits, strict=True):
        started = time.perf_counter()
        probability = answerability.probability(each.question, of)
        ms = 1000 * (time.perf_counter() - started)
        found.append(Measured(each.answerable, probability, max((hit.score for hit in of), default=0.0), ms))
    return found


def report(measured: Sequence[Measured], threshold: float) -> dict[str, Any]:
    """What `footnote eval answerability` prints.

    Raises:
        DatasetError: all or none of the questions are answerable.
    """
    labels = [each.answerable for each in measured]
    if len(set(labels)) != 2:  # noqa: PLR2004
        raise DatasetError("both answerable and unanswerable questions are needed to evaluate")
    probabilities = [each.probability for each in measured]
    top = [each.top_score for each in measured]
    share = sum(labels) / len(labels)
    return {
        "n": len(measured),
        "answerable": sum(labels),
        "auroc": round(auroc(labels, probabilities), 4),
        "ece": round(calibration_error(labels, probabilities), 4),
        "threshold": threshold,
        "abstention": abstention(labels, probabilities, threshold),
        "aurc": round(aurc(labels, probabilities), 4),
        "risk_coverage": risk_coverage(labels, probabilities),
        "baselines": {
            "top_score": {"auroc": round(auroc(labels, top), 4), "aurc": round(aurc(labels, top), 4)},
            "always_answer": {"auroc": 0.5, "aurc": round(1 - share, 4), "precision": None, "recall": 0.0},
        },
        "ms": percentiles([each.ms for each in measured], 3),
    }


def as_lines(found: Mapping[str, Any]) -> list[str]:
    """The report in words."""
    refusing, baselines = found["abstention"], found["baselines"]
    precision = "none" if refusing["precision"] is None else f"{refusing['precision']:.1%}"
    curve = ", ".join(f"{point['risk']:.1%} at {point['coverage']:.0%}" for point in found["risk_coverage"])
    return [
        f"{found['n']} questions, {found['answerable']} of them answerable from their passages",
        f"AUROC {found['auroc']:.3f} (top score: {baselines['top_score']['auroc']:.3f}), "
        f"AURC {found['aurc']:.3f} (top score: {baselines['top_score']['aurc']:.3f}, always answer: "
        f"{baselines['always_answer']['aurc']:.3f}), calibration error {found['ece']:.3f}",
        f"Refused below {found['threshold']:g}: precision {precision}, recall {refusing['recall']:.1%}; "
        f"{refusing['answerable_answered']:.1%} of the answerable ones go on",
        f"Unanswerable among those that go on, by coverage: {curve}",
        f"{found['ms']['p50']} ms a question (p50), {found['ms']['p95']} ms (p95)",
    ]


def risks(labels: Sequence[bool], scores: Sequence[float]) -> list[float]:
    """The share of unanswerable ones among the k surest questions, for every k; among equals by their mean share."""
    order = sorted(range(len(labels)), key=lambda i: -scores[i])
    found: list[float] = []
    wrong, place = 0.0, 0
    while place < len(order):
        equal = [i for i in order[place:] if scores[i] == scores[order[place]]]
        share = sum(not labels[i] for i in equal) / len(equal)
        for _ in equal:
            wrong, place = wrong + share, place + 1
            found.append(wrong / place)
    return found


def aurc(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """The area under the risk-coverage curve: the mean of `risks`; lower is better."""
    return float(np.mean(risks(labels, scores)))


def risk_coverage(labels: Sequence[bool], scores: Sequence[float]) -> list[dict[str, float]]:
    """The curve at every tenth of coverage."""
    found = risks(labels, scores)
    places = [max(1, round(len(found) * tenth / _CURVE_POINTS)) for tenth in range(1, _CURVE_POINTS + 1)]
    return [{"coverage": round(k / len(found), 3), "risk": round(found[k - 1], 4)} for k in places]


def abstention(labels: Sequence[bool], probabilities: Sequence[float], threshold: float) -> dict[str, float | None]:
    """Of the questions refused, how many are unanswerable; and of these, how many are refused."""
    refused = [label for label, p in zip(labels, probabilities, strict=True) if p < threshold]
    rightly = sum(not label for label in refused)
    precision = round(rightly / len(refused), 4) if refused else None
    answered = sum(label for label, p in zip(labels, probabilities, strict=True) if p >= threshold)
    return {
        "precision": precision,
        "recall": round(rightly / labels.count(False), 4),
        "answerable_answered": round(answered / labels.count(True), 4),
    }


def _of_question(row: Mapping[str, Any]) -> AskedOfPassages:
    if row["answerable"] not in (0, 1):
        raise ValueError("'answerable' is not 0 or 1")
    return AskedOfPassages(str(row["id"]), str(row["question"]), bool(row["answerable"]), _passages(row["passages"]))


def _of_turns(row: Mapping[str, Any]) -> AskedOfPassages:
    question = [str(turn["text"]) for turn in row["turns"] if turn["speaker"] == "user"][-1]
    answerable = row["answerable"][0] in _HAS_ANSWER
    return AskedOfPassages(str(row["id"]), question, answerable, _passages(row["contexts"]))


def _passages(raw: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(each.get("title") or ""), str(each["text"])) for each in raw)
