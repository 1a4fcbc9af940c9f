"""Bytes of a file to a document and its chunks, in child processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.chunking import Chunker
from ingest.parsers.common import ParsedFile, ScannedPage, ScanReader
from ingest.parsers.ocr import scan_reader, settled, with_scans
from ingest.parsers.registry import Registry, default_registry
from ingest.reading.sandbox import Sandbox
from rag.errors import ParseError, SourceChanged
from rag.types import Chunk, Document, Scalar, document_id_of, sha256_of

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How files are read: the same for all files of a run."""

    count_tokens: Callable[[str], int]
    chunk_tokens: int
    max_pages: int
    max_text_mb: float
    ocr: Literal["rapidocr", "tesseract", "none"]
    ocr_languages: str


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One version of a source: `path` has its bytes, `name` is the file name.

    `chunk_tokens` is the maximum length of a chunk, if lower than that of the options, and `overlap_tokens` the overlap
    of chunks.
    """

    source: str
    path: Path
    name: str
    sha256: str
    metadata: Mapping[str, Scalar]
    chunk_tokens: int | None = None
    overlap_tokens: int = 0


@dataclass(frozen=True, slots=True)
class ChunkedDocument:
    """A document, complete, and its chunks in order."""

    document: Document
    chunks: tuple[Chunk, ...]


class FileReader:
    """Reads files in a sandbox: the file, each of its scanned pages by itself, then its chunks."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def read(self, version: FileVersion) -> ChunkedDocument:
        """The document of this version, and its chunks, at least one.

        Raises:
            ParseError: it cannot be read; says why and what to do.
            SourceChanged: its bytes are no longer that version.
        """
        read = self._sandbox.run(version.name, read_file, version)
        if isinstance(read, ChunkedDocument):
            return read
        scans = {number: self._scan(version, number) for number in read.scans}
        return self._sandbox.run(version.name, reading_of, version, with_scans(read, scans, version.name))

    def close(self) -> None:
        """End the sandbox."""
        self._sandbox.close()

    def _scan(self, version: FileVersion, number: int) -> ScannedPage | str:
        """A page by OCR, or why it could not be read: one bad page does not cost the others."""
        try:
            return self._sandbox.run(f"{version.name}, page {number}", read_scan, version, number)
        except ParseError as exc:
            return str(exc)


@dataclass(frozen=True, slots=True)
class _Tools:
    registry: Registry
    scans: ScanReader | None
    options: ReadingOptions
    chunkers: dict[tuple[int, int], Chunker]

    def chunker(self, chunk_tokens: int | None, overlap_tokens: int) -> Chunker:
        """The chunker for a maximum length and an overlap in tokens; never longer than in the options."""
        most = min(chunk_tokens or self.options.chunk_tokens, self.options.chunk_tokens)
        if (most, overlap_tokens) not in self.chunkers:
            self.chunkers[most, overlap_tokens] = Chunker(self.options.count_tokens, most, overlap_tokens)
        return self.chunkers[most, overlap_tokens]


_tools: _Tools | None = None  # of this process: a pool can hand nothing else to the functions it runs


def prepare(options: ReadingOptions) -> None:
    """Build what the functions below work with, once in each process that runs them."""
    global _tools  # noqa: PLW0603
    _tools = _Tools(
        registry=default_registry(max_pages=options.max_pages),
        scans=scan_reader(options.ocr, languages=options.ocr_languages),
        options=options,
        chunkers={(options.chunk_tokens, 0): Chunker(options.count_tokens, options.chunk_tokens)},
    )


def read_file(version: FileVersion) -> ChunkedDocument | ParsedFile:
    """The whole reading, or the parsed file when pages of it must be read by OCR first."""
    data = _bytes_of(version)
    parsed = settled(_prepared().registry.parse(data, version.name), data, version.name, _prepared().scans)
    _require_bounded(version, parsed)
    return parsed if parsed.scans else reading_of(version, parsed)


def read_scan(version: FileVersion, number: int) -> ScannedPage | str:
    """One page by OCR, or the reason why it cannot be read."""
    reader = _prepared().scans
    if reader is None:
        return "a scan, and reading scans is switched off (FOOTNOTE_OCR=none)"
    return reader.read_page(_bytes_of(version), version.name, number)


def reading_of(version: FileVersion, parsed: ParsedFile) -> ChunkedDocument:
    """The document of a parsed file, and its chunks; metadata of the user takes precedence over the file's own."""
    _require_bounded(version, parsed)
    document = Document(
        id=document_id_of(version.source),
        source=version.source,
        filename=version.name,
        sha256=version.sha256,
        title=parsed.title,
        media_type=parsed.media_type,
        pages=parsed.pages,
        receipt=parsed.receipt,
        metadata={**parsed.metadata, **version.metadata},
    )
    chunks = tuple(_prepared().chunker(version.chunk_tokens, version.overlap_tokens).iterate(document, parsed))
    if not chunks:
        raise ParseError(f"{version.name}: the file holds no text. Check that it is the right file")
    return ChunkedDocument(document, chunks)


def _require_bounded(version: FileVersion, parsed: ParsedFile) -> None:
    """A small file may unpack to any amount of text."""
    limit_mb = _prepared().options.max_text_mb
    characters = sum(len(page.text) for page in parsed.pages)
    if characters > limit_mb * _MB:
        raise ParseError(
            f"{version.name}: the file holds {characters / _MB:.0f} million characters of text and the limit is "
            f"{limit_mb:g} million. Split it, or raise FOOTNOTE_MAX_TEXT_MB"
        )


def _bytes_of(version: FileVersion) -> bytes:
    data = version.path.read_bytes()
    if sha256_of(data) != version.sha256:
        raise SourceChanged(f"{version.name}: the file changed while it was read. Ingest it again once it is complete")
    return data


def _prepared() -> _Tools:
    assert _tools is not None, "prepare() runs first in every process"
    return _tools
