"""Makes one response, plain or streamed, by the same steps."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from api.delivery import Bounds, Piece, Telling
from api.memory import Asked, given_answer
from api.rest.store_documents import StoreDocuments
from api.rest.streaming import HEARTBEAT, frame
from api.storage import Answers
from api.usage import Usage, usage_of
from api.wire import Conversation, FileSearch, Json, ResponsesRequest, ResponseWriter, answer_to_json
from rag.build.core import Rag
from rag.events import Heartbeat
from rag.filters import Filter
from rag.models import TokenMeter, begin_meter

_TOO_LONG = {"reason": "max_output_tokens"}


@dataclass
class ResponseInMaking:
    """What a request asks for, and the response to it."""

    body: ResponsesRequest
    search: FileSearch | None
    talk: Conversation
    asked: Asked
    where: Filter | None
    rag: Rag
    kept: Answers | None
    documents: StoreDocuments
    created: int = field(default_factory=lambda: int(time.time()))
    meter: TokenMeter = field(default_factory=begin_meter)

    def __post_init__(self) -> None:
        if self.body.store is False:
            self.kept = None
        self._writer = ResponseWriter(
            self._empty(),
            message_id=f"msg_{uuid.uuid4().hex}",
            search=self._search_call(),
            file_ids=self.documents.file_ids,
        )

    @property
    def id(self) -> str:
        """The id of the response."""
        return str(self._writer.response["id"])

    async def whole(self) -> Json:
        """The response as one object.

        Raises:
            FootnoteError: as the answerer does.
        """
        async with aclosing(self._steps()) as steps:
            async for _ in steps:
                pass
        return self._writer.response

    async def streamed(self) -> AsyncGenerator[str, None]:
        """The events, each as it comes."""
        async with aclosing(self._steps()) as steps:
            async for step in steps:
                yield HEARTBEAT if isinstance(step, Heartbeat) else "".join(map(_frame, step))

    def last_words(self, error: Json) -> str:
        """The event of a failure."""
        failed = self._writer.fail("server_error", error["error"]["message"])
        return "".join(map(_frame, failed))

    async def _steps(self) -> AsyncGenerator[list[Json] | Heartbeat, None]:
        writer, telling = self._writer, Telling(self.talk.question, self._bounds())
        yield writer.begin()
        found = await self._results()
        yield writer.searched(found)
        events = self.rag.answerer.answer(
            self.talk.question,
            collection=self.asked.collection,
            where=self.where,
            history=self.talk.history,
            weighing=self.asked.weighing,
        )
        async with aclosing(telling.pieces(events)) as pieces:
            async for piece in pieces:
                yield await self._said(piece) if isinstance(piece, Piece) else piece
        read = [*(message.content for message in self.talk.history), self.talk.question]
        usage = await usage_of(self.meter, self.rag, read, telling.text)
        last = writer.end(
            "incomplete" if telling.ending == "length" else "completed",
            incomplete_details=_TOO_LONG if telling.ending == "length" else None,
            completed_at=int(time.time()),
            usage=_usage_to_json(usage),
            evidence=answer_to_json(telling.record),
            ignored=list(self.talk.ignored),
        )
        await self._keep(telling)
        yield last

    async def _said(self, piece: Piece) -> list[Json]:
        await self.documents.look_up(each.evidence.document_id for each in piece.citations)
        return self._writer.refuse(piece.text) if piece.abstains else self._writer.say(piece.text, piece.citations)

    async def _results(self) -> list[Json] | None:
        """The passages that the search finds, where the client wants to see them."""
        if self.search is None or not self.body.includes_results:
            return None
        question, most, asked = self.talk.question, self.search.max_num_results, self.asked

        def found() -> list[Json]:
            hits = self.rag.retriever.search(
                question, collection=asked.collection, k=most, where=self.where, weighing=asked.weighing
            )
            return self.documents.results(question, hits)

        return await asyncio.to_thread(found)

    async def _keep(self, telling: Telling) -> None:
        if self.kept is None:
            return
        writer = self._writer
        given = given_answer(
            writer.response["id"],
            "response",
            self.created,
            asked=self.asked,
            record=telling.record,
            response=writer.response,
            events=writer.events,
        )
        await asyncio.to_thread(self.kept.save, given)

    def _bounds(self) -> Bounds:
        return Bounds(most_tokens=self.body.max_output_tokens, count=self.rag.embedder.count_tokens)

    def _search_call(self) -> Json | None:
        if self.search is None:
            return None
        return {
            "id": f"fs_{uuid.uuid4().hex}",
            "type": "file_search_call",
            "status": "in_progress",
            "queries": [self.talk.question],
            "results": None,
        }

    def _empty(self) -> Json:
        """The response before anything was said; what is echoed is never null where OpenAI's has a value."""
        body = self.body
        return {
            "id": f"resp_{uuid.uuid4().hex}",
            "object": "response",
            "created_at": self.created,
            "completed_at": None,
            "status": "in_progress",
            "background": False,
            "error": None,
            "incomplete_details": None,
            "instructions": body.instructions,
            "max_output_tokens": body.max_output_tokens,
            "max_tool_calls": body.max_tool_calls,
            "model": body.model,
            "output": [],
            "parallel_tool_calls": body.parallel_tool_calls is not False,
            "previous_response_id": body.previous_response_id,
            "prompt_cache_key": body.prompt_cache_key,
            "reasoning": {"effort": None, "summary": None},
            "safety_identifier": body.safety_identifier,
            "service_tier": "default",
            "store": self.kept is not None,
            "temperature": 1.0 if body.temperature is None else body.temperature,
            "text": {"format": {"type": "text"}, "verbosity": "medium"},
            "tool_choice": body.tool_choice or "auto",
            "tools": [] if self.search is None else [self.search.model_dump()],
            "top_logprobs": 0,
            "top_p": 1.0 if body.top_p is None else body.top_p,
            "truncation": body.truncation or "disabled",
            "presence_penalty": 0.0,
            "frequency_penalty": 0.0,
            "usage": None,
            "user": body.user,
            "metadata": dict(body.metadata or {}),
        }


def _frame(event: Json) -> str:
    return frame(event, event=event["type"])


def _usage_to_json(usage: Usage) -> Json:
    return {
        "input_tokens": usage.prompt_tokens,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": usage.completion_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": usage.total_tokens,
        "counted_by": usage.counted_by,
    }
