"""Parses any file with the parser for its format. The only error that leaves it is ParseError."""

from __future__ import annotations

import csv
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import metadata
from xml.parsers.expat import ExpatError

from ingest.parsers.common import ParsedFile, Parser, shortened
from ingest.parsers.office import markup_parts
from ingest.parsers.pdf import MAX_PAGES, PdfParser
from ingest.parsers.registry.kinds import BY_NAME, EXTENSIONS, KINDS, NOT_TEXT, REMEDIES, SUPPORTED
from ingest.parsers.registry.languages import languages_of
from ingest.parsers.registry.sniffing import sniff
from ingest.parsers.web import EmailParser, MboxParser
from rag.errors import ParseError
from rag.safety import find_hidden, find_instructions

__all__ = ["EXTENSIONS", "NOT_TEXT", "REMEDIES", "SUPPORTED", "Registry", "default_registry"]

_DEEPEST = 4

# What has been seen to come out of the libraries, and out of the standard library, for damaged and hostile files.
# Parsers name the failures they know; this is the border that everything else ends at, so that one bad file never
# ends the ingestion of the others. MemoryError is not among them: the process that parses is to die of it and be
# replaced, its limits belong to the sandbox. Neither are bugs of other kinds (AssertionError aside, which libraries
# raise for what they do not expect).
_LIBRARY_FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ExpatError,
    LookupError,
    OSError,
    RuntimeError,  # RecursionError and NotImplementedError are
    SyntaxError,  # lxml's XMLSyntaxError and xml.etree's ParseError are
    TypeError,
    ValueError,  # UnicodeError, json's, defusedxml's, pydantic's are
    Warning,
    csv.Error,
    struct.error,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
)


class Registry:
    """Parsers by kind of file."""

    def __init__(self, parsers: Mapping[str, Parser]) -> None:
        self._parsers = dict(parsers)

    def parse(self, data: bytes, filename: str) -> ParsedFile:
        """The file read by the parser of its kind. The receipt also says what languages it is in and quotes what
        reads like instructions to a language model.

        Raises:
            ParseError: the file is empty, of no supported kind, or cannot be read. No other error but MemoryError.
        """
        parsed = self.read(data, filename)
        flags = (*parsed.receipt.flags, *find_instructions(parsed.pages))
        receipt = replace(
            parsed.receipt, flags=shortened(tuple(dict.fromkeys(flags))), languages=languages_of(parsed.pages)
        )
        return replace(parsed, receipt=receipt)

    def read(self, data: bytes, filename: str) -> ParsedFile:
        """The same for a part of a file: the receipt says nothing of the words that its pages show.

        Raises:
            ParseError: as `parse`.
        """
        try:
            sniffed = sniff(data, filename)
            parser = self._parsers.get(sniffed.kind)
            if parser is None:
                raise ParseError(f"{filename}: {BY_NAME[sniffed.kind].title} is nested too deeply inside other files")
            parsed = parser.parse(data, filename)
            hidden = tuple(flag for part in markup_parts(data) for flag in find_hidden(part))
        except _LIBRARY_FAILURES as exc:
            raise ParseError(
                f"{filename}: the file is damaged or malformed ({type(exc).__name__}: {exc}). Open and save it again"
            ) from exc
        receipt = parsed.receipt
        libraries = BY_NAME[sniffed.kind].libraries
        return replace(
            parsed,
            receipt=replace(
                receipt,
                notes=(*sniffed.notes, *receipt.notes),
                flags=(*receipt.flags, *hidden),
                versions={**receipt.versions, **{name: _version_of(name) for name in libraries}},
            ),
        )


def default_registry(*, max_pages: int = MAX_PAGES) -> Registry:
    """The parsers of every supported kind; PDFs with more than `max_pages` pages are refused.

    Files attached to messages and to PDFs, and those attached to them, are read to a fixed depth.
    """
    parsers = {kind.name: kind.make() for kind in KINDS if kind.make is not None}
    parsers["pdf"] = PdfParser(max_pages)
    for _ in range(_DEEPEST):
        read = Registry(parsers).read
        mail = EmailParser(read)
        parsers = {**parsers, "email": mail, "mbox": MboxParser(mail), "pdf": PdfParser(max_pages, read)}
    return Registry(parsers)


@cache
def _version_of(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "unknown"
