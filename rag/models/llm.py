"""The Protocols of a language model."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Protocol

from rag.types import Message

__all__ = ["ChatModel", "FirstTokens", "Message", "Schema"]

Schema = Mapping[str, Any]
"""A JSON schema that a reply must keep to."""


class ChatModel(Protocol):
    """A language model that streams text, or fills in a form."""

    @property
    def name(self) -> str:
        """The model's name, as sent to its server."""
        ...

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        """Pieces of text as they are generated; closing the iterator stops the generation.

        Raises:
            ModelUnavailable: the server cannot be reached, fails, or sends nothing for too long.
            AnswerCutOff: after the last piece, if `max_tokens` ended the reply.
        """
        ...

    async def complete(self, messages: Sequence[Message], *, schema: Schema, max_tokens: int) -> dict[str, Any]:
        """One reply as a JSON object of the schema, if the server enforces schemas.

        Raises:
            ModelUnavailable: the server cannot be reached, fails, sends nothing for too long, or sends anything but a
                JSON object.
            AnswerCutOff: `max_tokens` ended the reply.
        """
        ...

    async def count_tokens(self, text: str) -> int:
        """Tokens of a text, by the model's own tokenizer where the server offers it, else an upper estimate."""
        ...

    async def context_window(self) -> int:
        """Tokens the model reads and writes in all.

        Raises:
            ModelUnavailable: when the server cannot be reached.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections to its server."""
        ...


class FirstTokens(Protocol):
    """A language model that returns the log-probabilities of the first token of its reply."""

    @property
    def name(self) -> str:
        """The model's name, as sent to its server."""
        ...

    def first_tokens(self, messages: Sequence[Message]) -> list[tuple[str, float]]:
        """The likeliest first tokens of a reply with their log-probabilities, likeliest first.

        Empty where the server gives no log-probabilities, or refuses to be asked for them.

        Raises:
            ModelUnavailable: when the server cannot be reached, fails, or takes too long.
        """
        ...
