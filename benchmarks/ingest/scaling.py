"""The arithmetic of docs/guide/scaling.md, from the unit costs that the other benchmarks measured.

    python -m benchmarks scaling [--write]

Prints the tables; `--write` puts them into the page. What is not measured is named with the command that measures it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.harness import RESULTS, table

PAGE = Path(__file__).parents[2] / "docs/guide/scaling.md"
SIZES = {"10 million": 10_000_000, "1 billion": 1_000_000_000}
HOURS_A_MONTH = 730
GB = 1e9

# The shipped model and how its vectors are stored (rag/store): values and bytes a value.
DIMENSION, DENSE_BYTES, TOKEN_BYTES, TOKEN_VECTORS = 384, 2, 1, 40
# Qdrant's rule of thumb is vectors x dimension x 4 bytes x 1.5; its half on top is index and versions, and stays whole
# when the vectors themselves are stored smaller.
OVERHEAD_BYTES = DIMENSION * 4 // 2
SPARSE_ENTRY_BYTES = 8
REPLICAS, FEWEST_NODES = 2, 3
USABLE_MEMORY, USABLE_DISK = 0.8, 0.7
SHARDS_A_NODE = 2

# Assumptions, not measurements: on-demand list prices in US dollars of mid-2026, rounded.
VCPU_HOUR, DISK_GB_MONTH, GPU_HOUR = 0.041, 0.08, 1.01
MEMORY_GIB_A_VCPU = 4
# An estimate: 180 tokens through 10.6 M weights of layers, 2 operations each, and attention are 4.1 billion operations
# a text, on a GPU of 70 TFLOPS (bfloat16, A10G) that reaches a tenth of it with so small a model.
GPU_TEXTS_PER_S = 1700


@dataclass(frozen=True, slots=True)
class UnitCosts:
    """What was measured; None where the benchmark has not been run yet. Rates are those of one machine of `cores`."""

    cores: int
    disk_bytes_per_chunk: float
    query_ms: float
    embedded_per_s: float
    core_ms_per_chunk: float
    bm25_terms: int
    ingested_per_s: float | None = None
    second_worker: float | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What Qdrant keeps in memory of each chunk, in bytes, and what it needs on disk beyond the default."""

    name: str
    dense: int
    tokens: int = 0
    more_disk: int = 0

    def memory_bytes(self, costs: UnitCosts) -> int:
        """Vectors in memory, the dense index, the sparse index."""
        return self.dense + self.tokens + OVERHEAD_BYTES + SPARSE_ENTRY_BYTES * costs.bm25_terms


