"""What the speller does to questions: words changed where nothing is wrong, and errors that it still corrects.

    python -m benchmarks spelling-harm BEIR_FOLDER [--queries 200 --documents 1500]
    python -m benchmarks spelling-harm QUESTIONS.jsonl

A file of questions has rows of `{id, question, passages: [{title, text}]}`, or `evidence` in place of `passages`. Every
text goes into one collection. Each question is spelled as it stands, where every change is harm, and with typing
errors (`eval.data.mistyped`, by its id), where a change that gives the word back is help.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.harness import Result
from benchmarks.questions.perturbed import part_of
from eval.data import BeirDocument, load_beir, mistyped, read_jsonl
from eval.report.retrieval import index_corpus, scratch_rag
from rag.build.core import Rag
from rag.settings import load_settings

_WORD = re.compile(r"[^\W\d_]+")


def read_questions(path: Path) -> tuple[tuple[BeirDocument, ...], Mapping[str, str]]:
    """The texts and the questions of a file of rows."""
    rows = read_jsonl(path)
    documents = [
        BeirDocument(f"{row['id']}-{number}", each.get("title", ""), each["text"])
        for row in rows
        for number, each in enumerate(row.get("passages") or row.get("evidence") or ())
    ]
    return tuple(documents), {str(row["id"]): str(row["question"]) for row in rows}


def read_beir(
    folder: Path, queries: int | None, documents: int | None
) -> tuple[tuple[BeirDocument, ...], Mapping[str, str]]:
    """The texts and the queries of all splits of a dataset in BEIR's format, or so many of them."""
    splits = [load_beir(folder, path.stem) for path in sorted((folder / "qrels").glob("*.tsv"))]
    judged = {name for split in splits for found in split.qrels.values() for name in found}
    parts = [part_of(split, judged, queries, documents) for split in splits]
    return parts[0].documents, {name: text for part in parts for name, text in part.queries.items()}


def measure(rag: Rag, collection: str, questions: Mapping[str, str]) -> dict[str, Any]:
    """Counts of words: changed without need, mistyped, given back, and read as another word."""
    words = changed = wrong = back = other = 0
    harmed: list[str] = []
    for name, question in questions.items():
        words += len(_WORD.findall(question))
        clean = rag.retriever.spelled(question, collection=collection)
        changed += len(clean.changes)
        harmed += [f"{typed} -> {read}" for typed, read in clean.changes]
        meant = set(_WORD.findall(question))
        typed_words = set(_WORD.findall(mistyped(question, name))) - meant
        read = rag.retriever.spelled(mistyped(question, name), collection=collection).changes
        wrong += len(typed_words)
        back += sum(typed in typed_words and right in meant for typed, right in read)
        other += sum(typed in typed_words and right not in meant for typed, right in read)
    return {
        "questions": len(questions),
        "words": words,
        "changed without an error": changed,
        "mistyped": wrong,
        "given back": back,
        "read as another word": other,
        "changes": harmed,
    }


def benchmark(
    path: Annotated[Path, typer.Argument(help="A folder in BEIR's format, or a file of questions.", exists=True)],
    queries: Annotated[int | None, typer.Option(help="So many queries of each split.")] = None,
    documents: Annotated[int | None, typer.Option(help="So many documents.")] = None,
) -> Result:
    texts, questions = read_beir(path, queries, documents) if path.is_dir() else read_questions(path)
    with scratch_rag(load_settings()) as (rag, collection):
        index_corpus(rag, collection, texts, lambda *_: None)
        return Result(measure(rag, collection, questions), variant=path.stem)
