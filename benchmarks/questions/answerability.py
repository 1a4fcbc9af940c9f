"""What each signal of answerability is worth, in cross-validation on the fitting half of ClapNQ.

    python -m benchmarks answerability CLAPNQ.jsonl

Prints AUROC with the shipped signals, with each of them removed, with each of those added that were tried and left out,
and of each alone. Then harder questions: the answerable ones against themselves with the sentences of the answer cut
out of their passages, and against the nearest passage of another question. The reporting half stays unseen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import ClapNq, Result, table
from eval.data import read_jsonl
from eval.fit.answerability import cross_validated, with_a_foreign_word
from eval.metrics import auroc
from eval.report.answerability import AskedOfPassages, load_questions, passages_as_hits
from rag.answers import VECTORS, Answerability, hit_signals, wanted_stems
from rag.build.answerer import build_answerability
from rag.build.models import build_embedder
from rag.evidence import EvidencePool
from rag.models import Embedder
from rag.settings import load_settings
from rag.text import content_stems, names, split, stems, weight, weighted_recall
from rag.types import Hit

_IN_ANSWER = 0.5
_KINDS = (
    (r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century)\b", r"\b(?:1\d{3}|20\d\d)\b|\bcentury\b"),
    (r"\bhow (?:many|much|long|old|tall|big|large|far|high|often|deep|fast)\b", r"\d|\b(?:two|three|four|five|six)\b"),
    (r"\bwhy\b|\b(?:reason|cause[sd]?|purpose)\b", r"\b(?:because|due|since|caus\w+|reason|result\w*|therefore|led)\b"),
    (
        r"\bwhere\b|\b(?:what|which) (?:country|city|state|place|town|island)\b",
        r"\b(?:in|at|near|on|of) (?:the )?[A-Z]",
    ),
)
"""A question's words, and what a sentence that answers it would have; `who` asks for a name that it does not have."""


def tried(question: str, wanted: Sequence[str], hit: Hit, nearness: np.ndarray, pool: EvidencePool) -> dict[str, float]:
    """Every signal of a hit, shipped or left out: `wanted` are the question's stems, or changed ones.

    `nearness` is the greatest cosine of each token of the question with one of the hit.
    """
    title = frozenset(content_stems(hit.chunk.title))
    words = title | set(content_stems(hit.chunk.text))
    here = [i for i, each in enumerate(pool.candidates) if each.chunk.id == hit.chunk.id]
    cosines = pool.similarity(question)
    assert cosines is not None
    best = max(here, key=lambda i: cosines[i])
    nearest = np.sort(nearness)
    asked = list(pairwise(stems(question)))
    pairs = set(pairwise(stems(hit.chunk.embedded_text)))
    return hit_signals(wanted, hit, "en") | {
        "recall, title counted": weighted_recall(wanted, words),
        "recall of a sentence": max(weighted_recall(wanted, pool.content[i] | title) for i in here),
        "weightiest missing word": -max((weight(each) for each in wanted if each not in words), default=0.0),
        "pairs of words": sum(pair in pairs for pair in asked) / max(1, len(asked)),
        "cosine of the best sentence": float(cosines[best]),
        "mean cosine of three sentences": float(np.mean(sorted((cosines[i] for i in here), reverse=True)[:3])),
        "MaxSim, mean": float(nearest.mean()),
        "MaxSim, least": float(nearest[0]),
        "kind of answer": kind_of_answer(question, pool.candidates[best].text),
        "few words": -float(len(wanted)),
    }


def kind_of_answer(question: str, sentence: str) -> float:
    """1 when the sentence has what a question of this kind asks for, 0 when not, a half when any kind will do."""
    if re.search(r"\bwho(?:se|m)?\b", question, re.IGNORECASE):
        known = set(stems(question))
        return float(any(stem not in known for name in names(sentence) for stem in stems(name)))
    for asks, has in _KINDS:
        if re.search(asks, question, re.IGNORECASE):
            return float(re.search(has, sentence) is not None)
    return 0.5


Row = dict[str, float]


def measured(asked: Sequence[AskedOfPassages], embedder: Embedder) -> tuple[list[Row], list[Row | None]]:
    """Every signal of each question's nearest hit, and of the unanswerable question made from it."""
    found: list[Row] = []
    made: list[Row | None] = []
    for each, hits in zip(asked, passages_as_hits(asked, embedder), strict=True):
        (nearest,) = embedder.embed_documents([hits[0].chunk.embedded_text])
        nearness = (embedder.embed_query(each.question).tokens @ nearest.tokens.T).max(axis=1)
        pool = EvidencePool(hits, embedder=embedder)
        changed = with_a_foreign_word(each.question, hits[0]) if each.answerable else None
        given = wanted_stems(each.question)
        rows = [
            tried(each.question, wanted, hits[0], nearness, pool) if wanted else None for wanted in (given, changed)
        ]
        found.append(rows[0] or {})
        made.append(rows[1])
    return found, made


