"""The input of a response, as the messages of `/v1/responses/{id}/input_items`."""

from __future__ import annotations

from collections.abc import Sequence

from api.wire.base import Json, Refused
from rag.models import Message


def input_items(response_id: str, messages: Sequence[Message]) -> list[Json]:
    """The messages as items, the oldest first; their ids are made of the response's id and their number."""
    return [_item(f"msg_{response_id.removeprefix('resp_')}_{i}", each) for i, each in enumerate(messages)]


def page_of_items(
    items: Sequence[Json], *, after: str | None, before: str | None, limit: int
) -> tuple[list[Json], bool]:
    """At most `limit` items behind the one of id `after` or before that of id `before`, and whether there are more.

    Raises:
        Refused: there is no item of this id.
    """
    ids = [item["id"] for item in items]
    for name, wanted in (("after", after), ("before", before)):
        if wanted is not None and wanted not in ids:
            raise Refused(f"{name}: there is no item {wanted!r} in this list", param=name)
    first = ids.index(after) + 1 if after is not None else 0
    end = ids.index(before) if before is not None else len(ids)
    if before is not None and after is None:
        return list(items[max(end - limit, first) : end]), end - limit > first
    return list(items[first : max(min(first + limit, end), first)]), first + limit < end


def _item(item_id: str, message: Message) -> Json:
    part: Json = {"type": "input_text", "text": message.content}
    if message.role == "assistant":
        part = {"type": "output_text", "text": message.content, "annotations": [], "logprobs": []}
    return {"id": item_id, "type": "message", "role": message.role, "status": "completed", "content": [part]}
