"""Real questions, answerable and not, put to the whole service with whatever language model is set.

    FOOTNOTE_LLM_URL=http://localhost:8000/v1 python -m benchmarks answers CLAPNQ.jsonl --questions 60 --out FILE.jsonl

Takes rows of `{id, question, answerable, passages: [{title, text}]}` (ClapNQ: Rosenthal et al., 2024). The passages of
every row go into one collection, so that retrieval is part of what is tried. Prints counts; the answers go to `--out`,
for reading. A row that `--out` has already is not asked again. With `--at-once` above 1 the counts are the same, and
the times are those of a busy server; `--untimed` leaves them out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from api.whole_answer import whole
from api.wire import answer_to_json
from benchmarks.answers.clapnq import Half, half_of, service_on
from benchmarks.harness import ClapNq, Result
from eval.data import Row, append_jsonl, read_jsonl
from eval.metrics import percentiles
from rag.answers import NO_CLAIM, OWN_WORDS
from rag.build.answerer import threshold_of
from rag.build.core import Rag
from rag.settings import load_settings

Asked = tuple[Row, dict[str, Any]]
"""A row and what was answered."""


def chosen(rows: Sequence[Row], questions: int) -> list[Row]:
    """As many answerable as unanswerable rows, in the order of the file."""
    half = questions // 2
    yes = [row for row in rows if row["answerable"]][: questions - half]
    no = [row for row in rows if not row["answerable"]][:half]
    return yes + no


def figures(asked: Sequence[Asked], threshold: float, *, untimed: bool = False) -> dict[str, Any]:
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
        **({} if untimed else {"first_sentence_s": percentiles(first), "total_s": percentiles(total)}),
    }


def _changed(asked: Sequence[Asked], change: str) -> int:
    return sum(bool(sentence.get(change)) for _, answer in asked for sentence in answer["sentences"])


def _noted(answers: Sequence[Row], note: str) -> int:
    return sum(note in (answer["note"] or "") for answer in answers)


def stricter(answer: dict[str, Any], threshold: float) -> dict[str, Any]:
    """The same answer under a higher `FOOTNOTE_SUPPORT_THRESHOLD`."""
    kept = [sentence for sentence in answer["sentences"] if sentence["support"] >= threshold]
    dropped = [sentence for sentence in answer["sentences"] if sentence["support"] < threshold]
    return answer | {"sentences": kept, "withheld": answer["withheld"] + dropped, "abstained": not kept}


async def ask_all(rag: Rag, collection: str, rows: Sequence[Row], out: Path, at_once: int) -> list[Asked]:
    """Each row with its answer, so many at a time; what `out` has is taken from there."""
    known = {answer["id"]: answer for answer in read_jsonl(out)} if out.exists() else {}
    room = asyncio.Semaphore(at_once)

    async def ask(row: Row) -> Asked:
        if row["id"] in known:
            return row, known[row["id"]]
        async with room:
            answer = answer_to_json(await whole(rag.answerer.answer(row["question"], collection=collection)))
        append_jsonl(out, {"id": row["id"], "answerable": row["answerable"], **answer})
        print("abstained" if answer["abstained"] else repr(answer["answer"][:90]), flush=True)
        return row, answer

    return await asyncio.gather(*(ask(row) for row in rows))


def benchmark(
    file: ClapNq,
    questions: Annotated[int, typer.Option(help="Half of them answerable.")] = 60,
    half: Annotated[Half | None, typer.Option(help="Only one half of the rows.")] = None,
    untimed: Annotated[bool, typer.Option("--untimed", help="No times: replies come from a record.")] = False,
    out: Annotated[Path | None, typer.Option(help="File for the answers.")] = None,
    count: Annotated[Path | None, typer.Option(help="Only count the answers of an earlier run, kept by --out.")] = None,
    at_once: Annotated[int, typer.Option(help="Questions in hand at a time.")] = 1,
) -> Result:
    settings = load_settings()
    threshold = threshold_of(settings)
    read = {"llm_context_tokens": settings.llm_context_tokens, "at_once": at_once}
    if count and not out:
        asked: list[Asked] = [(answer, stricter(answer, threshold)) for answer in read_jsonl(count)]
    elif out and not count:
        rows = list(read_jsonl(file))
        wanted = chosen(half_of(rows, half), questions)
        with service_on(rows, settings) as (rag, collection):
            asked = asyncio.run(ask_all(rag, collection, wanted, out, at_once))
    else:
        raise typer.BadParameter("either --out or --count is needed")
    return Result(read | figures(asked, threshold, untimed=untimed))
