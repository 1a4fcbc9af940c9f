"""Prompts that chat clients generate themselves: for a title of the conversation, tags, follow-ups, search queries.

They are no questions to the documents. The language model answers them as it likes: nothing of that is verified, which
the response says by having no evidence.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from api.rest.streaming import DONE, begun, client_gone, frame, unless_gone
from api.wire import ChatRequest, Conversation, Json, Refused
from rag.build.core import Rag
from rag.errors import AnswerCutOff
from rag.models import ChatModel, Message, TokenMeter, begin_meter
from rag.settings import Settings

NOT_ANSWERED = "client_task_refused"


def client_task(body: ChatRequest, talk: Conversation, settings: Settings) -> ClientTask | None:
    """The task that a request is, if it is one and no question."""
    return ClientTask(body, talk) if re.search(settings.client_task_pattern, talk.question) else None


@dataclass
class ClientTask:
    """One such prompt, and the completion that answers it."""

    body: ChatRequest
    talk: Conversation
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))
    meter: TokenMeter = field(default_factory=begin_meter)
    ending: str = "stop"

    async def answered(self, request: Request, rag: Rag) -> Response:
        """What the language model says.

        Raises:
            Refused: a setting says so, or there is no language model.
            ModelUnavailable: it does not answer.
        """
        if rag.settings.client_tasks == "refuse":
            raise Refused(
                "this prompt is a chat client's own, no question to the documents; FOOTNOTE_CLIENT_TASKS refuses such",
                param="messages",
                code=NOT_ANSWERED,
            )
        if rag.chat is None:
            raise Refused(
                "this prompt is a chat client's own, no question to the documents; a language model could answer it, "
                "and FOOTNOTE_LLM_URL names none",
                param="messages",
                code=NOT_ANSWERED,
            )
        words = self._words(rag.chat, rag.settings)
        if self.body.stream:
            return await begun(request, self._streamed(words))
        text = await unless_gone(request, _joined(words))
        return client_gone() if text is None else JSONResponse(self._completion(text))

    async def _words(self, chat: ChatModel, settings: Settings) -> AsyncGenerator[str, None]:
        messages = [*self.talk.history, Message("user", self.talk.question)]
        most = min(self.body.most_tokens or settings.llm_max_tokens, settings.llm_max_tokens)
        async with aclosing(chat.stream(messages, max_tokens=most)) as pieces:
            try:
                async for piece in pieces:
                    yield piece
            except AnswerCutOff:
                self.ending = "length"

    def _completion(self, text: str) -> Json:
        message: Json = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
        choice = {"index": 0, "message": message, "finish_reason": self.ending, "logprobs": None}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self._usage(), "evidence": None}

    async def _streamed(self, words: AsyncGenerator[str, None]) -> AsyncGenerator[str, None]:
        async with aclosing(words):
            opened = False
            async for word in words:
                if not opened:
                    yield self._chunk({"role": "assistant", "content": ""})
                    opened = True
                yield self._chunk({"content": word})
        if not opened:
            yield self._chunk({"role": "assistant", "content": ""})
        yield self._chunk({}, self.ending)
        if self.body.includes_usage:
            yield frame({**self._head("chat.completion.chunk"), "choices": [], "usage": self._usage()})
        yield DONE

    def _chunk(self, delta: Json, finish_reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        usage = {"usage": None} if self.body.includes_usage else {}
        return frame({**self._head("chat.completion.chunk"), "choices": [choice], **usage})

    def _head(self, kind: str) -> Json:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.body.model}

    def _usage(self) -> Json:
        read, written = self.meter.prompt_tokens, self.meter.completion_tokens
        return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


async def _joined(words: AsyncGenerator[str, None]) -> str:
    async with aclosing(words):
        return "".join([word async for word in words])
