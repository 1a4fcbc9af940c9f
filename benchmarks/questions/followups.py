"""Retrieval for the last turns of conversations: as asked, and rewritten.

    python -m benchmarks followups MTRAG.jsonl [--llm 20]

Rows are `{id, turns, contexts}`; the contexts of all rows are the collection, and each last question shall find its
own. Half of the rows, by the hash of their id, were used to write the rules and are shown apart. `--llm N` lets the
language model of `FOOTNOTE_LLM_URL` read as many questions of the other half that go on from their conversation.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer

from benchmarks.harness import Mtrag, Result
from benchmarks.questions.questions import Row, halves
from eval.data import BeirDocument, read_jsonl
from eval.report.retrieval import index_corpus, scratch_rag
from rag.build.core import Rag
from rag.build.models import build_chat
from rag.models import Message
from rag.questions import ModelParser, needs_model, parse_by_rules
from rag.settings import load_settings

Search = Callable[[Sequence[str]], list[str]]
DEPTHS = (5, 10)
DEEPEST = max(DEPTHS)


def question_of(row: Row) -> str:
    """The last turn."""
    return str(row["turns"][-1]["text"])


def history_of(row: Row) -> list[Message]:
    """The turns before it."""
    return [Message("user" if t["speaker"] == "user" else "assistant", t["text"]) for t in row["turns"][:-1]]


def with_previous(row: Row) -> str:
    """The question behind the one before it: what many systems do."""
    asked = [message.content for message in history_of(row) if message.role == "user"]
    return " ".join([*asked[-1:], question_of(row)])


def by_rules(row: Row) -> list[str]:
    """What `RuleParser` searches for."""
    return [part.search for part in parse_by_rules(question_of(row), history_of(row)).sub_questions]


WAYS: dict[str, Callable[[Row], list[str]]] = {
    "last question": lambda row: [question_of(row)],
    "with the question before": lambda row: [with_previous(row)],
    "by rules": by_rules,
}


def searcher(rag: Rag, collection: str, names: Mapping[str, str]) -> Search:
    """Contexts for searches, best first; several searches take turns."""

    def search(searches: Sequence[str]) -> list[str]:
        ranked = [
            [names[chunk] for chunk in list(rag.retriever.rank(text, collection=collection).final)[:DEEPEST]]
            for text in searches
        ]
        return list(
            dict.fromkeys(ranking[place] for place in range(DEEPEST) for ranking in ranked if place < len(ranking))
        )

    return search


def recalls(search: Search, asked: Sequence[tuple[Row, list[str]]], ids: Mapping[str, str]) -> dict[str, float]:
    """The share, in percent, of the rows' own contexts among the first hits; each row counts the same."""
    shares: dict[int, list[float]] = {k: [] for k in DEPTHS}
    for row, searches in asked:
        found, own = search(searches), {ids[context["text"]] for context in row["contexts"]}
        for k in DEPTHS:
            shares[k].append(len(own & set(found[:k])) / len(own))
    return {f"recall@{k}": round(100 * sum(each) / max(1, len(each)), 1) for k, each in shares.items()}


def measure(search: Search, rows: Sequence[Row], ids: Mapping[str, str]) -> dict[str, Any]:
    """Recall by way of asking, over all rows and over those that are rewritten."""
    rewritten = [row for row in rows if by_rules(row) != [question_of(row)]]
    return {
        name: {"rows": len(group)}
        | {way: recalls(search, [(row, asks(row)) for row in group], ids) for way, asks in WAYS.items()}
        for name, group in (("all", rows), ("rewritten", rewritten))
    }


async def read_by_model(rows: Sequence[Row]) -> list[tuple[Row, list[str], str, float]]:
    """Each row with what the language model's parsed searches for, how it was read, and the seconds it took."""
    chat = build_chat(load_settings())
    if chat is None:
        raise SystemExit("--llm needs FOOTNOTE_LLM_URL")
    parser = ModelParser(chat)
    found: list[tuple[Row, list[str], str, float]] = []
    try:
        for row in rows:
            started = time.perf_counter()
            parsed = await parser.parse(question_of(row), history_of(row))
            seconds = time.perf_counter() - started
            print(question_of(row), "=>", parsed.how, [part.search for part in parsed.sub_questions], round(seconds, 1))
            found.append((row, [part.search for part in parsed.sub_questions], parsed.how, seconds))
    finally:
        await chat.aclose()
    return found


def measure_model(search: Search, rows: Sequence[Row], ids: Mapping[str, str]) -> dict[str, Any]:
    """Recall of the model's readings beside the rules', over the same rows."""
    read = asyncio.run(read_by_model(rows))
    return {
        "rows": len(read),
        "kept": sum(how == "by the language model" for _, _, how, _ in read),
        "seconds": round(sum(seconds for *_, seconds in read) / max(1, len(read)), 1),
        "last question": recalls(search, [(row, [question_of(row)]) for row, *_ in read], ids),
        "by rules": recalls(search, [(row, by_rules(row)) for row, *_ in read], ids),
        "by the language model": recalls(search, [(row, searches) for row, searches, *_ in read], ids),
    }


def benchmark(
    file: Mtrag,
    llm: Annotated[int, typer.Option(help="How many questions the language model reads.")] = 0,
) -> Result:
    rows = list(read_jsonl(file))
    texts = {c["text"]: str(c.get("title") or "") for row in rows for c in row["contexts"]}
    ids = {text: f"c{number}" for number, text in enumerate(texts)}
    documents = tuple(BeirDocument(ids[text], title, text) for text, title in texts.items())
    parted = halves(row for row in rows if row["contexts"])
    with scratch_rag(load_settings()) as (rag, collection):
        search = searcher(rag, collection, index_corpus(rag, collection, documents, lambda *_: None))
        figures = {name: measure(search, half, ids) for name, half in parted.items()}
        if llm:
            going_on = [row for row in parted["not used"] if needs_model(question_of(row), history_of(row))]
            figures["language model"] = measure_model(search, going_on[:llm], ids)
    return Result({"contexts": len(documents), "figures": figures}, variant="llm" if llm else "")
