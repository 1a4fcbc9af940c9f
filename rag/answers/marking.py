"""Unsupported sentences shown with a mark instead of withheld, by FOOTNOTE_UNSUPPORTED."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from rag.answering import Answering
from rag.events import Event, Finished, Released, Withheld
from rag.filters import Filter
from rag.models import Message
from rag.safety import inert, unknown_addresses
from rag.types import AS_SET, Verdict, Weighing

NOT_VERIFIED = "[not verified] "
"""The prefix of every unsupported sentence, in text, JSON and streams."""


class MarkingAnswerer:
    """Releases sentences that its answerer withholds for a fault, each with a mark, without markup and quotes.

    A sentence with a link that is in no document stays withheld, and so does one without a claim. An answer without any
    supported sentence is still an abstention.
    """

    def __init__(self, answerer: Answering) -> None:
        self._answerer = answerer

    async def answer(
        self,
        question: str,
        *,
        collection: str,
        where: Filter | None = None,
        history: Sequence[Message] = (),
        weighing: Weighing = AS_SET,
    ) -> AsyncGenerator[Event, None]:
        """Events in order, the last of them `Finished`."""
        told: list[Verdict] = []
        marked: list[Verdict] = []
        events = self._answerer.answer(question, collection=collection, where=where, history=history, weighing=weighing)
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Withheld) and may_be_told(event.verdict):
                    marked.append(event.verdict)
                    told.append(as_marked(event.verdict))
                    yield Released(told[-1])
                elif isinstance(event, Finished):
                    withheld = tuple(each for each in event.answer.withheld if each not in marked)
                    yield Finished(replace(event.answer, sentences=tuple(told), withheld=withheld))
                else:
                    if isinstance(event, Released):
                        told.append(event.verdict)
                    yield event

    async def aclose(self) -> None:
        """Close the connections to the language model, if there is one."""
        await self._answerer.aclose()


def may_be_told(verdict: Verdict) -> bool:
    """Whether a withheld sentence has text and no link."""
    text = inert(verdict.text)
    return verdict.fault is not None and bool(text) and not unknown_addresses(text, ())


def as_marked(verdict: Verdict) -> Verdict:
    """The sentence with the mark and without quotes."""
    return replace(verdict, text=NOT_VERIFIED + inert(verdict.text), evidence=())
