"""Real questions, answerable and not, put to the whole service with whatever language model is set.

    FOOTNOTE_LLM_URL=http://localhost:8000/v1 python -m benchmarks.answers CLAPNQ.jsonl --questions 60 --out FILE.jsonl

Takes rows of `{id, question, answerable, passages: [{title, text}]}` (ClapNQ: Rosenthal et al., 2024). The passages of
every row go into one collection, so that retrieval is part of what is tried. Prints counts; the answers go to `--out`,
for reading. A row that `--out` has already is not asked again. With `--at-once` above 1 the counts are the same, and
the times are those of a busy server; `--untimed` leaves them out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from api.answers import whole
from api.wire import answer_to_json
from benchmarks.record import record
from ingest.build import ingest_paths
from rag.answers import NO_CLAIM, ONE_WEAK_PASSAGE, OWN_WORDS
from rag.build.answers import threshold_of
from rag.build.core import Rag, build
from rag.settings import load_settings
from rag.types import sha256_of

COLLECTION = "answers"


def write_passages(rows: list[dict[str, Any]], folder: Path) -> list[Path]:
    """One Markdown file a passage."""
    paths = []
    for row in rows:
        for number, passage in enumerate(row["passages"]):
            path = folder / f"{row['id']}-{number}.md"
            path.write_text(f"# {passage['title']}\n\n{passage['text']}\n", encoding="utf-8")
            paths.append(path)
    return paths


def half_of(rows: list[dict[str, Any]], half: str | None) -> list[dict[str, Any]]:
    """The rows by which something may be chosen (`fit`), those that report (`report`), by a hash of the id, or all."""
    wanted = {"fit": (0,), "report": (1,)}.get(half or "", (0, 1))
    return [row for row in rows if int(sha256_of(row["id"].encode())[:8], 16) % 2 in wanted]


def chosen(rows: list[dict[str, Any]], questions: int) -> list[dict[str, Any]]:
    """As many answerable as unanswerable rows, in the order of the file."""
    half = questions // 2
    yes = [row for row in rows if row["answerable"]][: questions - half]
    no = [row for row in rows if not row["answerable"]][:half]
    return yes + no


def figures(
    asked: list[tuple[dict[str, Any], dict[str, Any]]], threshold: float, *, untimed: bool = False
) -> dict[str, Any]:
    """Counts over questions and over sentences, and times in seconds."""
    yes = [answer for row, answer in asked if row["answerable"]]
    no = [answer for row, answer in asked if not row["answerable"]]
    released = sum(len(answer["sentences"]) for _, answer in asked)
    withheld = sum(len(answer["withheld"]) for _, answer in asked)
    first = [a["timings_ms"]["first_sentence"] / 1000 for _, a in asked if a["sentences"]]
    total = [a["timings_ms"]["total"] / 1000 for _, a in asked]
    return {
        "llm": asked[0][1]["model"].get("llm"),
        "support_threshold": threshold,
        "answerable": len(yes),
        "answerable_answered": sum(not answer["abstained"] for answer in yes),
        "unanswerable": len(no),
        "unanswerable_abstained": sum(answer["abstained"] for answer in no),
        "sentences_drafted": released + withheld,
        "sentences_withheld": withheld,
        "sentences_released": released,
        "sentences_cut": _changed(asked, "cut"),
        "sentences_repaired": _changed(asked, "repaired"),
        "sentences_without_claim": sum(each["why"] == NO_CLAIM for _, a in asked for each in a["withheld"]),
        "in_own_words": {"answerable": _noted(yes, OWN_WORDS), "unanswerable": _noted(no, OWN_WORDS)},
        "on_one_weak_passage": {
            "answerable": _noted(yes, ONE_WEAK_PASSAGE),
            "unanswerable": _noted(no, ONE_WEAK_PASSAGE),
        },
        **({} if untimed else {"first_sentence_s": _percentiles(first), "total_s": _percentiles(total)}),
    }


def _changed(asked: list[tuple[dict[str, Any], dict[str, Any]]], change: str) -> int:
    return sum(bool(sentence.get(change)) for _, answer in asked for sentence in answer["sentences"])


def _noted(answers: list[dict[str, Any]], note: str) -> int:
    return sum(note in (answer["note"] or "") for answer in answers)


def stricter(answer: dict[str, Any], threshold: float) -> dict[str, Any]:
    """The same answer under a higher `FOOTNOTE_SUPPORT_THRESHOLD`."""
    kept = [sentence for sentence in answer["sentences"] if sentence["support"] >= threshold]
    dropped = [sentence for sentence in answer["sentences"] if sentence["support"] < threshold]
    return answer | {"sentences": kept, "withheld": answer["withheld"] + dropped, "abstained": not kept}


def _percentiles(seconds: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(seconds or [0.0], [50, 95])
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2)}


async def ask_all(
    rag: Rag, rows: list[dict[str, Any]], out: Path, at_once: int
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each row with its answer, so many at a time; what `out` has is taken from there."""
    known = {answer["id"]: answer for answer in read_rows(out)} if out.exists() else {}
    room = asyncio.Semaphore(at_once)

    async def ask(row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        if row["id"] in known:
            return row, known[row["id"]]
        async with room:
            answer = answer_to_json(await whole(rag.answerer.answer(row["question"], collection=COLLECTION)))
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"id": row["id"], "answerable": row["answerable"], **answer}) + "\n")
        print("abstained" if answer["abstained"] else repr(answer["answer"][:90]), flush=True)
        return row, answer

    return await asyncio.gather(*(ask(row) for row in rows))


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    """Read the arguments, ingest, ask, record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--name", default="answers")
    parser.add_argument("--half", choices=["fit", "report"])
    parser.add_argument(
        "--untimed", action="store_true", help="leave out times: replies of the model come from a record"
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, help="file for the answers")
    where.add_argument("--count", type=Path, help="only count the answers of an earlier run, kept by --out")
    parser.add_argument("--at-once", type=int, default=1, help="questions in hand at a time")
    args = parser.parse_args()
    settings = load_settings()
    threshold = threshold_of(settings)
    read = {"llm_context_tokens": settings.llm_context_tokens, "at_once": args.at_once}
    if args.count:
        kept = [(answer, stricter(answer, threshold)) for answer in read_rows(args.count)]
        record(args.name, read | figures(kept, threshold, untimed=args.untimed))
        return
    rows = read_rows(args.file)
    scratch = Path(tempfile.mkdtemp(prefix="footnote-answers-"))
    (scratch / "files").mkdir()
    rag = build(load_settings(data_dir=scratch / "data"))
    try:
        ingest_paths(rag, write_passages(rows, scratch / "files"), COLLECTION)
        asked = asyncio.run(ask_all(rag, chosen(half_of(rows, args.half), args.questions), args.out, args.at_once))
        record(args.name, read | figures(asked, threshold, untimed=args.untimed))
    finally:
        rag.close()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
