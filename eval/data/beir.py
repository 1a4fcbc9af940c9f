"""Datasets in BEIR's format: `corpus.jsonl`, `queries.jsonl`, `qrels/SPLIT.tsv`.

Thakur et al., BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval Models, 2021.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.data.jsonl import parse_jsonl
from rag.errors import DatasetError


@dataclass(frozen=True, slots=True)
class BeirDocument:
    """One document of the corpus."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class BeirDataset:
    """A corpus, and the judged queries of one split: query id to text, query id to document id to relevance."""

    documents: tuple[BeirDocument, ...]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]


def load_beir(folder: Path, split: str) -> BeirDataset:
    """One split of a dataset.

    Raises:
        DatasetError: naming the file, and the line where one is malformed.
    """
    qrels = _qrels(folder / "qrels" / f"{split}.tsv")
    queries = {str(row["_id"]): str(row["text"]) for row in _rows(folder / "queries.jsonl", "_id", "text")}
    missing = sorted(qrels.keys() - queries.keys())
    if missing:
        raise DatasetError(f"{folder / 'queries.jsonl'} lacks query {missing[0]!r}, which qrels/{split}.tsv judges")
    documents = tuple(
        BeirDocument(str(row["_id"]), str(row.get("title") or ""), str(row["text"]))
        for row in _rows(folder / "corpus.jsonl", "_id", "text")
    )
    return BeirDataset(documents, {query: queries[query] for query in sorted(qrels)}, qrels)


def _rows(path: Path, *required: str) -> Iterator[dict[str, Any]]:
    def checked(row: dict[str, Any]) -> dict[str, Any]:
        if any(name not in row for name in required):
            raise ValueError(f"needs {', '.join(required)}")
        return row

    return parse_jsonl(path, checked)


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    """Judgements by query; only queries with a relevant document are kept, as is the custom."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t"))[1:]
    except OSError as exc:
        raise DatasetError(f"cannot read {path}: {exc.strerror}; is there such a split?") from exc
    qrels: dict[str, dict[str, int]] = {}
    for number, row in enumerate(rows, start=2):
        try:
            query, document, score = row
            qrels.setdefault(query, {})[document] = int(score)
        except ValueError as exc:
            raise DatasetError(f"{path}, line {number}: needs query-id, corpus-id and an integer score") from exc
    return {query: judged for query, judged in qrels.items() if any(score > 0 for score in judged.values())}
