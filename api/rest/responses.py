"""`/v1/responses`, compatible with OpenAI: an answer with the tool `file_search`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from api.library import TenantLibrary
from api.memory import Asked, asked_of, talk_of
from api.rest.access import ANSWERS, READ, WRITE
from api.rest.callers import Own
from api.rest.dependencies import Core, Kept, collection_named, existing_collection
from api.rest.limits import bounded_filter, check_conversation
from api.rest.listing import PageOf
from api.rest.response_making import ResponseInMaking
from api.rest.search import Scoring
from api.rest.store_documents import StoreDocuments
from api.rest.store_files import require_live
from api.rest.streaming import STREAMED, ServerSentEvents, begun, client_gone, frame, unless_gone
from api.storage import Answers, GivenAnswer, NotStored
from api.wire import Json, Refused, ResponsesRequest, input_items, listing_to_json, page_of_items
from rag.models import Message
from rag.types import AS_SET

router = APIRouter(prefix="/v1/responses")

_NOT_FOUND = 404


@router.post("", responses=STREAMED, dependencies=[READ, ANSWERS])
async def create_response(
    body: ResponsesRequest, request: Request, *, rag: Core, kept: Kept, own: Own, scorer: Scoring
) -> Response:
    """Answer the last user message, with a `file_citation` for every quote that supports a sentence.

    Closing the connection stops the language model.
    """
    search = body.search()
    before = await _before(kept, body.previous_response_id)
    talk = body.talk(before)
    check_conversation(talk, rag.settings)
    stores = search.vector_store_ids if search else None
    collection = collection_named(body.model, None, stores, rag.settings.collection)
    await existing_collection(rag, collection)
    if search is not None:
        await asyncio.to_thread(_in_use, own, collection)
    raw = search.filters if search else None
    where = bounded_filter(raw, rag.settings, param="tools.0.filters")
    weighing = search.ranking_options.weighing if search else AS_SET
    asked = Asked(talk.question, collection, talk.history, raw, body.metadata, weighing)
    documents = StoreDocuments(own, scorer, collection)
    making = ResponseInMaking(body, search, talk, asked, where, rag, kept, documents)
    request.state.answer_id = making.id
    if body.stream:
        return await begun(request, making.streamed(), failed=making.last_words)
    whole = await unless_gone(request, making.whole())
    return client_gone() if whole is None else JSONResponse(whole)


@router.get("/{response_id}", responses=STREAMED, dependencies=[READ])
async def get_response(
    response_id: str,
    kept: Kept,
    stream: bool = False,
    starting_after: Annotated[int, Query(ge=-1, lt=2**31)] = -1,
) -> Response:
    """A stored response; with `stream`, its events after number `starting_after`."""
    given = await _given(kept, response_id, param="response_id")
    if not stream:
        return JSONResponse(given.response)
    events = [event for event in given.events if event["sequence_number"] > starting_after]

    async def frames() -> AsyncGenerator[str, None]:
        for event in events:
            yield frame(dict(event), event=str(event["type"]))

    return ServerSentEvents(frames())


@router.delete("/{response_id}", dependencies=[WRITE])
async def delete_response(response_id: str, kept: Kept) -> Json:
    """Delete a stored response."""
    await _given(kept, response_id, param="response_id")
    if kept is not None:
        await asyncio.to_thread(kept.delete, response_id)
    return {"id": response_id, "object": "response.deleted", "deleted": True}


@router.get("/{response_id}/input_items", dependencies=[READ])
async def list_input_items(response_id: str, kept: Kept, page: PageOf) -> Json:
    """The input messages of a response, including the conversation before it, newest first.

    Only their texts. `ignored` of the response names what was left out of the request.
    """
    asked = asked_of(await _given(kept, response_id, param="response_id"))
    items = input_items(response_id, [*asked.history, Message("user", asked.question)])
    ordered = items if page.order == "asc" else items[::-1]
    rows, has_more = page_of_items(ordered, after=page.after, before=page.before, limit=page.limit)
    return listing_to_json(rows, has_more=has_more)


@router.post("/{response_id}/cancel", dependencies=[WRITE])
async def cancel_response(response_id: str, kept: Kept) -> Json:
    """Refused: responses are made while the client waits, and closing the connection stops them."""
    await _given(kept, response_id, param="response_id")
    raise Refused(
        "cancel: there are no background responses; close the connection to stop a response",
        param="response_id",
        code="unsupported_parameter",
    )


def _in_use(own: TenantLibrary, store_id: str) -> None:
    """The store is there, and its expiry counts from now."""
    require_live(own, store_id)
    own.stores.touch(store_id)


async def _before(kept: Answers | None, response_id: str | None) -> tuple[Message, ...]:
    if response_id is None:
        return ()
    return talk_of(await _given(kept, response_id, param="previous_response_id"))


async def _given(kept: Answers | None, response_id: str, *, param: str) -> GivenAnswer:
    try:
        given = None if kept is None else await asyncio.to_thread(kept.get, response_id)
    except NotStored:
        given = None
    if given is None or given.response is None:
        raise Refused(
            f"there is no response {response_id!r}: it was not stored, has expired, or belongs to another tenant",
            param=param,
            code="response_not_found",
            status=_NOT_FOUND,
        )
    return given
