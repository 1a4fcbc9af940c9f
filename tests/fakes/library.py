"""A service that takes files: everything is real but the models, and the queue works in threads of this process."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openai

from api.rest.app import create_app
from ingest.events import Event as IngestEvent
from ingest.events import FileProgress, FileResult, OnEvent, Report, RunState
from ingest.ingestion import Ingestion
from ingest.reading import FileReader, ReadingOptions, prepare
from ingest.reading.sandbox import SameProcess
from ingest.sources import Fetcher, Limits
from ingest.work import Budget, EmbeddingQueue, Json, RunRequest, Tools, Turns, bring_in
from rag.answering import Answering
from rag.build.answerer import build_guarantee
from rag.build.core import Rag
from rag.events import Event, Finished, Released
from rag.filters import Filter
from rag.models import Message
from rag.retrieval import Bm25Encoder, NoRerank, Retriever, Weights
from rag.settings import load_settings
from rag.store import CollectionSpec, Store
from rag.store.server import MEMORY, ServerStore
from rag.types import AS_SET, Answer, Chunk, Evidence, Verdict, Weighing
from tests.fakes.core import HashEmbedder
from tests.fakes.llm import serving

PATIENCE_S = 20


@dataclass
class _Run:
    results: list[FileResult] = field(default_factory=list)
    progress: dict[str, FileProgress] = field(default_factory=dict)
    cancelled: bool = False
    stopped: str | None = None
    ended: bool = False


class ThreadQueue:
    """Does the work of each run in a thread: file by file, each when `gate` is open."""

    def __init__(self, tools: Tools) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self._tools = tools
        self._runs: dict[str, _Run] = {}
        self._busy: set[str] = set()
        self._numbers = itertools.count(1)
        self._threads: list[threading.Thread] = []

    def start(self, request: RunRequest) -> str:
        name = f"run-{next(self._numbers)}"
        self._runs[name] = run = _Run()
        self._busy |= {task.document_id for task in request.files}
        thread = threading.Thread(target=self._work, args=(request, run), daemon=True)
        self._threads.append(thread)
        thread.start()
        return name

    def cancel(self, run: str) -> None:
        self._runs[run].cancelled = True

    def state(self, run: str) -> RunState | None:
        found = self._runs.get(run)
        if found is None:
            return None
        return RunState(tuple(found.results), tuple(found.progress.values()), found.ended, found.stopped)

    def busy(self, besides: str = "") -> set[str]:
        return set(self._busy)

    def follow(self, run: str, on_event: OnEvent) -> Report:
        raise NotImplementedError

    def forget(self) -> None:
        """As a queue whose records are gone."""
        self._runs.clear()

    def close(self) -> None:
        self.gate.set()
        for thread in self._threads:
            thread.join()

    def _work(self, request: RunRequest, run: _Run) -> None:
        for task in request.files:
            self.gate.wait()

            def tell(event: IngestEvent) -> None:
                if isinstance(event, FileProgress):
                    run.progress[event.source] = event

            if not run.cancelled:
                run.results.append(bring_in(task, self._tools, _directly, tell))
            self._busy.discard(task.document_id)
        run.stopped = "it was cancelled" if run.cancelled else None
        run.ended = True


def _directly(_name: str, function: Any) -> Json:
    result: Json = function()
    return result


class QuotingAnswerer:
    """Answers with the text of the best hit, word for word; abstains without one."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    async def answer(
        self,
        question: str,
        *,
        collection: str,
        where: Filter | None = None,
        history: Sequence[Message] = (),
        weighing: Weighing = AS_SET,
    ) -> AsyncGenerator[Event, None]:
        hits = tuple(self._retriever.search(question, collection=collection, k=1, where=where, weighing=weighing))
        verdicts = tuple(_verdict(hit.chunk) for hit in hits)
        for verdict in verdicts:
            yield Released(verdict)
        yield Finished(Answer(question, verdicts, (), hits, reason=None if hits else "no passage found"))

    async def aclose(self) -> None: ...


def _verdict(chunk: Chunk) -> Verdict:
    quote = Evidence(chunk.document_id, chunk.filename, chunk.sha256, chunk.page, chunk.start, chunk.end, chunk.text)
    return Verdict(chunk.text, 0.99, supported=True, evidence=(quote,))


@dataclass
class Served:
    """A served app, what is behind it, and the official client in front of it."""

    url: str
    rag: Rag
    queue: ThreadQueue
    client: openai.OpenAI


def small_rag(
    folder: Path,
    *,
    store: Store | None = None,
    answering: Callable[[Retriever], Answering] = QuotingAnswerer,
    **settings: Any,
) -> Rag:
    """A core over an empty store, whose models are fakes."""
    loaded = load_settings(data_dir=folder, **{"moderation": "off", "chunk_tokens": 40, **settings})
    embedder, lexical = HashEmbedder(), Bm25Encoder()
    store = store or ServerStore(MEMORY)
    retriever = Retriever(store, embedder, lexical, NoRerank(), Weights(100, 0.5, 0.0))
    spec = CollectionSpec(embedder.dimension)
    return Rag(loaded, store, embedder, lexical, retriever, answering(retriever), spec, build_guarantee(loaded))


@contextmanager
def thread_queue(rag: Rag) -> Iterator[ThreadQueue]:
    """A queue that writes to the store of a core."""
    prepare(ReadingOptions(rag.embedder.count_tokens, rag.settings.chunk_tokens, 100, 10, "none", "eng"))
    with ExitStack() as parts:
        line = EmbeddingQueue(rag.embedder)
        parts.callback(line.close)
        fetcher = parts.enter_context(Fetcher(Limits(max_file_mb=5)))
        reader, budgets = FileReader(SameProcess()), (Budget(10**7), Budget(64))
        tools = Tools(rag.store, rag.spec, line, rag.lexical, fetcher, reader, *budgets, Turns(), batch_chunks=4)
        queue = ThreadQueue(tools)
        parts.callback(queue.close)
        yield queue


@contextmanager
def served_library(folder: Path, *, store: Store | None = None, **settings: Any) -> Iterator[Served]:
    """The service over an empty store, until the end of the block."""
    with ExitStack() as parts:
        rag = small_rag(folder, store=store, **settings)
        if store is None:
            parts.callback(rag.close)
        queue = parts.enter_context(thread_queue(rag))
        ingestion = Ingestion(queue, ExitStack(), lambda: 0.0)
        url = parts.enter_context(serving(create_app(rag, ingestion=ingestion)))
        client = openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=30)
        parts.callback(client.close)
        yield Served(url, rag, queue, client)


def upload(served: Served, name: str = "gate.txt", text: str | bytes = "The gate code is 4711.") -> str:
    data = text if isinstance(text, bytes) else text.encode()
    return served.client.files.create(file=(name, data), purpose="assistants").id


def store_with(served: Served, *texts: str, **more: Any) -> tuple[str, list[str]]:
    """A store with a completed file for each text."""
    store = served.client.vector_stores.create(**more)
    files = [upload(served, f"{number}.txt", text) for number, text in enumerate(texts)]
    if files:
        served.client.vector_stores.file_batches.create_and_poll(store.id, file_ids=files)
    return store.id, files


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def found(served: Served, store: str, query: str | list[str], **more: Any) -> list[Any]:
    return served.client.vector_stores.search(store, query=query, **more).data  # type: ignore[arg-type]
