"""Small real implementations that tests build on."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rag.errors import AnswerCutOff, ModelUnavailable
from rag.filters import Filter
from rag.models.llm import Message, Schema
from rag.retrieval.context_windows import PageKey, windows
from rag.types import AS_SET, Chunk, Embedding, FloatArray, Hit, Weighing, document_id_of, sha256_of


class HashEmbedder:
    """Bags of hashed words: texts that share words are near, and a word is near itself alone."""

    name = "hash"
    dimension = 64

    def embed_documents(self, texts: Sequence[str]) -> list[Embedding]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> Embedding:
        dense = np.zeros(self.dimension, dtype=np.float32)
        for word in text.casefold().split():
            dense[hashlib.sha256(word.strip(".,?").encode()).digest()[0] % self.dimension] += 1
        norm = float(np.linalg.norm(dense)) or 1.0
        return Embedding(dense / norm, np.zeros((0, self.dimension), dtype=np.float32))

    def embed_sentences(self, texts: Sequence[str]) -> FloatArray:
        rows = [self.embed_query(text).dense for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def embed_words(self, texts: Sequence[str]) -> list[Embedding]:
        words = [[self.embed_query(word).dense for word in text.split()] for text in texts]
        rows = [np.stack(each) if each else np.zeros((0, self.dimension), dtype=np.float32) for each in words]
        return [Embedding(self.embed_query(text).dense, row) for text, row in zip(texts, rows, strict=True)]

    @property
    def count_tokens(self) -> WordTokenizer:
        return WordTokenizer()


class WordTokenizer:
    """Every word is a token; those of its small vocabulary have ids."""

    vocabulary = ("the", "gate", "code", "changes")

    def __call__(self, text: str) -> int:
        return len(text.split())

    def text_of(self, tokens: Sequence[int]) -> str | None:
        if not all(0 <= token < len(self.vocabulary) for token in tokens):
            return None
        return " ".join(self.vocabulary[token] for token in tokens)


class ListRetriever:
    """Finds the same hits whatever is asked, and remembers it in `asked`.

    `openings` stand at the start of their documents, `pages` around them.
    """

    def __init__(
        self, hits: Sequence[Hit], openings: Sequence[Hit] = (), pages: Mapping[PageKey, str] | None = None
    ) -> None:
        self.asked: list[str] = []
        self._hits = list(hits)
        self._openings = list(openings)
        self._pages = pages or {}

    def parents(self, hits: Sequence[Hit], *, collection: str, characters: int, language: str = "en") -> list[Hit]:
        return windows(hits, self._pages, characters=characters, language=language)

    def openings(self, hits: Sequence[Hit], *, collection: str) -> list[Hit]:
        documents = {hit.chunk.document_id for hit in hits}
        return [opening for opening in self._openings if opening.chunk.document_id in documents]

    def page(self, of: Chunk, number: int, *, collection: str) -> Chunk | None:
        text = self._pages.get((of.document_id, of.sha256, number))
        return None if text is None else replace(of, page=number, start=0, end=len(text), text=text, heading=())

    def search(
        self, question: str, *, collection: str, k: int, where: Filter | None = None, weighing: Weighing = AS_SET
    ) -> list[Hit]:
        self.asked.append(question)
        return self._hits[:k]


class ScriptedChat:
    """Streams a script word by word, then fails if told to; gives structured `replies` one after another.

    It begins when `waits_for` is set, and sets `finished` after the last word. It remembers what it was sent (`sent` to
    stream, `completed` to fill in) and whether it was stopped.
    """

    name = "scripted"

    def __init__(
        self,
        script: str,
        *,
        fails: bool = False,
        cut_off: bool = False,
        pause_s: float = 0.0,
        window: int = 4096,
        replies: Sequence[Mapping[str, Any]] = (),
        waits_for: threading.Event | None = None,
    ) -> None:
        self._waits_for = waits_for
        self.finished = threading.Event()
        self.reply_pause_s = pause_s
        self._replies = list(replies)
        self.completed: list[Sequence[Message]] = []
        self._cut_off = cut_off
        self._script = script
        self._fails = fails
        self._pause_s = pause_s
        self._window = window
        self.sent: list[Sequence[Message]] = []
        self.told = 0
        self.stopped = False

    async def stream(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        self.sent.append(messages)
        try:
            if self._waits_for is not None:
                assert await asyncio.to_thread(self._waits_for.wait, 10)
            for word in self._script.split(" "):
                await asyncio.sleep(self._pause_s)
                if word:
                    self.told += 1
                    yield word + " "
        except GeneratorExit:
            self.stopped = True
            raise
        except asyncio.CancelledError:
            self.stopped = True
            raise
        self.finished.set()
        if self._cut_off:
            raise AnswerCutOff("scripted reached its limit")
        if self._fails:
            raise ModelUnavailable("the language model at http://test failed: gone")

    async def complete(self, messages: Sequence[Message], *, schema: Schema, max_tokens: int) -> dict[str, Any]:
        self.completed.append(messages)
        try:
            await asyncio.sleep(self.reply_pause_s)
        except asyncio.CancelledError:
            self.stopped = True
            raise
        if not self._replies:
            raise ModelUnavailable("the language model at http://test failed: no reply left")
        return dict(self._replies.pop(0))

    async def count_tokens(self, text: str) -> int:
        return len(text.split())

    async def context_window(self) -> int:
        return self._window

    async def aclose(self) -> None:
        """Nothing to close."""


def hit(text: str, filename: str = "manual.txt", *, start: int = 0, score: float = 1.0, markdown: bool = True) -> Hit:
    """A chunk of a document as a hit."""
    sha256, end = sha256_of(filename.encode()), start + len(text)
    chunk = Chunk(document_id_of(filename), sha256, filename, 1, start, end, text, markdown=markdown)
    return Hit(chunk, {"score": score})
