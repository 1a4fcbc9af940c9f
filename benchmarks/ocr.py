"""How well and how fast OCR reads pages that also have a text layer, and what a process needs for it.

    python -m benchmarks.ocr report.pdf:4 report.pdf:16 --dpi 100 150 200 300

reads the pictures of these pages and compares what it read with the text layer: the share of characters in common
(difflib's ratio without white space), and the numbers that are right. A page without a text layer is only timed.
"""

from __future__ import annotations

import argparse
import difflib
import re
import time
from collections import Counter
from pathlib import Path

from pypdf import PdfReader

from ingest.parsers.ocr import PictureReader, scan_reader

NUMBER = re.compile(r"\d[\d,.]*\d|\d")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("pages", nargs="+", metavar="FILE:PAGE")
    arguments.add_argument("--dpi", type=float, nargs="+", default=[200])
    arguments.add_argument("--ocr", choices=["rapidocr", "tesseract"], default="rapidocr")
    arguments.add_argument("--threads", type=int, default=1)
    given = arguments.parse_args()
    reader = scan_reader(given.ocr, threads=given.threads)
    assert reader is not None
    print(f"{given.ocr}, {given.threads} threads, models loaded\n")
    print("| page | dpi | seconds | processor seconds | confidence | characters | numbers |\n|" + " --- |" * 7)
    first, _, number = given.pages[0].rpartition(":")
    reader.read_page(Path(first).read_bytes(), first, int(number))  # loads the models
    for dpi in given.dpi:
        for page in given.pages:
            path, _, number = page.rpartition(":")
            measure(PictureReader(reader.ocr, dpi), Path(path), int(number))
    print("\n" + ", ".join(f"{name} {size_mb} MB" for name, size_mb in memory_mb().items()))


def measure(reader: PictureReader, path: Path, number: int) -> None:
    data = path.read_bytes()
    truth = PdfReader(path).pages[number - 1].extract_text() if path.suffix == ".pdf" else ""
    wall, cpu = time.perf_counter(), time.process_time()
    read = reader.read_page(data, path.name, number)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    wanted, got = Counter(NUMBER.findall(truth)), Counter(NUMBER.findall(read.text))
    right = sum((wanted & got).values())
    alike = f"{100 * same(truth, read.text):.2f}%" if truth.strip() else f"({len(read.text)} read)"
    row = (f"{path.name} {number}", f"{reader.dpi:g}", f"{wall:.1f}", f"{cpu:.1f}", f"{read.confidence:.3f}", alike)
    print("| " + " | ".join((*row, f"{right} of {sum(wanted.values())}")) + " |", flush=True)


def same(truth: str, read: str) -> float:
    return difflib.SequenceMatcher(None, "".join(truth.split()), "".join(read.split()), autojunk=False).ratio()


def memory_mb() -> dict[str, int]:
    """The most memory this process held (VmHWM) and the most address space it reserved (VmPeak)."""
    rows = (row.split() for row in Path("/proc/self/status").read_text().splitlines())
    return {row[0].rstrip(":"): int(row[1]) // 1024 for row in rows if row[0] in ("VmHWM:", "VmPeak:", "VmData:")}


if __name__ == "__main__":
    main()
