"""PDF structure (title, page labels) and a second reading of pages, by pypdf. It never fails a file."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from ingest.parsers.cleaning import clean_text

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
class Structure:
    """What pypdf knows of a file; `labels` holds the pages whose printed label is not their number."""

    readable: bool
    title: str | None = None
    labels: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_structure(data: bytes) -> Structure:
    """The file's structure; a file that pypdf cannot read is `readable=False` and a note."""
    try:
        with _quiet():
            reader = PdfReader(io.BytesIO(data))
            encrypted = reader.is_encrypted
            labels = {n: label for n, label in enumerate(reader.page_labels, start=1) if label != str(n)}
            title = _title(reader)
    except _FAILURES as exc:
        return Structure(False, notes=(f"the second reader cannot read this file ({type(exc).__name__})",))
    notes = ("encrypted, opens without a password",) if encrypted else ()
    return Structure(True, title, labels, notes)


def _title(reader: PdfReader) -> str | None:
    try:
        title = reader.metadata.title if reader.metadata else None
    except _FAILURES:
        return None
    return str(title) if title else None


def second_reading(data: bytes, numbers: Sequence[int]) -> dict[int, str]:
    """The texts of these pages as pypdf reads them; pages it cannot read are left out."""
    texts: dict[int, str] = {}
    with _quiet():
        try:
            reader = PdfReader(io.BytesIO(data))
        except _FAILURES:
            return {}
        for number in numbers:
            try:
                texts[number] = clean_text(reader.pages[number - 1].extract_text())
            except _FAILURES:
                continue
    return texts


def agreement(first: str, second: str) -> float:
    """Share (0..1) of letters and digits that two texts have in common, order and white space aside."""
    counts = [Counter(re.findall(r"\w", text)) for text in (first, second)]
    most = max(counts[0].total(), counts[1].total())
    return (counts[0] & counts[1]).total() / most if most else 1.0


@contextmanager
def _quiet() -> Iterator[None]:
    """pypdf logs every oddity of a file; the receipt says what matters."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
