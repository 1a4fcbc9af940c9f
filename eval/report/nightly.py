"""The nightly job: ask golden questions, score the answers, compare the metrics with their floors."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.table import Table

from eval.data import GoldenQuestion, load_golden
from eval.metrics import METRICS, Floors, Graded, Metrics, Outcome, grade, score
from rag.build.core import build
from rag.errors import CollectionNotFound, DatasetError, FootnoteError
from rag.events import Event, Finished
from rag.settings import load_settings
from rag.types import Evidence, Page
from rag.verification import Guarantee

FLOORS_HOLD, FLOOR_BROKEN, COULD_NOT_RUN = 0, 1, 2


class Answers(Protocol):
    """The part of `rag.answers.answerer.Answerer` that the job needs."""

    def answer(self, question: str, *, collection: str) -> AsyncGenerator[Event, None]:
        """Events in order, the last of them `Finished`."""
        ...


class Pages(Protocol):
    """The part of `rag.store.Store` that the job needs."""

    def has_collection(self, collection: str) -> bool: ...

    def count(self, collection: str) -> int: ...

    def page(self, collection: str, document_id: str, sha256: str, number: int) -> Page | None: ...


@dataclass(frozen=True, slots=True)
class NightlyReport:
    """What one run found."""

    questions: int
    metrics: Metrics
    floors: Floors
    failures: tuple[tuple[GoldenQuestion, str], ...]
    model: Mapping[str, Any]
    guarantee: Mapping[str, Any] | None = None

    @property
    def broken(self) -> list[str]:
        """The metrics below their floor."""
        return self.floors.broken(self.metrics)

    def as_json(self) -> dict[str, Any]:
        """The report as the JSON that docs/guide/nightly.md describes."""
        return {
            "questions": self.questions,
            "metrics": dict(self.metrics),
            "floors": asdict(self.floors),
            "broken": self.broken,
            "failures": [{"id": q.id, "question": q.question, "what": what} for q, what in self.failures],
            "model": dict(self.model),
            "guarantee": self.guarantee,
        }


def run_nightly_command(golden: Path, collection: str | None, as_json: bool, floors: Floors | None = None) -> int:
    """Run the job on the collection and print its report.

    Returns:
        0: every floor holds; 1: one is broken; 2: it could not run, with the reason on stderr.
    """
    try:
        questions = load_golden(golden)
        settings = load_settings(collection=collection)
        rag = build(settings)
        try:
            report = run_nightly(questions, rag.answerer, rag.store, settings.collection, floors or Floors())
            report = replace(report, guarantee=guarantee_of(rag.guarantee))
        finally:
            rag.close()
    except FootnoteError as exc:
        sys.stderr.write(f"footnote eval nightly: {exc}\n")
        return COULD_NOT_RUN
    if as_json:
        sys.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        _show(report, Console())
    return FLOOR_BROKEN if report.broken else FLOORS_HOLD


def run_nightly(
    questions: Sequence[GoldenQuestion], answers: Answers, pages: Pages, collection: str, floors: Floors
) -> NightlyReport:
    """Ask and score every question, one after the other.

    Raises:
        CollectionNotFound, StoreUnavailable: before the first question.
        DatasetError: when the collection is empty.
    """
    if not pages.has_collection(collection):
        raise CollectionNotFound(f"no collection named {collection!r}; fill it with `footnote ingest`")
    if not pages.count(collection):
        raise DatasetError(f"collection {collection!r} is empty; fill it with `footnote ingest`")
    outcomes = asyncio.run(_ask_all(questions, answers, collection))
    graded = _grade_all(outcomes, pages, collection)
    failures = tuple((each.question, fault) for each in graded for fault in each.faults)
    models = [dict(outcome.answer.model) for outcome in outcomes if outcome.answer is not None]
    return NightlyReport(len(graded), score(graded), floors, failures, models[0] if models else {})


def guarantee_of(held: Guarantee) -> dict[str, Any] | None:
    """State, certificate id and drift, after the questions; None without a certificate."""
    record, shown = held.record(), held.as_json()
    return record and {**record, "changed": shown["changed"], "drift": shown["drift"]}


async def _ask_all(questions: Sequence[GoldenQuestion], answers: Answers, collection: str) -> list[Outcome]:
    return [await _ask(question, answers, collection) for question in questions]


async def _ask(question: GoldenQuestion, answers: Answers, collection: str) -> Outcome:
    try:
        async with aclosing(answers.answer(question.question, collection=collection)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    return Outcome(question, event.answer)
    except FootnoteError as exc:
        return Outcome(question, None, f"failed: {exc}")
    return Outcome(question, None, "failed: the answer did not finish")


def _grade_all(outcomes: Sequence[Outcome], pages: Pages, collection: str) -> list[Graded]:
    def page_text(quote: Evidence) -> str | None:
        page = pages.page(collection, quote.document_id, quote.sha256, quote.page)
        return page.text if page else None

    return [grade(outcome, page_text) for outcome in outcomes]


def _show(report: NightlyReport, console: Console) -> None:
    table = Table("metric", "value", "floor", "", title=f"{report.questions} golden questions", title_justify="left")
    floors = asdict(report.floors)
    for name in METRICS:
        value, floor = report.metrics[name], floors.get(name)
        shown = "nothing to measure" if value is None else f"{value:.3f}"
        mark = "[red]below its floor[/red]" if name in report.broken else ""
        table.add_row(name.replace("_", " "), shown, "" if floor is None else f"{floor:.3f}", mark)
    console.print(table)
    if report.guarantee:
        console.print(_guarantee_line(report.guarantee), highlight=False)
    for question, what in report.failures:
        console.print(f"{question.id}  {question.question}\n    {what}", markup=False, highlight=False)


def _guarantee_line(held: Mapping[str, Any]) -> str:
    if held["state"] == "void":
        return f"certificate {held['id']} is [red]void[/red]: changed since then: {', '.join(held['changed'])}"
    drift = held["drift"]
    state = "[red]drift alarm[/red]" if drift["state"] == "alarm" else f"drift: {drift['state']}"
    return f"certificate {held['id']} is valid; {state} ({drift['live']} sentences verified)"
