"""A conversation from a client: the question, the earlier messages, and the parts that are ignored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from api.wire.base import Refused
from api.wire.parts import Part, joined
from rag.models import Message


class Said(Protocol):
    """One message of a conversation, of whichever API."""

    @property
    def role(self) -> str:
        """The role of the message."""
        ...

    @property
    def parts(self) -> tuple[Part, ...]:
        """The content of the message."""
        ...

    @property
    def place(self) -> str:
        """The position of the message in the request."""
        ...


@dataclass(frozen=True, slots=True)
class Conversation:
    """The question, the earlier messages, and the positions of ignored parts: system messages, images."""

    question: str
    history: tuple[Message, ...] = ()
    ignored: tuple[str, ...] = ()


def conversation_of(messages: Sequence[Said], *, name: str) -> Conversation:
    """The last message of the user is the question; `name` is the field that the messages stand in.

    A client's system messages are left out, because Footnote sets the rules, and so are earlier parts that are no text.

    Raises:
        Refused: no user asks anything, or the question has a part that is no text.
    """
    asked = max((i for i, each in enumerate(messages) if each.role == "user"), default=-1)
    question = joined(messages[asked].parts).strip() if asked >= 0 else ""
    if asked >= 0:
        _only_texts(messages[asked])
    if not question:
        raise Refused(f"{name} needs a user message with text: the last one is the question", param=name)
    earlier = messages[:asked]
    history = [
        Message("user" if each.role == "user" else "assistant", text)
        for each in earlier
        if each.role in ("user", "assistant") and (text := joined(each.parts))
    ]
    return Conversation(question, tuple(history), tuple(ignored for each in messages for ignored in _ignored(each)))


def _only_texts(message: Said) -> None:
    for number, part in enumerate(message.parts):
        if part.text is None:
            place = f"{message.place}.{number}"
            raise Refused(f"{place}: Footnote reads text only, no {part.kind!r}: leave it out", param=place)


def _ignored(message: Said) -> list[str]:
    if message.role not in ("user", "assistant"):
        return [f"{message.place} ({message.role})"]
    return [f"{message.place}.{i} ({part.kind})" for i, part in enumerate(message.parts) if part.text is None]
