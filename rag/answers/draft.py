"""A language model's draft, sentence by sentence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

from rag.answers.concurrency import stopped
from rag.errors import AnswerCutOff
from rag.models import (
    ChatModel,
    Message,
    answer_prompt,
    in_reading_order,
    passage,
    passage_numbers,
    passages_prompt,
)
from rag.text import SentenceStream
from rag.types import Chunk, Hit

_MARGIN_TOKENS = 64  # what a chat template adds


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of a language model: `sentences`, each as soon as it is complete.

    `packed` are the chunks in the prompt, in the order of their numbers.

    Raises:
        ModelUnavailable: from `sentences`, after those that came before the failure.
    """

    sentences: AsyncGenerator[str, None]
    packed: asyncio.Future[tuple[Chunk, ...]]

    async def prompt(self) -> tuple[Message, ...]:
        """The first messages of the prompt, with the passages; empty if there was no prompt."""
        chunks = await asyncio.shield(self.packed)
        return tuple(passages_prompt(chunks)) if chunks else ()

    async def named(self, sentence: str) -> tuple[str, ...]:
        """The ids of the chunks that a drafted sentence cites by number; unknown numbers are ignored."""
        chunks = await asyncio.shield(self.packed)
        return tuple(chunks[each - 1].id for each in passage_numbers(sentence) if 0 < each <= len(chunks))


class Generator:
    """Drafts answers from hits with a language model."""

    def __init__(self, chat: ChatModel, *, context_tokens: int, max_tokens: int, language: str = "en") -> None:
        self._chat = chat
        self._context_tokens = context_tokens
        self._max_tokens = max_tokens
        self._language = language

    @asynccontextmanager
    async def drafting(
        self, question: str, hits: Sequence[Hit], history: Sequence[Message]
    ) -> AsyncGenerator[Draft, None]:
        """A draft; the model starts at once.

        It continues to write while the caller processes a sentence; leaving the block stops it.
        """
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        packed: asyncio.Future[tuple[Chunk, ...]] = asyncio.get_running_loop().create_future()
        writing = asyncio.create_task(self._write(question, hits, history, queue, packed))
        try:
            yield Draft(_told(queue, writing), packed)
        finally:
            await stopped(writing)

    async def aclose(self) -> None:
        """Close the connections to the language model."""
        await self._chat.aclose()

    async def _write(
        self,
        question: str,
        hits: Sequence[Hit],
        history: Sequence[Message],
        queue: asyncio.Queue[str | None],
        packed: asyncio.Future[tuple[Chunk, ...]],
    ) -> None:
        """Put each sentence on the queue, and None at the end, however it ends."""
        cutter = SentenceStream(self._language)
        try:
            chunks = await self._pack(question, hits, history)
            packed.set_result(tuple(in_reading_order(chunks)))
            messages = answer_prompt(question, chunks, history)
            unfinished = 0
            try:
                async with aclosing(self._chat.stream(messages, max_tokens=self._max_tokens)) as pieces:
                    async for piece in pieces:
                        for sentence in cutter.feed(piece):
                            queue.put_nowait(sentence)
            except AnswerCutOff:
                unfinished = 1  # the last sentence is a fragment
            rest = cutter.finish()
            for sentence in rest[: len(rest) - unfinished]:
                queue.put_nowait(sentence)
        finally:
            if not packed.done():
                packed.set_result(())
            queue.put_nowait(None)

    async def _pack(self, question: str, hits: Sequence[Hit], history: Sequence[Message]) -> list[Chunk]:
        """The best hits that fit into the model's context window with the rest of the prompt; at least the first."""
        frame = answer_prompt(question, [], history)
        counts = await asyncio.gather(
            *(self._chat.count_tokens(message.content) for message in frame),
            *(self._chat.count_tokens(passage(1, hit.chunk)) for hit in hits),
        )
        spent, costs = sum(counts[: len(frame)]), counts[len(frame) :]
        room = min(self._context_tokens, await self._chat.context_window() - spent - self._max_tokens - _MARGIN_TOKENS)
        packed: list[Chunk] = []
        for hit, cost in zip(hits, costs, strict=True):
            if packed and cost > room:
                break
            packed.append(hit.chunk)
            room -= cost
        return packed


async def _told(queue: asyncio.Queue[str | None], writing: asyncio.Task[None]) -> AsyncGenerator[str, None]:
    while (sentence := await queue.get()) is not None:
        yield sentence
    await writing
