"""What of a PDF's text is neither stored nor told in the receipt, and what is out of order, page by page.

    python -m benchmarks pdf-text FOLDER --make

reads every PDF of a folder and holds each page against what pypdf sees of it: the share of letters and digits that are
missing, and the share of the common words that stand in the same order. Pages that the receipt names are left out. The
worst pages are printed with words that they miss. `--make` first fills the folder with PDFs made for measuring, by
ReportLab and, where they are installed, by Chromium and LibreOffice. Keep results of made files only.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

from benchmarks.harness import Result, row, table
from benchmarks.ingest.made_pdfs import make as make_pdfs
from ingest.parsers.common import ParsedFile
from ingest.parsers.pdf import PdfParser, second_reading
from rag.errors import ParseError

COLUMNS = ("page", "missing", "in order", "words that are missing")
WORST = 20
_MOST_WORDS = 8
_NOTABLE = 0.01
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class PageScore:
    """`missing` and `in_order` are shares; `words` some that are missing."""

    page: str
    missing: float
    in_order: float
    words: tuple[str, ...]


def benchmark(
    folder: Annotated[Path, typer.Argument(help="Its PDFs are read.")],
    make: Annotated[bool, typer.Option("--make", help="Fill the folder with PDFs made for measuring first.")] = False,
) -> Result:
    left_out = make_pdfs(folder) if make else []
    scores: list[PageScore] = []
    failed: list[str] = []
    for path in sorted(folder.glob("*.pdf")):
        try:
            scores.extend(scores_of(path))
        except ParseError as exc:
            failed.append(str(exc))
    worst = sorted(scores, key=lambda score: (-score.missing, score.in_order, score.page))[:WORST]
    print(table(COLUMNS))
    for score in worst:
        print(row([score.page, f"{score.missing:.2%}", f"{score.in_order:.2%}", " ".join(score.words)]))
    for reason in failed:
        print(f"not read: {reason}")
    return Result(
        {
            "pages": len(scores),
            "not_read": len(failed),
            "programs_not_installed": left_out,
            "missing": fmean(score.missing for score in scores) if scores else None,
            "pages_that_miss_more_than_1_percent": sum(score.missing > _NOTABLE for score in scores),
            "in_order": fmean(score.in_order for score in scores) if scores else None,
        }
    )


def scores_of(path: Path) -> Iterator[PageScore]:
    """The pages of a PDF that have text, but for those that the receipt says are withheld or read by OCR.

    Raises:
        ParseError: the file cannot be read.
    """
    data = path.read_bytes()
    parsed = PdfParser().parse(data, path.name)
    named = {*parsed.scans, *parsed.doubts}
    numbers = [page.number for page in parsed.pages if page.number not in named]
    running = running_in(parsed)
    for number, seen in second_reading(data, numbers).texts.items():
        kept = "\n".join(line for line in seen.split("\n") if not any(one.fullmatch(line.strip()) for one in running))
        if kept.strip():
            yield score(f"{path.name} {number}", parsed.pages[number - 1].text, kept)


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
