"""The way of a file: bytes, parse, chunk, embed, write as a new version, delete the old one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from time import monotonic
from typing import Protocol

from ingest.chunking import Chunker
from ingest.events import Event, FileFinished, FileResult, FileStarted, OnEvent, Report
from ingest.parsers import ParsedFile
from ingest.sources import expand
from rag.embedding import Embedder
from rag.errors import ParseError
from rag.store import CollectionSpec, StoredDocument
from rag.types import Chunk, Document, IndexedChunk, Scalar, SparseVector, document_id_of, sha256_of

_MB = 1_000_000


class DocumentEncoder(Protocol):
    """Texts to the terms they are found by."""

    def encode_document(self, text: str) -> SparseVector: ...


class DocumentStore(Protocol):
    """The part of `rag.store.Store` that ingestion needs."""

    def has_collection(self, collection: str) -> bool: ...
    def create_collection(self, collection: str, spec: CollectionSpec) -> None: ...
    def write_chunks(self, collection: str, chunks: Sequence[IndexedChunk]) -> None: ...
    def write_document(self, collection: str, document: Document, chunks: int) -> None: ...
    def delete(self, collection: str, document_id: str, *, keep_sha256: str | None = None) -> None: ...
    def documents(self, collection: str) -> Iterator[StoredDocument]: ...
    def document(self, collection: str, document_id: str) -> Document | None: ...
    def optimize(self, collection: str) -> None: ...


class FileParser(Protocol):
    """Bytes of any supported kind to pages."""

    def parse(self, data: bytes, filename: str) -> ParsedFile: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """`batch_chunks`: most chunks that are embedded, and held with their vectors, at a time."""

    max_file_mb: float = 200
    batch_chunks: int = 512


@dataclass(frozen=True, slots=True)
class Tools:
    """What the ingestor works with."""

    store: DocumentStore
    embedder: Embedder
    lexical: DocumentEncoder
    parser: FileParser
    chunker: Chunker
    spec: CollectionSpec


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A parsed file whose chunks are still to come."""

    path: Path
    document: Document
    chunks: Iterator[Chunk]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Small:
    """A file with fewer chunks than one batch holds; it waits to be embedded together with others."""

    prepared: _Prepared
    chunks: list[Chunk]


class Ingestor:
    """Puts files into a store.

    A document appears with its record, written after all of its chunks; its old version is deleted only then.
    A file that cannot be read never stops the others; StoreError and ModelError stop the run. At most
    `limits.batch_chunks` chunks and one long file are held at a time.
    """

    def __init__(self, tools: Tools, limits: Limits) -> None:
        self._tools = tools
        self._limits = limits

    def ingest_file(self, path: Path, collection: str, metadata: Mapping[str, Scalar] | None = None) -> FileResult:
        """Bring one file into the collection, which is created when it does not exist.

        Raises:
            StoreError, ModelError: the store or the embedding model failed.
        """
        store, source = self._tools.store, path.resolve()
        stored = None
        if store.has_collection(collection):
            stored = store.document(collection, document_id_of(source.as_posix()))
        known = {stored.id: stored.sha256} if stored else {}
        run = _Run(self._tools, self._limits, collection, known, lambda _event: None)
        run.add(source, metadata or {})
        run.finish()
        return run.results[0]

    def ingest(self, paths: Sequence[Path | str], collection: str, *, on_event: OnEvent | None = None) -> Report:
        """Bring files, folders and patterns into the collection, one event before and one after each file.

        Raises:
            StoreError, ModelError: the store or the embedding model failed; files finished before stay written.
        """
        began, store = monotonic(), self._tools.store
        sources = expand(paths)
        known: dict[str, str] = {}
        if store.has_collection(collection):
            known = {stored.id: stored.sha256 for stored in store.documents(collection)}
        run = _Run(self._tools, self._limits, collection, known, on_event or (lambda _event: None))
        for refused in sources.skipped:
            run.done(FileResult(refused.path, "skipped", reason=refused.reason))
        for refused in sources.missing:
            run.done(FileResult(refused.path, "failed", reason=f"{refused.path}: {refused.reason}"))
        for number, path in enumerate(sources.files, start=1):
            run.tell(FileStarted(path, number, len(sources.files)))
            run.add(path, {})
        run.finish()
        return Report(tuple(run.results), monotonic() - began)


