"""`/v1/vector_stores/{id}/search`, in OpenAI's shape; the id is the name of a collection."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from api.rest.dependencies import Core, existing_collection
from api.rest.limits import bounded_filter, check_queries
from api.wire import Json, SearchRequest, best_of, hit_to_result

router = APIRouter(prefix="/v1/vector_stores")


@router.post("/{collection}/search")
async def search(collection: str, body: SearchRequest, rag: Core) -> Json:
    """The passages that bear on a query, best first; of several queries, each passage with its best score."""
    await existing_collection(rag, collection)
    check_queries(body.queries, rag.settings)
    where = bounded_filter(body.filters, rag.settings, param="filters")
    rounds = await asyncio.gather(
        *(
            asyncio.to_thread(rag.retriever.search, query, collection=collection, k=body.max_num_results, where=where)
            for query in body.queries
        )
    )
    return {
        "object": "vector_store.search_results.page",
        "search_query": body.queries,
        "data": [hit_to_result(hit) for hit in best_of(rounds, body.max_num_results)],
        "has_more": False,
        "next_page": None,
    }
