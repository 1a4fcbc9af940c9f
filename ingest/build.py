"""The one place where ingestion and its parts are built."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ingest.events import FileResult, OnEvent, Report
from ingest.ingestion import Ingestion
from ingest.queue.database import SQLITE
from ingest.queue.identity import identity_of
from ingest.queue.liveness import Liveness, Presence
from ingest.queue.runs import QueueLimits, RunQueue
from ingest.queue.worker import Worker
from ingest.reading import ChildProcesses, FileReader, FileVersion, ReadingOptions, prepare, scratch_folder
from ingest.sources import Fetcher, Limits, Sources, expand, expand_urls, joined
from ingest.work import (
    Budget,
    EmbeddingQueue,
    FileTask,
    Plan,
    RunRequest,
    RunWork,
    Step,
    Tools,
    Turns,
    bring_in,
    keep_little,
)
from rag.build.core import Rag
from rag.errors import QueueLocked, SettingError
from rag.models.tokens import estimated_tokens
from rag.owner import Doorway, Ownership
from rag.settings import Settings
from rag.types import Document

_VECTORS_IN_HAND = 1024  # chunks; two rounds of the embedding line keep it busy
_MB = 1_000_000
Forget = Callable[[str, Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Works:
    """The work of runs and of files, put together for the queue."""

    runs: RunWork
    tools: Tools
    forget: Forget

    def plan(self, request: RunRequest) -> Plan:
        return self.runs.plan(request)

    def bring_in(self, task: FileTask, step: Step, tell: OnEvent) -> FileResult:
        return bring_in(task, self.tools, step, tell)

    def finish(self, request: RunRequest, busy: Callable[[], set[str]]) -> list[FileResult]:
        results = self.runs.finish(request, busy)
        if pruned := [str(result.document_id) for result in results if result.status == "pruned"]:
            self.forget(request.collection, pruned)
        return results

    def tidy(self, request: RunRequest, busy: Callable[[], set[str]]) -> None:
        self.runs.tidy(request, busy)

    def interrupt(self) -> None:
        self.tools.reader.close()
        self.tools.line.close()


def open_ingestion(settings: Settings, rag: Rag, *, forget: Forget | None = None) -> Ingestion:
    """A queue and a worker on it in this process, which writes to the store of `rag`.

    `forget` gets the documents pruned from a collection, to erase their text elsewhere; None: in the records of the
    queue.

    Raises:
        QueueLocked: another process owns this machine's queue.
        QueueError: the queue's database cannot be reached.
    """
    with ExitStack() as parts:
        if settings.queue_url is None:
            parts.callback(_own_queue(settings).close)
        return _opened(settings, rag, parts, forget)


def ingest_paths(rag: Rag, paths: Sequence[Path | str], collection: str) -> Report:
    """Ingest files and folders into a collection.

    Raises:
        QueueLocked, QueueError: as above.
    """
    with open_ingestion(rag.settings, rag) as ingestion:
        return ingestion.run(RunRequest(collection, tuple(map(str, paths))))


def open_service_ingestion(settings: Settings, rag: Rag, *, doorway: Doorway, forget: Forget) -> Ingestion:
    """The same on this machine's queue, for others to hand work to at `doorway`.

    Raises:
        QueueLocked, QueueError: as above.
    """
    with ExitStack() as parts:
        parts.callback(_own_queue(settings, doorway).close)
        return _opened(settings, rag, parts, forget)


def open_queue(settings: Settings, *, another: bool = False) -> Ingestion:
    """A queue that other workers process; `another`: this machine's own queue, which another process works on.

    Raises:
        SettingError: no other worker can reach this machine's own queue.
        QueueError: the queue's database cannot be reached.
    """
    if settings.queue_url is None and not another:
        raise SettingError("--queue-only needs workers with a shared queue: set FOOTNOTE_QUEUE_URL to its database")
    with ExitStack() as parts:
        queue = RunQueue(queue_url(settings))
        parts.callback(queue.close)
        return Ingestion(queue, parts.pop_all(), lambda: 0.0)


def _own_queue(settings: Settings, doorway: Doorway | None = None) -> Ownership:
    def refusal(who: str) -> QueueLocked:
        return QueueLocked(
            f"{who} is ingesting with the queue in {settings.queue_folder}, which has one owner at a time. Wait for "
            "it, or share a queue among any number of workers: set FOOTNOTE_QUEUE_URL to a Postgres database"
        )

    return Ownership(settings.queue_folder, refusal, doorway=doorway)


def forget_records(settings: Settings, collection: str, document_ids: Sequence[str]) -> None:
    """Erase what the queue's database has of documents that were deleted from a collection.

    Raises:
        QueueError: it cannot be reached.
    """
    url = queue_url(settings)
    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).exists():
        return
    with closing(RunQueue(url)) as queue:
        queue.forget(collection, document_ids)


def _opened(settings: Settings, rag: Rag, parts: ExitStack, forget: Forget | None) -> Ingestion:
    keep_little()
    fetcher = parts.enter_context(Fetcher(Limits.of(settings), folder=parts.enter_context(scratch_folder())))
    tools = _tools(settings, rag, fetcher, parts)
    works = Works(
        RunWork(rag.store, partial(expand_request, fetcher)), tools, forget or partial(forget_records, settings)
    )
    queue = RunQueue(queue_url(settings))
    parts.callback(queue.close)
    _employ(settings, works, parts)
    return Ingestion(queue, parts.pop_all(), lambda: tools.line.seconds)


def read_now(settings: Settings, source: str, name: str) -> Document:
    """The document that a source is, read and not stored. No model is loaded: nothing is embedded.

    Raises:
        SourceError, ParseError: it cannot be fetched or read.
    """
    with ExitStack() as parts:
        reader = _reader(settings, estimated_tokens, parts)
        fetcher = parts.enter_context(Fetcher(Limits.of(settings)))
        fetched = parts.enter_context(fetcher.fetch(source))
        return reader.read(FileVersion(source, fetched.path, fetched.name or name, fetched.sha256, {})).document


def queue_url(settings: Settings) -> str:
    """The queue's database."""
    return settings.queue_url or f"{SQLITE}{own_queue_file(settings)}"