def without_answers(file: Path) -> list[AskedOfPassages]:
    """The answerable questions, made unanswerable: sentences most of whose words are in the answer are cut out."""
    answers = {str(row["id"]): frozenset(content_stems(" ".join(row["answers"]))) for row in read_jsonl(file)}

    def kept(text: str, answer: frozenset[str]) -> str:
        sentences = [text[span.start : span.end] for span in split(text, "en")]
        return " ".join(each for each in sentences if weighted_recall(content_stems(each), answer) < _IN_ANSWER)

    found = [each for each in load_questions(file, "fitting") if each.answerable]
    cut = [[(title, kept(text, answers[each.id])) for title, text in each.passages] for each in found]
    return [
        replace(each, answerable=False, passages=tuple(passages))
        for each, passages in zip(found, cut, strict=True)
        if any(text for _, text in passages)
    ]


def harder(file: Path, embedder: Embedder, answerability: Answerability) -> dict[str, float]:
    """AUROC of the shipped model where what does not answer looks like what does."""
    asked = [each for each in load_questions(file, "fitting") if each.answerable]
    own = passages_as_hits(asked, embedder)
    cut = without_answers(file)
    made = {
        "the answer cut out of the passage": (cut, passages_as_hits(cut, embedder)),
        "the nearest passage of another question": (asked, nearest_of_others(asked, own, embedder)),
    }
    answered = [answerability.probability(each.question, hits) for each, hits in zip(asked, own, strict=True)]
    found: dict[str, float] = {}
    for name, (questions, hits) in made.items():
        others = [answerability.probability(each.question, of) for each, of in zip(questions, hits, strict=True)]
        labels = [True] * len(answered) + [False] * len(others)
        found[name] = round(auroc(labels, answered + others), 4)
    return found


def nearest_of_others(
    asked: Sequence[AskedOfPassages], hits: Sequence[Sequence[Hit]], embedder: Embedder
) -> list[list[Hit]]:
    """For each question the hit nearest to it among those of all other questions."""
    owners = [i for i, of in enumerate(hits) for _ in of]
    chunks = [hit.chunk for of in hits for hit in of]
    rows = embedder.embed_sentences([chunk.embedded_text for chunk in chunks])
    found: list[list[Hit]] = []
    for i, each in enumerate(asked):
        cosines = rows @ embedder.embed_query(each.question).dense
        cosines[np.array(owners) == i] = -1.0
        best = int(cosines.argmax())
        found.append([Hit(chunks[best], {"score": float(cosines[best]), "dense": float(cosines[best])})])
    return found


def benchmark(file: ClapNq) -> Result:
    settings = load_settings()
    embedder = build_embedder(settings)
    asked = load_questions(file, "fitting")
    rows, made = measured(asked, embedder)
    labels = [each.answerable for each in asked]

    def value(columns: Sequence[str], *, with_made: bool = True) -> float:
        others = [[row[name] for name in columns] if row and with_made else None for row in made]
        return round(cross_validated([[row[name] for name in columns] for row in rows], labels, others), 4)

    others = [name for name in rows[0] if name not in VECTORS]
    figures: dict[str, Any] = {
        "questions": len(asked),
        "shipped": value(VECTORS),
        "shipped_without_made": value(VECTORS, with_made=False),
        "without": {name: value([each for each in VECTORS if each != name]) for name in VECTORS},
        "without_and_without_made": {
            name: value([each for each in VECTORS if each != name], with_made=False) for name in VECTORS
        },
        "with": {name: value([*VECTORS, name]) for name in others},
        "alone": {name: round(auroc(labels, [row[name] for row in rows]), 4) for name in rows[0]},
        "all": value(list(rows[0])),
        "harder": harder(file, embedder, build_answerability(settings)),
    }
    show(figures)
    return Result(figures)


def show(figures: Mapping[str, Any]) -> None:
    """The tables for a page of the documentation."""
    worth = [f"removed: {figures['without'][name]:.3f}" for name in VECTORS]
    worth += [f"added: {value:.3f}" for value in figures["with"].values()]
    signals = [
        [name, f"{alone:.3f}", each] for (name, alone), each in zip(figures["alone"].items(), worth, strict=True)
    ]
    whole = ([f"{', '.join(VECTORS)} (shipped)", "", f"{figures['shipped']:.3f}"], *signals)
    every = ["all of them", "", f"{figures['all']:.3f}"]
    print(table(("signal", "alone", "added to the shipped ones, or removed from them"), [*whole, every]))
    removed = {f"without {name}": value for name, value in figures["without_and_without_made"].items()}
    for what, found in (
        ("without the made questions", {"shipped": figures["shipped_without_made"], **removed}),
        ("not answered, because", figures["harder"]),
    ):
        print("\n" + table((what, "AUROC"), ([name, f"{value:.3f}"] for name, value in found.items())))
