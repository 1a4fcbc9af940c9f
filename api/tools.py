"""The tools `search` and `ask` for agents (Model Context Protocol)."""

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
from api.wire import Json, answer_to_json, evidence_to_json
from rag.errors import FootnoteError
from rag.types import Answer, Evidence, Hit

_INSTRUCTIONS = (
    "Answers from stored documents. Every sentence of an answer carries the exact words of a document that support it: "
    "show them with the sentence. If the documents do not answer, the result says so: do not answer instead."
)
_SEARCH = "Find passages of the documents, best first, each with its file and page."
_ASK = (
    "Answer a question from the documents. Each sentence comes with the exact words that support it. Sentences under "
    "`withheld` are not supported: do not show them."
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
Asked = Annotated[str, Field(min_length=1, max_length=20_000, description="A question in plain words.")]
Collection = Annotated[str | None, Field(description="Collection or vector store (default: the default collection).")]
Filters = Annotated[
    dict[str, Any] | None,
    Field(description='Only documents that match, such as {"type": "eq", "key": "year", "value": 2025}.'),
]
Most = Annotated[int, Field(ge=1, le=50, description="Maximum number of passages.")]


class Source(Protocol):
    """Answers the calls of the tools. Raises FootnoteError."""

    async def ask(self, question: Question) -> Answer: ...

    async def search(self, question: Question) -> Sequence[Hit]: ...

    def link(self, evidence: Evidence, collection: str) -> str | None:
        """The URL of the page of a quote, if there is one."""
        ...


def build_tools(
    source_of: Callable[[Request | None], Source], default: str, told: Callable[[FootnoteError], str]
) -> MCPServer[Any]:
    """An MCP server of the tools; `source_of` gives the source for a call, from its HTTP request if it has one.

    `default` is the default collection; `told` makes the message of an error.
    """
    server: MCPServer[Any] = MCPServer("footnote", instructions=_INSTRUCTIONS)

    @server.tool(description=_SEARCH, annotations=_READS)
    async def search(
        ctx: Context[Any, Any],
        query: Asked,
        collection: Collection = None,
        filters: Filters = None,
        max_results: Most = 8,
    ) -> dict[str, Any]:
        source, question = _source(ctx), Question(query, collection or default, filters, max_results)
        try:
            hits = await source.search(question)
        except FootnoteError as exc:
            raise ToolError(told(exc)) from exc
        linked = _linked(source, question)
        return {"passages": [_passage(hit, linked) for hit in hits]}

    @server.tool(description=_ASK, annotations=_READS)
    async def ask(
        ctx: Context[Any, Any], question: Asked, collection: Collection = None, filters: Filters = None
    ) -> dict[str, Any]:
        source, asked = _source(ctx), Question(question, collection or default, filters)
        try:
            answer = await source.ask(asked)
        except FootnoteError as exc:
            raise ToolError(told(exc)) from exc
        return _answer(answer, _linked(source, asked))

    def _source(ctx: Context[Any, Any]) -> Source:
        return source_of(ctx.request_context.request)

    return server


class ToolsOverHttp:
    """The tools over HTTP, without sessions: an ASGI app while it is `running`."""

    def __init__(self, server: MCPServer[Any]) -> None:
        server.streamable_http_app(stateless_http=True, json_response=True, host="0.0.0.0")  # hosts are checked before
        self._manager = server.session_manager

    def running(self) -> AbstractAsyncContextManager[None]:
        """Serves until the end of the block."""
        return self._manager.run()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.asgi_app(scope, receive, send)


def _linked(source: Source, asked: Question) -> Callable[[Evidence], Json]:
    """Quotes as they are told everywhere, each with the address of its page."""
    return lambda evidence: {**evidence_to_json(evidence), "url": source.link(evidence, asked.collection)}


def _passage(hit: Hit, linked: Callable[[Evidence], Json]) -> Json:
    chunk = hit.chunk
    place = Evidence(chunk.document_id, chunk.filename, chunk.sha256, chunk.page, chunk.start, chunk.end, chunk.text)
    told = linked(place)
    return {"text": told.pop("quote"), **told}


def _answer(answer: Answer, linked: Callable[[Evidence], Json]) -> Json:
    """What every other way of asking tells of an answer, without its hits and how it was made."""
    record = answer_to_json(answer)
    for told, verdict in zip(record["sentences"], answer.sentences, strict=True):
        told["evidence"] = [linked(each) for each in verdict.evidence]
    return {name: value for name, value in record.items() if name not in ("hits", "timings_ms", "model")}
