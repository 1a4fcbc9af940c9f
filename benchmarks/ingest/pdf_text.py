"""What of a PDF's text is neither stored nor told in the receipt, and what is out of order, page by page.

    python -m benchmarks pdf-text FOLDER --make

reads every PDF of a folder and holds each page against what a second reader sees of it: the share of letters and digits
that are missing, and the share of the common words that stand in the same order. Pages that the receipt names are left
out. The worst pages are printed with words that they miss. The second reader is pypdf, or pdfminer, or Tesseract, which
sees the page and not the file, errs too, and takes seconds a page: `--most 60` reads sixty pages at even distances.
`--make` first fills the folder with PDFs made for measuring, by ReportLab, and by Chromium and LibreOffice where they
are installed. Keep results of made files only.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from io import BytesIO
from itertools import chain
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

from benchmarks.harness import Result, row, table
from benchmarks.ingest.made_pdfs import make as make_pdfs
from ingest.parsers.common import ParsedFile
from ingest.parsers.ocr import PictureReader, scan_reader
from ingest.parsers.pdf import PdfParser, second_reading
from rag.errors import ParseError

COLUMNS = ("page", "missing", "in order", "words that are missing")
WORST = 20
_MOST_WORDS = 8
_NOTABLE = 0.01
_WORD = re.compile(r"\w+")
_OCR_DPI = 150
_UNNAMED = re.compile(r"\(cid:\d+\)")  # what pdfminer writes for a character that the file does not name


class Second(StrEnum):
    """What reads the pages too."""

    PYPDF = "pypdf"
    PDFMINER = "pdfminer"
    TESSERACT = "tesseract"


@dataclass(frozen=True, slots=True)
class PageScore:
    """`missing` and `in_order` are shares; `words` some that are missing."""

    page: str
    missing: float
    in_order: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a PDF that have text, but for those that the receipt says are withheld or read by OCR."""

    path: Path
    parsed: ParsedFile
    numbers: tuple[int, ...]


def benchmark(
    folder: Annotated[Path, typer.Argument(help="Its PDFs are read.")],
    make: Annotated[bool, typer.Option("--make", help="Fill the folder with PDFs made for measuring first.")] = False,
    against: Annotated[Second, typer.Option(help="The second reader.")] = Second.PYPDF,
    most: Annotated[int, typer.Option(min=1, help="Pages compared, at even distances.")] = 100_000,
    language: Annotated[str, typer.Option(help="Of the pages, for Tesseract.")] = "eng",
) -> Result:
    left_out = make_pdfs(folder) if make else []
    files, failed = read(sorted(folder.glob("*.pdf")))
    texts = seen_by(against, language)
    scores = [score for pages in sample(files, most) for score in scores_of(pages, texts)]
    worst = sorted(scores, key=lambda score: (-score.missing, score.in_order, score.page))[:WORST]
    print(table(COLUMNS))
    for score in worst:
        print(row([score.page, f"{score.missing:.2%}", f"{score.in_order:.2%}", " ".join(score.words)]))
    for reason in failed:
        print(f"not read: {reason}")
    return Result(
        {
            "second_reader": against.value,
            "pages": len(scores),
            "not_read": len(failed),
            "programs_not_installed": left_out,
            "missing": fmean(score.missing for score in scores) if scores else None,
            "pages_that_miss_more_than_1_percent": sum(score.missing > _NOTABLE for score in scores),
            "in_order": fmean(score.in_order for score in scores) if scores else None,
        }
    )


def read(paths: Sequence[Path]) -> tuple[list[Pages], list[str]]:
    """The files, and why others cannot be read."""
    files: list[Pages] = []
    failed: list[str] = []
    for path in paths:
        try:
            parsed = PdfParser().parse(path.read_bytes(), path.name)
        except ParseError as exc:
            failed.append(str(exc))
            continue
        named = {*parsed.scans, *parsed.doubts}
        files.append(Pages(path, parsed, tuple(page.number for page in parsed.pages if page.number not in named)))
    return files, failed


def sample(files: Sequence[Pages], most: int) -> list[Pages]:
    """So many pages of the files at most, at even distances."""
    every = list(chain.from_iterable(((at, number) for number in one.numbers) for at, one in enumerate(files)))
    taken = set(every[:: -(-len(every) // most)]) if every else set()
    return [
        Pages(one.path, one.parsed, tuple(number for number in one.numbers if (at, number) in taken))
        for at, one in enumerate(files)
    ]


Texts = Callable[[bytes, Sequence[int]], Mapping[int, str]]


def seen_by(second: Second, language: str) -> Texts:
    """A reader of some pages of a PDF, by their numbers."""
    if second is Second.PYPDF:
        return lambda data, numbers: second_reading(data, numbers).texts
    if second is Second.PDFMINER:
        return by_pdfminer
    engine = scan_reader("tesseract", languages=language)
    assert engine is not None
    reader = PictureReader(engine.ocr, _OCR_DPI)
    return lambda data, numbers: {number: reader.read_page(data, "made.pdf", number).text for number in numbers}


def by_pdfminer(data: bytes, numbers: Sequence[int]) -> Mapping[int, str]:
    from pdfminer.high_level import extract_text  # noqa: PLC0415 - the extra `bench` brings it

    texts = {number: extract_text(BytesIO(data), page_numbers=[number - 1]) for number in numbers}
    return {number: _UNNAMED.sub("", text) for number, text in texts.items()}


def scores_of(pages: Pages, texts: Texts) -> Iterator[PageScore]:
    """The pages held against a second reader's texts of them, without the running lines that the receipt names."""
    running = running_in(pages.parsed)
    for number, seen in texts(pages.path.read_bytes(), pages.numbers).items():
        kept = "\n".join(line for line in seen.split("\n") if not any(one.fullmatch(line.strip()) for one in running))
        if kept.strip():
            yield score(f"{pages.path.name} {number}", pages.parsed.pages[number - 1].text, kept)


def running_in(parsed: ParsedFile) -> list[re.Pattern[str]]:
    """Running headers and footers that the receipt names, `#` for any number."""
    notes = (note.partition("left out: ")[2] for note in parsed.receipt.notes if "left out: " in note)
    return [re.compile(re.escape(line).replace(r"\#", r"\d+")) for note in notes for line in note.split("; ")]


def score(page: str, stored: str, seen: str) -> PageScore:
    """How much of what is seen is stored; white space, hyphens and the level of characters aside."""
    letters, wanted = (Counter(filter(str.isalnum, plain(text))) for text in (stored, seen))
    words, wanted_words = (_WORD.findall(plain(text)) for text in (stored, seen))
    missing = Counter(wanted_words) - Counter(words)
    return PageScore(
        page,
        (wanted - letters).total() / wanted.total() if wanted else 0.0,
        in_order(words, wanted_words),
        tuple(missing)[:_MOST_WORDS],
    )


def in_order(words: Sequence[str], wanted: Sequence[str]) -> float:
    """Of the words in common, the share that stands in one order in both."""
    common = (Counter(words) & Counter(wanted)).total()
    blocks = SequenceMatcher(None, words, wanted, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / common if common else 1.0


def plain(text: str) -> str:
    """Compatibility forms as the characters themselves, without the hyphens of line ends."""
    return unicodedata.normalize("NFKC", re.sub(r"-\n", "", text)).lower()
