"""Runs a question of the command line against a core, in its own process or in the service."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from api.handover import Question
from api.wire import where_of
from rag.build.core import Rag
from rag.events import Event
from rag.types import Hit


def events_of(question: Question, rag: Rag) -> AsyncGenerator[Event, None]:
    """The events of its answer.

    Raises:
        FilterError.
    """
    where = where_of(question.where)
    return rag.answerer.answer(question.text, collection=question.collection, where=where, history=question.history)


def hits_of(question: Question, rag: Rag) -> list[Hit]:
    """The hits, best first.

    Raises:
        FilterError, QuestionError, CollectionNotFound, StoreUnavailable, ModelUnavailable.
    """
    k, where = question.k or rag.settings.top_k, where_of(question.where)
    return rag.retriever.search(question.text, collection=question.collection, k=k, where=where)
