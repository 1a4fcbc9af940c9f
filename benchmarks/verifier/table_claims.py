"""How often sentences that tell figures of tables are released, as they are read and with one thing altered.

    python -m benchmarks table-claims FOLDER --store DIR [--rows 40]

FOLDER holds reports as PDF, which are ingested into DIR once. From the tables that were read, rows are drawn whose
columns are of different years, and three sentences are made of each; then the same with one thing altered: the figure
of another column or row, the name of another row, the scale, the year, two figures exchanged, rise for fall. So are
ratios of two rows of a table, with the figure of another year or row, the rows exchanged, or a wrong result. A sentence
is verified against the chunk of its row, the others of that page and ten of other pages. What was read wrongly is not
seen here.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.harness import Result
from ingest.build import ingest_paths
from rag.build.answerer import build_finder, build_verifier
from rag.build.core import build
from rag.evidence import EvidencePool, Row
from rag.settings import load_settings
from rag.text import declared_scale
from rag.types import Chunk, Hit

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_WORD = re.compile(r"[^\W\d_]{3,}")
_AMOUNT = re.compile(r"\$?\s?\d{1,3}(?:,\d{3})+|\$?\s?\d{2,3}")
_FROM_OTHER_PAGES, _LONGEST_LABEL = 10, 8
COLLECTION = "reports"


@dataclass(frozen=True, slots=True)
class Told:
    """A row with two of its columns, as a sentence tells them: the later year first."""

    label: str
    values: tuple[str, str]
    years: tuple[str, str]
    scale: str

    def amount(self, at: int) -> str:
        value = self.values[at].replace("$ ", "$")
        return f"{value} {self.scale}".strip()

    @property
    def sizes(self) -> tuple[float, float]:
        one, other = (float(re.sub(r"[^\d.]", "", value)) for value in self.values)
        return one, other


def told_of(row: Row, place: str) -> Told | None:
    """Two columns of different years of a row; None where it has no such, or its name is none."""
    label = re.sub(r"\s*\([^)]*\)|:$", "", row.label).strip()
    years = [_YEAR.findall(heading) for heading in row.headings]
    dated = [at for at, found in enumerate(years) if len(found) == 1 and _AMOUNT.fullmatch(row.values[at].strip())]
    if not _WORD.search(label) or len(label.split()) > _LONGEST_LABEL or len(dated) != len(row.values) != 0:
        return None
    if len({years[at][0] for at in dated}) < len(dated) or len(dated) < 2:
        return None
    later, earlier = sorted(dated[:2], key=lambda at: years[at][0], reverse=True)
    return Told(
        label[0].lower() + label[1:] if label[1:2].islower() else label,
        (row.values[later].strip(), row.values[earlier].strip()),
        (years[later][0], years[earlier][0]),
        declared_scale(f"{place}\n{row.over}"),
    )


def sentences(told: Told) -> Iterator[str]:
    """What somebody may write of a row: a figure, two of them, and how one became the other."""
    yield f"In {told.years[0]}, {told.label} came to {told.amount(0)}."
    yield f"{told.label[0].upper()}{told.label[1:]} stood at {told.amount(0)} in {told.years[0]} and at " + (
        f"{told.amount(1)} in {told.years[1]}."
    )
    one, other = told.sizes
    if one != other:
        way = "climbed" if one > other else "dropped"
        yield f"From {told.years[1]} to {told.years[0]}, {told.label} {way} from {told.amount(1)} to {told.amount(0)}."


def altered(told: Told, others: Sequence[Told]) -> Iterator[tuple[str, str]]:
    """The kind of each false sentence, and the sentence; `others` are rows of the same table."""
    swapped = replace(told, values=(told.values[1], told.values[0]))
    if told.values[0] != told.values[1]:
        yield "another column", next(iter(sentences(swapped)))
        yield "exchanged", list(sentences(swapped))[1]
        true = list(sentences(told))[2]
        turned = true.replace("climbed", "dropped") if "climbed" in true else true.replace("dropped", "climbed")
        yield "rise for fall", turned
    yield "another year", next(iter(sentences(replace(told, years=(str(int(told.years[0]) + 1), told.years[1])))))
    if told.scale:
        wrong = "billion" if told.scale == "million" else "million"
        yield "another scale", next(iter(sentences(replace(told, scale=wrong))))
    rivals = [each for each in others if each.label != told.label and told.values[0] not in each.values]
    for rival in rivals[:1]:
        yield "another row's figure", next(iter(sentences(replace(told, values=rival.values))))
        yield "another row's name", next(iter(sentences(replace(told, label=rival.label))))


def ratios(told: Told, others: Sequence[Told]) -> Iterator[tuple[str, str]]:
    """The kind of each written ratio of two rows, and the sentence: right ones first, then ones with one alteration."""
    rivals = [each for each in others if each.label != told.label and each.years == told.years and each.sizes[0]]
    if not rivals or not told.sizes[0]:
        return
    under = rivals[0]

    def ratio(one: Told, other: Told, at: tuple[int, int], result: float) -> str:
        shown = f"{one.amount(at[0])} / {other.amount(at[1])} = {result:.2f}"
        return f"In {told.years[0]}, {told.label} divided by {under.label} was {shown}."

    right = told.sizes[0] / under.sizes[0]
    yield "true: a ratio", ratio(told, under, (0, 0), right)
    yield "ratio: a wrong result", ratio(told, under, (0, 0), right * 1.1 + 0.01)
    yield "ratio: rows exchanged", ratio(under, told, (0, 0), 1 / right)
    if told.sizes[1] not in (0, told.sizes[0]):
        yield "ratio: another year's figure", ratio(told, under, (1, 0), told.sizes[1] / under.sizes[0])
    for wrong in rivals[1:2]:
        if wrong.sizes[0] not in (told.sizes[0], under.sizes[0]):
            yield "ratio: another row's figure", ratio(wrong, under, (0, 0), wrong.sizes[0] / under.sizes[0])


def drawn(
    pages: Mapping[Any, Sequence[Chunk]], rows: int, rng: random.Random
) -> Iterator[tuple[Told, list[Told], list[Hit]]]:
    """Rows in random order, one of a page, each with the others of its chunk and the hits that it is verified by."""
    order = sorted(pages, key=str)
    rng.shuffle(order)
    found = 0
    for page in order:
        for chunk in pages[page]:
            pool = EvidencePool([Hit(chunk, {"score": 1.0})])
            read = [row for index in range(len(pool)) if (row := pool.row(index)) is not None]
            told = [each for row in read if (each := told_of(row, chunk.place)) is not None]
            if len(told) < 2:
                continue
            away = rng.sample([each for other in order if other != page for each in pages[other]], _FROM_OTHER_PAGES)
            hits = [Hit(each, {"score": 1.0}) for each in (*pages[page], *away)]
            chosen = rng.choice(told)
            yield chosen, [each for each in told if each is not chosen], hits
            found += 1
            break
        if found == rows:
            return


def benchmark(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Reports as PDF.", exists=True)],
    *,
    store: Annotated[Path, typer.Option(help="Where the collection is kept for the next run.")],
    rows: Annotated[int, typer.Option(help="Rows a report.")] = 12,
) -> Result:
    settings = load_settings(data_dir=store)
    rag = build(settings)
    try:
        if not rag.store.has_collection(COLLECTION):
            ingest_paths(rag, sorted(folder.glob("*.pdf")), COLLECTION)
        reports: dict[str, dict[Any, list[Chunk]]] = defaultdict(lambda: defaultdict(list))
        for chunk in rag.store.all_chunks(COLLECTION):
            reports[chunk.document_id][chunk.page].append(chunk)
    finally:
        rag.close()
    finder = build_finder(settings)
    verifier = build_verifier(settings, finder)
    tried: dict[str, list[bool]] = defaultdict(list)
    for name, pages in sorted(reports.items()):
        for told, others, hits in drawn(pages, rows, random.Random(name)):
            pool = finder.pool(hits)
            for number, sentence in enumerate(sentences(told)):
                kind = ("true: one figure", "true: two figures", "true: rise and fall")[number]
                tried[kind].append(verifier.verify(sentence, pool).supported)
            for kind, sentence in (*altered(told, others), *ratios(told, others)):
                tried[kind].append(verifier.verify(sentence, pool).supported)
    return Result({"reports": len(reports)} | {kind: _share(found) for kind, found in sorted(tried.items())})


def _share(found: Sequence[bool]) -> dict[str, float]:
    return {"sentences": len(found), "released": sum(found), "percent": round(100 * sum(found) / len(found), 1)}