def own_queue_file(settings: Settings) -> Path:
    """The database of this machine's own queue."""
    return settings.queue_folder / "queue.sqlite"


def queue_identity(settings: Settings) -> str:
    """Which queue the settings name: the same from every process that names it.

    Raises:
        QueueError: its database cannot be reached.
    """
    return identity_of(queue_url(settings))


def _employ(settings: Settings, works: Works, parts: ExitStack) -> None:
    """Start the worker; on a database that others share it has a name of its own and looks after the others' work.

    It shows itself before it takes work and until it has let go of it, so that nobody takes it for dead meanwhile.
    """
    url, limits = queue_url(settings), QueueLimits(settings.ingest_files, settings.ingest_files_per_minute)
    if url.startswith(SQLITE):
        parts.callback(Worker(url, works, limits).close)
        return
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"  # containers share names and numbers
    presence = Presence(url, name)
    parts.callback(presence.close)
    worker = Worker(url, works, limits, executor=name)
    parts.callback(worker.close)
    parts.callback(Liveness(presence, worker).close)


def expand_request(fetcher: Fetcher, request: RunRequest) -> Sources:
    """The sources that a request means."""
    lists = (expand_urls(Path(file), fetcher=fetcher) for file in request.url_lists)
    return joined(expand(request.paths, fetcher=fetcher), *lists)


def _tools(settings: Settings, rag: Rag, fetcher: Fetcher, parts: ExitStack) -> Tools:
    reader = _reader(settings, rag.embedder.count_tokens, parts)
    line = EmbeddingQueue(rag.embedder)
    parts.callback(line.close)
    return Tools(
        store=rag.store,
        spec=rag.spec,
        line=line,
        lexical=rag.lexical,
        fetcher=fetcher,
        reader=reader,
        memory=Budget(settings.ingest_memory_mb * _MB),
        vectors=Budget(_VECTORS_IN_HAND),
        turns=Turns(),
    )


def _reader(settings: Settings, count_tokens: Callable[[str], int], parts: ExitStack) -> FileReader:
    options = ReadingOptions(
        count_tokens=count_tokens,
        chunk_tokens=settings.chunk_tokens,
        max_pages=settings.max_pages,
        max_text_mb=settings.max_text_mb,
        ocr=settings.ocr,
        ocr_languages=settings.ocr_languages,
    )
    reader = FileReader(
        ChildProcesses(
            processes=settings.parse_processes,
            timeout_s=settings.parse_timeout_s,
            memory_mb=settings.parse_memory_mb,
            prepare=prepare,
            arguments=(options,),
        )
    )
    parts.callback(reader.close)
    return reader
