"""`/v1/vector_stores/{id}/search`: passages of a store's documents."""

from __future__ import annotations

import asyncio
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request

from api.library import TenantLibrary
from api.rest.access import READ
from api.rest.callers import Own
from api.rest.dependencies import Core, existing_collection
from api.rest.limits import bounded_filter, check_queries
from api.rest.store_files import require_live
from api.scores import Scorer
from api.storage import StoreFile
from api.wire import Json, SearchRequest, best_of, hit_to_result
from rag.types import Hit

router = APIRouter(prefix="/v1/vector_stores", dependencies=[READ])


def _scorer(request: Request) -> Scorer:
    return cast(Scorer, request.app.state.scorer)


Scoring = Annotated[Scorer, Depends(_scorer)]


@router.post("/{store_id}/search")
async def search(store_id: str, body: SearchRequest, rag: Core, own: Own, scorer: Scoring) -> Json:
    """The passages for a query, best first; with several queries, each passage gets its best score.

    A score is the probability that the passage answers the query.
    """
    await asyncio.to_thread(require_live, own, store_id)
    await existing_collection(rag, store_id)
    check_queries(body.queries, rag.settings)
    where, limit = bounded_filter(body.filters, rag.settings, param="filters"), body.max_num_results

    def found(query: str) -> list[Hit]:
        hits = rag.retriever.search(query, collection=store_id, k=limit, where=where, weighing=body.weighing)
        return scorer.scored(query, hits)

    rounds = await asyncio.gather(*(asyncio.to_thread(found, query) for query in body.queries))
    hits = [hit for hit in best_of(rounds, limit) if hit.score >= body.score_threshold]
    files = await asyncio.to_thread(files_of, own, store_id, [hit.chunk.document_id for hit in hits])
    await asyncio.to_thread(own.stores.touch, store_id)
    return {
        "object": "vector_store.search_results.page",
        "search_query": body.queries,
        "data": [hit_to_result(hit, files.get(hit.chunk.document_id)) for hit in hits],
        "has_more": False,
        "next_page": None,
    }


def files_of(own: TenantLibrary, store_id: str, document_ids: list[str]) -> dict[str, StoreFile]:
    """The uploaded files that these documents are, by document id; others are not."""
    return own.store_files.of_documents(store_id, document_ids)
