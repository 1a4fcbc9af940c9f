"""Footnote inside a LlamaIndex application: a retriever, and a query engine whose answers are verified."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.answering import Answering
from rag.events import Finished
from rag.filters import Filter
from rag.retrieval import Retriever
from rag.types import Answer, Evidence, Hit


class FootnoteRetriever(BaseRetriever):
    """A collection as a LlamaIndex retriever: `FootnoteRetriever(rag.retriever, collection="default")`."""

    def __init__(self, retriever: Retriever, *, collection: str, k: int = 8, where: Filter | None = None) -> None:
        super().__init__()
        self._retriever = retriever
        self._collection = collection
        self._k = k
        self._where = where

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._retriever.search(query_bundle.query_str, collection=self._collection, k=self._k, where=self._where)
        return [NodeWithScore(node=_node(hit), score=hit.score) for hit in hits]


class FootnoteQueryEngine(BaseQueryEngine):
    """Verified answers as LlamaIndex responses.

    The source nodes are the quotes; `metadata` holds the whole Answer under `answer`.
    """

    def __init__(self, answerer: Answering, *, collection: str, where: Filter | None = None) -> None:
        super().__init__(callback_manager=CallbackManager([]))
        self._answerer = answerer
        self._collection = collection
        self._where = where

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _query(self, query_bundle: QueryBundle) -> Response:
        return asyncio.run(self._aquery(query_bundle))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        events = self._answerer.answer(query_bundle.query_str, collection=self._collection, where=self._where)
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Finished):
                    return _response(event.answer)
        raise AssertionError("an answer always finishes")


def _node(hit: Hit) -> TextNode:
    chunk = hit.chunk
    metadata: dict[str, Any] = {
        **chunk.metadata,
        "document_id": chunk.document_id,
        "filename": chunk.filename,
        "sha256": chunk.sha256,
        "page": chunk.page,
        "heading": " > ".join(chunk.heading),
    }
    return TextNode(
        id_=chunk.id, text=chunk.text, metadata=metadata, start_char_idx=chunk.start, end_char_idx=chunk.end
    )


def _response(answer: Answer) -> Response:
    nodes = [
        NodeWithScore(node=_quote_node(quote), score=verdict.support)
        for verdict in answer.sentences
        for quote in verdict.evidence
    ]
    return Response(response=answer.text, source_nodes=nodes, metadata={"answer": answer})


def _quote_node(quote: Evidence) -> TextNode:
    metadata = {"document_id": quote.document_id, "filename": quote.filename, "page": quote.page}
    return TextNode(text=quote.quote, metadata=metadata, start_char_idx=quote.start, end_char_idx=quote.end)
