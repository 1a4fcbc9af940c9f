"""Ingestion beside LlamaIndex, Haystack and txtai: chunks and tokens a second, memory and disk, in one run.

    python -m benchmarks ingest [--peers-python ENV/bin/python] [--reports FOLDER] [--texts FILE.jsonl]…
        [--chunks 20000] [--chunk-tokens 180] [--rounds 1]

Two corpora: the PDF files of a folder, and text files made of data sets in lines of JSON. All systems read the same
files with the same model (all-MiniLM-L6-v2) into chunks of the same size in tokens, each in a process of its own, one
after another within each round. benchmarks/README.md says how to make the peers' environment; without it Footnote is
measured alone.

`seconds` run from the first byte read to the last chunk searchable, without starting Python and loading the model;
`wall_s` and `cpu_s` include both. `kernel_percent` is the kernel's share of `cpu_s`. `tokens_per_s` divides the tokens
of the corpus, the same number for all, by `seconds`. Footnote also embeds each chunk's title and headings, and stores
token vectors and BM25 terms, which the peers do not.
"""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from benchmarks.harness import FOOTNOTE, Result, environment, folder_bytes, scratch_folder, table
from benchmarks.harness.processes import Measured, run_measured
from benchmarks.ingest.corpora import Corpus, write_corpus
from ingest.parsers.registry import default_registry
from rag.models.embedding_local import LocalEmbedder
from rag.models.weights import verify_shipped_model
from rag.settings import load_settings

OURS = "footnote"
PEERS = ("llamaindex", "haystack", "txtai")
SPLIT_AT_SPACES = ("haystack",)  # its words are what stands between single spaces, line ends included
_PEERS_SCRIPT = Path(__file__).with_name("ingest_peers.py")
_OFFLINE = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False", "PYTHONPATH": ""}
Run = dict[str, Any]


def run_footnote(corpus: Corpus, chunk_tokens: int) -> Run:
    """The command line, as a user runs it, into an empty data folder."""
    with scratch_folder() as data_dir:
        settings = {"data_dir": data_dir, "collection": "bench", "chunk_tokens": chunk_tokens}
        measured = run_measured([*FOOTNOTE, "ingest", "--json", corpus.folder], environment(settings))
        run = figures(corpus, measured, data_dir)
    embedding_s = measured.output.get("embedding_s")
    run["embedding_share"] = round(embedding_s / measured.output["seconds"], 3) if embedding_s else None
    return run


def run_peer(peer: str, python: Path, corpus: Corpus, chunk_tokens: int) -> Run:
    """One peer in its own environment; its windows of words hold as many tokens as this corpus has for so many."""
    all_words = corpus.spaced_words if peer in SPLIT_AT_SPACES else corpus.words
    words = max(1, round(chunk_tokens * all_words / corpus.tokens))
    with scratch_folder() as store:
        command = [python, _PEERS_SCRIPT, peer, "--files", corpus.folder, "--store", store / "store"]
        command += ["--model", verify_shipped_model(), "--chunk-tokens", chunk_tokens, "--chunk-words", words]
        measured = run_measured(command, os.environ | _OFFLINE)
        run = figures(corpus, measured, store)
    if not measured.output["searchable"]:
        raise RuntimeError(f"{peer} finds nothing in what it ingested")
    return run


def figures(corpus: Corpus, measured: Measured, store: Path) -> Run:
    """What one run gives."""
    chunks, seconds = measured.output["chunks"], measured.output["seconds"]
    return {
        "chunks": chunks,
        "seconds": round(seconds, 1),
        "wall_s": round(measured.wall_s, 1),
        "cpu_s": round(measured.cpu_s, 1),
        "kernel_percent": round(100 * measured.kernel_s / measured.cpu_s, 1),
        "chunks_per_s": round(chunks / seconds, 2),
        "tokens_per_s": round(corpus.tokens / seconds),
        "peak_memory_mb": round(measured.peak_memory_mb),
        "disk_bytes_per_chunk": round(folder_bytes(store) / max(1, chunks)),
    }


def compare(corpus: Corpus, python: Path | None, chunk_tokens: int, rounds: int) -> dict[str, Any]:
    """All systems in turn, so many times; medians, and Footnote's ratios to each peer (none without `python`)."""
    peers = () if python is None else PEERS
    runs: dict[str, list[Run]] = {name: [] for name in (OURS, *peers)}
    for number in range(1, rounds + 1):
        for name, earlier in runs.items():
            peer = None if name == OURS else python
            run = run_footnote(corpus, chunk_tokens) if peer is None else run_peer(name, peer, corpus, chunk_tokens)
            earlier.append(run)
            print(f"round {number}, {name}: {run}", flush=True)
    medians = {name: median(of) for name, of in runs.items()}
    return {
        "corpus": {"files": corpus.files, "tokens": corpus.tokens},
        "systems": medians,
        "ratios": {peer: ratios(medians[OURS], medians[peer]) for peer in peers},
        "rounds": runs,
    }


def median(runs: Sequence[Run]) -> Run:
    """The median of every figure."""
    return {
        name: None if value is None else round(statistics.median(run[name] for run in runs), 3)
        for name, value in runs[0].items()
    }


