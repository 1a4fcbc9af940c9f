"""Tables in text files (CSV, TSV): the dialect is sniffed, the rows become a Markdown table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import TypeAlias

from ingest.parsers.common import ParsedFile, TableWriter, receipt_of, require_text, title_of
from ingest.parsers.text.encodings import decode
from rag.errors import ParseError

MEDIA_TYPE = "text/csv"

_Dialect: TypeAlias = type[csv.Dialect]
_DELIMITERS = ",;\t|"
_SAMPLE_CHARACTERS = 20_000
_LONGEST_CELL = 10_000_000
_NUMBER = re.compile(r"[-+]?[\d.,]*\d%?")


class CsvParser:
    """Reads comma and tab separated values."""

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The rows as one Markdown table; a long one goes on on further pages, which `tables` knows the header of."""
        text, notes = decode(data, filename)
        text = text.replace("\f", " ")
        csv.field_size_limit(_LONGEST_CELL)  # the module's own limit is 128 KiB, less than some exported texts
        dialect = _dialect_of(text, filename)
        columns = _width(text, dialect, filename)
        writer = TableWriter()
        rows = _rows(text, dialect)
        first = next(rows, [])
        named = not any(map(_NUMBER.fullmatch, first))
        writer.begin(_padded(first if named else [], columns))
        if not named:
            writer.add(_padded(first, columns))
        for row in rows:
            writer.add(_padded(row, columns))
        pages, tables = writer.pages()
        require_text(pages if columns else (), filename)
        receipt = receipt_of("csv", pages, notes, tables=1)
        return ParsedFile(title_of(filename), MEDIA_TYPE, pages, receipt, markdown=True, tables=tables)


def _width(text: str, dialect: _Dialect, filename: str) -> int:
    try:
        return max(map(len, _rows(text, dialect)), default=0)
    except csv.Error as exc:
        raise ParseError(f"{filename}: the table is malformed ({exc}). Look for a quote that is never closed") from exc


def _rows(text: str, dialect: _Dialect) -> Iterator[list[str]]:
    """Rows that hold anything, cells without the space around them."""
    for row in csv.reader(io.StringIO(text, newline=""), dialect):
        if any(row) and any(cells := [cell.strip() for cell in row]):
            yield cells


def _dialect_of(text: str, filename: str) -> _Dialect:
    sample = text[:_SAMPLE_CHARACTERS]
    sample = sample[: sample.rfind("\n") + 1] or sample

    class Found(csv.excel):
        delimiter = _delimiter_of(sample, PurePath(filename).suffix.lower())

    return Found


def _delimiter_of(sample: str, extension: str) -> str:
    """The delimiter that cuts the most rows into equally many cells; the extension's own when none does."""
    usual = "\t" if extension in (".tsv", ".tab") else ","

    def evenness(delimiter: str) -> tuple[float, int, bool]:
        widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        even = widths.count(common) / len(widths) if common > 1 else 0.0
        return even, common, delimiter == usual

    best = max(_DELIMITERS, key=evenness)
    return best if evenness(best)[0] else usual


def _padded(row: Sequence[str], columns: int) -> list[str]:
    return [*row, *[""] * (columns - len(row))]
