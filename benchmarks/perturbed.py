"""Retrieval from mistyped and chatty queries, with and without plain style and spelling.

    python -m benchmarks.perturbed BEIR_FOLDER --split train --index FOLDER [--queries 200 --documents 1500]

The index is built in FOLDER by the first run and used again by the next. What can be chosen was chosen on `train`;
`test` is for reporting. A quick run takes some of the queries and, beside the documents that any query is judged on,
so many others, all by the hash of their ids.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.record import record
from eval.data import PERTURBATIONS, BeirDataset, load_beir
from eval.metrics import ranking_metrics
from eval.report.retrieval import index_corpus
from rag.build.core import Rag, build
from rag.questions import plain_style
from rag.settings import load_settings

COLLECTION = "perturbed"
DEPTH = 100
Reading = Callable[[str], str]


def opened(folder: Path, dataset: BeirDataset) -> tuple[Rag, dict[str, str]]:
    """A core on the folder's index, made first if it is not there, and chunk id to document id."""
    rag = build(load_settings(data_dir=folder))
    if rag.store.has_collection(COLLECTION) and not rag.store.count(COLLECTION):
        rag.store.drop_collection(COLLECTION)  # an earlier run was broken off
    if not rag.store.has_collection(COLLECTION):
        index_corpus(rag, COLLECTION, dataset.documents, lambda *_: None)
    return rag, {chunk.id: chunk.filename for chunk in rag.store.all_chunks(COLLECTION)}


def part_of(dataset: BeirDataset, kept: set[str], queries: int | None, documents: int | None) -> BeirDataset:
    """Some of the queries, and the documents `kept` with so many of the others."""
    chosen = sorted(dataset.queries, key=_hash)[:queries]
    others = [d for d in dataset.documents if d.id not in kept]
    rest = {d.id for d in sorted(others, key=lambda d: _hash(d.id))[:documents]}
    held = tuple(d for d in dataset.documents if d.id in kept or d.id in rest)
    return BeirDataset(held, {q: dataset.queries[q] for q in chosen}, {q: dataset.qrels[q] for q in chosen})


def _hash(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def readings(rag: Rag) -> Mapping[str, Reading]:
    """What is done to a query before it is searched for."""

    def spelled(query: str) -> str:
        return rag.retriever.spelled(query, collection=COLLECTION).text

    return {
        "as typed": lambda query: query,
        "plain style": plain_style,
        "spelling": spelled,
        "both": lambda query: spelled(plain_style(query)),
    }


def measure(rag: Rag, names: Mapping[str, str], dataset: BeirDataset, queries: Mapping[str, str]) -> dict[str, Any]:
    """nDCG@10 and Recall@100 by reading, what the reading took, and how many queries it changed."""
    figures: dict[str, Any] = {}
    found: dict[str, dict[str, float]] = {}
    for label, read in readings(rag).items():
        run, took_ms, changed = {}, [], 0
        for query, text in queries.items():
            started = time.perf_counter()
            asked = read(text)
            took_ms.append(1000 * (time.perf_counter() - started))
            changed += asked != text
            if asked not in found:
                final = rag.retriever.rank(asked, collection=COLLECTION).final
                found[asked] = {names[chunk]: score for chunk, score in list(final.items())[:DEPTH]}
            run[query] = found[asked]
        metrics = ranking_metrics(dataset.qrels, run)
        p50, p95 = np.percentile(took_ms, [50, 95])
        figures[label] = {
            "ndcg@10": metrics["ndcg@10"],
            "recall@100": metrics["recall@100"],
            "changed": changed,
            "ms": {"p50": round(float(p50), 2), "p95": round(float(p95), 2)},
        }
    return figures


def main() -> None:
    """Read the arguments, measure, record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", default="train")
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--queries", type=int)
    parser.add_argument("--documents", type=int)
    args = parser.parse_args()
    splits = {path.stem: load_beir(args.folder, path.stem) for path in (args.folder / "qrels").glob("*.tsv")}
    judged = {name for split in splits.values() for found in split.qrels.values() for name in found}
    dataset = part_of(splits[args.split], judged, args.queries, args.documents)
    rag, names = opened(args.index, dataset)
    try:
        figures = {
            label: measure(rag, names, dataset, {name: perturb(text, name) for name, text in dataset.queries.items()})
            for label, perturb in PERTURBATIONS.items()
        }
    finally:
        rag.close()
    for label, rows in figures.items():
        print(label, {name: (row["ndcg@10"], row["changed"]) for name, row in rows.items()})
    record(f"perturbed-{args.split}", {"queries": len(dataset.queries), "documents": len(names), "figures": figures})


if __name__ == "__main__":
    main()
