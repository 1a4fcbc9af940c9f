"""Choose when an answer without a language model is refused: prints the table behind FOOTNOTE_RELEVANCE_THRESHOLD.

    python -m benchmarks.answerability CLAPNQ.jsonl

Reads the first half of the rows `{question, answerable, passages}` only; the other half stays unseen.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from sklearn.metrics import roc_auc_score

from rag.build import build_embedder
from rag.embedding import Embedder
from rag.evidence import EvidencePool
from rag.extractive import answerability, relevance
from rag.settings import load_settings
from rag.types import Chunk, Hit, document_id_of, sha256_of

THRESHOLDS = (0.45, 0.5, 0.55, 0.58, 0.6, 0.62, 0.65, 0.7)


def hits_of(row: dict[str, Any], embedder: Embedder) -> list[Hit]:
    """A row's passages as hits, with their cosine."""
    question = embedder.embed_query(row["question"]).dense
    hits = []
    for passage in row["passages"]:
        text, title = passage["text"], passage["title"]
        chunk = Chunk(document_id_of(title), sha256_of(text.encode()), title, 1, 0, len(text), text, title=title)
        (embedding,) = embedder.embed_documents([chunk.embedded_text])
        cosine = float(question @ embedding.dense)
        hits.append(Hit(chunk, {"score": cosine, "dense": cosine}))
    return hits


def score(row: dict[str, Any], embedder: Embedder) -> float:
    """How answerable the question is from its passages, as the extractive answerer sees it."""
    pool = EvidencePool(hits_of(row, embedder), embedder=embedder)
    scores = relevance(row["question"], pool)
    best = int(scores.argmax())
    return answerability(row["question"], best, scores, pool) if scores[best] > 0 else 0.0


def main() -> None:
    """Read the arguments, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    rows = [json.loads(line) for line in parser.parse_args().file.read_text(encoding="utf-8").splitlines()]
    half = rows[: len(rows) // 2]
    embedder = build_embedder(load_settings())
    labels, scores = [bool(row["answerable"]) for row in half], [score(row, embedder) for row in half]
    print(f"{len(half)} questions, AUROC {roc_auc_score(labels, scores):.3f}\n")
    print("| threshold | answerable answered | unanswerable refused |\n| --- | --- | --- |")
    for threshold in THRESHOLDS:
        answered = [s >= threshold for s in scores]
        yes = [a for a, label in zip(answered, labels, strict=True) if label]
        no = [not a for a, label in zip(answered, labels, strict=True) if not label]
        print(f"| {threshold} | {100 * sum(yes) / len(yes):.0f}% | {100 * sum(no) / len(no):.0f}% |")


if __name__ == "__main__":
    main()
