"""Limits on a single request, by settings."""

from __future__ import annotations

from collections.abc import Iterable

from api.wire import Conversation, Json, Refused
from rag.filters import Combine, Filter, parse_filter
from rag.settings import Settings


def check_conversation(talk: Conversation, settings: Settings) -> None:
    """A conversation within the bounds of its messages and their characters.

    Raises:
        Refused: naming the setting.
    """
    most, longest = settings.max_messages, settings.max_message_characters
    if len(talk.history) >= most:
        raise _beyond(f"the conversation has more than {most} messages", "messages", "FOOTNOTE_MAX_MESSAGES")
    if any(len(text) > longest for text in (talk.question, *(message.content for message in talk.history))):
        raise _beyond(f"a message has more than {longest} characters", "messages", "FOOTNOTE_MAX_MESSAGE_CHARACTERS")


def check_queries(queries: Iterable[str], settings: Settings) -> None:
    """Queries that say something, and not too many.

    Raises:
        Refused: naming what is wrong, or the setting.
    """
    asked = list(queries)
    if not asked or not all(query.strip() for query in asked):
        raise Refused("query: a non-empty text, or a list of non-empty texts, is needed", param="query")
    if len(asked) > settings.max_queries:
        raise _beyond(f"there are more than {settings.max_queries} queries", "query", "FOOTNOTE_MAX_QUERIES")
    if any(len(query) > settings.max_message_characters for query in asked):
        most = settings.max_message_characters
        raise _beyond(f"a query has more than {most} characters", "query", "FOOTNOTE_MAX_MESSAGE_CHARACTERS")


def check_texts(texts: Iterable[str], settings: Settings) -> None:
    """Texts to embed within the bound of their characters.

    Raises:
        Refused: naming the setting.
    """
    most = settings.max_message_characters
    if any(len(text) > most for text in texts):
        raise _beyond(f"a text has more than {most} characters", "input", "FOOTNOTE_MAX_MESSAGE_CHARACTERS")


def bounded_filter(raw: Json | None, settings: Settings, *, param: str) -> Filter | None:
    """The filter of a request, with a bounded number of comparisons; an empty one is none.

    Raises:
        FilterError: naming the part that is malformed.
        Refused: naming the setting.
    """
    where = parse_filter(raw) if raw else None
    if where is not None and _comparisons(where) > settings.max_filter_parts:
        most = settings.max_filter_parts
        raise _beyond(f"the filter has more than {most} comparisons", param, "FOOTNOTE_MAX_FILTER_PARTS")
    return where


def _comparisons(where: Filter) -> int:
    return sum(map(_comparisons, where.filters)) if isinstance(where, Combine) else 1


def _beyond(what: str, param: str, setting: str) -> Refused:
    return Refused(f"{what}, the limit that {setting} sets", param=param, code="limit_exceeded")
