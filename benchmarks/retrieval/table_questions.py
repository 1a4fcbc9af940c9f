"""How often the row that answers a question about a table is among the first hits.

    python -m benchmarks table-questions FOLDER [--data-dir DIR] [--chunk-tokens 140 --chunk-tokens 180] [--context]

FOLDER holds reports (PDF) and `qna_data.csv` with the columns Question, Source Docs, Question Type, Source Chunk Type
and Answer (Docugami, KG-RAG datasets, SEC 10-Q). The questions are those on the tables of one report whose reference
answer states a figure that the report prints. Which figures count is read from the PDF itself, so that it does not
depend on how Footnote reads it, and is kept with the results.

A question counts as found@k when one of its first k hits comes from the named report and its text states one of the
answer's figures as a whole token. All reports are in one collection; no filter is set. Questions whose row is not found
count as failures, and so do figures that reading lost.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pypdfium2 as pdfium
import typer

from benchmarks.harness import Result, footnote_json, scratch_folder, table
from benchmarks.retrieval.figures import Figure, Token, figures_of, tokens_of
from benchmarks.retrieval.headers import header_above, is_row, states_header
from rag.build.core import Rag, build
from rag.filters import Compare
from rag.settings import load_settings
from rag.types import Chunk, Hit

DEPTHS = (1, 5, 8)
COLLECTION = "reports"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of row `number` of the CSV file (from 1, without its header) on the report `filename`."""

    number: int
    text: str
    filename: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's hits over all reports, and over the right one."""

    question: Question
    hits: tuple[Hit, ...]
    within: tuple[Hit, ...]