class _Run:
    """One run over files: small files wait in `_waiting` and are embedded together."""

    def __init__(
        self, tools: Tools, limits: Limits, collection: str, known: Mapping[str, str], tell: Callable[[Event], None]
    ) -> None:
        self.results: list[FileResult] = []
        self.tell = tell
        self._tools = tools
        self._limits = limits
        self._collection = collection
        self._known = known
        self._waiting: list[_Small] = []
        self._wrote = False

    def add(self, path: Path, metadata: Mapping[str, Scalar]) -> None:
        """Read a file and write it, now or together with the next ones."""
        began = monotonic()
        try:
            outcome = self._prepare(path, metadata)
        except ParseError as exc:
            self.done(FileResult(path, "failed", seconds=monotonic() - began, reason=str(exc)))
        except OSError as exc:
            reason = f"{path.name}: {exc.strerror or exc}. Check that the file is there and may be read"
            self.done(FileResult(path, "failed", seconds=monotonic() - began, reason=reason))
        else:
            if isinstance(outcome, FileResult):
                self.done(outcome)
            else:
                self._enqueue(outcome)

    def finish(self) -> None:
        """Write what still waits, and build indexes if anything was written."""
        self._flush()
        if self._wrote:
            self._tools.store.optimize(self._collection)

    def done(self, result: FileResult) -> None:
        """Keep a result and tell of it."""
        self.results.append(result)
        self.tell(FileFinished(result))

    def _prepare(self, path: Path, metadata: Mapping[str, Scalar]) -> _Prepared | FileResult:
        began = monotonic()
        if path.stat().st_size > self._limits.max_file_mb * _MB:
            size = path.stat().st_size / _MB
            raise ParseError(
                f"{path.name}: the file has {size:.1f} MB and the limit is {self._limits.max_file_mb:g} MB. "
                "Split it, or raise FOOTNOTE_MAX_FILE_MB"
            )
        data = path.read_bytes()
        source, sha256 = path.as_posix(), sha256_of(data)
        document_id = document_id_of(source)
        if self._known.get(document_id) == sha256:
            return FileResult(path, "unchanged", document_id, seconds=monotonic() - began)
        parsed = self._tools.parser.parse(data, path.name)
        document = Document(
            id=document_id,
            source=source,
            filename=path.name,
            sha256=sha256,
            title=parsed.title,
            media_type=parsed.media_type,
            pages=parsed.pages,
            receipt=parsed.receipt,
            metadata={**parsed.metadata, **metadata},
        )
        chunks = self._tools.chunker.iterate(document, parsed)
        return _Prepared(path, document, chunks, monotonic() - began)

    def _enqueue(self, prepared: _Prepared) -> None:
        size = self._limits.batch_chunks
        head = list(islice(prepared.chunks, size))
        if not head:
            reason = f"{prepared.path.name}: the file holds no text. Check that it is the right file"
            self.done(FileResult(prepared.path, "failed", seconds=prepared.seconds, reason=reason))
            return
        if len(head) == size:
            self._flush()
            self._write_long(prepared, chain(head, prepared.chunks))
            return
        if sum(len(small.chunks) for small in self._waiting) + len(head) > size:
            self._flush()
        self._waiting.append(_Small(prepared, head))

    def _flush(self) -> None:
        """Embed the chunks of all waiting files at once, then write file by file."""
        waiting, self._waiting = self._waiting, []
        began = monotonic()
        indexed = iter(self._index([chunk for small in waiting for chunk in small.chunks]))
        embedding_s = (monotonic() - began) / max(1, sum(len(small.chunks) for small in waiting))
        for small in waiting:
            began = monotonic()
            self._store().write_chunks(self._collection, list(islice(indexed, len(small.chunks))))
            spent = embedding_s * len(small.chunks) + monotonic() - began
            self._complete(small.prepared, len(small.chunks), spent)

    def _write_long(self, prepared: _Prepared, chunks: Iterable[Chunk]) -> None:
        """Write a file with many chunks slice by slice."""
        began, count, remaining = monotonic(), 0, iter(chunks)
        while batch := list(islice(remaining, self._limits.batch_chunks)):
            self._store().write_chunks(self._collection, self._index(batch))
            count += len(batch)
        self._complete(prepared, count, monotonic() - began)

    def _complete(self, prepared: _Prepared, chunks: int, spent_s: float) -> None:
        """Make the new version the document, then delete the old one."""
        document = prepared.document
        self._store().write_document(self._collection, document, chunks)
        self._store().delete(self._collection, document.id, keep_sha256=document.sha256)
        self.done(
            FileResult(
                path=prepared.path,
                status="written",
                document_id=document.id,
                pages=len(document.pages),
                chunks=chunks,
                seconds=prepared.seconds + spent_s,
                notes=document.receipt.notes,
            )
        )

    def _store(self) -> DocumentStore:
        """The store, with the collection created before the first write."""
        if not self._wrote:
            self._tools.store.create_collection(self._collection, self._tools.spec)
            self._wrote = True
        return self._tools.store

    def _index(self, chunks: Sequence[Chunk]) -> list[IndexedChunk]:
        if not chunks:
            return []
        texts = [chunk.embedded_text for chunk in chunks]
        embeddings = self._tools.embedder.embed_documents(texts)
        return [
            IndexedChunk(chunk, embedding, self._tools.lexical.encode_document(text))
            for chunk, embedding, text in zip(chunks, embeddings, texts, strict=True)
        ]