TOKENS = TOKEN_VECTORS * DIMENSION * TOKEN_BYTES
LAYOUTS = (
    Layout("all vectors in memory", DIMENSION * DENSE_BYTES, TOKENS),
    Layout("token vectors on disk", DIMENSION * DENSE_BYTES),
    Layout("and `int8`, dense on disk", DIMENSION, more_disk=DIMENSION),
    Layout("and `binary`, dense on disk", DIMENSION // 8, more_disk=DIMENSION // 8),
    Layout("no token vectors, `int8`", DIMENSION, more_disk=DIMENSION - TOKENS),
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Qdrant for one size and layout; memory and disk in GB for one copy, money in US dollars a month."""

    memory_gb: float
    disk_gb: float
    vcpus_a_node: int
    nodes: int
    month: float

    @property
    def shards(self) -> int:
        """Enough for every node to hold as many, with all copies."""
        return self.nodes * SHARDS_A_NODE


@dataclass(frozen=True, slots=True)
class Fleet:
    """Machines that ingest: chunks a second of all together, and what an hour of all costs."""

    name: str
    chunks_per_s: float
    hour: float

    def hours(self, chunks: int) -> float:
        """Hours to ingest so many."""
        return chunks / self.chunks_per_s / 3600

    def money(self, chunks: int) -> float:
        """US dollars to ingest so many."""
        return self.hours(chunks) * self.hour


def read_costs(results: Path = RESULTS) -> UnitCosts:
    """Unit costs from the kept results."""
    queries, embedding, chunk = (_read(results, name) for name in ("queries", "embedding", "chunk-costs"))
    largest = queries["chunks"][max(queries["chunks"], key=int)]["footnote"]
    ingest, workers = _read_if_there(results, "ingest-reports"), _read_if_there(results, "workers")
    return UnitCosts(
        cores=embedding["machine"]["cores"],
        disk_bytes_per_chunk=largest["bytes_per_chunk"],
        query_ms=largest["full_retrieval_ms"]["p50"],
        embedded_per_s=embedding["footnote_texts_per_s"],
        core_ms_per_chunk=chunk[f"pool_to_{TOKEN_VECTORS}_ms"] + chunk["bm25_ms"],
        bm25_terms=chunk["bm25_terms"],
        ingested_per_s=ingest["reports"]["systems"]["footnote"]["chunks_per_s"] if ingest else None,
        second_worker=workers["ratio"] if workers else None,
    )


def _read(results: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((results / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _read_if_there(results: Path, name: str) -> dict[str, Any] | None:
    return _read(results, name) if (results / f"{name}.json").exists() else None


def cluster(chunks: int, layout: Layout, costs: UnitCosts, vcpus_a_node: int) -> Cluster:
    """As many nodes as hold two copies in their usable memory, three at least, each with its share of the disk."""
    memory_gb = chunks * layout.memory_bytes(costs) / GB
    disk_gb = chunks * (costs.disk_bytes_per_chunk + layout.more_disk) / GB
    node_gb = vcpus_a_node * MEMORY_GIB_A_VCPU * 2**30 / GB * USABLE_MEMORY
    nodes = max(FEWEST_NODES, math.ceil(REPLICAS * memory_gb / node_gb))
    month = nodes * vcpus_a_node * VCPU_HOUR * HOURS_A_MONTH + REPLICAS * disk_gb / USABLE_DISK * DISK_GB_MONTH
    return Cluster(memory_gb, disk_gb, vcpus_a_node, nodes, month)


def smallest_node(chunks: int, layout: Layout, costs: UnitCosts) -> int:
    """vCPUs of the smallest node, of 4, 8, 16 or 32, of which a dozen suffice; 32 when more are needed."""
    return next((v for v in (4, 8, 16) if cluster(chunks, layout, costs, v).nodes <= 12), 32)


def fleets(costs: UnitCosts) -> Iterator[Fleet]:
    """Machines of the size that was measured, and machines with a GPU."""
    machine_hour = costs.cores * VCPU_HOUR
    rate, only = (costs.ingested_per_s, "") if costs.ingested_per_s else (costs.embedded_per_s, " (embedding alone)")
    for machines in (1, 16, 128):
        yield Fleet(f"{machines} x {costs.cores} cores{only}", machines * rate, machines * machine_hour)
    gpu_cores = 4
    gpu_rate = min(GPU_TEXTS_PER_S, gpu_cores * 1000 / costs.core_ms_per_chunk)
    for machines in (1, 16):
        yield Fleet(f"{machines} x GPU with {gpu_cores} cores (estimate)", machines * gpu_rate, machines * GPU_HOUR)


def tables(costs: UnitCosts) -> dict[str, str]:
    """The page's tables by name."""
    return {
        "unit costs": table(("what", "value", "from"), _unit_rows(costs)),
        "memory": table(("what is in memory", "bytes a chunk", *SIZES), _memory_rows(costs)),
        "clusters": table(
            ("chunks", "layout", "memory, one copy", "disk, one copy", "nodes", "shards", "$ a month"),
            _cluster_rows(costs),
        ),
        "ingestion": table(
            ("machines", "chunks/s", *(f"{name}: hours, $" for name in SIZES)),
            _ingestion_rows(costs),
        ),
    }


def _unit_rows(costs: UnitCosts) -> Iterator[Sequence[str]]:
    yield "disk a chunk", f"{costs.disk_bytes_per_chunk:,.0f} bytes", "`queries.json`"
    yield "one search with reranking, 50,000 chunks", f"{costs.query_ms} ms (p50)", "`queries.json`"
    yield (
        "embedding, both kinds of vectors",
        f"{costs.embedded_per_s} texts/s on {costs.cores} cores",
        "`embedding.json`",
    )
    yield (
        "pooling and BM25, without the forward pass",
        f"{costs.core_ms_per_chunk:.1f} ms of a core",
        "`chunk-costs.json`",
    )
    yield "distinct BM25 terms of a chunk", str(costs.bm25_terms), "`chunk-costs.json`"
    whole = f"{costs.ingested_per_s} chunks/s" if costs.ingested_per_s else "**not measured yet**"
    yield f"whole ingestion on {costs.cores} cores", whole, "`python -m benchmarks ingest` (`ingest-reports.json`)"
    second = f"{costs.second_worker} times one" if costs.second_worker else "**not measured yet**"
    yield "two workers on one queue", second, "`python -m benchmarks workers` (`workers.json`)"


def _memory_rows(costs: UnitCosts) -> Iterator[Sequence[str]]:
    for layout in LAYOUTS:
        each = layout.memory_bytes(costs)
        yield layout.name, f"{each:,}", *(_gb(each * chunks / GB) for chunks in SIZES.values())


def _cluster_rows(costs: UnitCosts) -> Iterator[Sequence[str]]:
    for name, chunks in SIZES.items():
        for layout in LAYOUTS:
            found = cluster(chunks, layout, costs, smallest_node(chunks, layout, costs))
            nodes = f"{found.nodes} x {found.vcpus_a_node} vCPU, {found.vcpus_a_node * MEMORY_GIB_A_VCPU} GiB"
            sizes = _gb(found.memory_gb), _gb(found.disk_gb)
            yield name, layout.name, *sizes, nodes, str(found.shards), _money(found.month)


def _ingestion_rows(costs: UnitCosts) -> Iterator[Sequence[str]]:
    for fleet in fleets(costs):
        cells = (f"{_hours(fleet.hours(chunks))}, {_money(fleet.money(chunks))}" for chunks in SIZES.values())
        yield fleet.name, f"{fleet.chunks_per_s:,.0f}", *cells


def _gb(gb: float) -> str:
    return f"{gb / 1000:,.1f} TB" if gb >= 1000 else f"{gb:,.0f} GB"


def _hours(hours: float) -> str:
    return f"{hours / 24:,.0f} days" if hours >= 100 else f"{hours:,.1f} h"


def _money(dollars: float) -> str:
    return f"${float(f'{dollars:.2g}'):,.0f}"


def filled(page: str, found: dict[str, str]) -> str:
    """The page with each table between its marks `<!-- table: NAME -->` and `<!-- end -->`."""
    for name, each in found.items():
        marks = re.compile(rf"(<!-- table: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        page = marks.sub(r"\g<1>" + each.replace("\\", r"\\") + r"\n\g<2>", page)
    return page


def benchmark(
    write: Annotated[bool, typer.Option("--write", help="Put the tables into docs/guide/scaling.md.")] = False,
) -> None:
    """Print or write the tables."""
    found = tables(read_costs())
    if write:
        PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
    else:
        print("\n\n".join(f"{name}\n\n{each}" for name, each in found.items()))