def ratios(ours: Mapping[str, Any], peer: Mapping[str, Any]) -> dict[str, float]:
    """Speed: how many times faster than the peer. Processor time and memory: ours as a share of the peer's."""
    return {
        "chunks_per_s": round(ours["chunks_per_s"] / peer["chunks_per_s"], 2),
        "tokens_per_s": round(ours["tokens_per_s"] / peer["tokens_per_s"], 2),
        "cpu_s": round(ours["cpu_s"] / peer["cpu_s"], 2),
        "peak_memory": round(ours["peak_memory_mb"] / peer["peak_memory_mb"], 2),
    }


def read_pdfs(reports: Iterable[Path]) -> tuple[dict[str, float], list[str]]:
    """Pages a second of Footnote's parsing and of pypdf alone, report by report in turn; and pypdf's texts."""
    registry, pages, ours_s, theirs_s = default_registry(), 0, 0.0, 0.0
    texts: list[str] = []
    for report in reports:
        started = time.perf_counter()
        pages += len(registry.parse(report.read_bytes(), report.name).pages)
        parsed = time.perf_counter()
        texts.extend(page.extract_text() for page in PdfReader(report).pages)
        theirs_s += time.perf_counter() - parsed
        ours_s += parsed - started
    rates = {"pages": pages, "footnote_pages_per_s": round(pages / ours_s, 1)}
    rates |= {"pypdf_pages_per_s": round(pages / theirs_s, 1), "ratio": round(theirs_s / ours_s, 2)}
    return rates, texts


def corpus_of_reports(folder: Path, into: Path, limit: int | None) -> list[Path]:
    """The PDF files of a folder that pypdf can open, which is what the peers read by; the others are named."""
    reports = sorted(folder.glob("*.pdf"))[:limit]
    readable = [report for report in reports if _opens(report)]
    for report in sorted(set(reports) - set(readable)):
        print(f"left out, since pypdf, by which the peers read, cannot open it: {report.name}", flush=True)
    return [Path(shutil.copy2(report, into)) for report in readable]


def _opens(report: Path) -> bool:
    try:
        return bool(PdfReader(report).pages)
    except PyPdfError:
        return False


def corpus_of_pages(
    folder: Path, files: int, pages: Sequence[str], chunk_tokens: int, count_tokens: Callable[[str], int]
) -> Corpus:
    """The size of a corpus by the texts of its pages."""
    tokens = sum(map(count_tokens, pages))
    words, spaced_words = sum(len(page.split()) for page in pages), sum(page.count(" ") + 1 for page in pages)
    return Corpus(folder, files, tokens // chunk_tokens, tokens, words, spaced_words)


COLUMNS = (
    *("chunks", "chunks_per_s", "tokens_per_s", "seconds", "cpu_s", "kernel_percent", "peak_memory_mb"),
    "disk_bytes_per_chunk",
)


def show(results: Mapping[str, Any]) -> None:
    """The tables for a page of the documentation."""
    for name in ("reports", "texts"):
        if name not in results:
            continue
        found = results[name]
        print(f"\n**{name}, {found['corpus']['files']} files, {found['corpus']['tokens']} tokens**\n")
        rows = (_cells(system, of, found["ratios"].get(system)) for system, of in found["systems"].items())
        print(table(["system", *COLUMNS, "Footnote is faster", "its memory"], rows))
        share = found["systems"][OURS]["embedding_share"]
        told = f"{share:.0%} of Footnote's time" if share is not None else "not told by this version"
        print(f"\nEmbedding: {told}.")
    if "parsing" in results:
        rates = results["parsing"]
        print(f"\nReading PDF: {rates['footnote_pages_per_s']} pages/s, pypdf alone {rates['pypdf_pages_per_s']}.")


def _cells(system: str, of: Run, ratio: Mapping[str, float] | None) -> list[object]:
    last = [f"{ratio['tokens_per_s']} times", f"{ratio['peak_memory']} times"] if ratio else ["", ""]
    return [system, *(of[column] for column in COLUMNS), *last]


def benchmark(
    peers_python: Annotated[Path | None, typer.Option(help="Interpreter of the peers' environment.")] = None,
    reports: Annotated[Path | None, typer.Option(help="Folder of PDF files.", exists=True)] = None,
    most_reports: Annotated[int | None, typer.Option(help="Only so many of them.")] = None,
    texts: Annotated[list[Path] | None, typer.Option(help="Data set in JSON Lines; may be repeated.")] = None,
    chunks: Annotated[int, typer.Option(help="Size of the corpus of texts.")] = 20_000,
    chunk_tokens: Annotated[int | None, typer.Option(help="Size of a chunk (default: the setting's).")] = None,
    rounds: Annotated[int, typer.Option(help="How often each system is measured.")] = 1,
) -> Result:
    size = chunk_tokens or load_settings().chunk_tokens
    count_tokens = LocalEmbedder().count_tokens
    results: dict[str, Any] = {"chunk_tokens": size}
    if reports:
        with scratch_folder() as folder:
            files = corpus_of_reports(reports, folder, most_reports)
            results["parsing"], pages = read_pdfs(files)
            corpus = corpus_of_pages(folder, len(files), pages, size, count_tokens)
            results["reports"] = compare(corpus, peers_python, size, rounds)
    if texts:
        with scratch_folder() as folder:
            corpus = write_corpus(texts, folder, chunks=chunks, chunk_tokens=size, count_tokens=count_tokens)
            results["texts"] = compare(corpus, peers_python, size, rounds)
    show(results)
    return Result(results)
