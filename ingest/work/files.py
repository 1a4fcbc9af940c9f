"""The steps of a file: fetch, parse, embed and write in batches, publish. Every step may be repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from time import monotonic
from typing import Protocol

from ingest.events import FileFault, FileProgress, FileResult, OnEvent
from ingest.parsers.registry import EXTENSIONS
from ingest.reading import ChunkedDocument, FileVersion, losses_of
from ingest.work.budget import Budget, Turns
from ingest.work.embedding_queue import EmbeddingQueue
from ingest.work.records import FileTask, Json, ReadFile
from rag.errors import FootnoteError, ParseError, SourceChanged, SourceError, UnsupportedFile
from rag.filters import Compare, Filter
from rag.store import CollectionSpec, StoredDocument
from rag.types import Chunk, Document, IndexedChunk, Scalar, SparseVector

_ATTEMPTS = 3
_BYTES_A_CHARACTER = 4  # of a document in hand: its pages, its chunks, and what Python adds


class DocumentEncoder(Protocol):
    """Texts to the terms they are found by."""

    def encode_document(self, text: str) -> SparseVector: ...


class DocumentStore(Protocol):
    """The part of `rag.store.Store` that ingestion needs."""

    def has_collection(self, collection: str) -> bool: ...
    def create_collection(self, collection: str, spec: CollectionSpec) -> None: ...
    def write_chunks(self, collection: str, chunks: Sequence[IndexedChunk]) -> None: ...
    def publish(self, collection: str, document: Document, chunks: int) -> None: ...
    def discard(self, collection: str, document_id: str, sha256: str) -> None: ...
    def delete(self, collection: str, document_id: str) -> None: ...
    def staged(self, collection: str) -> list[tuple[str, str]]: ...
    def stored(self, collection: str, document_ids: Sequence[str]) -> dict[str, StoredDocument]: ...
    def count(self, collection: str, where: Filter | None = None) -> int: ...
    def documents(self, collection: str) -> Iterator[StoredDocument]: ...
    def begin_bulk(self, collection: str) -> None: ...
    def optimize(self, collection: str) -> None: ...
    def erase(self, collection: str) -> bool: ...
    def unerased(self, collection: str) -> bool: ...


class Fetched(Protocol):
    """A source's bytes on this machine."""

    @property
    def path(self) -> Path: ...
    @property
    def name(self) -> str: ...
    @property
    def metadata(self) -> Mapping[str, Scalar]: ...
    @property
    def sha256(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...


class Fetcher(Protocol):
    """Fetches a source's bytes to this machine, for the duration of the context."""

    def fetch(self, source: str) -> AbstractContextManager[Fetched]:
        """Raises SourceError saying why it cannot be fetched and what to do."""
        ...


class Reader(Protocol):
    """Bytes to a document and its chunks."""

    def read(self, version: FileVersion) -> ChunkedDocument:
        """Raises ParseError, SourceChanged."""
        ...

    def close(self) -> None:
        """Break off what is being read, which raises Stopping."""
        ...


class Step(Protocol):
    """Runs a function once and stores its result, also if the process is killed afterwards.

    Raises StoreError, ModelError: the function raised them, also after retries.
    """

    def __call__(self, name: str, function: Callable[[], Json]) -> Json: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """The resources that all files share.

    `memory` bounds the size of the files in progress, `vectors` the chunks whose vectors are held; `turns` lets one
    thread at a time work on a document, also after a run was cancelled with the document in progress.
    """

    store: DocumentStore
    spec: CollectionSpec
    line: EmbeddingQueue
    lexical: DocumentEncoder
    fetcher: Fetcher
    reader: Reader
    memory: Budget
    vectors: Budget
    turns: Turns
    batch_chunks: int = 256


def bring_in(task: FileTask, tools: Tools, step: Step, tell: OnEvent) -> FileResult:
    """Make the store hold the source's present version and no other.

    A version becomes visible whole, by one switch, when all of it is written; until then the old one answers. A file
    that fails leaves what was there before.
    """
    began = monotonic()
    try:
        with tools.turns.taking(task.document_id), ExitStack() as held:
            hand = _Hand(task, tools, tell, held)
            for _ in range(_ATTEMPTS):
                outcome = hand.attempt(step)
                if "changed" not in outcome:
                    break
    except FootnoteError as exc:
        return _failed(task, began, str(exc), "system", fatal=True)
    if reason := outcome.get("failed") or outcome.get("changed"):
        if outcome.get("skipped"):
            return FileResult(task.source, "skipped", reason=str(reason), seconds=monotonic() - began)
        return _failed(task, began, str(reason), outcome.get("fault", "unreadable"))
    return FileResult(
        task.source,
        outcome["status"],
        task.document_id,
        size_bytes=outcome["size_bytes"],
        pages=outcome["pages"],
        chunks=outcome["chunks"],
        seconds=monotonic() - began,
        embedding_s=outcome["embedding_s"],
        notes=tuple(outcome["notes"]),
        losses=tuple(outcome["losses"]),
    )


def _failed(task: FileTask, began: float, reason: str, fault: FileFault, *, fatal: bool = False) -> FileResult:
    seconds = monotonic() - began
    return FileResult(task.source, "failed", task.document_id, seconds=seconds, reason=reason, fault=fault, fatal=fatal)


class _Hand:
    """One file in hand. What was read is kept between steps; after a crash it is read again.

    `held` gives back the file's part of the memory when the file is done with.
    """

    def __init__(self, task: FileTask, tools: Tools, tell: OnEvent, held: ExitStack) -> None:
        self._task = task
        self._tools = tools
        self._tell = tell
        self._held = held
        self._reading: ChunkedDocument | None = None

    def attempt(self, step: Step) -> Json:
        """Steps until the version that is there now is published; `failed` or `changed` in the outcome say why not."""
        record = step("read", lambda: self._skipped_or(_told(self._read)))
        if "failed" in record or "changed" in record:
            return record
        read = ReadFile.from_json(record)
        outcome = {"status": "unchanged", "embedding_s": 0.0, "notes": [], "losses": [], **record}
        if read.status == "unchanged":
            return outcome
        embedding_s = 0.0
        batches = -(-read.chunks // self._tools.batch_chunks)
        for number in range(batches):
            wrote = step("write", partial(_told, partial(self._write, read, number, publish=number == batches - 1)))
            if "failed" in wrote or "changed" in wrote:
                self._tools.store.discard(self._task.collection, self._task.document_id, read.sha256)
                return wrote
            embedding_s += wrote["embedding_s"]
        return outcome | {
            "status": "written",
            "embedding_s": embedding_s,
            "notes": wrote["notes"],
            "losses": wrote["losses"],
        }

    def _skipped_or(self, record: Json) -> Json:
        """The outcome of reading; `skipped` where a listing would have left the file out, had its name told its kind.

        A file of which a version is stored is not left out in silence: that it fails is told.
        """
        unsupported = record.get("fault") == "unsupported" and self._has_unknown_name()
        if unsupported and not self._task.given and self._current() is None:
            return record | {"skipped": True}
        return record

    def _has_unknown_name(self) -> bool:
        return PurePosixPath(self._task.name).suffix.lower() not in EXTENSIONS

    def _read(self) -> Json:
        task, tools = self._task, self._tools
        with tools.fetcher.fetch(task.source) as fetched:
            size = fetched.size_bytes
            if self._current() == fetched.sha256:
                return ReadFile("unchanged", fetched.sha256, size).to_json()
            metadata = {**fetched.metadata, **task.metadata}
            version = FileVersion(
                task.source,
                fetched.path,
                fetched.name,
                fetched.sha256,
                metadata,
                task.chunk_tokens,
                task.overlap_tokens,
            )
            self._hold(size)
            reading = self._reading = tools.reader.read(version)
            self._hold(max(size, _BYTES_A_CHARACTER * reading.document.receipt.characters))
        read = ReadFile("changed", fetched.sha256, size, len(reading.document.pages), len(reading.chunks))
        if read.chunks > tools.batch_chunks:
            self._tell(FileProgress(task.source, "read", read.pages, 0, read.chunks))
        return read.to_json()

    def _hold(self, size_bytes: float) -> None:
        """Hold so much of the memory, in place of what was held; what is not held cannot keep others waiting."""
        self._held.close()
        self._held.enter_context(self._tools.memory.holding(size_bytes))

    def _write(self, read: ReadFile, number: int, *, publish: bool) -> Json:
        """Embed and write one batch of chunks; with the last one the version is published."""
        task, tools = self._task, self._tools
        if self._current() == read.sha256:  # done before a crash that came before its record, or within the switch
            tools.store.discard(task.collection, task.document_id, read.sha256)
            return {"embedding_s": 0.0, "notes": [], "losses": []}
        reading = self._read_again(read)
        size = tools.batch_chunks
        batch = reading.chunks[number * size : (number + 1) * size]
        tools.store.create_collection(task.collection, tools.spec)
        if number == 0:  # a run that broke off may have cut other chunks
            tools.store.discard(task.collection, task.document_id, read.sha256)
        embedding_s = self._write_batch(batch)
        if publish:
            tools.store.publish(task.collection, reading.document, read.chunks)
        elif read.chunks > size:
            self._tell(FileProgress(task.source, "write", read.pages, number * size + len(batch), read.chunks))
        receipt = reading.document.receipt
        return {"embedding_s": embedding_s, "notes": list(receipt.notes), "losses": list(losses_of(receipt))}

    def _write_batch(self, batch: Sequence[Chunk]) -> float:
        tools = self._tools
        texts = [chunk.embedded_text for chunk in batch]
        with tools.vectors.holding(len(batch)):
            embedded = tools.line.embed(texts)
            indexed = [
                IndexedChunk(chunk, embedding, tools.lexical.encode_document(text))
                for chunk, embedding, text in zip(batch, embedded.embeddings, texts, strict=True)
            ]
            tools.store.write_chunks(self._task.collection, indexed)
        return embedded.seconds

    def _current(self) -> str | None:
        """The version that the store holds of this document; one of which chunks are missing does not count."""
        task, store = self._task, self._tools.store
        if not store.has_collection(task.collection):
            return None
        stored = store.stored(task.collection, [task.document_id]).get(task.document_id)
        if stored is None or store.count(task.collection, Compare("document_id", "eq", stored.id)) != stored.chunks:
            return None
        return stored.sha256

    def _read_again(self, read: ReadFile) -> ChunkedDocument:
        """What was read; after a crash it is read anew, and must be the same version and cut into the same chunks."""
        if self._reading is None:
            self._read()
        reading = self._reading
        if reading is None or reading.document.sha256 != read.sha256 or len(reading.chunks) != read.chunks:
            self._reading = None
            raise SourceChanged(f"{self._task.name}: the file keeps changing. Ingest it again once it is complete")
        return reading


def _told(function: Callable[[], Json]) -> Json:
    """The function's outcome, or why the file is to blame that there is none; other errors rise."""
    try:
        return function()
    except UnsupportedFile as exc:
        return {"failed": str(exc), "fault": "unsupported"}
    except (ParseError, SourceError) as exc:
        return {"failed": str(exc), "fault": "unreadable"}
    except SourceChanged as exc:
        return {"changed": str(exc)}
