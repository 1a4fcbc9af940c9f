"""The process that the killing test kills: real store, real queue, real parsers, vectors made of hashes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from ingest.build import Works, expand_request
from ingest.events import Report
from ingest.queue.runs import QueueLimits, RunQueue
from ingest.queue.worker import Worker
from ingest.reading.reader import FileReader, ReadingOptions, prepare
from ingest.reading.sandbox import SameProcess
from ingest.sources import Limits
from ingest.sources.fetching import Fetcher
from ingest.work.budget import Budget, Turns
from ingest.work.embedding_queue import EmbeddingQueue
from ingest.work.files import Tools
from ingest.work.records import RunRequest
from ingest.work.runs import RunWork
from rag.store import CollectionSpec, Store
from rag.store.embedded import EmbeddedStore
from tests.fakes.ingestion import DIMENSION, HashEmbedder, WordLengths, count_words

COLLECTION = "library"
CHUNK_TOKENS, BATCH_CHUNKS = 24, 6


def tools(store: Store, parts: ExitStack) -> Tools:
    prepare(ReadingOptions(count_words, CHUNK_TOKENS, 1000, 10, "none", "eng"))
    line = EmbeddingQueue(HashEmbedder())
    parts.callback(line.close)
    return Tools(
        store=store,
        spec=CollectionSpec(DIMENSION),
        line=line,
        lexical=WordLengths(),
        fetcher=parts.enter_context(Fetcher(Limits())),
        reader=FileReader(SameProcess()),
        memory=Budget(10_000_000),
        vectors=Budget(100),
        turns=Turns(),
        batch_chunks=BATCH_CHUNKS,
    )


def ingest(folder: Path, corpus: Path, *, prune: bool = True) -> Report:
    """Bring the corpus into the store in `folder`, as `footnote ingest --prune` does."""
    with ExitStack() as parts:
        store = EmbeddedStore(folder / "collections")
        parts.callback(store.close)
        hand = tools(store, parts)
        url = f"sqlite:///{folder / 'queue.sqlite'}"
        queue = RunQueue(url)
        parts.callback(queue.close)
        works = Works(RunWork(store, partial(expand_request, hand.fetcher)), hand, queue.forget)
        worker = Worker(url, works, QueueLimits(files=4))
        parts.callback(worker.close)
        return queue.follow(queue.start(RunRequest(COLLECTION, (str(corpus),), prune=prune)), lambda _: None)


def run(folder: Path, corpus: Path, done: Callable[[], None]) -> None:
    """What the child process does; `done` is called when it got to its end."""
    ingest(folder, corpus)
    done()
