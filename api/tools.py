"""The tools that agents are given, by the Model Context Protocol: `search` and `ask`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, Protocol

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.handover import Question
from rag.errors import FootnoteError
from rag.types import Answer, Evidence, Hit

_INSTRUCTIONS = (
    "Answers from stored documents. Every sentence of an answer carries the exact words of a document that support it: "
    "show them with the sentence. When the documents do not answer, it says so: do not answer in its place."
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
Asked = Annotated[str, Field(min_length=1, max_length=20_000, description="A question in plain words.")]
Collection = Annotated[str | None, Field(description="Collection or vector store; left out: the default one.")]
Filters = Annotated[
    dict[str, Any] | None,
    Field(description='Only documents that match, such as {"type": "eq", "key": "year", "value": 2025}.'),
]
Most = Annotated[int, Field(ge=1, le=50, description="Most passages.")]


class Source(Protocol):
    """What the tools ask. Raises FootnoteError."""

    async def ask(self, question: Question) -> Answer: ...

    async def search(self, question: Question) -> Sequence[Hit]: ...


def build_tools(
    source_of: Callable[[Request | None], Source], default: str, told: Callable[[FootnoteError], str]
) -> MCPServer[Any]:
    """A server of the tools; `source_of` gives what a call asks, by its HTTP request where it came by one.

    `default` is the collection that is asked when none is named; `told` is what a client is told of an error.
    """
    server: MCPServer[Any] = MCPServer("footnote", instructions=_INSTRUCTIONS)

    @server.tool(annotations=_READS)
    async def search(
        ctx: Context[Any, Any],
        query: Asked,
        collection: Collection = None,
        filters: Filters = None,
        max_results: Most = 8,
    ) -> dict[str, Any]:
        """Find passages of the documents, the best first, each with its file and page."""
        question = Question(query, collection or default, filters, max_results)
        try:
            hits = await _source(ctx).search(question)
        except FootnoteError as exc:
            raise ToolError(told(exc)) from exc
        return {"passages": [_passage(hit) for hit in hits]}

    @server.tool(annotations=_READS)
    async def ask(
        ctx: Context[Any, Any], question: Asked, collection: Collection = None, filters: Filters = None
    ) -> dict[str, Any]:
        """Answer a question from the documents. Each sentence comes with the exact words that support it."""
        try:
            answer = await _source(ctx).ask(Question(question, collection or default, filters))
        except FootnoteError as exc:
            raise ToolError(told(exc)) from exc
        return _answer(answer)

    def _source(ctx: Context[Any, Any]) -> Source:
        return source_of(ctx.request_context.request)

    return server


class ToolsOverHttp:
    """The tools at an address, without sessions: an ASGI app while it is `running`."""

    def __init__(self, server: MCPServer[Any]) -> None:
        server.streamable_http_app(stateless_http=True, json_response=True, host="0.0.0.0")  # hosts are checked before
        self._manager = server.session_manager

    def running(self) -> AbstractAsyncContextManager[None]:
        """Serves until the end of the block."""
        return self._manager.run()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.asgi_app(scope, receive, send)


def _passage(hit: Hit) -> dict[str, Any]:
    chunk = hit.chunk
    return {"text": chunk.text, "filename": chunk.filename, "page": chunk.page, "document_id": chunk.document_id}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "answer": answer.text,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "note": answer.note,
        "sentences": [
            {"text": verdict.text, "verified": verdict.supported, "quotes": [_quote(each) for each in verdict.evidence]}
            for verdict in answer.sentences
        ],
    }


def _quote(evidence: Evidence) -> dict[str, Any]:
    return {
        "quote": evidence.quote,
        "filename": evidence.filename,
        "page": evidence.page,
        "document_id": evidence.document_id,
    }