def questions_of(folder: Path) -> list[Question]:
    """The questions that can be scored, in the order of the file."""
    with (folder / "qna_data.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    tokens: dict[str, frozenset[Token]] = {}
    questions = []
    for number, row in enumerate(rows, start=1):
        if not row["Question Type"].startswith("Single-Doc") or row["Source Chunk Type"] != "Table":
            continue
        filename = row["Source Docs"].strip("* ").replace(" ", "_") + ".pdf"
        if filename not in tokens:
            tokens[filename] = printed_tokens(folder / filename)
        figures = tuple(figure for figure in figures_of(row["Answer"]) if figure.stands_in(tokens[filename]))
        if figures:
            questions.append(Question(number, row["Question"], filename, figures))
    return questions


def printed_tokens(report: Path) -> frozenset[Token]:
    """Every number that a PDF prints, as pdfium reads it."""
    with pdfium.PdfDocument(report) as pdf:
        lines = [line for page in pdf for line in page.get_textpage().get_text_range().splitlines()]
    return frozenset(token for line in lines for token in tokens_of(line))


def ingest(reports: Sequence[Path], data_dir: Path, chunk_tokens: int) -> dict[str, Any]:
    """Fill the collection with the command line, as a user does; returns the summary it prints."""
    settings = {"data_dir": data_dir, "collection": COLLECTION, "chunk_tokens": chunk_tokens}
    return footnote_json("ingest", "--json", *reports, settings=settings)


@contextmanager
def filled(folder: Path, chunk_tokens: int) -> Iterator[Path]:
    """A data folder of its own with all reports in it; gone afterwards."""
    with scratch_folder() as data_dir:
        print(json.dumps(ingest(sorted(folder.glob("*.pdf")), data_dir, chunk_tokens)), flush=True)
        yield data_dir


def ask_all(rag: Rag, questions: Sequence[Question], collection: str) -> list[Asked]:
    """Every question twice: over all reports, and over the right one only."""
    asked: list[Asked] = []
    k = max(DEPTHS)
    for question in questions:
        right = Compare("filename", "eq", question.filename)
        hits = rag.retriever.search(question.text, collection=collection, k=k)
        within = rag.retriever.search(question.text, collection=collection, k=k, where=right)
        asked.append(Asked(question, tuple(hits), tuple(within)))
    return asked


def stated(question: Question, chunk: Chunk) -> set[str]:
    """The answer's figures that a chunk of the right report states."""
    if chunk.filename != question.filename:
        return set()
    tokens = frozenset(tokens_of(chunk.text))
    return {figure.text for figure in question.figures if figure.stands_in(tokens)}


def first_rank(question: Question, hits: Sequence[Hit]) -> int | None:
    """The rank, from 1, of the first hit that states a figure of the answer."""
    return next((rank for rank, hit in enumerate(hits, start=1) if stated(question, hit.chunk)), None)


def all_stated(question: Question, hits: Sequence[Hit]) -> bool:
    """Whether these hits together state every figure of the answer that the report prints."""
    found = set[str]().union(*(stated(question, hit.chunk) for hit in hits))
    return len(found) == len(question.figures)


def shares(asked: Sequence[Asked]) -> dict[str, float]:
    """Percentages of the questions."""
    figures: dict[str, float] = {}
    for name in ("hits", "within"):
        for k in DEPTHS:
            ranks = [first_rank(one.question, getattr(one, name)) for one in asked]
            complete = [all_stated(one.question, getattr(one, name)[:k]) for one in asked]
            figures[f"{_PLACES[name]}_found@{k}"] = _percent([rank is not None and rank <= k for rank in ranks])
            figures[f"{_PLACES[name]}_all_figures@{k}"] = _percent(complete)
    return figures


_PLACES = {"hits": "all_reports", "within": "right_report"}


def _percent(cases: Sequence[bool]) -> float:
    return round(100 * sum(cases) / len(cases), 1) if cases else 0.0


def header_cases(rag: Rag, asked: Sequence[Asked], collection: str) -> tuple[list[bool], list[bool]]:
    """For every answering row of a table: whether its column header is in the chunk or its context.

    First the rows among the hits over all reports, then all the rows that the right report holds, found or not.
    """
    among_hits: list[bool] = []
    stored: list[bool] = []
    for one in asked:
        chunks = chunks_of(rag, one.question, collection)
        cases = {chunk.id: list(_cases_of(rag, one.question, chunk, collection)) for chunk in chunks}
        stored.extend(case for found in cases.values() for case in found)
        among_hits.extend(case for hit in one.hits for case in cases.get(hit.chunk.id, ()))
    return among_hits, stored


def chunks_of(rag: Rag, question: Question, collection: str) -> list[Chunk]:
    """All chunks of the right report that state a figure of the answer."""
    query, lexical = rag.embedder.embed_query(question.text), rag.lexical.encode_query(question.text)
    right = Compare("filename", "eq", question.filename)
    count = rag.store.count(collection, right)
    if not count:
        return []
    found = rag.store.search(collection, query, lexical, k=count, where=right)
    chunks = rag.store.chunks(collection, list(found.dense))
    return [chunk for chunk in chunks if stated(question, chunk)]


def _cases_of(rag: Rag, question: Question, chunk: Chunk, collection: str) -> Iterator[bool]:
    page = rag.store.page(collection, chunk.document_id, chunk.sha256, chunk.page)
    if page is not None:
        yield from _header_cases(question, chunk, page.text)


def _header_cases(question: Question, chunk: Chunk, page_text: str) -> Iterator[bool]:
    """One case for each answering row that stands in this chunk and has a header above it on its page."""
    for line in re.finditer(r".+", chunk.text):
        tokens = frozenset(tokens_of(line[0]))
        if is_row(line[0]) and any(figure.stands_in(tokens) for figure in question.figures):
            header = header_above(page_text, chunk.start + line.start())
            if header:
                yield states_header(header, chunk.context + "\n" + chunk.text[: line.start()])


def measure(data_dir: Path, questions: Sequence[Question], with_context: bool, collection: str) -> dict[str, Any]:
    """Shares over all questions, and each question's ranks."""
    rag = build(load_settings(data_dir=data_dir))
    try:
        asked = ask_all(rag, questions, collection)
        figures: dict[str, Any] = {"chunks": rag.store.count(collection), **shares(asked)}
        if with_context:
            among_hits, stored = header_cases(rag, asked, collection)
            figures |= {"rows_among_hits": len(among_hits), "of_them_with_header": _percent(among_hits)}
            figures |= {"answering_rows": len(stored), "answering_rows_with_header": _percent(stored)}
    finally:
        rag.close()
    figures["asked"] = [described(one) for one in asked]
    return figures


def described(one: Asked) -> dict[str, Any]:
    """One question's result; it is named by its row, so that the data set is not repeated here."""
    return {
        "row": one.question.number,
        "report": one.question.filename,
        "figures": "; ".join(figure.text for figure in one.question.figures),
        "rank": first_rank(one.question, one.hits),
        "rank_within_report": first_rank(one.question, one.within),
    }


def show(results: dict[str, dict[str, Any]]) -> None:
    """One row for each size of chunks."""
    names = [name for name in next(iter(results.values())) if name != "asked"]
    print(table(["chunk tokens", *names], ([tokens, *map(figures.get, names)] for tokens, figures in results.items())))


def benchmark(
    folder: Annotated[Path, typer.Argument(help="Reports (PDF) and qna_data.csv.", exists=True)],
    data_dir: Annotated[Path | None, typer.Option(help="An existing data folder that holds the reports.")] = None,
    collection: Annotated[str, typer.Option(help="The collection in --data-dir.")] = COLLECTION,
    chunk_tokens: Annotated[list[int] | None, typer.Option(help="May be repeated; each is ingested anew.")] = None,
    context: Annotated[bool, typer.Option("--context", help="Count the rows that come with their header.")] = False,
) -> Result:
    questions = questions_of(folder)
    results: dict[str, dict[str, Any]] = {}
    if data_dir:
        results["as stored"] = measure(data_dir, questions, context, collection)
    else:
        for size in chunk_tokens or [load_settings().chunk_tokens]:
            with filled(folder, size) as filled_dir:
                results[str(size)] = measure(filled_dir, questions, context, COLLECTION)
    show(results)
    return Result({"questions": len(questions), "chunk_tokens": results})
