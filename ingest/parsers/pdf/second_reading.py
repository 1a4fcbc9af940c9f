"""A second reading of some PDF pages by pypdf, to compare with the first. It never fails a file."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pypdf
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from ingest.parsers.common import clean_text
from ingest.parsers.pdf.quiet import quiet

VERSION = pypdf.__version__

# What pypdf is seen to raise on files that other readers open: its own errors and Python's, from deep inside.
_FAILURES = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class SecondReading:
    """The texts of the pages that could be read, by number; `failure` names what stopped the reader at the file."""

    texts: Mapping[int, str] = field(default_factory=dict)
    failure: str = ""


def second_reading(data: bytes, numbers: Sequence[int]) -> SecondReading:
    """These pages as pypdf reads them; pages it cannot read are left out."""
    if not numbers:
        return SecondReading()
    texts: dict[int, str] = {}
    with quiet("pypdf"):
        try:
            reader = PdfReader(io.BytesIO(data))
            pages = [reader.pages[number - 1] for number in numbers]
        except _FAILURES as exc:
            return SecondReading(failure=type(exc).__name__)
        for number, page in zip(numbers, pages, strict=True):
            try:
                texts[number] = clean_text(page.extract_text())
            except _FAILURES:
                continue
    return SecondReading(texts)


def agreement(first: str, second: str) -> float:
    """Share (0..1) of letters and digits that two texts have in common, order and white space aside."""
    counts = [Counter(re.findall(r"\w", text)) for text in (first, second)]
    most = max(counts[0].total(), counts[1].total())
    return (counts[0] & counts[1]).total() / most if most else 1.0
