"""`/v1/answers`: stored answers, their evidence, replays and feedback."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from api.memory import asked_of, given_answer
from api.replaying import difference, replayed
from api.rest.access import ANSWERS, READ, WRITE
from api.rest.dependencies import Core, Kept, existing_collection, page_url
from api.rest.streaming import client_gone, unless_gone
from api.storage import Answers, Feedback, GivenAnswer, NotStored
from api.wire import FeedbackRequest, Json, PageUrl, Refused, answer_to_json, evidence_to_json
from rag.build.core import Rag
from rag.types import Evidence

router = APIRouter(prefix="/v1/answers")


@router.get("/{answer_id}", dependencies=[READ])
async def get_answer(answer_id: str, kept: Kept) -> Json:
    """A stored answer: the question, its whole record, and feedback.

    The id is that of the chat completion or of the response.
    """
    answers, given = await _given(kept, answer_id)
    said = await asyncio.to_thread(answers.feedback, answer_id)
    return {
        "id": given.id,
        "object": "answer",
        "kind": given.kind,
        "created_at": given.created_at,
        "collection": given.collection,
        **given.asked,
        "evidence": given.record,
        "feedback": [_feedback_to_json(each) for each in said],
    }


@router.delete("/{answer_id}", dependencies=[WRITE])
async def delete_answer(answer_id: str, kept: Kept) -> Json:
    """Delete a stored answer and its feedback."""
    answers, _ = await _given(kept, answer_id)
    await asyncio.to_thread(answers.delete, answer_id)
    return {"id": answer_id, "object": "answer.deleted", "deleted": True}


@router.get("/{answer_id}/evidence", dependencies=[READ])
async def get_evidence(answer_id: str, request: Request, rag: Core, kept: Kept) -> Json:
    """The quotes of each sentence, and whether each is still in the collection, word for word."""
    _, given = await _given(kept, answer_id)
    collection = given.collection
    url = page_url(request, collection)

    def sentences() -> list[Json]:
        there = rag.store.has_collection(collection)
        quoted = partial(_quote, rag=rag, collection=collection if there else None, url=url)
        return [_sentence(each, quoted) for each in given.record["sentences"]]

    return {"id": answer_id, "object": "answer.evidence", "sentences": await asyncio.to_thread(sentences)}


@router.post("/{answer_id}/replay", dependencies=[READ, ANSWERS])
async def replay(answer_id: str, request: Request, rag: Core, kept: Kept) -> Response:
    """Ask the same question again, with the current documents and settings; the new answer is stored too."""
    answers, given = await _given(kept, answer_id)
    await existing_collection(rag, given.collection)
    now = await unless_gone(request, replayed(given, rag.answerer))
    if now is None:
        return client_gone()
    new_id, created = f"ans_{uuid.uuid4().hex}", int(time.time())
    again = given_answer(new_id, "replay", created, asked=asked_of(given), record=now)
    await asyncio.to_thread(answers.save, again)
    found = difference(given.record, now)
    return JSONResponse(
        {
            "id": new_id,
            "object": "answer.replay",
            "replay_of": answer_id,
            "created_at": created,
            "same": found.same,
            "added": list(found.added),
            "removed": list(found.removed),
            "evidence": answer_to_json(now),
        }
    )


@router.post("/{answer_id}/feedback", status_code=201, dependencies=[READ])
async def give_feedback(answer_id: str, body: FeedbackRequest, kept: Kept) -> Json:
    """Rate an answer, or correct one of its sentences or the passage that supports it."""
    answers, given = await _given(kept, answer_id)
    count = len(given.record["sentences"])
    if body.sentence is not None and body.sentence >= count:
        raise Refused(f"sentence: the answer has {count} sentences, counted from 0", param="sentence")
    said = body.model_dump(exclude_none=True)
    feedback = Feedback(f"fb_{uuid.uuid4().hex}", answer_id, int(time.time()), said)
    await asyncio.to_thread(answers.add_feedback, feedback)
    return _feedback_to_json(feedback)


async def _given(kept: Answers | None, answer_id: str) -> tuple[Answers, GivenAnswer]:
    if kept is None:
        raise NotStored("answer", answer_id)
    return kept, await asyncio.to_thread(kept.get, answer_id)


def _sentence(told: Json, quoted: Callable[[Evidence], Json]) -> Json:
    quotes = [quoted(Evidence(**each)) for each in told["evidence"]]
    return {"text": told["text"], "verified": told["verified"], "support": told["support"], "quotes": quotes}


def _quote(quote: Evidence, *, rag: Rag, collection: str | None, url: PageUrl) -> Json:
    """A quote, with its page's address while the collection has these very words at its place."""
    page = None
    if collection is not None:
        page = rag.store.page(collection, quote.document_id, quote.sha256, quote.page)
    stands = page is not None and page.text[quote.start : quote.end] == quote.quote
    return {**evidence_to_json(quote), "stands": stands, "url": url(quote) if stands else None}


def _feedback_to_json(feedback: Feedback) -> Json:
    return {
        "id": feedback.id,
        "object": "answer.feedback",
        "answer_id": feedback.answer_id,
        "created_at": feedback.created_at,
        **feedback.said,
    }
