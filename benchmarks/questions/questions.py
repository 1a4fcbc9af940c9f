"""How well compound questions are divided and false assumptions found, on hand-written questions.

    python -m benchmarks questions

Half of the questions, by the hash of their id, were used to write the rules and are shown apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness import Result
from eval.data import in_first_half, read_jsonl
from eval.report.retrieval import scratch_rag
from ingest.reading import ChunkedDocument, FileVersion, ReadingOptions, prepare, read_file
from rag.build.answerer import build_verifier
from rag.build.core import Rag
from rag.evidence import EvidenceFinder
from rag.questions import AssumptionChecker, split_question
from rag.settings import load_settings
from rag.types import IndexedChunk, sha256_of

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "tests" / "questions"
HITS = 8
Row = Mapping[str, Any]


def halves(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The half that was looked at when the rules were written, and the other."""
    found: dict[str, list[Row]] = {"used for the rules": [], "not used": []}
    for row in rows:
        found["used for the rules" if in_first_half(str(row["id"])) else "not used"].append(row)
    return found


def cuts(parts: Sequence[str]) -> set[str]:
    """Where a question is cut: the first words of each part but the first."""
    return {" ".join(part.casefold().strip(" ?.,!").split()[:3]) for part in parts[1:]}


def measure_parts(rows: Sequence[Row]) -> dict[str, Any]:
    """Precision and recall of the cuts, and the share of questions divided exactly as by hand, in percent."""
    right = made = wanted = exact = 0
    for row in rows:
        found, hand = cuts(split_question(row["question"])), cuts(row["parts"])
        right, made, wanted = right + len(found & hand), made + len(found), wanted + len(hand)
        exact += found == hand
        if found != hand:
            print(f"{row['id']} {row['question']}\n    {split_question(row['question'])}")
    return {
        "questions": len(rows),
        "compound": sum(len(row["parts"]) > 1 for row in rows),
        "precision": round(100 * right / max(1, made), 1),
        "recall": round(100 * right / max(1, wanted), 1),
        "exact": round(100 * exact / len(rows), 1),
    }


def fill(rag: Rag, collection: str, folder: Path) -> None:
    """Read a folder of files without scans into a collection, in this process."""
    prepare(ReadingOptions(rag.embedder.count_tokens, rag.settings.chunk_tokens, 100, 10.0, "none", "eng"))
    rag.store.create_collection(collection, rag.spec)
    for path in sorted(folder.iterdir()):
        reading = read_file(FileVersion(path.name, path, path.name, sha256_of(path.read_bytes()), {}))
        assert isinstance(reading, ChunkedDocument)
        texts = [chunk.embedded_text for chunk in reading.chunks]
        embedded = zip(reading.chunks, rag.embedder.embed_documents(texts), texts, strict=True)
        chunks = [IndexedChunk(chunk, vectors, rag.lexical.encode_document(text)) for chunk, vectors, text in embedded]
        rag.store.write_chunks(collection, chunks)
        rag.store.publish(collection, reading.document, len(chunks))


def measure_assumptions(rag: Rag, collection: str, rows: Sequence[Row]) -> dict[str, Any]:
    """False assumptions that are corrected, by the right sentence or another, and true ones that are denied."""
    finder = EvidenceFinder(rag.embedder, language=rag.settings.language)
    checker = AssumptionChecker(finder, build_verifier(rag.settings, finder))
    corrected = wrong = denied = 0
    for row in rows:
        hits = rag.retriever.search(row["question"], collection=collection, k=HITS)
        found = checker.correction(row["question"], finder.pool(hits))
        right = found is not None and str(row.get("correction", "\0")).casefold() in found.verdict.text.casefold()
        corrected += right
        wrong += found is not None and not right and not row["assumption"]
        denied += found is not None and row["assumption"]
        if (found is not None) != (not row["assumption"]) or (found is not None and not right):
            print(f"{row['id']} {row['question']}\n    {found and (found.note, found.verdict.text)}")
    false = sum(not row["assumption"] for row in rows)
    return {
        "false assumptions": false,
        "true or none": len(rows) - false,
        "corrected": corrected,
        "corrected by another sentence": wrong,
        "true assumptions denied": denied,
        "precision": round(100 * corrected / max(1, corrected + wrong + denied), 1),
        "recall": round(100 * corrected / max(1, false), 1),
    }


def benchmark() -> Result:
    parts = {name: measure_parts(half) for name, half in halves(read_jsonl(QUESTIONS / "parts.jsonl")).items()}
    with scratch_rag(load_settings()) as (rag, collection):
        fill(rag, collection, ROOT / "examples" / "corpus")
        assumptions = {
            name: measure_assumptions(rag, collection, half)
            for name, half in halves(read_jsonl(QUESTIONS / "assumptions.jsonl")).items()
        }
    return Result({"parts": parts, "assumptions": assumptions})
