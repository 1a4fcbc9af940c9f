"""`/v1/chat/completions`, compatible with OpenAI."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from api.delivery import Bounds, Piece, Telling, told_whole
from api.memory import Asked, given_answer
from api.rest.access import ANSWERS, READ
from api.rest.client_tasks import client_task
from api.rest.dependencies import Core, Kept, collection_named, existing_collection, page_url
from api.rest.limits import bounded_filter, check_conversation
from api.rest.streaming import DONE, HEARTBEAT, STREAMED, begun, client_gone, frame, unless_gone
from api.storage import Answers, DatabaseFailed
from api.usage import Usage, usage_of
from api.wire import ChatRequest, Conversation, Json, PageUrl, answer_to_json, url_citation
from rag.build.core import Rag
from rag.events import Event
from rag.models import TokenMeter, begin_meter

router = APIRouter(prefix="/v1")
_log = logging.getLogger("footnote.answers")


@router.post("/chat/completions", responses=STREAMED, dependencies=[READ, ANSWERS])
async def chat_completions(body: ChatRequest, request: Request, rag: Core, kept: Kept) -> Response:
    """Answer the last user message, with an annotation for every quote that supports a sentence.

    Closing the connection stops the language model.
    """
    talk = body.conversation()
    check_conversation(talk, rag.settings)
    collection = collection_named(body.model, body.collection, body.vector_store_ids, rag.settings.collection)
    task = client_task(body, talk, rag.settings)
    if task is not None:
        return await task.answered(request, rag)
    await existing_collection(rag, collection)
    where = bounded_filter(body.filter, rag.settings, param="filter")
    asked = Asked(talk.question, collection, talk.history, body.filter, body.metadata)
    completion = _Completion(
        body, talk, asked, rag, None if body.store is False else kept, page_url(request, collection)
    )
    request.state.answer_id = completion.id
    events = rag.answerer.answer(talk.question, collection=collection, where=where, history=talk.history)
    if body.stream:
        return await begun(request, completion.streamed(events))
    whole = await unless_gone(request, completion.whole(events))
    return client_gone() if whole is None else JSONResponse(whole)


@dataclass
class _Completion:
    """One completion in the making, told at once or in chunks."""

    body: ChatRequest
    talk: Conversation
    asked: Asked
    rag: Rag
    kept: Answers | None
    url: PageUrl
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))
    meter: TokenMeter = field(default_factory=begin_meter)

    async def whole(self, events: AsyncGenerator[Event, None]) -> Json:
        """The completion as one object."""
        telling = await told_whole(self._telling(), events)
        await self._keep(telling)
        annotations = [url_citation(each, self.url) for each in telling.citations]
        message = {"role": "assistant", "content": telling.text, "refusal": None, "annotations": annotations}
        choice = {"index": 0, "message": message, "finish_reason": telling.ending, "logprobs": None}
        return {
            **self._head("chat.completion"),
            "choices": [choice],
            "usage": usage_to_json(await self._usage(telling)),
            **self._extensions(telling),
        }

    async def streamed(self, events: AsyncGenerator[Event, None]) -> AsyncGenerator[str, None]:
        """Chunks: the role, one for each released sentence, the end with the evidence, and the tokens if asked for."""
        telling = self._telling()
        opened = False
        async with aclosing(telling.pieces(events)) as pieces:
            async for piece in pieces:
                if not opened:
                    yield self._chunk({"role": "assistant", "content": ""})
                    opened = True
                yield self._told(piece) if isinstance(piece, Piece) else HEARTBEAT
        if not opened:
            yield self._chunk({"role": "assistant", "content": ""})
        await self._keep(telling)
        yield self._chunk({}, finish_reason=telling.ending, **self._extensions(telling))
        if self.body.includes_usage:
            usage = usage_to_json(await self._usage(telling))
            yield frame({**self._head("chat.completion.chunk"), "choices": [], "usage": usage})
        yield DONE

    def _telling(self) -> Telling:
        bounds = Bounds(self.body.stops, self.body.most_tokens, self.rag.embedder.count_tokens)
        return Telling(self.talk.question, bounds)

    async def _usage(self, telling: Telling) -> Usage:
        read = [*(message.content for message in self.talk.history), self.talk.question]
        return await usage_of(self.meter, self.rag, read, telling.text)

    async def _keep(self, telling: Telling) -> None:
        """Remember the answer; a client is told it also when that fails."""
        if self.kept is None:
            return
        given = given_answer(self.id, "chat", self.created, asked=self.asked, record=telling.record)
        try:
            await asyncio.to_thread(self.kept.save, given)
        except DatabaseFailed as exc:
            _log.warning("answer %s is not remembered: %s", self.id, exc)

    def _extensions(self, telling: Telling) -> Json:
        """What Footnote has besides OpenAI's shape: the record of the answer, and what of the request was not read."""
        return {"evidence": answer_to_json(telling.record), "ignored": list(self.talk.ignored)}

    def _told(self, piece: Piece) -> str:
        annotations = [url_citation(each, self.url) for each in piece.citations]
        return self._chunk({"content": piece.text, "annotations": annotations})

    def _chunk(self, delta: Json, *, finish_reason: str | None = None, **extensions: object) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        usage = {"usage": None} if self.body.includes_usage else {}
        return frame({**self._head("chat.completion.chunk"), "choices": [choice], **usage, **extensions})

    def _head(self, kind: str) -> Json:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.body.model}


def usage_to_json(usage: Usage) -> Json:
    """Tokens as chat has them; `counted_by` is Footnote's own."""
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.total_tokens,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
        "counted_by": usage.counted_by,
    }
