"""Choose retrieval's weights on training queries only, and print the tables of docs/research/retrieval.md.

    python -m benchmarks tune-retrieval --scifact FOLDER --code FOLDER

Tunes on SciFact's train split and on the first half of the code set's queries; reads no other judgement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.harness import Result, row, table
from eval.data import BeirDataset, load_beir
from eval.metrics import ranking_metrics
from eval.report.retrieval import index_corpus, scratch_rag
from rag.retrieval import fuse
from rag.settings import load_settings

BM25_WEIGHTS = (0.3, 0.4, 0.5, 0.55, 0.6, 0.7)
RERANK_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
DEPTHS = (20, 50, 100)
TOKEN_VECTORS = (16, 40)
RRF_K = 60
METRICS = ("ndcg@10", "recall@100", "mrr@10", "pass@5", "pass@10", "pass@20")


@dataclass(frozen=True)
class Scored:
    """One query's raw scores over the union of both arms."""

    arms: tuple[Mapping[str, float], Mapping[str, float]]
    dense: Mapping[str, float]
    bm25: Mapping[str, float]
    max_sim: Mapping[str, float]


def first_half(dataset: BeirDataset) -> BeirDataset:
    """The first half of the queries, in the order of their numbers."""
    kept = sorted(dataset.queries, key=lambda name: int(name.lstrip("q")))[: len(dataset.queries) // 2]
    return BeirDataset(dataset.documents, {q: dataset.queries[q] for q in kept}, {q: dataset.qrels[q] for q in kept})


def score(dataset: BeirDataset, token_vectors: int) -> dict[str, Scored]:
    """Every query's raw scores, from the real store."""
    settings = load_settings(token_vectors=token_vectors)
    with scratch_rag(settings) as (rag, collection):
        names = index_corpus(rag, collection, dataset.documents, lambda *_: None)
        scored = {}
        for query, text in dataset.queries.items():
            ranking = rag.retriever.rank(text, collection=collection)
            union = list(ranking.fused)
            sims = rag.store.max_sim(collection, rag.embedder.embed_query(text), union)
            named = [
                {names[i]: s for i, s in scores.items()}
                for scores in (ranking.arms.dense, ranking.arms.bm25, ranking.dense, ranking.bm25, sims)
            ]
            scored[query] = Scored((named[0], named[1]), *named[2:])
    return scored


def rrf(scored: Scored) -> dict[str, float]:
    """Reciprocal rank fusion of the two arms (Cormack, Clarke and Büttcher, 2009)."""
    total: dict[str, float] = {}
    for arm in scored.arms:
        for rank, name in enumerate(arm, start=1):
            total[name] = total.get(name, 0.0) + 1 / (RRF_K + rank)
    return total


def completed(scored: Scored, weight: float) -> dict[str, float]:
    """Fusion with both arms' exact scores of the union."""
    bm25 = dict.fromkeys(scored.dense, 0.0) | dict(scored.bm25)
    return fuse(scored.dense, bm25, weight if scored.bm25 else 0.0)


def reranked(scored: Scored, weight: float, rerank_weight: float, depth: int) -> dict[str, float]:
    """The fused top, reordered by late interaction; the rest follows in its order."""
    fused = completed(scored, weight)
    top = list(fused)[:depth]
    final = fuse({n: fused[n] for n in top}, {n: scored.max_sim.get(n, 0.0) for n in top}, rerank_weight)
    return {n: 1.0 + s for n, s in final.items()} | {n: s for n, s in fused.items() if n not in final}


def metrics_of(label: str, dataset: BeirDataset, run: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """One row of a table, printed too; a run is cut at 100, as retrieval cuts it."""
    cut = {q: dict(sorted(r.items(), key=lambda item: (-item[1], item[0]))[:100]) for q, r in run.items()}
    found = ranking_metrics(dataset.qrels, cut)
    print(row([label, *(f"{found[name]:.2f}" for name in METRICS)]), flush=True)
    return {name: found[name] for name in METRICS}


def runs_of(scored: Mapping[str, Scored], *, arms: bool) -> Iterator[tuple[str, dict[str, Mapping[str, float]]]]:
    """Every way of ranking, by name; those of the arms are the same for any number of token vectors."""
    if arms:
        yield "BM25", {q: s.arms[1] for q, s in scored.items()}
        yield "dense", {q: s.arms[0] for q, s in scored.items()}
        yield "RRF, k 60", {q: rrf(s) for q, s in scored.items()}
        for w in BM25_WEIGHTS:
            yield f"min-max of the arms, BM25 {w}", {q: fuse(*s.arms, w) for q, s in scored.items()}
    for w in BM25_WEIGHTS:
        yield f"min-max, completed, BM25 {w}", {q: completed(s, w) for q, s in scored.items()}
    for w, depth, rw in product((0.5, 0.55, 0.6), DEPTHS, RERANK_WEIGHTS[1:]):
        yield f"BM25 {w}, MaxSim {rw}, depth {depth}", {q: reranked(s, w, rw, depth) for q, s in scored.items()}


def tables(name: str, dataset: BeirDataset) -> dict[str, dict[str, dict[str, float]]]:
    """Every table of one dataset, by how many token vectors a chunk has; printed as they are measured."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for token_vectors in TOKEN_VECTORS:
        scored = score(dataset, token_vectors)
        print(f"\n{name}, {len(dataset.queries)} training queries, {token_vectors} token vectors a chunk\n")
        print(table(["what", *METRICS]), flush=True)
        found[str(token_vectors)] = {
            label: metrics_of(label, dataset, run)
            for label, run in runs_of(scored, arms=token_vectors == TOKEN_VECTORS[0])
        }
    return found


def benchmark(
    scifact: Annotated[Path, typer.Option(help="BEIR's SciFact, of which the train split is read.", exists=True)],
    code: Annotated[Path, typer.Option(help="The code set in BEIR's format.", exists=True)],
) -> Result:
    return Result(
        {
            "code, first half": tables("code, first half", first_half(load_beir(code, "test"))),
            "SciFact train": tables("SciFact train", load_beir(scifact, "train")),
        }
    )
