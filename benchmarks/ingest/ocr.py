"""How well and how fast OCR reads pages that also have a text layer, and what a process needs for it.

    python -m benchmarks ocr report.pdf:4 report.pdf:16 --dpi 100 --dpi 200

reads the pictures of these pages and compares what it read with the text layer: the share of characters in common
(difflib's ratio without white space), and the numbers that are right. A page without a text layer is only timed.
"""

from __future__ import annotations

import difflib
import re
import time
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pypdf import PdfReader

from benchmarks.harness import Result, row, table
from ingest.parsers.ocr import PictureReader, scan_reader

COLUMNS = ("page", "dpi", "seconds", "processor seconds", "confidence", "characters", "numbers")
DPI = [200.0]
NUMBER = re.compile(r"\d[\d,.]*\d|\d")


class Engine(StrEnum):
    """What reads the pictures."""

    RAPIDOCR = "rapidocr"
    TESSERACT = "tesseract"


def benchmark(
    pages: Annotated[list[str], typer.Argument(metavar="FILE:PAGE…", help="Pages, counted from 1.")],
    dpi: Annotated[list[float], typer.Option(help="How finely pages are drawn; may be repeated.")] = DPI,
    ocr: Annotated[Engine, typer.Option(help="What reads the pictures.")] = Engine.RAPIDOCR,
    threads: Annotated[int, typer.Option(help="Of one reader.")] = 1,
) -> Result:
    reader = scan_reader(ocr.value, threads=threads)
    assert reader is not None
    print(f"{ocr.value}, {threads} threads, models loaded\n")
    print(table(COLUMNS))
    first, _, number = pages[0].rpartition(":")
    reader.read_page(Path(first).read_bytes(), first, int(number))  # loads the models
    found = []
    for each in dpi:
        for page in pages:
            path, _, number = page.rpartition(":")
            found.append(measure(PictureReader(reader.ocr, each), Path(path), int(number)))
            print(row([found[-1][column] for column in COLUMNS]), flush=True)
    memory = memory_mb()
    print("\n" + ", ".join(f"{name} {size_mb} MB" for name, size_mb in memory.items()))
    return Result({"ocr": ocr.value, "threads": threads, "pages": found, "memory_mb": memory})


def measure(reader: PictureReader, path: Path, number: int) -> dict[str, str]:
    """One page, read once: the cells of `COLUMNS`."""
    data = path.read_bytes()
    truth = PdfReader(path).pages[number - 1].extract_text() if path.suffix == ".pdf" else ""
    wall, cpu = time.perf_counter(), time.process_time()
    read = reader.read_page(data, path.name, number)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    wanted, got = Counter(NUMBER.findall(truth)), Counter(NUMBER.findall(read.text))
    right = sum((wanted & got).values())
    alike = f"{100 * same(truth, read.text):.2f}%" if truth.strip() else f"({len(read.text)} read)"
    cells = (f"{path.name} {number}", f"{reader.dpi:g}", f"{wall:.1f}", f"{cpu:.1f}", f"{read.confidence:.3f}", alike)
    return dict(zip(COLUMNS, (*cells, f"{right} of {sum(wanted.values())}"), strict=True))


def same(truth: str, read: str) -> float:
    return difflib.SequenceMatcher(None, "".join(truth.split()), "".join(read.split()), autojunk=False).ratio()


def memory_mb() -> dict[str, int]:
    """The most memory this process held (VmHWM) and the most address space it reserved (VmPeak)."""
    lines = (line.split() for line in Path("/proc/self/status").read_text().splitlines())
    return {name.rstrip(":"): int(kb) // 1024 for name, kb, *_ in lines if name in ("VmHWM:", "VmPeak:", "VmData:")}
