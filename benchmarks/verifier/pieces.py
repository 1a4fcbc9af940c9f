"""Sentences made of pieces of two documents, which neither of them says: how many get through, by kind of edit.

    python -m benchmarks pieces CONVERSATIONS.jsonl

Takes rows of `{contexts: [{text}]}`, the passages that were found for one question (MTRAG: Katsis et al., 2025). Two
passages of a row give a false claim of each kind: the subject of one sentence with what the other passage says of
another (`joined`), or a sentence with a detail, a phrase or a name of the other passage. Beside them true ones: a
sentence of each joined by a word (`merged, two documents`), and those of one passage merged, shortened and reworded.
All passages of the row are the pool. For `before` they are taken for one document, so that the rule that one document
must say all of a clause never applies.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Annotated, Any

import typer

from benchmarks.harness import Mtrag, Result
from benchmarks.verifier.modes import verifiers_by_mode
from eval.data import false_edits, hits_of, read_jsonl, true_edits, usable
from rag.build.answerer import build_finder
from rag.evidence import EvidenceFinder, EvidencePool
from rag.settings import load_settings
from rag.types import Verdict
from rag.verification import Verifier

FALSE_KINDS, TRUE_KINDS = ("joined", "detail", "phrase", "name"), ("merged", "shorter", "reworded")
ACROSS = "merged, two documents"
NEIGHBOURS = 6


@dataclass(frozen=True, slots=True)
class Made:
    """A claim, what made it, whether the passages say it, and all of the passages."""

    kind: str
    true: bool
    claim: str
    pool: EvidencePool


def claims_of(rows: Sequence[dict[str, Any]], finder: EvidenceFinder) -> Iterator[Made]:
    """The claims of every row that has two passages with a usable sentence; the same rows give the same claims."""
    for number, row in enumerate(rows):
        chance = random.Random(number)
        pool = finder.pool([hit for each in row["contexts"] for hit in hits_of(each["text"])])
        passages: dict[str, list[str]] = {}
        for candidate in pool.candidates:
            sentence = " ".join(candidate.text.split())
            if usable(sentence):
                passages.setdefault(candidate.chunk.document_id, []).append(sentence)
        if len(passages) > 1:
            here, there = chance.sample(list(passages.values()), 2)
            yield from _made(here, chance.sample(there, min(NEIGHBOURS, len(there))), pool, chance)


def _made(here: Sequence[str], there: Sequence[str], pool: EvidencePool, chance: random.Random) -> Iterator[Made]:
    sentence = chance.choice(here)
    own = [each for each in here if each != sentence]
    false, true = false_edits(), true_edits()
    tried = [
        *((kind, False, false[kind](sentence, there, chance)) for kind in FALSE_KINDS),
        (ACROSS, True, true["merged"](sentence, there, chance)),
        *((kind, True, true[kind](sentence, own, chance)) for kind in TRUE_KINDS),
    ]
    for kind, is_true, claim in tried:
        if claim and claim != sentence:
            yield Made(kind, is_true, claim, pool)


def as_one_document(pool: EvidencePool, finder: EvidenceFinder) -> EvidencePool:
    """The same passages, all of one document."""
    hits = [replace(hit, chunk=replace(hit.chunk, document_id="one")) for hit in pool.hits]
    return finder.pool(hits)


def by_kind(made: Sequence[Made], finder: EvidenceFinder, verifiers: Mapping[str, Verifier]) -> dict[str, Any]:
    """For each kind whether it is true, how many were made, and the shares that each mode releases."""
    found: dict[str, dict[str, Any]] = {}
    for kind, true in dict.fromkeys((each.kind, each.true) for each in made):
        claims = [each for each in made if each.kind == kind and each.true == true]
        found[kind] = {"true": true, "made": len(claims)}
        for mode, verifier in verifiers.items():
            pools = [as_one_document(each.pool, finder) for each in claims]
            before = [verifier.verify(each.claim, pool) for each, pool in zip(claims, pools, strict=True)]
            now = [verifier.verify(each.claim, each.pool) for each in claims]
            found[kind][mode] = {"before": _share(before), "now": _share(now)}
    return found


def _share(verdicts: Sequence[Verdict]) -> float:
    return round(sum(verdict.supported for verdict in verdicts) / len(verdicts), 3)


def benchmark(file: Mtrag, rows: Annotated[int, typer.Option(help="Only the first so many.")] = 200) -> Result:
    settings = load_settings()
    finder = build_finder(settings)
    made = list(claims_of(list(islice(read_jsonl(file), rows)), finder))
    return Result({"kinds": by_kind(made, finder, verifiers_by_mode(settings, finder))})
