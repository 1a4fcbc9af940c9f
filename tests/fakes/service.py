"""A service whose store is real and in memory, and whose answers are scripted: everything between it and a client."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.build.answerer import build_guarantee
from rag.build.core import Rag
from rag.events import Event, Finished, Heartbeat, Released, Withheld
from rag.filters import Filter
from rag.models import ChatModel, Message
from rag.retrieval import Bm25Encoder, NoRerank, Retriever, Weights
from rag.settings import load_settings
from rag.store import CollectionSpec
from rag.store.server import MEMORY, ServerStore
from rag.types import (
    AS_SET,
    Answer,
    Chunk,
    Document,
    Evidence,
    Hit,
    IndexedChunk,
    Page,
    Receipt,
    Verdict,
    Weighing,
    document_id_of,
)
from tests.fakes.core import HashEmbedder

PAGE = "The gate code is 4711 😀. It changes every month. The gate opens at six. The guard has the key."
SENTENCES = ("The gate code is 4711 😀.", "It changes every month.")
FILENAME = "gate.txt"
SHA256 = "ab" * 32
COLLECTION = "default"


@dataclass
class ScriptedAnswerer:
    """Releases the sentences of its script one by one, each with its quote; without any it abstains.

    It waits `pause_s` before each and beats meanwhile where `beats` is set, raises `fails` after the last, and keeps
    what it was asked. `stopped` is set when it was closed before the end.
    """

    sentences: Sequence[str] = SENTENCES
    withheld: Sequence[str] = ()
    reason: str = "no passage found answers the question"
    pause_s: float = 0.0
    beats: bool = False
    fails: Exception | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)

    def says(self, *sentences: str, **script: Any) -> None:
        """Another script; what is not named is as at the beginning."""
        fresh = ScriptedAnswerer(sentences, **script)
        for name in ("sentences", "withheld", "reason", "pause_s", "beats", "fails"):
            setattr(self, name, getattr(fresh, name))
        self.asked.clear()
        self.begun.clear()
        self.stopped.clear()

    async def answer(
        self,
        question: str,
        *,
        collection: str,
        where: Filter | None = None,
        history: Sequence[Message] = (),
        weighing: Weighing = AS_SET,
    ) -> AsyncGenerator[Event, None]:
        self.asked.append(
            {
                "question": question,
                "collection": collection,
                "where": where,
                "history": list(history),
                "weighing": weighing,
            }
        )
        self.begun.set()
        try:
            for sentence in self.sentences:
                if self.beats:
                    yield Heartbeat()
                await asyncio.sleep(self.pause_s)
                yield Released(verdict(sentence))
            for sentence in self.withheld:
                yield Withheld(Verdict(sentence, 0.1, supported=False, why="nothing says so", fault="missing"))
            if self.fails is not None:
                raise self.fails
        except (GeneratorExit, asyncio.CancelledError):
            self.stopped.set()
            raise
        yield Finished(self._answer(question))

    async def aclose(self) -> None:
        """Nothing to close."""

    def _answer(self, question: str) -> Answer:
        told = tuple(verdict(sentence) for sentence in self.sentences)
        withheld = tuple(Verdict(each, 0.1, False, why="nothing says so", fault="missing") for each in self.withheld)
        hits = (Hit(chunk(), {"score": 0.5}),)
        return Answer(question, told, withheld, hits, reason=None if told else self.reason)


def verdict(sentence: str) -> Verdict:
    """A released sentence with the quote that is its own words, where the page has them, else the page's first."""
    quote = sentence if sentence in PAGE else SENTENCES[0]
    start = PAGE.index(quote)
    evidence = Evidence(document_id_of(FILENAME), FILENAME, SHA256, 1, start, start + len(quote), quote)
    return Verdict(sentence, 0.99, supported=True, evidence=(evidence,))


def chunk() -> Chunk:
    """The page as one chunk."""
    return Chunk(document_id_of(FILENAME), SHA256, FILENAME, 1, 0, len(PAGE), PAGE)


def fake_rag(folder: Path, answerer: ScriptedAnswerer, *, chat: ChatModel | None = None, **settings: Any) -> Rag:
    """A core over one document in the collection `default` and in one more."""
    loaded = load_settings(data_dir=folder, moderation="off", **settings)
    embedder, lexical, store = HashEmbedder(), Bm25Encoder(), ServerStore(MEMORY)
    spec = CollectionSpec(embedder.dimension)
    retriever = Retriever(store, embedder, lexical, NoRerank(), Weights(100, 0.5, 0.0))
    for collection in (COLLECTION, "other"):
        store.create_collection(collection, spec)
        vectors = embedder.embed_query(PAGE)
        store.write_chunks(collection, [IndexedChunk(chunk(), vectors, lexical.encode_document(PAGE))])
        store.publish(collection, _document(), 1)
    guarantee = build_guarantee(loaded)
    return Rag(loaded, store, embedder, lexical, retriever, answerer, spec, guarantee, chat)


def _document() -> Document:
    receipt = Receipt("text", 1, len(PAGE))
    pages = (Page(1, PAGE),)
    return Document(document_id_of(FILENAME), FILENAME, FILENAME, SHA256, "Gate", "text/plain", pages, receipt)
