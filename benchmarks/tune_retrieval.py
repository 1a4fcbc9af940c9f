"""Choose retrieval's weights on training queries only, and print the tables of docs/retrieval.md.

    python -m benchmarks.tune_retrieval --scifact FOLDER --code FOLDER

Tunes on SciFact's train split and on the first half of the code set's queries; reads no other judgement.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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


def show(label: str, dataset: BeirDataset, run: Mapping[str, Mapping[str, float]]) -> None:
    """One row of a table; a run is cut at 100, as retrieval cuts it."""
    cut = {q: dict(sorted(r.items(), key=lambda item: (-item[1], item[0]))[:100]) for q, r in run.items()}
    found = ranking_metrics(dataset.qrels, cut)
    cells = [found[name] for name in ("ndcg@10", "recall@100", "mrr@10", "pass@5", "pass@10", "pass@20")]
    print(f"| {label} | " + " | ".join(f"{cell:.2f}" for cell in cells) + " |", flush=True)


def tables(name: str, dataset: BeirDataset) -> None:
    """Every table of one dataset."""
    for token_vectors in TOKEN_VECTORS:
        scored = score(dataset, token_vectors)
        print(f"\n{name}, {len(dataset.queries)} training queries, {token_vectors} token vectors a chunk\n")
        print("| what | nDCG@10 | R@100 | MRR@10 | Pass@5 | Pass@10 | Pass@20 |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        if token_vectors == TOKEN_VECTORS[0]:
            show("BM25", dataset, {q: s.arms[1] for q, s in scored.items()})
            show("dense", dataset, {q: s.arms[0] for q, s in scored.items()})
            show("RRF, k 60", dataset, {q: rrf(s) for q, s in scored.items()})
            for w in BM25_WEIGHTS:
                show(f"min-max of the arms, BM25 {w}", dataset, {q: fuse(*s.arms, w) for q, s in scored.items()})
        for w in BM25_WEIGHTS:
            show(f"min-max, completed, BM25 {w}", dataset, {q: completed(s, w) for q, s in scored.items()})
        for w in (0.5, 0.55, 0.6):
            for depth in DEPTHS:
                for rw in RERANK_WEIGHTS[1:]:
                    run = {q: reranked(s, w, rw, depth) for q, s in scored.items()}
                    show(f"BM25 {w}, MaxSim {rw}, depth {depth}", dataset, run)


def main() -> None:
    """Read the arguments, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scifact", type=Path, required=True)
    parser.add_argument("--code", type=Path, required=True)
    args = parser.parse_args()
    tables("code, first half", first_half(load_beir(args.code, "test")))
    tables("SciFact train", load_beir(args.scifact, "train"))


if __name__ == "__main__":
    main()
