"""Retrieval from mistyped and chatty queries, with and without plain style and spelling.

    python -m benchmarks perturbed BEIR_FOLDER --split train --index FOLDER [--queries 200 --documents 1500]

The index is built in FOLDER by the first run and used again by the next. What can be chosen was chosen on `train`;
`test` is for reporting. A quick run takes some of the queries and, beside the documents that any query is judged on,
so many others, all by the hash of their ids.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.harness import BeirFolder, Result
from eval.data import PERTURBATIONS, BeirDataset, hash_order, load_beir
from eval.metrics import percentiles, ranking_metrics
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
    chosen = hash_order(dataset.queries, str)[:queries]
    others = [d for d in dataset.documents if d.id not in kept]
    rest = {d.id for d in hash_order(others, lambda d: d.id)[:documents]}
    held = tuple(d for d in dataset.documents if d.id in kept or d.id in rest)
    return BeirDataset(held, {q: dataset.queries[q] for q in chosen}, {q: dataset.qrels[q] for q in chosen})


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
        figures[label] = {
            "ndcg@10": metrics["ndcg@10"],
            "recall@100": metrics["recall@100"],
            "changed": changed,
            "ms": percentiles(took_ms),
        }
    return figures


def benchmark(
    folder: BeirFolder,
    index: Annotated[Path, typer.Option(help="Folder of the index.")],
    split: Annotated[str, typer.Option(help="Which file of qrels/ to evaluate on.")] = "train",
    queries: Annotated[int | None, typer.Option(help="Only so many.")] = None,
    documents: Annotated[int | None, typer.Option(help="So many beside those judged.")] = None,
) -> Result:
    splits = {path.stem: load_beir(folder, path.stem) for path in (folder / "qrels").glob("*.tsv")}
    judged = {name for each in splits.values() for found in each.qrels.values() for name in found}
    dataset = part_of(splits[split], judged, queries, documents)
    rag, names = opened(index, dataset)
    try:
        figures = {
            label: measure(rag, names, dataset, {name: perturb(text, name) for name, text in dataset.queries.items()})
            for label, perturb in PERTURBATIONS.items()
        }
    finally:
        rag.close()
    for label, rows in figures.items():
        print(label, {name: (row["ndcg@10"], row["changed"]) for name, row in rows.items()})
    return Result({"queries": len(dataset.queries), "documents": len(names), "figures": figures}, variant=split)
