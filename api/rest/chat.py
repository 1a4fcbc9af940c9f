"""`/v1/models` and `/v1/chat/completions`, in OpenAI's shapes."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from api.collected import whole
from api.rest.dependencies import Core, existing_collection
from api.rest.errors import ModelNotFound, described
from api.rest.streaming import ServerSentEvents, unless_gone
from api.wire import MODEL, ChatRequest, Content, Json, annotated, answer_to_json, where_of
from rag.build.core import Rag
from rag.errors import FootnoteError
from rag.events import Event, Finished, Heartbeat, Released
from rag.types import Answer

router = APIRouter(prefix="/v1")
_CLIENT_GONE = 499
_HEARTBEAT = ": heartbeat\n\n"


@router.get("/models")
async def models(rag: Core) -> Json:
    """The model `footnote`, which answers from the default collection, and one model a collection."""
    collections = await asyncio.to_thread(rag.store.collections)
    names = [MODEL, *(f"{MODEL}:{collection}" for collection in collections)]
    return {
        "object": "list",
        "data": [{"id": name, "object": "model", "created": 0, "owned_by": MODEL} for name in names],
    }


@router.post("/chat/completions")
async def chat_completions(body: ChatRequest, request: Request, rag: Core) -> Response:
    """Answer the last message of the user, with an annotation for every quote that supports a sentence.

    Hanging up stops the language model.
    """
    events = await _events(body, rag)
    head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": body.model}
    if body.stream:
        first = await unless_gone(request, anext(events))
        if first is None:
            await events.aclose()
            return Response(status_code=_CLIENT_GONE)
        return ServerSentEvents(_streamed(first, events, head))
    answer = await unless_gone(request, whole(events))
    return Response(status_code=_CLIENT_GONE) if answer is None else JSONResponse(_completion(answer, head))


async def _events(body: ChatRequest, rag: Rag) -> AsyncGenerator[Event, None]:
    collection = await existing_collection(rag, _collection_of(body, rag.settings.collection))
    where = where_of(body.filter)
    return rag.answerer.answer(body.question, collection=collection, where=where, history=body.history)


def _collection_of(body: ChatRequest, default: str) -> str:
    """The collection asked: the one named, else the one in the model's name, else the default."""
    model, _, chosen = body.model.partition(":")
    if model != MODEL:
        raise ModelNotFound(f"there is no model {body.model!r}: use {MODEL!r} or '{MODEL}:COLLECTION'")
    return body.collection or chosen or default


def _completion(answer: Answer, head: Json) -> Json:
    content, annotations = annotated(answer)
    message = {"role": "assistant", "content": content, "refusal": None, "annotations": annotations}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {**head, "object": "chat.completion", "choices": [choice], "evidence": answer_to_json(answer)}


async def _streamed(first: Event, rest: AsyncGenerator[Event, None], head: Json) -> AsyncGenerator[str, None]:
    """Server-sent events: a chunk for each released sentence, a comment for each heartbeat, then the evidence."""
    content = Content()
    async with aclosing(rest):
        for frame in _frames(first, content, head):
            yield frame
        try:
            async for event in rest:
                for frame in _frames(event, content, head):
                    yield frame
        except FootnoteError as exc:  # too late for a status
            yield _data(described(exc)[1])
            return
    yield "data: [DONE]\n\n"


def _frames(event: Event, content: Content, head: Json) -> list[str]:
    if isinstance(event, Heartbeat):
        return [_HEARTBEAT]
    if isinstance(event, Released):
        piece, annotations = content.add(event.verdict)
        return [_chunk(head, {"role": "assistant", "content": piece, "annotations": annotations})]
    if isinstance(event, Finished):
        answer = event.answer
        said = [_chunk(head, {"role": "assistant", "content": content.abstain()})] if answer.abstained else []
        return [*said, _chunk(head, {}, finish_reason="stop", evidence=answer_to_json(answer))]
    return []


def _chunk(head: Json, delta: Json, *, finish_reason: str | None = None, **extension: Any) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
    return _data({**head, "object": "chat.completion.chunk", "choices": [choice], **extension})


def _data(body: Json) -> str:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
