"""`POST /v1/chat/completions`: the request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from api.wire.base import MODEL, Json, Metadata, Refused, WireModel
from api.wire.conversation import Conversation, conversation_of
from api.wire.parts import Part, Parts

Role = Literal["system", "developer", "user", "assistant", "tool", "function"]
StopText = Annotated[str, Field(min_length=1, max_length=1000)]


class Turn(WireModel):
    """One message of a conversation; its content is a text, or parts, of which only texts are supported."""

    role: Role
    content: Parts = ()


class StreamOptions(WireModel):
    """What a stream has besides the answer: with `include_usage`, a last chunk with the tokens."""

    include_usage: bool = False


class ChatRequest(WireModel):
    """OpenAI's shape, and Footnote's `collection` (or `vector_store_ids` with one id) and `filter`.

    Fields that ask for what Footnote cannot do are refused by name. Answers are not sampled: `temperature`, `top_p`,
    `seed` and the like have no effect, and neither has `user`.
    """

    model: str = MODEL
    messages: list[Turn] = Field(min_length=1)
    stream: bool = False
    stream_options: StreamOptions | None = None
    stop: StopText | Annotated[list[StopText], Field(max_length=4)] | None = None
    max_completion_tokens: int | None = Field(None, ge=1)
    max_tokens: int | None = Field(None, ge=1)
    n: int | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    response_format: Json | None = None
    modalities: list[str] | None = None
    audio: Json | None = None
    web_search_options: Json | None = None
    metadata: Metadata | None = None
    store: bool | None = None
    collection: str | None = None
    vector_store_ids: list[str] | None = None
    filter: Json | None = None

    @property
    def stops(self) -> tuple[str, ...]:
        """The texts before which the answer ends."""
        return (self.stop,) if isinstance(self.stop, str) else tuple(self.stop or ())

    @property
    def most_tokens(self) -> int | None:
        """Tokens that the answer may have; None: as many as it takes."""
        return self.max_completion_tokens or self.max_tokens

    @property
    def includes_usage(self) -> bool:
        """Whether a stream ends with the tokens."""
        return self.stream_options is not None and self.stream_options.include_usage

    def conversation(self) -> Conversation:
        """The question and the earlier messages.

        Raises:
            Refused: there is no question, or something is not supported.
        """
        for param, why in self._impossible():
            raise Refused(f"{param}: {why}", param=param, code="unsupported_parameter")
        said = [_Said(turn.role, turn.content, f"messages.{i}.content") for i, turn in enumerate(self.messages)]
        return conversation_of(said, name="messages")

    def _impossible(self) -> Iterator[tuple[str, str]]:
        if self.n not in (None, 1):
            yield "n", "Footnote gives one answer to a question; leave it out, or send 1"
        if self.logprobs:
            yield "logprobs", "sentences are released whole, without log-probabilities; leave it out"
        if self.top_logprobs:
            yield "top_logprobs", "sentences are released whole, without log-probabilities; leave it out"
        for name in ("tools", "functions"):
            if getattr(self, name):
                yield name, "Footnote calls no tools in chat; leave it out (/v1/responses has file_search)"
        if (self.response_format or {}).get("type", "text") != "text":
            yield "response_format", "an answer is text: the documents' words under each sentence; leave it out"
        if set(self.modalities or ()) - {"text"}:
            yield "modalities", "an answer is text; leave it out, or send ['text']"
        for name in ("audio", "web_search_options"):
            if getattr(self, name) is not None:
                yield name, "Footnote answers in text from stored documents; leave it out"


@dataclass(frozen=True, slots=True)
class _Said:
    role: str
    parts: tuple[Part, ...]
    place: str
