"""An answerer whose questions and sentences are moderated."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from rag.answering import Answering
from rag.errors import ModelUnavailable
from rag.events import Event, Finished, Released, Withheld
from rag.filters import Filter
from rag.models import Message
from rag.safety.moderation import Moderation, Moderator
from rag.types import AS_SET, Answer, Verdict, Weighing

BLOCKED_QUESTION = "the question was blocked by moderation"
BLOCKED_ANSWER = "moderation blocked every sentence of the answer"


@dataclass(slots=True)
class _Record:
    """What the moderator found while one answer was made."""

    moderator: str
    mode: str
    question: tuple[str, ...] = ()
    sentences: dict[str, tuple[str, ...]] = field(default_factory=dict)
    blocked: list[Verdict] = field(default_factory=list)
    failure: str | None = None

    def as_json(self) -> dict[str, Any]:
        found = {
            "moderator": self.moderator,
            "mode": self.mode,
            "question": list(self.question),
            "sentences": [{"text": text, "flags": list(flags)} for text, flags in self.sentences.items()],
        }
        return found if self.failure is None else found | {"failure": self.failure}


class ModeratedAnswerer:
    """Moderates the question, then every sentence before it is released.

    `flag` changes no answer: the findings are in its record, under `model["moderation"]`. `block` neither searches for
    a flagged question nor releases a flagged sentence. Quotes, hits and earlier turns of a conversation are not
    moderated.
    """

    def __init__(self, answerer: Answering, moderator: Moderator, *, mode: Literal["flag", "block"]) -> None:
        self._answerer = answerer
        self._moderator = moderator
        self._mode = mode

    async def answer(
        self,
        question: str,
        *,
        collection: str,
        where: Filter | None = None,
        history: Sequence[Message] = (),
        weighing: Weighing = AS_SET,
    ) -> AsyncGenerator[Event, None]:
        """Events in order, the last of them `Finished`.

        Raises:
            ModelUnavailable: as the answerer, and in mode `block` if the moderator does not answer: what cannot be
                moderated is not released. In mode `flag` the failure is in the record.
        """
        record = _Record(self._moderator.name, self._mode)
        record.question = (await self._check(question, record)).flags
        if record.question and self._mode == "block":
            yield Finished(_refused(question, record))
            return
        events = self._answerer.answer(question, collection=collection, where=where, history=history, weighing=weighing)
        async with aclosing(events):
            async for event in events:
                yield await self._moderated(event, record)

    async def aclose(self) -> None:
        """Close the connections to the language model, if there is one."""
        await self._answerer.aclose()

    async def _moderated(self, event: Event, record: _Record) -> Event:
        if isinstance(event, Finished):
            return Finished(_with_record(event.answer, record))
        if not isinstance(event, Released):
            return event
        flags = (await self._check(event.verdict.text, record)).flags
        if not flags:
            return event
        record.sentences[event.verdict.text] = flags
        if self._mode == "flag":
            return event
        blocked = replace(event.verdict, supported=False, why=f"moderation: {', '.join(flags)}")
        record.blocked.append(blocked)
        return Withheld(blocked)

    async def _check(self, text: str, record: _Record) -> Moderation:
        try:
            return await asyncio.to_thread(self._moderator.check, text)
        except ModelUnavailable as exc:
            if self._mode == "block":
                raise
            record.failure = str(exc)
            return Moderation((), 0.0)


def _refused(question: str, record: _Record) -> Answer:
    reason = f"{BLOCKED_QUESTION}: {', '.join(record.question)}"
    return Answer(question, (), (), (), reason=reason, model={"moderation": record.as_json()})


def _with_record(answer: Answer, record: _Record) -> Answer:
    """The answer without the sentences that were blocked, which join the withheld ones."""
    gone = {verdict.text for verdict in record.blocked}
    told = tuple(verdict for verdict in answer.sentences if verdict.text not in gone)
    return replace(
        answer,
        sentences=told,
        withheld=(*answer.withheld, *record.blocked),
        reason=BLOCKED_ANSWER if answer.sentences and not told else answer.reason,
        model={**answer.model, "moderation": record.as_json()},
    )
