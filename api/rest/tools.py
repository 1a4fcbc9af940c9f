"""`/mcp`: the tools for agents, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.handover import Question
from api.rest.access import Access
from api.rest.dependencies import existing_collection, page_url, rag_of
from api.rest.errors import described
from api.rest.limits import bounded_filter, check_queries
from api.tools import ToolsOverHttp, build_tools
from api.whole_answer import whole
from rag.build.core import Rag
from rag.errors import FootnoteError
from rag.filters import Filter
from rag.types import Answer, Evidence, Hit


class _Core:
    """The core as the caller of one request may use it."""

    def __init__(self, request: Request[Any]) -> None:
        self._request = request
        self._rag = rag_of(request)

    def link(self, evidence: Evidence, collection: str) -> str:
        return page_url(self._request, collection)(evidence)

    async def ask(self, question: Question) -> Answer:
        where = await self._checked(question)
        return await whole(self._rag.answerer.answer(question.text, collection=question.collection, where=where))

    async def search(self, question: Question) -> Sequence[Hit]:
        where, k = await self._checked(question), question.k or self._rag.settings.top_k
        search = self._rag.retriever.search
        return await asyncio.to_thread(search, question.text, collection=question.collection, k=k, where=where)

    async def _checked(self, question: Question) -> Filter | None:
        check_queries([question.text], self._rag.settings)
        await existing_collection(self._rag, question.collection)
        return bounded_filter(question.where, self._rag.settings, param="filters")


class _Endpoint:
    """Hands requests to the tools of the running service."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["app"].state.tools(scope, receive, send)


access = Access("read", answers=True)
route = Route("/mcp", _Endpoint(), methods=["GET", "POST", "DELETE"], include_in_schema=False)


def tools_of(rag: Rag) -> ToolsOverHttp:
    """The tools of a service."""

    def source(request: Request[Any] | None) -> _Core:
        assert request is not None, "over HTTP every call has its request"
        return _Core(request)

    return ToolsOverHttp(build_tools(source, rag.settings.collection, _message))


def _message(exc: FootnoteError) -> str:
    """What a client is told: nothing of what is inside."""
    return str(described(exc)[1]["error"]["message"])
