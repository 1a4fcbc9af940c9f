"""Questions that the command line forwards to a running service: request and response formats for both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from rag.events import Event, Finished, Heartbeat, Released, Withheld
from rag.types import Hit, Message

Json = dict[str, Any]
_EVENTS: Mapping[str, type[Event]] = {
    "released": Released,
    "withheld": Withheld,
    "heartbeat": Heartbeat,
    "finished": Finished,
}
_HIT = "hit"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a collection, after a conversation.

    `where` is a filter in the shape that requests have, `k` the most hits.
    """

    text: str
    collection: str
    where: Json | None = None
    k: int | None = None
    history: tuple[Message, ...] = ()

    def to_json(self) -> Json:
        """Plain data."""
        return asdict(self)


def event_to_json(event: Event) -> Json:
    """An event as one line; `event_from_json` is its inverse."""
    [name] = (name for name, kind in _EVENTS.items() if isinstance(event, kind))
    return {"event": name, **_adapter(name).dump_python(event, mode="json")}


def event_from_json(line: Json) -> Event:
    """The event of one line."""
    fields = {key: value for key, value in line.items() if key != "event"}
    event: Event = _adapter(line["event"]).validate_python(fields)
    return event


def hit_to_json(hit: Hit) -> Json:
    """A hit as one line; `hit_from_json` is its inverse."""
    line: Json = _adapter(_HIT).dump_python(hit, mode="json")
    return line


def hit_from_json(line: Json) -> Hit:
    """The hit of one line."""
    hit: Hit = _adapter(_HIT).validate_python(line)
    return hit


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(Hit if name == _HIT else _EVENTS[name])
