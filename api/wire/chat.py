"""`POST /v1/chat/completions`: the request."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, model_validator

from api.wire.base import MODEL, Json
from rag.models import Message


class TextPart(BaseModel):
    """A piece of a message; Footnote reads text only."""

    type: Literal["text"]
    text: str


class Turn(BaseModel):
    """One message of a conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """The content as one text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class ChatRequest(BaseModel):
    """`POST /v1/chat/completions`: OpenAI's shape, and Footnote's `collection` and `filter`.

    Other fields of OpenAI's are accepted and have no effect: answers are not sampled by the client's parameters.
    """

    model: str = MODEL
    messages: list[Turn] = Field(min_length=1)
    stream: bool = False
    collection: str | None = None
    filter: Json | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> ChatRequest:
        if not self.question:
            raise ValueError("messages needs a user message with text: the last one is the question")
        return self

    @property
    def question(self) -> str:
        """The last message of the user, empty when there is none."""
        return self.messages[self._asked].text.strip() if self._asked >= 0 else ""

    @property
    def history(self) -> list[Message]:
        """What was said before the question. A client's system messages are left out: Footnote sets the rules."""
        earlier = self.messages[: max(self._asked, 0)]
        return [Message(turn.role, turn.text) for turn in earlier if turn.role in ("user", "assistant") and turn.text]

    @property
    def _asked(self) -> int:
        return max((i for i, turn in enumerate(self.messages) if turn.role == "user"), default=-1)
