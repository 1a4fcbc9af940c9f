"""Rows of ClapNQ and a throw-away service that holds their passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from benchmarks.harness import scratch_folder
from eval.data import Row, in_first_half
from eval.report.retrieval import scratch_rag
from ingest.build import ingest_paths
from rag.build.core import Rag
from rag.settings import Settings


class Half(StrEnum):
    """The rows by which something may be chosen, and those that report."""

    FIT = "fit"
    REPORT = "report"


def half_of(rows: Iterable[Row], half: Half | None) -> list[Row]:
    """The rows of one half, by the hash of the id, or all."""
    return [row for row in rows if half is None or in_first_half(row["id"]) == (half is Half.FIT)]


def write_passages(rows: Sequence[Row], folder: Path) -> list[Path]:
    """One Markdown file a passage."""
    paths = []
    for row in rows:
        for number, passage in enumerate(row["passages"]):
            path = folder / f"{row['id']}-{number}.md"
            path.write_text(f"# {passage['title']}\n\n{passage['text']}\n", encoding="utf-8")
            paths.append(path)
    return paths


@contextmanager
def service_on(rows: Sequence[Row], settings: Settings) -> Iterator[tuple[Rag, str]]:
    """A core and the name of its collection, which holds the passages of all rows; gone afterwards."""
    with scratch_folder() as files, scratch_rag(settings) as (rag, collection):
        ingest_paths(rag, write_passages(rows, files), collection)
        yield rag, collection
