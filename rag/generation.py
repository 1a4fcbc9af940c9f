"""A language model's draft, as sentences."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from rag.errors import AnswerCutOff
from rag.llm import ChatModel, Message
from rag.prompts import answer_prompt, passage
from rag.sentences import SentenceStream
from rag.types import Chunk, Hit

HEARTBEAT_S = 5.0
_MARGIN_TOKENS = 64  # what a chat template adds
_BUFFERED_SENTENCES = 64


class Generator:
    """Drafts answers from hits with a language model."""

    def __init__(self, chat: ChatModel, *, context_tokens: int, max_tokens: int, language: str = "en") -> None:
        self._chat = chat
        self._context_tokens = context_tokens
        self._max_tokens = max_tokens
        self._language = language

    async def sentences(
        self, question: str, hits: Sequence[Hit], history: Sequence[Message]
    ) -> AsyncGenerator[str | None, None]:
        """Sentences as soon as they are whole, None when nothing came for a while.

        The model goes on writing while the caller looks at a sentence; closing the iterator stops it.

        Raises:
            ModelUnavailable: after the sentences that came before the failure.
        """
        queue: asyncio.Queue[str | None] = asyncio.Queue(_BUFFERED_SENTENCES)
        drafting = asyncio.create_task(self._draft(question, hits, history, queue))
        arriving = asyncio.ensure_future(queue.get())
        try:
            while True:
                await asyncio.wait({arriving}, timeout=HEARTBEAT_S)
                if not arriving.done():
                    yield None
                elif (sentence := arriving.result()) is None:
                    await drafting
                    return
                else:
                    arriving = asyncio.ensure_future(queue.get())
                    yield sentence
        finally:
            for task in (drafting, arriving):
                task.cancel()
            await asyncio.gather(drafting, arriving, return_exceptions=True)

    async def aclose(self) -> None:
        """Close the connections to the language model."""
        await self._chat.aclose()

    async def _draft(
        self,
        question: str,
        hits: Sequence[Hit],
        history: Sequence[Message],
        queue: asyncio.Queue[str | None],
    ) -> None:
        """Put each sentence on the queue, and None at the end, however it ends."""
        cutter = SentenceStream(self._language)
        try:
            messages = answer_prompt(question, await self._pack(question, hits, history), history)
            unfinished = 0
            try:
                async with aclosing(self._chat.stream(messages, max_tokens=self._max_tokens)) as pieces:
                    async for piece in pieces:
                        for sentence in cutter.feed(piece):
                            await queue.put(sentence)
            except AnswerCutOff:
                unfinished = 1  # the last sentence is a fragment
            rest = cutter.finish()
            for sentence in rest[: len(rest) - unfinished]:
                await queue.put(sentence)
        finally:
            await queue.put(None)

    async def _pack(self, question: str, hits: Sequence[Hit], history: Sequence[Message]) -> list[Chunk]:
        """The best hits that fit into the model's window beside everything else; at least the first."""
        frame = answer_prompt(question, [], history)
        counts = await asyncio.gather(
            *(self._chat.count_tokens(message.content) for message in frame),
            *(self._chat.count_tokens(passage(1, hit.chunk)) for hit in hits),
        )
        spent, costs = sum(counts[: len(frame)]), counts[len(frame) :]
        room = min(self._context_tokens, await self._chat.window() - spent - self._max_tokens - _MARGIN_TOKENS)
        packed: list[Chunk] = []
        for hit, cost in zip(hits, costs, strict=True):
            if packed and cost > room:
                break
            packed.append(hit.chunk)
            room -= cost
        return packed
